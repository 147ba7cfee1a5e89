#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A day's work in two communities, from outside over HTTP, module by module: on SQLite, and on PostgreSQL where
# LINLI_TEST_PG names a server or tools/pg.sh can start one. run.sh [NAME…] runs test/scenario/NAME.py only.
# LINLI names the program.
set -euo pipefail
cd "$(dirname "$0")/../.."
export LINLI=${LINLI:-build/asan/linli} ASAN_OPTIONS=detect_leaks=0
T=$(mktemp -d "${LINLI_TEST_TMP:-/tmp}/scenario.XXXXXX")
chmod 755 "$T"
pid="" ownpg=""
finish() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  [ -z "$pid" ] || wait "$pid" 2>/dev/null || true
  [ -z "$ownpg" ] || tools/pg.sh stop "$T/pg" >/dev/null 2>&1 || true
  rm -rf "$T"
}
trap finish EXIT

serve() { # serves $DATA; sets pid, PORT
  : >"$T/serve.out"
  "$LINLI" serve --data "$DATA" --listen 127.0.0.1:0 >"$T/serve.out" 2>>"$T/serve.log" &
  pid=$!
  for _ in $(seq 200); do
    [ ! -s "$T/serve.out" ] || break
    kill -0 "$pid" 2>/dev/null || { tail -n 30 "$T/serve.log"; exit 1; }
    sleep 0.1
  done
  PORT=$(sed -n 's|^http://[^:]*:\([0-9]*\)/.*|\1|p' "$T/serve.out" | head -n 1)
  export PORT
}
stop() {
  kill -TERM "$pid"
  wait "$pid" || { echo "not ok - exit status $? on SIGTERM"; failed=1; }
  pid=""
}

# place DATABASE…: a subdistrict with two communities and one of each kind of person
place() {
  "$LINLI" init --data "$DATA" --site test/scenario/site.yaml "$@" >"$T/init.log" 2>&1 || { cat "$T/init.log"; exit 1; }
  "$LINLI" unit add --data "$DATA" --code LC --name 柳川社区 --kind community --parent ZJ >/dev/null
  "$LINLI" unit add --data "$DATA" --code LC-B1 --name 柳川社区第一党支部 --kind branch --parent LC >/dev/null
  while read -r login role at; do
    "$LINLI" user add --data "$DATA" --login "$login" --name "$login" --role "$role" --unit "$at" --json
  done >"$T/users" <<'PERSONS'
admin admin ZJ
clerk clerk ZJ
secretary secretary QY
worker worker QY
grid grid QY
viewer viewer QY
branch secretary QY-B1
other worker LC
PERSONS
  LOGINS=$T/logins.json
  python3 -c 'import json,sys; print(json.dumps({u["login"]: u["password"] for u in map(json.loads, sys.stdin)}))' <"$T/users" >"$LOGINS"
  export LOGINS
}

# walk NAME DATABASE…
walk() {
  local name=$1 s
  shift
  export DATA=$T/$name BACKEND=$name
  echo "# $name"
  : >"$T/serve.log"
  place "$@"
  serve
  for s in "${scenarios[@]}"; do
    python3 "test/scenario/$s.py" || { failed=1; echo "not ok - $s on $name"; }
    kill -0 "$pid" 2>/dev/null || { echo "not ok - the server died in $s"; tail -n 40 "$T/serve.log"; pid=; exit 1; }
  done
  stop
  "$LINLI" check --data "$DATA" >"$T/check" || { echo "not ok - check on $name"; cat "$T/check"; failed=1; }
  "$LINLI" trail verify --data "$DATA" >"$T/verify" || { echo "not ok - trail verify on $name"; cat "$T/verify"; failed=1; }
  if grep -E "ERROR: |runtime error|error +(sqlite|cannot)" "$T/serve.log"; then
    echo "not ok - the log of $name has errors"
    failed=1
  fi
  ! wants crash || crash "$name"
}

# Eight threads create; the server is killed in the midst; everything that was acknowledged must be there again.
crash() {
  local round
  for round in 1 2 3; do
    serve
    python3 test/scenario/crash.py write "$T/acknowledged" "$pid" || { failed=1; echo "not ok - crash writes on $1"; }
    kill -9 "$pid" 2>/dev/null || true
    { wait "$pid" || true; } 2>/dev/null
    pid=""
    serve
    python3 test/scenario/crash.py read "$T/acknowledged" || { failed=1; echo "not ok - crash on $1, round $round"; }
    stop
    "$LINLI" check --data "$DATA" >"$T/check" || { echo "not ok - check after a kill on $1"; cat "$T/check"; failed=1; }
    "$LINLI" trail verify --data "$DATA" >"$T/verify" || { echo "not ok - trail after a kill on $1"; cat "$T/verify"; failed=1; }
  done
}
wants() { [ ${#only[@]} -eq 0 ] || [[ " ${only[*]} " == *" $1 "* ]]; }

only=("$@")
scenarios=()
for s in test/scenario/*.py; do
  s=$(basename "$s" .py)
  case $s in lib | crash) continue ;; esac
  ! wants "$s" || scenarios+=("$s")
done
failed=0
[ "${LINLI_TEST_ON:-sqlite}" = pg ] || walk sqlite
[ "${LINLI_TEST_ON:-pg}" = sqlite ] || {
  pg=
  if [ -n "${LINLI_TEST_PG:-}" ]; then
    base=$LINLI_TEST_PG
  elif base=$(tools/pg.sh start "$T/pg" 2>"$T/pg.log"); then
    ownpg=1
  else
    echo "PostgreSQL: left out ($(tail -n 1 "$T/pg.log"))"
    base=
  fi
  if [ -n "$base" ]; then
    # a database of its own beside the one that the connection string names
    pg=$(python3 - "$base" <<'PY'
import re, subprocess, sys
words = dict(re.findall(r"(\w+)=(\S+)", sys.argv[1].split(":", 1)[1]))
args = [a for k, o in (("host", "-h"), ("port", "-p"), ("user", "-U")) if k in words for a in (o, words[k])]
import shutil, glob
psql = shutil.which("psql") or sorted(glob.glob("/usr/lib/postgresql/*/bin/psql"))[-1]
for sql in ("DROP DATABASE IF EXISTS linli_scenario", "CREATE DATABASE linli_scenario"):
    subprocess.run([psql, "-q", *args, "-d", words["dbname"], "-c", sql], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(re.sub(r"dbname=\S+", "dbname=linli_scenario", sys.argv[1]))
PY
)
    walk postgres --database "$pg"
  fi
}
exit $failed
