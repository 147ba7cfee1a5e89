#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Self-test of tools/lint.sh: a small clean tree passes every check, and each planted violation is caught by its own.
set -euo pipefail
cd "$(dirname "$0")/.."
lint=$PWD/tools/lint.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
spdx='/* SPDX-License-Identifier: Apache-2.0 */'

fresh() {
  rm -rf "$work/tree"
  mkdir -p "$work/tree"/src/{base,store,model,engine,format,web,main} "$work/tree"/test/unit/base
  cd "$work/tree"
  printf '%s\nint one(void);\n' "$spdx" | tee src/base/one.h src/model/table.h src/model/value.h src/model/record.h \
    src/store/db.h src/web/page.h src/format/csv.h >/dev/null
  printf '%s\n#include "base/one.h"\n\nint one(void)\n{\n    return 1;\n}\n' "$spdx" >src/base/one.c
  printf '%s\n#include "format/csv.h"\n#include "base/one.h"\n#include "model/table.h"\n' "$spdx" >src/format/csv.c
  printf '%s\n#include "model/record.h"\n#include "store/db.h"\n' "$spdx" >src/model/record.c
  printf '%s\nextern const char *const sql;\nconst char *const sql = "SELECT 1";\n' "$spdx" >src/store/sql.c
  mkdir -p src/model/query && cp src/store/sql.c src/model/query/query_page.c
}

# caught CHECK WHAT WORDS: the check fails and its answer holds the words
caught() {
  local out
  if out=$(LINT_ROOT=$work/tree "$lint" "$1" 2>&1); then
    fail "$1 did not catch $2"
  elif [[ $out != *"$3"* ]]; then
    fail "$1 caught $2 without saying “$3”: $out"
  fi
  fresh
}
passed() {
  local out
  out=$(LINT_ROOT=$work/tree "$lint" "$1" 2>&1) || fail "$1 refused $2: $out"
  fresh
}
fail() { printf 'lint_test: %s\n' "$*" >&2; failed=1; }
plant() { printf '%s\n%b' "$spdx" "$2" >"$1"; }
body() { printf '%s\nint %s(void)\n{\n' "$spdx" "$1"; for ((i = 0; i < $2; i++)); do echo '    one();'; done; printf '    return 1;\n}\n'; }
sql() { plant src/web/page.c "const char *s = $1;\n"; }

fresh
for check in includes size sql spdx words lang format clang cppcheck tidy; do passed $check "a clean tree"; done

plant src/store/up.c '#include "model/record.h"\n'; caught includes "store including model" 'store is beneath model'
plant src/base/up.h '#include "web/page.h"\n'; caught includes "base including web" 'src/base/up.h:2'
plant src/format/db.c '#include "store/db.h"\n'; caught includes "format including store" 'format may include only'
plant src/format/rec.c '#include "model/record.h"\n'; caught includes "format including another model header" 'format may include only'
plant src/base/near.c '#include "one.h"\n'; caught includes "an include without its floor" 'write the floor too'
plant src/base/none.c '#include "base/none.h"\n'; caught includes "an include of nothing" 'there is no "base/none.h"'
plant src/web/raw.c '#include <sqlite3.h>\n'; caught includes "SQLite outside store" '<sqlite3.h> belongs'
plant src/base/note.c '/* #include "web/page.h" */\n#include "base/one.h"\n'; passed includes "an include in a comment"
plant test/unit/base/t.c '#include "store/db.h"\n'; caught includes "a unit test looking up" 'base is beneath store'
mkdir src/attic; plant src/attic/x.c ''; caught includes "a folder that is no floor" 'no floor'

{ printf '%s\n' "$spdx"; for ((i = 0; i < 1000; i++)); do echo "/* $i */"; done; } >src/base/long.c
caught size "a file of 1001 lines" '1001 lines; 1000 is the limit'
{ printf '%s\n' "$spdx"; for ((i = 0; i < 999; i++)); do echo "/* $i */"; done; } >src/base/long.c
passed size "a file of 1000 lines"
body f 57 >src/base/long.c; caught size "a function of 61 lines" 'f() has 61 lines'
body f 56 >src/base/long.c; passed size "a function of 60 lines"
{ printf '%s\nstatic const char *const t[] = {\n' "$spdx"; for ((i = 0; i < 200; i++)); do echo '    "}{",'; done; echo '};'; } >src/base/table.c
passed size "a long table"
{ printf '%s\n#define M(x) do { (x)++\nstruct s {\n' "$spdx"; for ((i = 0; i < 70; i++)); do echo "    int (*f$i)(void);"; done; echo '};'; } >src/base/s.c
passed size "a long struct behind an unbalanced macro"
for i in {1..25}; do plant "src/base/n$i.c" ''; done; caught size "26 .c files in a folder" '26 .c files'

sql '"SELECT a FROM b"'; caught sql "SELECT" 'src/web/page.c:2'
sql '"select a from b"'; caught sql "select in small letters" 'SQL outside'
sql '"DELETE" " FROM t"'; caught sql "a statement in two literals" 'DELETE FROM'
sql '" ORDER BY id"'; caught sql "a piece of a statement" 'ORDER BY'
sql '"BEGIN"'; caught sql "BEGIN" 'SQL outside'
sql '"PRAGMA user_version"'; caught sql "PRAGMA" 'SQL outside'
sql '"WITH x AS (SELECT 1) SELECT * FROM x"'; caught sql "WITH" 'SQL outside'
sql '"CREATE UNIQUE INDEX i ON t(a)"'; caught sql "CREATE" 'SQL outside'
sql '"BEGIN:VCALENDAR\\r\\n" /* SELECT a FROM b */'; passed sql "iCalendar, and SQL in a comment"
sql '"DELETE"'; passed sql "the name of an HTTP method"
sql '"<select name=\\"a\\">"'; passed sql "an HTML element"

echo 'int x;' >src/base/bare.h; caught spdx "a header without a licence line" 'src/base/bare.h'
mkdir modules; echo 'a: 1' >modules/m.yaml; caught spdx "YAML without a licence line" 'modules/m.yaml'
printf '#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n' >src/run.sh; passed spdx "a line under #!"

plant src/base/left.c '/* TODO: later */\n'; caught words "TODO" 'src/base/left.c:2'
plant src/base/todo_list.c ''; caught words "a file named so" 'nothing is named'
plant src/base/left.c 'const char *s = "XXXX";\n'; passed words "XXXX"

lang() { mkdir -p lang; printf '# SPDX-License-Identifier: Apache-2.0\n%b' "$1" >lang/en.yaml; }
lang "第%d行: Row %s\n登录: Sign in\n"; passed lang "a good catalogue"
lang "登录: Sign in\n'登录': Log in\n"; caught lang "an entry twice" 'lang/en.yaml:3'
lang "第%d行: Row %s of %s\n"; caught lang "a translation with more values" 'more values than the 1'
lang "'第%d行': Row %%2\$s\n"; caught lang "a value that is not there" 'more values than the 1'
lang "- 登录\n"; caught lang "a list" 'one entry a line'

plant src/base/one.c 'int  one (void) { return 1; }\n'; caught format "untidy code" 'src/base/one.c:1: run clang-format -i'
plant src/base/bad.c 'int f(int a) { char c = a; return c; }\n'; caught clang "a narrowing and a missing prototype" 'bad.c'
plant test/unit/base/bad.c 'static int f;\n'; caught clang "an unused variable in a test" 'unused'
plant src/base/bad.c '#include <stdlib.h>\nint f(int n);\nint f(int n)\n{\n    char *p = malloc(4);\n    if (n)\n        return 1;\n    free(p);\n    return 0;\n}\n'
caught cppcheck "a leak" 'memleak'
plant src/base/bad.c 'int f(int n);\nint f(int n)\n{\n    int *p = 0;\n    if (n > 3)\n        return *p;\n    return 0;\n}\n'
caught tidy "a null dereference" 'NullDereference'

# What passed is not checked again; what changed is.
LINT_ROOT=$work/tree "$lint" tidy >/dev/null
n=$(ls build/lint/tidy | wc -l)
LINT_ROOT=$work/tree "$lint" tidy >/dev/null
[ "$(ls build/lint/tidy | wc -l)" = "$n" ] || fail "an unchanged tree was checked again"
echo 'int two(void);' >>src/base/one.h
LINT_ROOT=$work/tree "$lint" tidy >/dev/null
[ "$(ls build/lint/tidy | wc -l)" = $((n * 2)) ] || fail "a changed header was not checked"
"$lint" nonsense >/dev/null 2>&1 && fail "an unknown check was accepted"
[ $failed = 0 ] && echo "lint_test: ok"
exit $failed
