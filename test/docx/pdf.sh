#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# pdf.sh: the PDF we draw ourselves, measured like the Word file (docx.sh): 22 lines of 28 characters, page numbers,
# fonts. Leaves its work in build/pdf/ (or PDF_OUT). PDF_TEST: a unit test program that is built already.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${PDF_OUT:-build/pdf}
mkdir -p "$out"
command -v pdftotext >/dev/null || { echo "pdf: skipped, there is no pdftotext"; exit 77; }
[ -n "${PDF_TEST:-}" ] || make -s build/test/format/pdf
LINLI_PDF_OUT=$out/sample.pdf "${PDF_TEST:-build/test/format/pdf}" >/dev/null 2>&1
fonts=$(pdffonts "$out/sample.pdf" | tail -n +3)
fail=0
for font in NotoSerifCJKsc NotoSansCJKsc LXGWWenKai LiberationSerif; do
    grep -q "$font" <<<"$fonts" || { echo "pdf: $font is not used"; fail=1; }
done
if grep -qi dejavu <<<"$fonts"; then echo "pdf: DejaVu stands in for a font"; fail=1; fi
if awk '{ if ($(NF-4) != "yes" || $(NF-3) != "yes") exit 1 }' <<<"$fonts"; then :; else
    echo "pdf: a font is not embedded as a subset"
    fail=1
fi
for page in 2 3; do
    pdftotext -bbox-layout -f $page -l $page "$out/sample.pdf" - | awk -v page=$page -f test/docx/page.awk || fail=1
done
pdftoppm -r 60 -png "$out/sample.pdf" "$out/sample"
if [ $fail = 0 ]; then echo "pdf: sample.pdf has the fonts and the measures of GB/T 9704"; fi
exit $fail
