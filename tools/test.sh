#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# make test: every suite, on SQLite and on a PostgreSQL 15 that it starts itself and stops again.
# tools/test.sh NAME… runs only the named suites: lint unit pg cli formats ledgers docx browser crash http scenario.
set -uo pipefail
cd "$(dirname "$0")/.."
tools/deps.sh test || exit 1

tmp=$(mktemp -d /tmp/linli-test.XXXXXX)
chmod 755 "$tmp"
cleanup() {
  tools/pg.sh stop "$tmp/pg" >/dev/null 2>&1
  rm -rf "$tmp"
}
trap cleanup EXIT
export LINLI_TEST_TMP=$tmp
export LC_ALL=C.UTF-8 # messages are compared in zh-Hans
jobs=$(nproc)
passed=0 failed=0 skipped=0 failures=

# say NAME COMMAND…: run one suite; exit 77 means skipped, with the reason printed.
say() {
  local name=$1 rc
  shift
  echo "== $name"
  "$@" >"$tmp/log" 2>&1
  rc=$?
  case $rc in
    0) passed=$((passed + 1)); tail -n 3 "$tmp/log" ;;
    77) skipped=$((skipped + 1)); tail -n 1 "$tmp/log" ;;
    *) failed=$((failed + 1)); failures+=" $name"; tail -n 60 "$tmp/log" ;;
  esac
}
wanted() { [ ${#only[@]} -eq 0 ] || [[ " ${only[*]} " == *" $1 "* ]]; }
only=("$@")

asan() { make --no-print-directory -j"$jobs" B=build/asan SAN=address,undefined OPT=-O1 "$@"; }

suite_unit() {
  local t
  for t in test/unit/*/*.c; do
    t=${t#test/unit/}
    say "unit ${t%.c}" env LSAN_OPTIONS=suppressions=test/lsan.supp:print_suppressions=0 "build/asan/test/${t%.c}"
  done
}
# A PostgreSQL of our own, started once; LINLI_TEST_PG names it.
pg_start() {
  [ -z "${LINLI_TEST_PG:-}" ] || return 0
  LINLI_TEST_PG=$(tools/pg.sh start "$tmp/pg") || { failed=$((failed + 1)); failures+=" pg-start"; return 1; }
  export LINLI_TEST_PG
}
# The same again on PostgreSQL: unit tests that know it, and the program from outside.
suite_pg() {
  local t
  pg_start || return
  for t in $(grep -lE 'LINLI_TEST_PG|both.h' -r test/unit --include=*.c); do
    t=${t#test/unit/}
    say "unit ${t%.c} on PostgreSQL" env LSAN_OPTIONS=suppressions=test/lsan.supp:print_suppressions=0 "build/asan/test/${t%.c}"
  done
  say "ledgers on PostgreSQL" env LINLI_TEST_DATABASE="$LINLI_TEST_PG" bash test/ledgers.sh
  say "http on PostgreSQL" env HTTP_PG=1 LINLI="$PWD/build/asan/linli" bash test/http/run.sh api.py
  say "crash on PostgreSQL" bash test/crash/records.sh 3
}
scripts() { # test/NAME.sh, or every test/NAME/*.sh but lib.sh and run.sh
  local s
  for s in "test/$1.sh" "test/$1"/*.sh; do
    case $s in */run.sh | */lib.sh) continue ;; esac
    [ ! -e "$s" ] || say "$1 $(basename "$s" .sh)" bash "$s"
  done
}

# built NAME COMMAND…: a line at the start and one every fifty files; the whole log where it fails
built() {
  echo "== build: $1"
  "${@:2}" >"$tmp/build.log" 2>&1 &
  local job=$! said=0 n
  while kill -0 $job 2>/dev/null; do
    sleep 0.2
    n=$(wc -l <"$tmp/build.log")
    [ $((n / 50)) -le $said ] || { said=$((n / 50)); echo "   $n files"; }
  done
  wait $job || { tail -n 40 "$tmp/build.log"; exit 1; }
}
for s in ${only[@]+"${only[@]}"}; do
  [[ " lint unit pg cli formats ledgers docx browser crash http scenario " == *" $s "* ]] || { echo "there is no suite $s" >&2; exit 2; }
done
built "the program" make --no-print-directory -j"$jobs" build
built "with sanitizers" asan unit build/asan/linli
if wanted lint; then
  for c in includes size sql spdx words lang format clang cppcheck tidy; do say "lint $c" tools/lint.sh $c; done
  say "lint self-test" tools/lint_test.sh
  say "deps self-test" tools/deps_test.sh
  say "fuzz corpus" tools/fuzz.sh -t 0
fi
! wanted unit || suite_unit
! wanted pg || suite_pg
for d in cli formats ledgers docx browser; do
  ! wanted $d || scripts $d
done
! wanted crash || say "crash on SQLite" env -u LINLI_TEST_PG bash test/crash/records.sh 4
! wanted http || say "http" env LINLI="$PWD/build/asan/linli" bash test/http/run.sh
! wanted scenario || say "scenarios" bash test/scenario/run.sh
echo
[ -z "$failures" ] || echo "failed:$failures"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
