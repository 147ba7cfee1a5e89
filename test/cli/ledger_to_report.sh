#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A ledger in, numbers out, each with its records; again: nothing changes; undone: nothing is left.
. "$(dirname "$0")/lib.sh"

# the README's commands as they stand there, up to the one that serves
python3 - README.md "$T" <<'X' >"$T/readme.sh"
import re, sys
block = re.search(r'## A ledger in.*?```sh\n(.*?)```', open(sys.argv[1], encoding='utf-8').read(), re.S).group(1)
lines = [l for l in block.splitlines() if ' serve ' not in l]
assert len(lines) == 6, lines
print('\n'.join(l.replace('./office', sys.argv[2] + '/office').replace('报告.docx', sys.argv[2] + '/readme.docx')
      .replace('build/linli', '"$LINLI"') for l in lines))
X
LINLI=$LINLI bash "$T/readme.sh" >"$T/readme.out" 2>"$T/readme.err" || { cat "$T/readme.err"; fail "the README's commands"; }
grep -q '读到 5 行：新增 4' "$T/readme.out" || { cat "$T/readme.out"; fail "the README's ledger"; }
is "$(grep -c '清源社区 QY-0' "$T/readme.out")" 3 "the records behind a figure of the README"
[ -s "$T/readme.docx" ] || fail "the README's report"

linli init --site examples/site.yaml >"$T/out" 2>&1
cat > "$T/诉求.csv" <<'X'
清源社区群众诉求登记（2026年）,,,,,,,
受理编号,来源,类型,内容,网格,登记时间,办理时限,办结时间,是否满意
A-1,电话,求助,楼道灯不亮,第一网格,2026/3/2 9:00,2026/3/9,2026/3/4 10:00,是
A-2,来访,咨询,医保怎么缴,第一网格,2026年3月3日 10:30,2026.3.4,,
A-3,微信,投诉,路面坑洼,第一网格,2026/2/30 10:00,2026/3/20,,
合计,,,3件,,,,,
X
code 3 linli import "$T/诉求.csv" --unit QY --json; cp "$T/out" "$T/import.json"
is "$(json "$T/import.json" "(d['read'], d['inserted'], d['updated'], d['unchanged'], len(d['rejected']))")" "(3, 2, 0, 0, 1)" "import"
is "$(json "$T/import.json" "(d['rejected'][0]['row'], d['rejected'][0]['column'], d['rejected'][0]['value'], d['rejected'][0]['reason'])")" \
   "(5, '登记时间', '2026/2/30 10:00', 'date_invalid')" "refusal"
code 3 linli import "$T/诉求.csv" --unit QY --json; cp "$T/out" "$T/again.json"
is "$(json "$T/again.json" "(d['inserted'], d['updated'], d['unchanged'])")" "(0, 0, 2)" "second import"
P="--unit QY --from 2026-01-01 --to 2026-12-31"
code 0 linli figures $P --json; cp "$T/out" "$T/f.json"
is "$(json "$T/f.json" "{f['name']: f['value'] for f in d['figures']}['request.received']")" 2 "received"
is "$(json "$T/f.json" "{f['name']: f['value'] for f in d['figures']}['request.satisfaction']")" 100.0 "satisfaction"
is "$(json "$T/f.json" "{f['name']: f['value'] for f in d['figures']}['visit.count']")" None "no visit was ever recorded: a gap, not 0"
code 0 linli records --figure request.closed $P --json
is "$(json "$T/out" "len(d)")" 1 "records behind a number"
code 0 linli report situation $P -o "$T/r.docx" --json; cp "$T/out" "$T/r.json"
is "$(json "$T/r.json" "[f['value'] for f in d['figures'] if f['name'] == 'request.received'][0]")" 2 "report"
python3 - "$T/r.docx" <<'X'
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
text = z.read('word/document.xml').decode()
assert '〔缺' in text, 'gaps are visible'
assert any(n.startswith('customXml/') for n in z.namelist()), 'provenance part'
X
code 0 linli check; code 0 linli trail verify
# attachments are read again: one is whole and in two records, one is gone, one has changed
python3 - "$D" <<'X'
import hashlib, os, sqlite3, sys
db = sqlite3.connect(sys.argv[1] + '/linli.db')
for i, (name, kept) in enumerate([('whole', 'whole'), ('whole', 'whole'), ('gone', None), ('changed', 'chinged')]):
    sha = hashlib.sha256(name.encode()).hexdigest()
    db.execute("INSERT INTO s_file VALUES (1, ?, ?, 'a.jpg', 'image/jpeg', 5, 0, 1, 'request', ?, 'photo')", (i + 1, sha, 70 + i))
    if kept:
        os.makedirs(f'{sys.argv[1]}/files/{sha[:2]}', exist_ok=True)
        with open(f'{sys.argv[1]}/files/{sha[:2]}/{sha}', 'w', encoding='utf-8') as f:
            f.write(kept)
db.commit()
X
code 3 linli check --json; cp "$T/out" "$T/c.json"
is "$(json "$T/c.json" "(d['differences'], d['files'], d['bad_files'], sorted((f['register'], f['record'], f['fault']) for f in d['file_differences']))")" \
   "([], 4, 2, [('request', '72', 'missing'), ('request', '73', 'changed')])" "attachments"
code 3 linli check
grep -q '^附件 .*（request 72）：不见了' "$T/out" && grep -q '核对附件 4 个，2 个不符' "$T/out" || { cat "$T/out"; fail "attachments are told"; }
python3 -c 'import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute("DELETE FROM s_file"); d.commit()' "$D/linli.db"
B=$(json "$T/import.json" "d['batch']")
code 0 linli undo "$B" --unit QY --json
code 0 linli figures $P --json
is "$(json "$T/out" "{f['name']: f['records'] for f in d['figures']}['request.received']")" 0 "after undo"
code 0 linli check; code 0 linli trail verify
# headers nobody could guess: refused, and taken with a map
printf '甲,乙,丙\n2026-01-05,楼道灯,邻里\n' >"$T/odd.csv"
printf 'sheets:\n  - sheet: ""\n    register: dispute\n    header: 1\n    columns: {甲: found_on, 乙: summary, 丙: type}\n' >"$T/odd.yaml"
code 2 linli import "$T/odd.csv" --unit QY
code 0 linli import "$T/odd.csv" --map "$T/odd.yaml" --unit QY
grep -q '→ 矛盾纠纷' "$T/out" || { cat "$T/out"; fail "the register is named"; }
echo "ledger to report: ok"
