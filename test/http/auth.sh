# SPDX-License-Identifier: Apache-2.0
# Logging in and out, forged cookies and forms, redirects, headers.
. ./lib.sh
jar=$WORK/jar
other=$WORK/other

headers=$(curl -si "$BASE/login")
has "strict CSP" "Content-Security-Policy: default-src 'self'.*frame-ancestors 'none'" "$headers"
hasnt "CSP allows nothing inline" "unsafe-inline" "$headers"
has "nosniff" "X-Content-Type-Options: nosniff" "$headers"
has "referrer policy" "Referrer-Policy: same-origin" "$headers"
has "request id" "X-Request-Id: [0-9a-f]{18}" "$headers"
has "pages are not stored" "Cache-Control: no-store" "$headers"
hasnt "no inline script" "<script>|onclick=|<style" "$headers"
check "two request ids differ" 2 "$(for i in 1 2; do curl -si "$BASE/login" | grep -i x-request-id; done | sort -u | wc -l)"

check "a page asks for login" "303 $BASE/login?to=%2Fpassword%3Fx%3D1" \
  "$(curl -s -o /dev/null -w '%{http_code} %{redirect_url}' "$BASE/password?x=1")"
check "the API says 401" 401 "$(status "$BASE/api/v1")"
has "the API says why" '"code":"login"' "$(curl -s "$BASE/api/v1")"
has "htmx is sent to the login page" "HX-Redirect: /login" "$(curl -si -H 'HX-Request: true' "$BASE/password")"

check "right password" "303 $BASE/" "$(sign_in worker "$jar")"
check "signed in" 200 "$(status -b "$jar" "$BASE/password")"
cookie=$(grep -E 'linli	' "$jar")
has "cookie is HttpOnly" "^#HttpOnly_" "$cookie"
has "SameSite=Lax" "SameSite=Lax" "$(csrf=$(curl -s -c "$other" "$BASE/login" | field _csrf); curl -si -b "$other" \
  --data-urlencode "_csrf=$csrf" -d "login=worker" --data-urlencode "password=$(password worker)" "$BASE/login" | grep -i '^set-cookie: linli=')"
check "wrong password" "401 " "$(sign_in worker "$other" wrong-password)"
check "unknown login" "401 " "$(sign_in nobody-here "$other" wrong-password)"
check "no password" 422 "$(csrf=$(curl -s -c "$other" "$BASE/login" | field _csrf); status -b "$other" \
  --data-urlencode "_csrf=$csrf" -d login=worker "$BASE/login")"

check "after login only to this site" "303 $BASE/" "$(sign_in clerk "$other" "" "//evil.example/")"
check "nor by backslash" "303 $BASE/" "$(sign_in clerk "$other" "" '/\evil.example')"
check "nor by scheme" "303 $BASE/" "$(sign_in clerk "$other" "" 'https://evil.example/')"
check "a page of this site is fine" "303 $BASE/password" "$(sign_in clerk "$other" "" /password)"

check "forged cookie" 303 "$(status -H 'Cookie: linli=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' "$BASE/password")"
check "overlong cookie" 303 "$(status -H "Cookie: linli=$(head -c 4000 /dev/zero | tr '\0' A)" "$BASE/password")"
check "quoted and doubled cookies" 303 "$(status -H 'Cookie: linli="x"; linli=;;;=; linli' "$BASE/password")"
check "cookie is no bearer for pages" 303 "$(status -H "Authorization: Bearer $(awk '$6=="linli"{print $7}' "$jar")" "$BASE/password")"

check "logout without token" 403 "$(status -b "$jar" -X POST -d x=1 "$BASE/logout")"
check "logout with a made-up token" 403 "$(status -b "$jar" -d "_csrf=$(printf 'a%.0s' $(seq 64))" "$BASE/logout")"
foreign=$(curl -s -b "$other" "$BASE/password" | field _csrf)
check "token of another session" 403 "$(status -b "$jar" -d "_csrf=$foreign" "$BASE/logout")"
mine=$(curl -s -b "$jar" "$BASE/password" | field _csrf)
again=$(curl -s -b "$jar" "$BASE/password" | field _csrf)
check "the token looks different each time" 1 "$([ "$mine" != "$again" ] && echo 1)"
check "from another site, with token" 403 "$(status -b "$jar" -H 'Sec-Fetch-Site: cross-site' -d "_csrf=$mine" "$BASE/logout")"
check "login without token" 403 "$(status -d "login=worker" --data-urlencode "password=$(password worker)" "$BASE/login")"
check "password too short" 422 "$(status -b "$jar" -d "_csrf=$mine" --data-urlencode "old=$(password worker)" -d "new=abc&again=abc" "$BASE/password")"
check "old password wrong" 422 "$(status -b "$jar" -d "_csrf=$mine" -d "old=nope&new=abcdefgh1&again=abcdefgh1" "$BASE/password")"

cp "$jar" "$WORK/kept"
check "logout" "303 $BASE/login" "$(curl -s -b "$jar" -c "$jar" -o /dev/null -w '%{http_code} %{redirect_url}' -d "_csrf=$again" "$BASE/logout")"
check "the old cookie is dead on every thread" "303303303303303303" "$(for i in 1 2 3 4 5 6; do status -b "$WORK/kept" "$BASE/password"; done)"

for i in 1 2 3 4 5; do sign_in grid "$other" "bad-$i-password" >/dev/null; done
check "after five failures wait" "429 " "$(sign_in grid "$other" bad-6-password)"
check "also with the right one" "429 " "$(sign_in grid "$other")"
check "others are not hindered" "303 $BASE/" "$(sign_in secretary "$other")"

sign_in clerk "$jar" >/dev/null
tries=
for i in 1 2 3 4 5 6; do
  mine=$(curl -s -b "$jar" "$BASE/password" | field _csrf)
  tries+="$(curl -s -b "$jar" -c "$jar" -o /dev/null -w '%{http_code} %{redirect_url};' -d "_csrf=$mine" -d "old=nope$i&new=abcdefgh1&again=abcdefgh1" "$BASE/password")"
done
check "the old password is not guessed at leisure: at the fifth the session is over" "422 ;422 ;422 ;422 ;303 $BASE/login;303" "$(sed 's/;303 [^;]*;$/;303/' <<<"$tries")"
check "nor by logging in again" "429 " "$(sign_in clerk "$other")"
if [ -e "$WORK/data/linli.db" ]; then
  locked=$(python3 -c 'import sqlite3,sys; d=sqlite3.connect("file:"+sys.argv[1]+"?mode=ro",uri=True); print(*[f"{u}:{x}" for u,x in d.execute("SELECT u.login, t.detail FROM s_trail t JOIN s_user u ON u.id = t.who WHERE t.act = \"login_locked\" ORDER BY t.at")])' "$WORK/data/linli.db")
  check "each lock-out stands in the trail, once" 'grid:{"address":"127.0.0.1"} clerk:{"address":"127.0.0.1"}' "$locked"
fi

check "language" zh-Hans "$(curl -s "$BASE/login" | sed -n 's/.*<html lang="\([^"]*\)".*/\1/p')"
check "language asked for" en "$(curl -s -H 'Accept-Language: en-GB,en;q=0.9' "$BASE/login" | sed -n 's/.*<html lang="\([^"]*\)".*/\1/p')"
check "language chosen" zh-Hant "$(curl -s -b lang=zh-Hant -H 'Accept-Language: en' "$BASE/login" | sed -n 's/.*<html lang="\([^"]*\)".*/\1/p')"
check "no such language" 404 "$(status "$BASE/lang/xx")"
check "language switch stays here" "303 $BASE/" "$(curl -s -o /dev/null -w '%{http_code} %{redirect_url}' "$BASE/lang/en?to=//evil.example")"
