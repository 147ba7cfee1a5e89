# SPDX-License-Identifier: Apache-2.0
# lib.sh: what the HTTP scripts share: one line "ok - …" or "not ok - …" a check, exit status at the end.
failures=0
trap '[ "$failures" = 0 ] || exit 1' EXIT

# check NAME EXPECTED ACTUAL
check() {
  if [ "$2" = "$3" ]; then
    echo "ok - $1"
  else
    echo "not ok - $1: expected '$2', got '$3'"
    failures=$((failures + 1))
  fi
}

# has NAME REGEX TEXT
has() {
  if grep -qE -- "$2" <<<"$3"; then
    echo "ok - $1"
  else
    echo "not ok - $1: '$2' is not in: $(head -c 400 <<<"$3")"
    failures=$((failures + 1))
  fi
}
hasnt() {
  if grep -qE -- "$2" <<<"$3"; then
    echo "not ok - $1: '$2' is in: $(head -c 400 <<<"$3")"
    failures=$((failures + 1))
  else
    echo "ok - $1"
  fi
}

status() { curl -s -o /dev/null -w '%{http_code}' --path-as-is "$@"; }
password() { python3 -c 'import json,sys; print(next(l["password"] for l in json.load(open(sys.argv[1]))["logins"] if l["login"]==sys.argv[2]))' "$LOGINS" "$1"; }
field() { sed -n 's/.*name="'"$1"'" value="\([^"]*\)".*/\1/p' | head -1; }

# sign_in LOGIN JAR: a signed-in cookie jar
sign_in() {
  rm -f "$2"
  local csrf
  csrf=$(curl -s -c "$2" "$BASE/login" | field _csrf)
  curl -s -b "$2" -c "$2" -o /dev/null -w '%{http_code} %{redirect_url}' \
    --data-urlencode "_csrf=$csrf" --data-urlencode "login=$1" --data-urlencode "password=${3:-$(password "$1")}" \
    --data-urlencode "to=${4:-/}" "$BASE/login"
}
