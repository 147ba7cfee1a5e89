#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# linli verify without a data directory: every kind of file it reads, what it says of files without text, the golden list.
. "$(dirname "$0")/lib.sh"
says() { grep -q -- "$1" "$T/err" || { cat "$T/err" >&2; fail "message lacks: $1"; }; }
texts() { json "$T/out" "[c['text'] for c in d['claims']]"; }
want="['23场', '1200余人次', '98%']"
printf '今年以来，柳塘社区开展宣讲23场，受众1200余人次，满意率达98%%以上。\n' >"$T/a.txt"
code 0 "$LINLI" verify "$T/a.txt" --json --date 2024-06-30
is "$(texts)" "$want" "UTF-8"
is "$(json "$T/out" "d['claims'][0]['start'], d['claims'][0]['period']['from'], d['claims'][2]['modifier']")" "(13, '2024-01-01', 'atleast')" "offset, period, modifier"
iconv -f UTF-8 -t GB18030 "$T/a.txt" >"$T/gb.txt"
code 0 "$LINLI" verify "$T/gb.txt" --json; is "$(texts)" "$want" "GB18030"
(printf '\xef\xbb\xbf'; cat "$T/a.txt") >"$T/bom.txt"
code 0 "$LINLI" verify - --json <"$T/bom.txt"; is "$(texts)" "$want" "standard input with a BOM"

python3 - "$T" <<'PY'
import sys, zipfile
t = sys.argv[1]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
def docx(name, body):
    with zipfile.ZipFile(f"{t}/{name}", "w") as z:
        z.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        if body:
            z.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
run = lambda s: f"<w:r><w:t>{s}</w:t></w:r>"
docx("a.docx", "<w:p>" + run("开展宣讲2") + run("3场，") + "<w:del>" + run("走访9户，") + "</w:del>" + run("受众1200余人次。") + "</w:p>"
     + "<w:tbl><w:tr><w:tc><w:p>" + run("满意率") + "</w:p></w:tc><w:tc><w:p>" + run("98%") + "</w:p></w:tc></w:tr></w:tbl>")
docx("none.docx", "")
page = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n"
open(f"{t}/scan.pdf", "wb").write(page)
open(f"{t}/broken.pdf", "wb").write(b"%PDF-1.4 nothing of the kind")
open(f"{t}/old.doc", "wb").write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)
open(f"{t}/bin.txt", "wb").write(bytes(range(256)) * 8)
open(f"{t}/big.txt", "wb").write("柳".encode() * (3 << 20))
PY
code 0 "$LINLI" verify "$T/a.docx" --json; is "$(texts)" "$want" "Word"
linli init --site examples/site.yaml >/dev/null 2>&1
code 0 linli report situation --unit QY --from 2026-01-01 --to 2026-12-31 -o "$T/r.pdf"
code 0 "$LINLI" verify "$T/r.pdf" --json
[ "$(json "$T/out" "len(d['claims'])")" -gt 5 ] || fail "a PDF gives claims"
code 4 "$LINLI" verify "$T/none.docx"; says '没有正文'
code 4 "$LINLI" verify "$T/scan.pdf"; says '没有文字'
code 4 "$LINLI" verify "$T/broken.pdf"; says '打不开'
code 4 "$LINLI" verify "$T/old.doc"; says '另存为 .docx'
code 4 "$LINLI" verify "$T/bin.txt"; says '不是'
[ "$("$LINLI" verify "$T/big.txt" >/dev/null 2>"$T/err"; echo $?)" -ne 0 ] || fail "9 MB of text are refused"
says '文字太长'
code 2 "$LINLI" verify "$T/a.txt" --date 2024-13-01; says '2024-13-01'

printf '调处纠纷38起，调解成功37起，调解成功率98%%。' >"$T/wrong.txt"
code 3 "$LINLI" verify "$T/wrong.txt" --json
is "$(json "$T/out" "d['claims'][2]['verdict'], d['identities'][0]['rule'], d['identities'][0]['holds']")" "('impossible', 'share', False)" "a rate that does not follow"

golden=test/golden/quantity/report
"$LINLI" verify $golden.txt --date 2024-06-30 >"$T/golden" || true
if [ "${LINLI_GOLDEN:-}" = write ]; then cp "$T/golden" $golden.list; fi
diff "$T/golden" $golden.list || fail "the golden list differs; LINLI_GOLDEN=write writes it anew"
echo "verify: ok"
