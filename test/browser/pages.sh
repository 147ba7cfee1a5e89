#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The pages in a real browser, at 360 and 1280 px, with and without JavaScript, on fresh demonstration data.
set -euo pipefail
cd "$(dirname "$0")/../.."
LINLI=${LINLI:-build/asan/linli}
export ASAN_OPTIONS=detect_leaks=0
T=$(mktemp -d "${LINLI_TEST_TMP:-/tmp}/browser.XXXXXX")
pid=
trap '[ -z "$pid" ] || kill $pid 2>/dev/null; wait 2>/dev/null; rm -rf "$T"' EXIT
"$LINLI" init --demo --data "$T/data" --json >"$T/logins.json" 2>"$T/init.log" || { cat "$T/init.log"; exit 1; }
"$LINLI" serve --data "$T/data" --listen 127.0.0.1:0 >"$T/serve.log" 2>&1 &
pid=$!
for _ in $(seq 100); do
  base=$(grep -o 'http://127.0.0.1:[0-9]*' "$T/serve.log" | head -n 1) && [ -n "$base" ] && break
  sleep 0.1
done
[ -n "$base" ] || { cat "$T/serve.log"; exit 1; }
for s in test/browser/*.js; do
  case $s in */lib.js) continue ;; esac
  node "$s" "$base" "$T/logins.json" "$T" || { tail -n 20 "$T/serve.log"; exit 1; }
done
