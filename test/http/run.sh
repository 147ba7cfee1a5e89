#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Start the program on a free port with a fresh demonstration and run test/http/*.{sh,py} (or those named) against it.
# LINLI names the program, default build/linli. With HTTP_PG=1 the records stand in a PostgreSQL of its own.
set -euo pipefail
linli=$(realpath "${LINLI:-$(dirname "$0")/../../build/linli}")
export LINLI=$linli
cd "$(dirname "$0")"
work=$(mktemp -d)
pid=
finish() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  [ -z "$pid" ] || wait "$pid" 2>/dev/null || true
  [ -z "${HTTP_PG:-}" ] || ../../tools/pg.sh stop "$work/pg" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT
database=()
if [ -n "${HTTP_PG:-}" ]; then
  chmod 755 "$work" # PostgreSQL does not run as root
  database=(--database "$(../../tools/pg.sh start "$work/pg")")
fi
"$linli" init --demo --json --data "$work/data" "${database[@]}" >"$work/logins.json" 2>"$work/init.log" || { cat "$work/init.log" >&2; exit 1; }
"$linli" serve --data "$work/data" --listen 127.0.0.1:0 >"$work/serve.out" 2>"$work/serve.log" &
pid=$!
for _ in $(seq 100); do
  [ -s "$work/serve.out" ] && break
  kill -0 "$pid" 2>/dev/null || { cat "$work/serve.log" >&2; exit 1; }
  sleep 0.1
done
export WORK=$work LOGINS=$work/logins.json SERVER_PID=$pid
export PORT=$(sed -n 's|^https\{0,1\}://[^:]*:\([0-9]*\)/.*|\1|p' "$work/serve.out" | head -1)
export BASE=http://127.0.0.1:$PORT
[ -n "$PORT" ] || { echo "no port in: $(cat "$work/serve.out")" >&2; exit 1; }
failed=0
if [ $# -eq 0 ]; then
  for f in *.sh *.py; do [ "$f" = limits.py ] || [ "$f" = auth.sh ] || set -- "$@" "$f"; done
  set -- "$@" auth.sh limits.py # last: one locks an account, the other exhausts the logins
fi
for t in "$@"; do
  for f in $t; do
    case $f in run.sh | lib.sh | lib.py) continue ;; esac
    echo "# $f"
    case $f in
    *.py) python3 "$f" || failed=1 ;;
    *) bash "$f" || failed=1 ;;
    esac
  done
done
# The server must have survived all of it, and stop when asked.
kill -0 "$pid" 2>/dev/null || { echo "not ok - the server died"; cat "$work/serve.log"; pid=; exit 1; }
kill -TERM "$pid"
if wait "$pid"; then echo "ok - stops on SIGTERM with 0"; else echo "not ok - exit status $? on SIGTERM"; failed=1; fi
pid=
if grep -E "ERROR: |ThreadSanitizer|runtime error|error +(sqlite|cannot)" "$work/serve.log"; then echo "not ok - the log has errors"; failed=1; fi
exit $failed
