# SPDX-License-Identifier: Apache-2.0
# A server with its own certificate, one behind a proxy, and addresses that are refused.
. ./lib.sh
linli=$LINLI
command -v openssl >/dev/null || { echo "skip - no openssl to make a certificate"; exit 0; }
dir=$WORK/tls
mkdir -p "$dir"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>/dev/null
"$linli" init --data "$dir/data" >/dev/null
second=
trap '[ -z "$second" ] || kill "$second" 2>/dev/null; [ "$failures" = 0 ] || exit 1' EXIT

# start OPTIONS…: sets second and port
start() {
  : >"$dir/out"
  "$linli" serve --data "$dir/data" --listen 127.0.0.1:0 "$@" >"$dir/out" 2>"$dir/log" &
  second=$!
  for _ in $(seq 100); do [ -s "$dir/out" ] && break; sleep 0.1; done
  port=$(sed -n 's|^https\{0,1\}://.*:\([0-9]*\)/.*|\1|p' "$dir/out" | head -1)
}
stop() {
  kill "$second"
  wait "$second" || true
  second=
}

refused() {
  local code=0
  timeout 10 "$linli" serve --data "$dir/data" "$@" >"$dir/out" 2>"$dir/log" || code=$?
  echo "$code"
}
check "beyond this machine without TLS" 4 "$(refused --listen 0.0.0.0:0)"
has "and says why" "TLS" "$(cat "$dir/log")"
check "every address without TLS" 4 "$(refused --listen '*:0')"
check "no such address" 2 "$(refused --listen nonsense)"
check "port out of range" 2 "$(refused --listen 127.0.0.1:70000)"
check "a port that is taken" 6 "$(refused --listen "127.0.0.1:$PORT")"
check "no such certificate" yes "$([ "$(refused --listen 127.0.0.1:0 --tls-cert /nope --tls-key /nope)" != 0 ] && echo yes)"

start --tls-cert "$dir/cert.pem" --tls-key "$dir/key.pem"
answer=$(curl -ski "https://127.0.0.1:$port/login")
has "answers by TLS" "^HTTP/1.1 200" "$answer"
has "cookies are Secure" "Set-Cookie: .*; Secure" "$answer"
has "browsers are told to stay with TLS" "Strict-Transport-Security" "$answer"
check "plain HTTP gets nothing" 000 "$(status "http://127.0.0.1:$port/login" || true)"
stop

start --behind-proxy
answer=$(curl -si -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-For: 203.0.113.9' "http://127.0.0.1:$port/login")
has "behind a proxy with TLS cookies are Secure" "Set-Cookie: .*; Secure" "$answer"
check "metrics are not for those who come through it" 403 "$(status -H 'X-Forwarded-For: 203.0.113.9' "http://127.0.0.1:$port/metrics")"
check "but for this machine" 200 "$(status "http://127.0.0.1:$port/metrics")"
stop
hasnt "without --behind-proxy nobody is believed" "; Secure" "$(curl -si -H 'X-Forwarded-Proto: https' "$BASE/login")"
