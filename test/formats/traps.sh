#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The traps that workbooks from offices set, each with the file that sets it (test/formats/make.py) and the test that
# looks. The ledger.xlsx below goes the whole way here by the command line, and in test/http/traps.py by the web.
#
#   1 kinds of cells: shared texts of several runs, phonetic guides left     kinds.xlsx ledger.xlsx   format/book_read
#     out, inline, formula, flag, error, number; cells left out; no address
#   2 days as numbers: built-in formats 14–22 27–36 45–47 50–58 without a    kinds.xlsx date1904.xlsx format/book_read,
#     code, own codes, the 1904 system, the 29th of February 1900            records.xls ledger.xlsx  base/date
#   3 days as text: 2024.3.5 2024/3/5 2024年3月5日 20240305 24.3.5           ledger.xlsx 走访.csv     base/date_parse,
#     二〇二四年三月五日; 3月5日 only with the one year of the title                                  model/type, intake_plan
#   4 long numbers: identity numbers lost as 1.1E+17 are refused, phone      kinds.xlsx ledger.xlsx   model/type,
#     numbers as numbers are read                                                                     model/intake
#   5 headers: titles above, two and three levels, merged cells; merged      ledger.xlsx              model/intake_plan,
#     and blank cells filled down                                                                     model/intake
#   6 rows that are none: sums, notes, signatures, blank ones; hidden rows   ledger.xlsx              model/intake,
#     and columns and filters are read, hidden sheets are not; dimensions    kinds.xlsx many_blank    model/intake_plan,
#     nobody believes                                                        claims.xls hidden.xls    format/book_read
#   7 cleaning: full width, NBSP, zero width, blanks in names and numbers,   ledger.xlsx              base/utf8,
#     words near a choice are proposed                                                                model/type
#   8 one person written twice, two of one name: by name and phone; rows     再访.csv                 model/intake (sessions),
#     that are probably there already are named, nothing is joined           (import.sh)              model/intake_batch, alike
#   9 hostile files: bombs, entities, DTDs, broken, cut, too wide, too long, bomb entities external   format/book_read,
#     passwords, wrong suffixes, macros (data only), .xlsb                   … 19 files               import.sh, http/traps
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
linli=${LINLI:-build/linli}
dir=$(mktemp -d "${LINLI_TEST_TMP:-/tmp}/traps.XXXXXX")
trap 'rm -rf "$dir"' EXIT
cat >"$dir/site.yaml" <<'Y'
units:
  - {code: LH, kind: subdistrict, name: 临河街道}
  - {code: TY, kind: community, name: 桃源社区, parent: LH}
  - {code: TY-1, kind: branch, name: 第一党支部, parent: TY}
grids:
  - {code: TY-G1, kind: grid, name: 第一网格, unit: TY}
Y
"$linli" init --data "$dir/data" --site "$dir/site.yaml" >/dev/null 2>"$dir/log" || { cat "$dir/log"; exit 1; }
"$linli" import --data "$dir/data" --unit TY --json test/formats/files/ledger.xlsx >"$dir/out" 2>"$dir/log"
rc=$?
[ $rc -eq 3 ] || { echo "FAILED: exit $rc, expected 3: $(cat "$dir/out" "$dir/log")"; exit 1; }
"$linli" dump --data "$dir/data" >"$dir/dump" 2>/dev/null
python3 - "$dir/out" "$dir/dump" <<'P'
import json
import sys
from datetime import datetime, timedelta

bad = []
HOURS = timedelta(hours=8)


def same(what, want, got):
    if want != got:
        bad.append(f'{what}: expected {want!r}, got {got!r}')


def day(content):
    return (datetime.fromisoformat(rows[content]['received_at'].rstrip('Z')) + HOURS).date().isoformat()


with open(sys.argv[1], encoding='utf-8') as f:
    out = json.load(f)
same('counts', [21, 16, 0, 0, 5], [out[k] for k in ('read', 'inserted', 'updated', 'unchanged', 'refused')])
refused = [(r['sheet'], r['row'], r['reason']) for r in out['rejected']]
same('refused', [('诉求', 15, 'date_invalid'), ('诉求', 16, 'date_invalid'), ('诉求', 17, 'cell_error'),
                 ('诉求', 22, 'choice_unknown'), ('党员花名册', 2, 'number_precision_lost')], refused)
same('a near word is proposed', True, '是不是“求助”' in out['rejected'][3]['message'])
rows = {}
for line in open(sys.argv[2], encoding='utf-8'):
    r = json.loads(line)
    if r.get('register') == 'request' and 'values' in r:
        rows[r['values']['content']] = r['values']
    elif r.get('register') == 'member' and 'values' in r:
        rows['member'] = r['values']
for n in [*range(5, 15), 19, 20]:
    same(f'row {n}', f'2024-03-{n:02}', day(f'第{n}行的事'))
same('the merged day', '2024-03-20', day('第21行的事'))
same('a name without its blank and its guide', '张三', rows['第5行的事']['asker'])
same('phones', ['19900000001', '19900000002', '19900000003'], [rows[f'第{n}行的事']['phone'] for n in (5, 6, 7)])
same('a word with odd blanks', 'help', rows['第8行的事']['kind'])
same('a stored formula', True, '公式算出的内容' in rows)
same('cells without addresses', '赵六', rows['没有地址的格']['asker'])
same('a person', ['孙少', '19900000005'], [rows['member'][k] for k in ('name', 'phone')])
print('\n'.join(bad) or 'ok: 21 rows of traps')
sys.exit(1 if bad else 0)
P
