# SPDX-License-Identifier: Apache-2.0
# lib.sh: what the command-line scenarios share. Source it; $D is a fresh data directory with the demonstration site.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
LINLI=${LINLI:-build/asan/linli}
export LC_ALL=C.UTF-8
export ASAN_OPTIONS=detect_leaks=0
T=$(mktemp -d "${LINLI_TEST_TMP:-/tmp}/cli.XXXXXX")
trap 'rm -rf "$T"' EXIT
D=$T/data
fail() { echo "FAILED: $*" >&2; exit 1; }
is() { [ "$1" = "$2" ] || fail "$3: expected '$2', read '$1'"; }
code() { local want=$1 rc=0; shift; "$@" >"$T/out" 2>"$T/err" || rc=$?; [ "$rc" = "$want" ] || { cat "$T/err" >&2; fail "exit code of '$*': expected $want, got $rc"; }; }
# json FILE EXPRESSION: a Python expression over the document d
json() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"; }
linli() { "$LINLI" "$@" --data "$D"; }
