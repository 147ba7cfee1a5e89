#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""List the zh-Hans texts of the program that lang/en.yaml does not translate: tools/lang_missing.py [src/FLOOR…]
What is read from people (aliases, words of other programs) is source text too; such a text needs no English and is
simply left out of the catalogue. Prints one YAML line each, ready to be filled in; ends with a count on stderr."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lint_src  # noqa: E402

HAN = re.compile("[\u3400-\u9fff]")
def literals(path):
    run = ""
    for kind, tok, _ in list(lint_src.tokens(lint_src.read(path))) + [("end", "", 0)]:
        if kind == "string":
            run += tok[1:-1]
        else:
            if HAN.search(run):
                yield lint_src.unescape(run)
            run = ""


def quoted(text):
    if "\n" in text:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return "'" + text.replace("'", "''") + "'"


def main(tops):
    known = {key for _, key, _ in lint_src.catalogue("lang/en.yaml")}
    seen, missing = set(), 0
    for path in lint_src.files(tops or ["src/web", "src/engine", "src/model", "src/store", "src/base"], (".c", ".h")):
        new = [t for t in literals(path) if t not in known and t not in seen]
        if new:
            print(f"# {path}")
        for text in new:
            seen.add(text)
            missing += 1
            print(f"{quoted(text)}: ")
    print(f"{missing} texts without English, {len(known)} with", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
