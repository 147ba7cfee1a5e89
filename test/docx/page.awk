# SPDX-License-Identifier: Apache-2.0
# page.awk: measure one page of pdftotext -bbox-layout: lines, characters, pitch, margins, page number. Points.
# Only full text pages of the sample: nothing but 3-byte characters and the footer.
function attr(s, name) {
    match(s, name "=\"[0-9.]+\"")
    return substr(s, RSTART + length(name) + 2, RLENGTH - length(name) - 3) + 0
}
function wrong(what) {
    printf "docx: page %d: %s\n", page, what
    bad = 1
}
/<line / { x = attr($0, "xMin"); y = attr($0, "yMin"); x2 = attr($0, "xMax"); y2 = attr($0, "yMax"); text = "" }
/<word / { w = $0; sub(/^[^>]*>/, "", w); sub(/<.*/, "", w); text = text w }
/<\/line>/ {
    if (text ~ /^—[0-9]+—$/) { num_x = x; num_x2 = x2; num_y = (y + y2) / 2; next }
    n++
    chars = length(text)
    if (length("字") == 3) chars /= 3 # this awk counts bytes
    if (chars > most) most = chars
    if (chars == 28) full++
    if (n > 1 && (y - last < 28.7 || y - last > 29.2)) wrong("lines " n - 1 " and " n " are " y - last " pt apart")
    if (x < 79.0) wrong("a line begins at " x " pt")
    if (x2 > 521.8) wrong("a line ends at " x2 " pt")
    last = y
}
END {
    if (n != 22) wrong(n " lines, not 22")
    if (most != 28) wrong("the longest line has " most " characters, not 28")
    if (full < 19) wrong("only " full " lines have 28 characters")
    # the dash stands 7 mm below 版心, whose lower edge is 262 mm from the top: 269 mm = 762.5 pt
    if (num_y < 758 || num_y > 767) wrong("the page number stands at " num_y " pt")
    # one character inside the edge: odd pages at the right (184 mm), even pages at the left (28 mm)
    if (page % 2 == 1 && (num_x2 < 504 || num_x2 > 512)) wrong("the odd page number ends at " num_x2 " pt")
    if (page % 2 == 0 && (num_x < 89 || num_x > 97)) wrong("the even page number begins at " num_x " pt")
    exit bad
}
