#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Files through the command line: what must be refused is (exit 4, within bounded memory, in words), what was refused in
# part comes back as a workbook that goes in once it is mended, and an import can be taken back.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
linli=${LINLI:-build/linli}
dir=$(mktemp -d "${LINLI_TEST_TMP:-/tmp}/formats.XXXXXX")
trap 'rm -rf "$dir"' EXIT
bad=0
sanitized=$(nm "$linli" 2>/dev/null | grep -c __asan_init)
fail() { echo "FAILED: $*"; bad=1; }

cat >"$dir/site.yaml" <<'Y'
units:
  - {code: LH, kind: subdistrict, name: 临河街道}
  - {code: TY, kind: community, name: 桃源社区, parent: LH}
grids:
  - {code: TY-G1, kind: grid, name: 第一网格, unit: TY}
Y
"$linli" init --data "$dir/data" --site "$dir/site.yaml" >/dev/null 2>"$dir/log" || { cat "$dir/log"; exit 1; }
import() { "$linli" import --data "$dir/data" --unit TY --json "$@" 2>"$dir/err"; }

# --- refused as a whole
for f in truncated.xlsx bomb.xlsx entities.xlsx external.xlsx broken_xml.xlsx bad_string.xlsx no_sheet.xlsx wide.xlsx \
  cells.xlsx sheets.xlsx zip_password.xlsx binary.xlsb letter.xlsx page.xls xml2003.xls password.xls locked.xlsx \
  letter.xls truncated.xls; do
  (
    # address space in KiB; a sanitizer needs far more for itself
    [ "$sanitized" -gt 0 ] || ulimit -v 1500000
    import "test/formats/files/$f" >"$dir/out"
  )
  rc=$?
  [ $rc -eq 4 ] || fail "$f: exit $rc, expected 4"
  grep -q '"code":"refused"' "$dir/out" || fail "$f: $(cat "$dir/out")"
done

# --- one bad row among good ones
cat >"$dir/走访.csv" <<'C'
走访记录
走访人,网格,走访日期,走访对象,住址,走访事由
张三,第一网格,2024.3.5,李四家,桃园1号楼101,日常走访
张三,第一网格,2024.2.30,王五家,桃园1号楼102,日常走访
张三,第一网格,2024.3.6,=赵六家,桃园1号楼103,政策宣传
合计,,,3户,,
C
expect() { # what the JSON must say: read inserted updated unchanged refused
  python3 - "$dir/out" "$@" <<'P' || { fail "$(cat "$dir/out" "$dir/err")"; return 1; }
import json, sys
j = json.load(open(sys.argv[1]))
got = [j[k] for k in ('read', 'inserted', 'updated', 'unchanged')] + [len(j['rejected'])]
want = [int(v) for v in sys.argv[2:]]
if got != want:
    print(f'expected {want}, got {got}')
    sys.exit(1)
P
}
import --dry-run "$dir/走访.csv" >"$dir/out"
expect 3 2 0 0 1
"$linli" import --data "$dir/data" --unit TY --dry-run "$dir/走访.csv" >"$dir/words" 2>/dev/null
grep -q '1行未导入（1处问题）' "$dir/words" || fail "refused rows are not counted as rows: $(cat "$dir/words")"
import --annotated "$dir/back.xlsx" "$dir/走访.csv" >"$dir/out"
rc=$?
[ $rc -eq 3 ] || fail "a row was refused: exit $rc, expected 3"
expect 3 2 0 0 1
batch=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["batch"])' "$dir/out")
import "$dir/back.xlsx" >"$dir/out" # not mended yet
expect 1 0 0 0 1
python3 - "$dir" <<'P'
import sys, zipfile
d = sys.argv[1]
with zipfile.ZipFile(d + '/back.xlsx') as z, zipfile.ZipFile(d + '/mended.xlsx', 'w') as out:
    for name in z.namelist():
        out.writestr(name, z.read(name).replace(b'2024.2.30', b'2024.2.29'))
P
import "$dir/mended.xlsx" >"$dir/out"
rc=$?
[ $rc -eq 0 ] || fail "the mended workbook: exit $rc"
expect 1 1 0 0 0
import "$dir/走访.csv" >"$dir/out"
expect 3 0 0 2 1

# --- what is probably there already is told, and goes in
printf '走访人,网格,走访日期,走访对象,住址,走访事由\n王五,第一网格,2024-03-05,李四家,桃园1号楼101,政策宣传\n' >"$dir/再访.csv"
import --dry-run "$dir/再访.csv" >"$dir/out"
rc=$?
[ $rc -eq 0 ] || fail "a probable twin: exit $rc, expected 0"
expect 1 1 0 0 0
python3 - "$dir/out" <<'P' || fail "$(cat "$dir/out")"
import json, sys
a = json.load(open(sys.argv[1]))['alike']
sys.exit(0 if len(a) == 1 and a[0]['row'] == 2 and a[0]['register'] == 'visit' and a[0]['record'] else 1)
P

# --- a plan that was edited
"$linli" import --data "$dir/data" --unit TY --plan "$dir/走访.csv" >"$dir/map.yaml" 2>"$dir/err" || fail "$(cat "$dir/err")"
sed -i 's/"走访事由": "purpose"/"走访事由": "nothing"/' "$dir/map.yaml"
import --map "$dir/map.yaml" "$dir/走访.csv" >"$dir/out"
rc=$?
[ $rc -eq 2 ] || fail "a map with a wrong field: exit $rc, expected 2"
grep -q 'no field nothing' "$dir/err" || fail "$(cat "$dir/err")"

# --- and out again
"$linli" undo --data "$dir/data" --unit TY "$batch" >"$dir/out" 2>"$dir/err" || fail "undo: $(cat "$dir/out" "$dir/err")"
import "$dir/走访.csv" >"$dir/out"
expect 3 2 0 0 1
"$linli" check --data "$dir/data" >"$dir/out" 2>&1 || fail "check: $(cat "$dir/out")"

[ $bad -eq 0 ] && echo "ok: 19 files refused; refused rows mended; undone"
exit $bad
