#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# records.sh: many more kills than the unit test has time for, also on an imitated slow disk; on PostgreSQL where
# LINLI_TEST_PG says so. Each round opens the data again, looks for every acknowledged record, recounts every figure
# and recomputes the trail.
set -eu -o pipefail
cd "$(dirname "$0")/../.."
make --no-print-directory build/test/model/crash >/dev/null
LINLI_CRASH_ROUNDS=${1:-20} build/test/model/crash
LINLI_CRASH_ROUNDS=5 LINLI_FLUSH_DELAY_MS=8 build/test/model/crash
