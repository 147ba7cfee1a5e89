#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Check the house rules: tools/lint.sh [includes|size|sql|spdx|words|lang|format|clang|cppcheck|tidy]… [src/FLOOR…]
# Without a name, all of them. A folder or file narrows the last four. Every failure is listed; exit 1 if there was one. What was checked and has not changed
# since is not checked again (build/lint). LINT_ROOT names another tree to check, as tools/lint_test.sh does.
set -uo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
cd "${LINT_ROOT:-$repo}" || exit 2

all=(includes size sql spdx words lang format clang cppcheck tidy)
jobs=2
cache=build/lint

src_rule() { python3 "$repo/tools/lint_src.py" "$1"; }
lint_includes() { src_rule includes; }
lint_size() { src_rule size; }
lint_sql() { src_rule sql; }
lint_spdx() { src_rule spdx; }
lint_words() { src_rule words; }
lint_lang() { src_rule lang; }

lint_format() {
  export repo
  find "${within[@]}" -name '*.[ch]' ! -path '*/golden/*' -print0 | sort -z | xargs -0 -r -P$jobs -n1 bash -c '
    clang-format --style="file:$repo/.clang-format" "$0" | cmp -s - "$0" || { echo "$0:1: run clang-format -i"; exit 1; }'
}

# The flags the build uses, as the Makefile has them.
build_flags() {
  make -s --no-print-directory -C "$repo" -f Makefile -f - lint-flags <<'MAKE'
lint-flags: ; @echo "$(WARN) -D_GNU_SOURCE -Isrc -isystem $(CURDIR)/$(SQLITE) $(patsubst -I%,-isystem %,$(PKGCFL))"
MAKE
}

# run_cached CHECK FILE…: run one_CHECK on each file whose text, headers and settings have changed since it passed.
run_cached() {
  local check=$1
  shift
  mkdir -p "$cache/$check"
  export repo cache
  FLAGS=$(build_flags) || { echo "lint: the Makefile does not give its flags"; return 1; }
  export FLAGS
  BASIS=$({ cat "$repo/.clang-tidy" "$repo/tools/lint.sh"; echo "$FLAGS"; find src -name '*.h' | sort | xargs -r cat; } | sha256sum)
  export BASIS
  export -f one_cached one_clang one_cppcheck one_tidy
  printf '%s\0' "$@" | xargs -0 -r -P$jobs -n1 bash -c 'one_cached "$0" "$1"' "$check"
}

one_cached() {
  local stamp out
  stamp=$cache/$1/$({ echo "$BASIS $2"; cat "$2"; } | sha256sum | cut -c1-32)
  [ -e "$stamp" ] && return 0
  if out=$("one_$1" "$2" 2>&1); then
    : >"$stamp"
  else
    printf '%s\n' "$out"
    return 1
  fi
}

one_clang() { clang -fsyntax-only $FLAGS "$1"; }
one_cppcheck() {
  cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr \
    --suppress=missingInclude --suppress=missingIncludeSystem --suppress=unknownMacro --suppress=nullPointerOutOfMemory \
    --suppress=nullPointerOutOfResources --suppress='*:/usr/include/*' --suppress='*:*/node_modules/*' \
    --template='{file}:{line}: {id}: {message}' -D_GNU_SOURCE -Isrc "$1"
}
# clang-tidy says what it counted on stderr; only its findings are wanted.
one_tidy() { clang-tidy --quiet --config-file="$repo/.clang-tidy" "$1" -- $FLAGS 2>/dev/null; }

c_files() { find "${within[@]}" -name '*.c' ! -path '*/golden/*' "$@" | LC_ALL=C sort; }
lint_clang() { mapfile -t f < <(c_files) && run_cached clang "${f[@]}"; }
lint_cppcheck() { mapfile -t f < <(c_files -path 'src/*') && run_cached cppcheck "${f[@]}"; }
lint_tidy() { mapfile -t f < <(c_files -path 'src/*') && run_cached tidy "${f[@]}"; }

names=() within=()
for arg in "$@"; do
  if [[ " ${all[*]} " == *" $arg "* ]]; then
    names+=("$arg")
  elif [[ $arg == */* && -e $arg ]]; then
    within+=("${arg%/}")
  else
    echo "usage: tools/lint.sh [${all[*]}]… [src/FLOOR…]" >&2
    exit 2
  fi
done
[ ${#names[@]} -gt 0 ] || names=("${all[@]}")
[ ${#within[@]} -gt 0 ] || for d in src test; do [ -d $d ] && within+=($d); done
bad=()
for name in "${names[@]}"; do
  printf 'lint: %s\n' "$name"
  "lint_$name" || bad+=("$name")
done
if [ ${#bad[@]} -gt 0 ]; then
  printf 'lint: FAILED: %s\n' "${bad[*]}"
  exit 1
fi
echo "lint: ok"
