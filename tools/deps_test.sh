#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Self-test of tools/deps.sh: with stand-ins for dpkg-query, apt-get, id and npm first in PATH, in a copy of the tree's
# few files, so that nothing is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin" "$work/tree/tools"
cp tools/deps.sh "$work/tree/tools/"
cp package.json package-lock.json "$work/tree/"
failed=0

stand_in() { printf '#!/bin/bash\n%s\n' "$2" >"$work/bin/$1"; chmod +x "$work/bin/$1"; }
# Says every package is installed but those named in $MISSING.
stand_in dpkg-query 'for p in "${@:4}"; do case " $MISSING " in *" $p "*) echo "$p not-installed" ;; *) echo "$p installed" ;; esac; done'
stand_in apt-get 'echo "apt-get $*" >>"$CALLS"; [ "$1" = update ] || [ ! -e "$CALLS.fail" ] || { rm "$CALLS.fail"; exit 100; }'
stand_in apt-cache '[ -z "${LISTS_OLD:-}" ]'
stand_in id 'echo "${AS:-0}"'
stand_in npm 'echo "npm $*" >>"$CALLS"; [ -z "${OFFLINE:-}" ] || exit 1
mkdir -p node_modules/better-sqlite3/deps/sqlite3 node_modules/playwright-core
touch node_modules/better-sqlite3/deps/sqlite3/sqlite3.c node_modules/.package-lock.json'

# run NAME WANTED_EXIT ARGS… : what was called is in $calls, what was said in $said
run() {
  local name=$1 want=$2 rc=0
  shift 2
  : >"$work/calls"
  said=$(PATH=$work/bin:$PATH CALLS=$work/calls "$work/tree/tools/deps.sh" "$@" 2>&1) || rc=$?
  calls=$(cat "$work/calls")
  [ $rc = "$want" ] || fail "$name: exit $rc, wanted $want: $said"
}
fail() { printf 'deps_test: %s\n' "$*" >&2; failed=1; }
has() { [[ $2 == *"$3"* ]] || fail "$1: no “$3” in: $2"; }
hasnt() { [[ $2 != *"$3"* ]] || fail "$1: “$3” in: $2"; }

MISSING='' run "fresh tree" 0 build
has "fresh tree" "$calls" "npm ci --ignore-scripts"
has "fresh tree" "$calls" "--omit=dev"
hasnt "fresh tree" "$calls" "apt-get"
MISSING='' run "nothing missing" 0 build
[ -z "$calls$said" ] || fail "nothing missing, and yet: $calls$said"
rm -r "$work/tree/node_modules/playwright-core"
touch -d '2020-01-01' "$work/tree/node_modules/better-sqlite3/deps/sqlite3/sqlite3.c"
MISSING='' run "tests want more" 0 test
[ "$(stat -c %Y "$work/tree/node_modules/better-sqlite3/deps/sqlite3/sqlite3.c")" = "$(date -d 2020-01-01 +%s)" ] || fail "what is the same has a new time and is compiled again"
has "tests want more" "$calls" "npm ci"
hasnt "tests want more" "$calls" "--omit=dev"
touch -d '+1 hour' "$work/tree/package-lock.json"
MISSING='' run "newer lock" 0 build
has "newer lock" "$calls" "npm ci"
touch -d '-1 hour' "$work/tree/package-lock.json"
rm "$work/tree/node_modules/better-sqlite3/deps/sqlite3/sqlite3.c"
MISSING='' run "lost amalgamation" 0 npm
has "lost amalgamation" "$calls" "npm ci"

MISSING='libyaml-dev libcmocka-dev' run "root, build" 0 build
has "root, build" "$calls" "apt-get install -y -q --no-install-recommends libyaml-dev"
hasnt "root, build" "$calls" "libcmocka-dev"
hasnt "root, build" "$calls" "update"
MISSING='libyaml-dev libcmocka-dev' run "root, test" 0 test
has "root, test" "$calls" "libyaml-dev libcmocka-dev"
LISTS_OLD=1 MISSING='libyaml-dev' run "old lists" 0 build
has "old lists" "$calls" "apt-get update"
touch "$work/calls.fail"
MISSING='libyaml-dev' run "first install fails" 0 build
[ "$(grep -c 'apt-get install' <<<"$calls")" = 2 ] || fail "first install fails: $calls"
AS=1000 MISSING='libyaml-dev libzip-dev' run "not root" 1 build
has "not root" "$said" "sudo apt-get install --no-install-recommends libyaml-dev libzip-dev"
hasnt "not root" "$calls" "apt-get"
rm -r "$work/tree/node_modules"
OFFLINE=1 MISSING='' run "offline" 1 build
has "offline" "$said" "registry"
# A machine without npm: it stands in the one line that is to be typed.
mkdir "$work/few"
for t in bash dirname grep; do ln -s "$(command -v $t)" "$work/few/"; done
for t in dpkg-query apt-get apt-cache id; do ln -s "$work/bin/$t" "$work/few/"; done
for mode in build npm; do
  said=$(PATH=$work/few AS=1000 MISSING='libyaml-dev nodejs npm' CALLS=$work/calls "$work/tree/tools/deps.sh" $mode 2>&1) && fail "no npm: exit 0"
  has "no npm, $mode" "$said" "nodejs npm"
done
MISSING='' run "usage" 2 everything
[ $failed = 0 ] && echo "deps_test: ok"
exit $failed
