#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the declarations cover: ids after a repeated one count too, and the declarations of the data directory do.
. "$(dirname "$0")/lib.sh"
mkdir -p "$D/modules/partner"
sed '/^covers:/d; s/^register:.*/&\ncovers: [M078, M227]/' modules/partner/partner.yaml > "$D/modules/partner/partner.yaml"
linli coverage --json > "$T/out"
is "$(json "$T/out" "[r['declared_by'] for r in d if r['id'] == 'M227']")" "[['partner']]" "behind a repeated one"
is "$(json "$T/out" "[r['declared_by'].count('partner') for r in d if r['id'] == 'M078']")" "[1]" "said once"
"$LINLI" coverage --json > "$T/out"
is "$(json "$T/out" "[r for r in d if r['id'] == 'M227']")" "[]" "only with --data"
echo "coverage: ok"
