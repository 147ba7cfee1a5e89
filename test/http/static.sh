# SPDX-License-Identifier: Apache-2.0
# Styles and scripts: caching by content, compression, nothing outside.
. ./lib.sh
url=$(curl -s "$BASE/login" | grep -o '/static/linli.css?v=[0-9a-f]*' | head -1)
has "the page names its style by content" "^/static/linli.css\?v=[0-9a-f]{12}$" "$url"
has "and its icon, before anybody has logged in" '<link rel="?icon"? href="?/static/icon.svg\?v=[0-9a-f]{12}' "$(curl -s "$BASE/login")"
one=$(curl -si "$BASE$url" | tr -d '\r')
has "kept for a year" "Cache-Control: public, max-age=31536000, immutable" "$one"
etag=$(sed -n 's/^ETag: //p' <<<"$one")
check "unchanged" 304 "$(status -H "If-None-Match: $etag" "$BASE$url")"
check "changed" 200 "$(status -H 'If-None-Match: "0000"' "$BASE$url")"
has "without version it is asked for again" "Cache-Control: public, no-cache" "$(curl -si "$BASE/static/linli.css")"
has "a wrong version is not kept" "Cache-Control: public, no-cache" "$(curl -si "$BASE/static/linli.css?v=000000000000")"
has "compressed" "Content-Encoding: gzip" "$(curl -si -H 'Accept-Encoding: gzip' --output - "$BASE$url" | head -c 900 | tr -d '\0')"
check "and the same" "$(curl -s "$BASE$url" | sha256sum)" "$(curl -s --compressed "$BASE$url" | sha256sum)"
hasnt "not when refused" "Content-Encoding" "$(curl -si -H 'Accept-Encoding: gzip;q=0' "$BASE$url" | head -20)"
check "HEAD has no body" 0 "$(curl -sI "$BASE$url" -o /dev/null -w '%{size_download}')"
check "HEAD says the length" "$(curl -s "$BASE$url" | wc -c)" "$(curl -sI "$BASE$url" | tr -d '\r' | sed -n 's/^Content-Length: //p')"
for p in /static/../linli.yaml /static/..%2flinli.yaml /static/%2e%2e/linli.db /static/%2e%2e%2flinli.db /static/..%5clinli.db \
  '/static/linli.css%00.png' /static/%c0%ae%c0%ae/linli.db /../key /%2e/key //etc/passwd /static//etc/passwd; do
  code=$(status "$BASE$p")
  check "no way out by $p" yes "$([ "$code" = 400 ] || [ "$code" = 404 ] && echo yes || echo "$code")"
done
check "seed data are not served" 404 "$(status "$BASE/static/demo/1-site.yaml")"
check "POST to a style" 405 "$(status -d x=1 "$BASE/static/linli.css")"
check "unknown page" 404 "$(status "$BASE/no-such-page")"
check "alive" ok "$(curl -s "$BASE/healthz")"
check "ready" ready "$(curl -s "$BASE/readyz")"
metrics=$(curl -s "$BASE/metrics")
has "metrics count requests" '^linli_requests_total\{class="fast",code="2xx"\} [1-9]' "$metrics"
has "metrics have a histogram" '^linli_request_seconds_bucket\{class="fast",le="\+Inf"\} [1-9]' "$metrics"
