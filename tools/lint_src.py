#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The house rules of Linli that no compiler knows. Called by tools/lint.sh with the name of one check;
reads the tree in the current folder; prints "file:line: what" for each failure and exits 1 if there was one."""
import os
import re
import sys

FLOORS = ["main", "web", "format", "engine", "model", "store", "base"]  # from the roof down
FORMAT_MAY = {"model/table.h", "model/value.h"}
# Foreign headers that one floor keeps to itself: what they name stays replaceable. (main says SQLite's version.)
FLOOR_OF_HEADER = {"sqlite3.h": {"store", "main"}, "libpq-fe.h": {"store"}, "microhttpd.h": {"web"}}
FILE_MAX, FILE_LISTED, FUNCTION_MAX, FOLDER_MAX = 1000, 600, 60, 25
SKIP = {".git", "build", "node_modules", "data", "golden", "corpus"}
SPDX_ENDS = (".c", ".h", ".sh", ".py", ".js", ".css", ".yaml", ".yml", ".service", ".sql")
SPDX_NAMES = {"Makefile", "Containerfile"}

failures = 0


def fail(path, line, what):
    global failures
    failures += 1
    print(f"{path}:{line}: {what}")


def files(tops, ends=None):
    for top in tops:
        if os.path.isfile(top):
            yield top
        for folder, dirs, names in os.walk(top):
            dirs[:] = sorted(d for d in dirs if d not in SKIP)
            for name in sorted(names):
                if ends is None or name.endswith(ends):
                    yield os.path.normpath(os.path.join(folder, name))


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<char>'(?:\\.|[^'\\\n])+')
      | (?P<directive>^[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<other>[^\s])""",
    re.S | re.M | re.X,
)


def tokens(text):
    """(kind, text, line) of C source, comments left out. Directives come whole."""
    line, at = 1, 0
    for m in TOKEN.finditer(text):
        line += text.count("\n", at, m.start())
        at = m.start()
        if m.lastgroup != "comment":
            yield m.lastgroup, m.group(), line


def functions(text):
    """(name, first line, last line) of each function body in C source."""
    depth = 0
    head, name, first = [], None, 0
    for kind, tok, line in tokens(text):
        if kind == "directive":
            continue
        if tok == "{":
            if depth == 0:
                name = function_name(head)
                first = head[0][2] if head else line
            depth += 1
        elif tok == "}":
            depth -= 1
            if depth == 0:
                if name:
                    yield name, first, line
                name, head = None, []
        elif depth == 0:
            if tok == ";":
                head = []
            else:
                head.append((kind, tok, line))


def function_name(head):
    """The name a definition gives, or None where the tokens before { begin a struct, an enum or an initialiser."""
    level = 0
    before = None
    for kind, tok, _ in head:
        if tok == "=" and level == 0:
            return None
        if tok == "(":
            if level == 0 and before and before[0] == "word" and before[1] not in ("__attribute__", "_Alignas", "typeof"):
                return before[1]
            level += 1
        elif tok == ")":
            level -= 1
        before = (kind, tok)
    return None


def check_includes():
    for path in files(["src", "test/unit"], (".c", ".h")):
        parts = path.split("/")
        unit = parts[0] == "test"
        own = parts[2] if unit and len(parts) > 3 else parts[1]
        if own not in FLOORS:
            fail(path, 1, f"there is no floor “{own}”")
            continue
        for kind, tok, line in tokens(read(path)):
            m = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', tok) if kind == "directive" else None
            if m:
                check_include(path, line, own, unit, m.group(1) == "<", m.group(2))


def check_include(path, line, own, unit, system, name):
    if name in FLOOR_OF_HEADER and own not in FLOOR_OF_HEADER[name] and not unit:
        fail(path, line, f"<{name}> belongs to {'/'.join(sorted(FLOOR_OF_HEADER[name]))} alone")
    if system:
        return
    beside = re.fullmatch(r"\.\./(\w+)/\w+\.h", name) if unit else None  # what the tests of a floor beneath share
    if beside and os.path.exists(os.path.join(os.path.dirname(path), name)) and beside.group(1) in FLOORS:
        if FLOORS.index(beside.group(1)) < FLOORS.index(own):
            fail(path, line, f'{own} is beneath {beside.group(1)} and must not include "{name}"')
        return
    floor = name.split("/")[0]
    if "/" not in name:
        if not (unit and os.path.exists(os.path.join(os.path.dirname(path), name))) and name not in FLOOR_OF_HEADER:
            fail(path, line, f'write the floor too: "floor/{name}"')
    elif floor not in FLOORS or not os.path.exists("src/" + name):
        fail(path, line, f'there is no "{name}" under src/')
    elif FLOORS.index(floor) < FLOORS.index(own):
        fail(path, line, f'{own} is beneath {floor} and must not include "{name}"')
    elif own == "format" and not unit and floor not in ("format", "base") and name not in FORMAT_MAY:
        fail(path, line, f'format may include only base/, {" and ".join(sorted(FORMAT_MAY))}, not "{name}"')


def check_size():
    count = {}
    for path in files(["src", "test"], (".c", ".h")):
        text = read(path)
        lines = text.count("\n")
        if lines > FILE_MAX:
            fail(path, lines, f"{lines} lines; {FILE_MAX} is the limit")
        elif lines > FILE_LISTED:
            print(f"note: {path}: {lines} lines; above {FILE_LISTED} a file is to be split by noun")
        for name, first, last in functions(text):
            if last - first + 1 > FUNCTION_MAX:
                fail(path, first, f"{name}() has {last - first + 1} lines; {FUNCTION_MAX} is the limit")
        if path.startswith("src/") and path.endswith(".c"):
            folder = os.path.dirname(path)
            count[folder] = count.get(folder, 0) + 1
    for folder, n in sorted(count.items()):
        if n > FOLDER_MAX:
            fail(folder, 1, f"{n} .c files; {FOLDER_MAX} is the limit")


SQL_HOME = re.compile(r"src/store/|src/model/query/\w*\.c$")
SQL_WHOLE = re.compile(
    r"""\s*(SELECT\s | INSERT\s+(OR\s+\w+\s+)?INTO\b | REPLACE\s+INTO\b | UPDATE\s+[^\s]+\s+SET\b | UPDATE\s+%s
      | DELETE\s+FROM\b
      | (CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?(TEMP(ORARY)?\s+|UNIQUE\s+|VIRTUAL\s+|MATERIALIZED\s+)*
        (TABLE|INDEX|VIEW|TRIGGER|SCHEMA|ROLE|USER|POLICY|EXTENSION|DATABASE|SEQUENCE|FUNCTION|COLLATION)\b
      | WITH\s+(RECURSIVE\b|\w+\s*(\([^)]*\)\s*)?AS\b)
      | (BEGIN|COMMIT|ROLLBACK|END)\s+(IMMEDIATE|EXCLUSIVE|DEFERRED|TRANSACTION|WORK)\b
      | (SAVEPOINT|RELEASE|PRAGMA|EXPLAIN|VACUUM|REINDEX|ANALYZE|ATTACH|DETACH|TRUNCATE|GRANT|REVOKE)\s+\w
      | VACUUM\s*;?$ | LOCK\s+TABLE\b | COPY\s+\w+\s+(FROM|TO|\()) """,
    re.X | re.I | re.S,
)
# Pieces of statements, in capitals as the house writes them.
SQL_PIECE = re.compile(r"^\s*(BEGIN|COMMIT|ROLLBACK)\s*;?\s*$|\b(ORDER BY|GROUP BY|ON CONFLICT|INNER JOIN|LEFT JOIN|UNION ALL)\b|\bWHERE\s+\S+\s*(=|<|>|IN\b|LIKE\b|IS\b)|\bFROM\s+\S+\s+WHERE\b")


def check_sql():
    for path in files(["src"], (".c", ".h")):
        if SQL_HOME.match(path):
            continue
        run, first = "", 0  # neighbouring literals are one text
        for kind, tok, line in list(tokens(read(path))) + [("end", "", 0)]:
            if kind == "string":
                first = first if run else line
                run += tok[1:-1]
            elif kind == "word" and run and re.fullmatch(r"PRI\w+", tok):
                continue
            else:
                if run and (SQL_WHOLE.match(run) or SQL_PIECE.search(run)):
                    fail(path, first, f"SQL outside src/store and src/model/query: “{run[:50]}”")
                run = ""


def source_files():
    tops = ["src", "test", "tools", "modules", "assets", "lang", "bench", "dist", "examples", "Makefile"]
    return files([t for t in tops if os.path.exists(t)])


def check_spdx():
    for path in source_files():
        name = os.path.basename(path)
        if not name.endswith(SPDX_ENDS) and name not in SPDX_NAMES:
            continue
        head = read(path)[:400].split("\n")[:2]
        if not any("SPDX-License-Identifier: " in line for line in head):
            fail(path, 1, "no SPDX-License-Identifier in the first two lines")


LEFTOVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def check_words():
    own = {"tools/lint_src.py", "tools/lint_test.sh", "tools/lint.sh"}
    for path in list(source_files()) + [p for p in files(["doc"])]:
        if path in own:
            continue
        if re.search(r"todo|fixme", os.path.basename(path), re.I):
            fail(path, 1, "nothing is named TODO or FIXME")
        if not path.endswith(SPDX_ENDS + (".md", ".html")):
            continue
        for n, line in enumerate(read(path).split("\n"), 1):
            m = LEFTOVER.search(line)
            if m:
                fail(path, n, f"{m.group()} left behind")


CATALOGUE_LINE = re.compile(
    r"""^(?:'((?:[^']|'')*)'|"((?:[^"\\]|\\.)*)"|([^#'"\s][^:]*)):[ ](?:'((?:[^']|'')*)'|"((?:[^"\\]|\\.)*)"|(\S.*))$"""
)
CONVERSION = re.compile(r"%(?:(\d)\$)?[-+ #0]*[\d*]*(?:\.[\d*]+)?[hlzjt]*[sdiuxXcfg]")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", '"': '"', "'": "'", "\\": "\\"}


def unescape(text):
    return re.sub(r"\\(.)", lambda m: ESCAPES.get(m.group(1), m.group(0)), text)


def catalogue(path):
    """(line, source text, translation) of a catalogue; None for both where a line is neither entry nor comment."""
    for n, line in enumerate(read(path).split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        m = CATALOGUE_LINE.match(line)
        if not m:
            yield n, None, None
            continue
        g = m.groups()
        one = [v.replace("''", "'") if v is not None else None for v in (g[0], g[3])]
        two = [unescape(v) if v is not None else None for v in (g[1], g[4])]
        key, text = (next(v for v in t if v is not None) for t in zip(one, two, (g[2], g[5])))
        yield n, key, text


def check_lang():
    for path in files(["lang"], (".yaml",)) if os.path.isdir("lang") else []:
        seen = {}
        for line, key, text in catalogue(path):
            if key is None:
                fail(path, line, "write one entry a line: source text: translation")
                continue
            if key in seen:
                fail(path, line, f"“{key}” stands in line {seen[key]} already")
            seen[key] = line
            have = len(CONVERSION.findall(key))
            uses = CONVERSION.findall(text)
            if len([u for u in uses if not u]) > have or any(int(u) > have or u == "0" for u in uses if u):
                fail(path, line, f"the translation takes more values than the {have} of the source text")


CHECKS = {"lang": check_lang, "includes": check_includes, "size": check_size, "sql": check_sql, "spdx": check_spdx, "words": check_words}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in CHECKS:
        sys.exit("usage: tools/lint_src.py " + "|".join(CHECKS))
    CHECKS[sys.argv[1]]()
    sys.exit(1 if failures else 0)
