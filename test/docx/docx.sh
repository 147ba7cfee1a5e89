#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# docx.sh [FILE.docx]: what LibreOffice makes of our Word files, measured against GB/T 9704: 22 lines of 28 characters,
# the page number's place, the fonts. Without a file the sample of the unit test is taken. Leaves its work in
# build/docx/. Needs soffice, poppler-utils, fonts-noto-cjk, fonts-lxgw-wenkai, fonts-liberation.
# DOCX_OUT: another folder; DOCX_TEST: a unit test program that is built already.
set -euo pipefail
given=${1:+$(realpath "$1")}
cd "$(dirname "$0")/../.."
out=${DOCX_OUT:-build/docx}
mkdir -p "$out"
for tool in soffice pdftotext pdffonts pdftoppm; do
    command -v "$tool" >/dev/null || { echo "docx: skipped, there is no $tool"; exit 77; }
done
sample=${given:-}
if [ -z "$sample" ]; then
    [ -n "${DOCX_TEST:-}" ] || make -s build/test/format/docx
    sample=$out/sample.docx
    LINLI_DOCX_OUT=$sample "${DOCX_TEST:-build/test/format/docx}" >/dev/null 2>&1
fi
name=$(basename "$sample" .docx)
cat > "$out/fonts.conf" <<END
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include><include>$PWD/dist/fonts/60-linli-documents.conf</include></fontconfig>
END
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
FONTCONFIG_FILE=$(realpath "$out/fonts.conf") timeout 120 soffice --headless "-env:UserInstallation=file://$profile" \
    --convert-to pdf --outdir "$out" "$sample" >/dev/null 2>&1
pdf=$out/$name.pdf
fonts=$(pdffonts "$pdf" | tail -n +3)
fail=0
say() { echo "docx: $*"; fail=1; }
if grep -qi dejavu <<<"$fonts"; then say "DejaVu stands in for a font: $fonts"; fi
for font in NotoSerifCJK NotoSansCJK LXGWWenKai LiberationSerif; do
    grep -q "$font" <<<"$fonts" || say "$font is not used"
done
pdftoppm -r 60 -png "$pdf" "$out/$name"
if [ -z "${given:-}" ]; then
    # Pages 2 and 3 of the sample are full of text.
    for page in 2 3; do
        pdftotext -bbox-layout -f $page -l $page "$pdf" - | awk -v page=$page -f test/docx/page.awk || fail=1
    done
fi
if [ $fail = 0 ]; then echo "docx: $name.pdf has the fonts and the measures of GB/T 9704"; fi
exit $fail
