#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# make bench: one JSON line a measure: ours, the ceiling, their ratio, both measured in the same run, taking turns; the
# median of the turns counts. BENCH_ROWS (default 1000000) and BENCH_SECONDS (a turn, default 5) may be made smaller.
# Data is made once under build/bench and kept.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${BENCH_ROWS:-1000000} secs=${BENCH_SECONDS:-5} turns=3
dir=build/bench
pids=()
trap 'for p in "${pids[@]:-}"; do [ -z "$p" ] || kill "$p" 2>/dev/null || true; done' EXIT
tools/deps.sh test >&2
make --no-print-directory -j"$(nproc)" build >&2
mkdir -p "$dir"

bench/verify.sh

pkgs="libmicrohttpd yaml-0.1 libsodium libzip libxml-2.0 pangocairo icu-uc icu-i18n opencc libpq jansson zlib"
for c in gen inside bare_list bare_create bare_import xlsx; do
  gcc -std=c11 -O2 -D_GNU_SOURCE -Isrc -Inode_modules/better-sqlite3/deps/sqlite3 $(pkg-config --cflags $pkgs) -o "$dir/$c" \
    "bench/$c.c" -Wl,--start-group build/lib/lib{engine,model,store,base}.a -Wl,--end-group build/obj/sqlite3.o \
    build/obj/embed.o $(pkg-config --libs $pkgs) -lxlsxwriter -lm -lpthread -ldl
done

median() { sort -g | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
# line NAME OURS CEILING RATIO UNIT
line() { printf '{"name":"%s","ours":%s,"ceiling":%s,"ratio":%s,"unit":"%s"}\n' "$1" "$2" "$3" "$4" "$5"; }
# paired LIST LIST: the median of their ratios, turn by turn: what else the machine does weighs on both sides of a turn
paired() { paste <(printf %s "$1") <(printf %s "$2") | awk '{printf "%.3f\n", ($2 > 0 ? $1 / $2 : 0)}' | median; }
per() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.3f", (b > 0 ? a / b : 0)}'; }
data() { # data ROWS: the path of a data directory with so many visits
  local d=$dir/d$1
  [ -e "$d/made" ] || { rm -rf "$d"; "$dir/gen" "$d" "$1" bench/site.yaml >&2; touch "$d/made"; }
  echo "$d"
}
start() { # start NAME COMMAND…: in the background, waits until it listens
  local name=$1
  shift
  "$@" >"$dir/$name.log" 2>&1 &
  pids+=($!)
  sleep 1.5
}
stop() { kill "${pids[-1]}"; wait "${pids[-1]}" 2>/dev/null || true; unset 'pids[-1]'; }
rate() { wrk -t2 -c"$1" -d"${secs}s" "${@:2}" | awk '/Requests\/sec/ {print $2}'; }

big=$(data "$rows")
small=$(data $((rows / 10)))
"$dir/gen" "$big" >&2 # a fresh session with the token that bench/gen.c names
token=benchbenchbenchbenchbenchbench22
cookie="Cookie: linli=$token"
unit=$(build/linli dump --register unit --data "$big" | sed -n 's/.*"id":"\([0-9]*\)".*"code":"BQ".*/\1/p' | head -n 1)

# (a) list page, (f) memory, (g) beside two clients that loop over the heaviest report: the longest period there is
start serve build/linli serve --data "$big" --listen 127.0.0.1:18795
server=${pids[-1]}
bytes=$(curl -s -H "$cookie" http://127.0.0.1:18795/r/visit | wc -c)
[ "$bytes" -gt 10000 ] || { echo "bench: the list page does not answer" >&2; exit 1; }
start bare "$dir/bare_list" 18796 "$big/linli.db" "$unit" "$bytes" 2
report="http://127.0.0.1:18795/reports/situation?unit=BQ&from=$(date -d '10 years ago' +%F)&to=$(date +%F)"
alone=$(wrk -t1 -c2 -d"${secs}s" -H "$cookie" "$report" | awk '/Requests\/sec/ {print $2}')
ours= bare= beside= reports=
for _ in $(seq $((turns + 2))); do
  ours+="$(rate 64 -H "$cookie" http://127.0.0.1:18795/r/visit)"$'\n'
  bare+="$(rate 64 http://127.0.0.1:18796/)"$'\n'
  wrk -t1 -c2 -d"${secs}s" -H "$cookie" "$report" >"$dir/report.txt" & looping=$!
  beside+="$(rate 64 -H "$cookie" http://127.0.0.1:18795/r/visit)"$'\n'
  wait "$looping"
  grep -q 'Non-2xx' "$dir/report.txt" && { echo "bench: the report does not answer" >&2; exit 1; }
  reports+="$(awk '/Requests\/sec/ {print $2}' "$dir/report.txt")"$'\n'
done
a=$(printf %s "$ours" | median) b=$(printf %s "$bare" | median) g=$(printf %s "$beside" | median)
line "list page of 50 of $rows" "$a" "$b" "$(paired "$ours" "$bare")" pages/s
line "list pages beside two loops of a ten-year report" "$g" "$a" "$(paired "$beside" "$ours")" pages/s
r=$(printf %s "$reports" | median)
line "those reports, beside alone" "$r" "$alone" "$(per "$r" "$alone")" reports/s
rss=$(awk '/VmRSS/ {printf "%.1f", $2 / 1024}' "/proc/$server/status")
line "resident memory after lists" "$rss" 64 "$(per "$rss" 64)" MB
stop; stop

# (d) search and (e) a report of 100 figures, inside the database
s=$("$dir/inside" search "$big")
line "two characters, newest 50 of $rows" "$s" 1000 "$(per "$s" 1000)" us
e1=$("$dir/inside" edit "$big") e0=$("$dir/inside" edit "$small")
line "edit of one of the newest of $rows beside $((rows / 10))" "$e1" "$e0" "$(per "$e1" "$e0")" us
figures="visit.count visit.by_grid visit.needs visit.count|routine visit.households visit.visitors"
e1=$("$dir/inside" report "$big" $figures) e0=$("$dir/inside" report "$small" $figures)
line "100 figures over $rows beside $((rows / 10))" "$e1" "$e0" "$(per "$e1" "$e0")" us
e1=$("$dir/inside" report "$big" visit.households) e0=$("$dir/inside" report "$small" visit.households)
line "100 counts of households over $rows beside $((rows / 10))" "$e1" "$e0" "$(per "$e1" "$e0")" us

# (b) create through the API, durable, plain and with 2 ms added to each flush
for delay in 0 2; do
  ours= bare=
  for _ in $(seq $turns); do
    rm -rf "$dir/c"
    "$dir/gen" "$dir/c" 1000 bench/site.yaml >&2
    BENCH_TOKEN=$token
    export BENCH_TOKEN
    start create env LINLI_FLUSH_DELAY_MS=$delay build/linli serve --data "$dir/c" --listen 127.0.0.1:18797
    ours+="$(rate 32 -s bench/create.lua http://127.0.0.1:18797)"$'\n'
    stop
    rm -f "$dir"/bare.db*
    start bcreate env LINLI_FLUSH_DELAY_MS=$delay "$dir/bare_create" 18798 "$dir/bare.db"
    bare+="$(rate 32 -s bench/create.lua http://127.0.0.1:18798)"$'\n'
    stop
  done
  a=$(printf %s "$ours" | median) b=$(printf %s "$bare" | median)
  line "create, 32 clients, flush +$delay ms" "$a" "$b" "$(per "$a" "$b")" records/s
done

# (c) import of rows/10 × 12 cells
n=$((rows / 10))
[ -e "$dir/$n.xlsx" ] || "$dir/xlsx" "$dir/$n.xlsx" "$n"
ours= bare=
for _ in $(seq $turns); do
  rm -rf "$dir/i" "$dir"/bare.db*
  "$dir/gen" "$dir/i" 10 bench/site.yaml >&2
  t0=$(date +%s.%N)
  build/linli import "$dir/$n.xlsx" --unit BQ --json --data "$dir/i" >"$dir/import.json" 2>/dev/null || true
  t1=$(date +%s.%N)
  "$dir/bare_import" "$dir/$n.xlsx" "$dir/bare.db" >/dev/null
  t2=$(date +%s.%N)
  ours+="$(awk -v n="$n" -v a="$t0" -v b="$t1" 'BEGIN {print n / (b - a)}')"$'\n'
  bare+="$(awk -v n="$n" -v a="$t1" -v b="$t2" 'BEGIN {print n / (b - a)}')"$'\n'
done
grep -q "\"inserted\":$n" "$dir/import.json" || { echo "bench: not every row was imported: $(head -c 200 "$dir/import.json")" >&2; exit 1; }
a=$(printf %s "$ours" | median) b=$(printf %s "$bare" | median)
line "import of $n x 12 cells" "$a" "$b" "$(per "$a" "$b")" rows/s

# An import that changes every one of rows/10 records, beside the import that brought them
ledger() { # ledger PEOPLE CAUSE
  echo 登记编号,排查日期,所属网格,纠纷类型,简要情况,涉及人数,调解员
  seq "$n" | awk -v people="$1" -v cause="$2" 'BEGIN {split("一 二 三 四 五 六 七 八", grid, " ")}
    {printf "调字%d号,2025-%02d-%02d,第%s网格,邻里,楼道堆放杂物%s邻居不和，请社区协调,%s,江小舟\n",
      $1, $1 % 12 + 1, $1 % 28 + 1, grid[$1 % 8 + 1], cause, people}'
}
first= second=
ledger 2 引起 >"$dir/first.csv"
ledger 3 使得 >"$dir/second.csv"
for _ in $(seq $turns); do
  rm -rf "$dir/i"
  "$dir/gen" "$dir/i" 10 bench/site.yaml >&2
  t0=$(date +%s.%N)
  build/linli import "$dir/first.csv" --unit BQ --json --data "$dir/i" >"$dir/import.json" 2>/dev/null || true
  t1=$(date +%s.%N)
  build/linli import "$dir/second.csv" --unit BQ --json --data "$dir/i" >"$dir/import.json" 2>/dev/null || true
  t2=$(date +%s.%N)
  first+="$(awk -v n="$n" -v a="$t0" -v b="$t1" 'BEGIN {print n / (b - a)}')"$'\n'
  second+="$(awk -v n="$n" -v a="$t1" -v b="$t2" 'BEGIN {print n / (b - a)}')"$'\n'
done
grep -q "\"updated\":$n" "$dir/import.json" || { echo "bench: not every row was changed: $(head -c 200 "$dir/import.json")" >&2; exit 1; }
a=$(printf %s "$second" | median) b=$(printf %s "$first" | median)
line "import that changes $n rows, beside bringing them" "$a" "$b" "$(paired "$second" "$first")" rows/s
