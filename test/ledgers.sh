#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The sample ledgers beside the checkout (../shared/ledgers, or LINLI_LEDGERS) go in as they are, twice, and every
# number in their expected.json is compared with what the registers then hold. Exit 77 where they are not there.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
ledgers=${LINLI_LEDGERS:-../shared/ledgers}
if [ ! -f "$ledgers/expected.json" ]; then
  echo "skipped: no sample ledgers at $ledgers (set LINLI_LEDGERS)"
  exit 77
fi
command -v python3 >/dev/null || { echo "skipped: python3 is needed"; exit 77; }
dir=$(mktemp -d "${LINLI_TEST_TMP:-/tmp}/ledgers.XXXXXX")
trap 'rm -rf "$dir"' EXIT
python3 test/ledgers/check.py "${LINLI:-build/linli}" "$ledgers" "$dir" ${LINLI_TEST_DATABASE:+--database "$LINLI_TEST_DATABASE"}
