#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Feed each test/fuzz/fuzz_NAME.c with inputs: tools/fuzz.sh [-t SECONDS] [NAME…]; -t 0 tries the corpus alone.
# Built by clang with libFuzzer, ASan and UBSan against the floor archives, in build/fuzz. Starts from
# test/fuzz/corpus/NAME; new finds go to build/fuzz/corpus/NAME, crashes to build/fuzz/crash. Exit 1 on a crash.
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-10}
while getopts t: opt; do
  case $opt in
  t) seconds=$OPTARG ;;
  *) echo "usage: tools/fuzz.sh [-t SECONDS] [NAME…]" >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[[ $seconds =~ ^[0-9]+$ ]] || { echo "fuzz: -t takes seconds" >&2; exit 2; }
limit=-max_total_time=$seconds
[ "$seconds" -gt 0 ] || limit=-runs=0
B=build/fuzz
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:allocator_may_return_null=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}

if [ $# -eq 0 ]; then
  for f in test/fuzz/fuzz_*.c; do f=${f##*/fuzz_}; set -- "$@" "${f%.c}"; done
fi

# The floor a target stands on is the highest one it includes; main has a main() and cannot be linked.
floor_of() {
  for floor in web format engine model store; do
    if grep -q "#include \"$floor/" "$1"; then echo $floor; return; fi
  done
  echo base
}

# The Makefile knows flags, what lies beneath a floor, and how archives are made; this adds the one rule for a target.
build() {
  make -s -j"${FUZZ_JOBS:-2}" -f Makefile -f - B=$B CC=clang SAN=fuzzer-no-link,address,undefined OPT=-O1 \
    "$B/bin/$1" FUZZ_FLOOR="$2" <<'MAKE'
fuzz_libs = $(foreach f,$(below_$(FUZZ_FLOOR)),$(B)/lib/lib$(f).a)
$(B)/bin/%: test/fuzz/fuzz_%.c $(fuzz_libs) $(B)/obj/sqlite3.o $(B)/obj/embed.o
	@mkdir -p $(@D); echo "  FUZZ $@"
	@$(CC) $(filter-out -MMD -MP,$(CFLAGS_ALL)) -fsanitize=fuzzer,address,undefined -o $@ $< \
	  -Wl,--start-group $(fuzz_libs) -Wl,--end-group $(B)/obj/sqlite3.o $(B)/obj/embed.o $(PKGLIBS)
MAKE
}

bad=()
for name in "$@"; do
  source=test/fuzz/fuzz_$name.c
  [ -f "$source" ] || { echo "fuzz: there is no $source" >&2; exit 2; }
  if ! build "$name" "$(floor_of "$source")"; then
    echo "fuzz: $name does not build"
    bad+=("$name")
    continue
  fi
  found=$B/corpus/$name
  mkdir -p "$found" $B/crash
  seeds=()
  [ -d "test/fuzz/corpus/$name" ] && seeds=("test/fuzz/corpus/$name")
  log=$B/$name.log
  if "$B/bin/$name" "$limit" -timeout=5 -rss_limit_mb=2048 -artifact_prefix="$B/crash/$name-" \
    -print_final_stats=1 "$found" "${seeds[@]}" >"$log" 2>&1; then
    printf 'fuzz: %-16s ok, %s inputs\n' "$name" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)"
  else
    printf 'fuzz: %-16s FAILED, see %s\n' "$name" "$log"
    grep -E "ERROR|SUMMARY|runtime error|Test unit written|#[0-9] .*src/" "$log" | head -12
    bad+=("$name")
  fi
done
[ ${#bad[@]} -eq 0 ] || { echo "fuzz: FAILED: ${bad[*]}"; exit 1; }
