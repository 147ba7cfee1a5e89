#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The README's first register, word for word: checked, migrated, filled by an import, counted.
. "$(dirname "$0")/lib.sh"
linli init --site examples/site.yaml >/dev/null 2>&1
python3 - README.md "$D" <<'X'
import os, re, sys
text = open(sys.argv[1], encoding='utf-8').read()
blocks = re.findall(r'```yaml\n# file: (modules/\S+)\n(.*?)```', text, re.S)
assert len(blocks) == 2, blocks
for path, body in blocks:
    p = os.path.join(sys.argv[2], path)
    os.makedirs(os.path.dirname(p), exist_ok=True)
    open(p, 'w', encoding='utf-8').write(body)
X
code 0 "$LINLI" modules check "$D"
code 2 "$LINLI" modules check "$T/nowhere"
printf '借出日期,房间,借用人\n2026.3.5,多功能厅,江一\n2026-03-06,活动室,陆二\n' > "$T/钥匙借用.csv"
code 0 linli import "$T/钥匙借用.csv" --register key --unit QY --json
is "$(json "$T/out" "d['inserted']")" 2 "rows of the new register"
code 0 linli figures --figure key.lent --unit QY --from 2026-01-01 --to 2026-12-31 --json
is "$(json "$T/out" "d['figures'][0]['value']")" 2 "its figure"
sed -i 's/type: date/type: dat/' "$D/modules/key/key.yaml"
code 2 "$LINLI" modules check "$D"
grep -q 'key.yaml:[0-9]*:[0-9]*:.*did you mean.*date' "$T/out" || { cat "$T/out"; fail "a wrong type is told with place and suggestion"; }
echo "first register: ok"
