#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The part of make bench that reads reports: CPU of a page of 2,000 characters against its ceiling, how the time grows with
# the text, and how many figures are read rightly: the invented sentences, and the labelled reports of ../shared if they are
# there (LINLI_SHARED names another place).
set -euo pipefail
cd "$(dirname "$0")/.."
dir=build/bench shared=${LINLI_SHARED:-../shared}
mkdir -p "$dir"
pkgs="yaml-0.1 libsodium icu-uc icu-i18n opencc libpq jansson zlib"
gcc -std=c11 -O2 -D_GNU_SOURCE -Isrc -o "$dir/quantity" bench/quantity.c -Wl,--start-group build/lib/lib{engine,model,store,base}.a \
  -Wl,--end-group build/obj/sqlite3.o build/obj/embed.o $(pkg-config --libs $pkgs) -lm -lpthread -ldl
line() { printf '{"name":"%s","ours":%s,"ceiling":%s,"ratio":%s,"unit":"%s"}\n' "$@"; }
per() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.3f", (b > 0 ? a / b : 0)}'; }
text=test/golden/quantity/report.txt
page=$("$dir/quantity" $text 2000)
line "figures in 2000 characters, CPU" "$page" 5000 "$(per "$page" 5000)" us
small=$("$dir/quantity" $text 70000) big=$("$dir/quantity" $text 700000)
line "figures in 700000 characters beside ten times 70000" "$big" $((small * 10)) "$(per "$big" $((small * 10)))" us
tools/quantity_measure.py score build/linli | awk '$2 == "total" {gsub(/[^0-9.]/, "", $5); print $1, $5, $7}' |
  while read -r half recall precision; do
    line "invented sentences, $half: recall" "$recall" 1 "$recall" share
    line "invented sentences, $half: precision" "$precision" 1 "$precision" share
  done
[ -d "$shared/claims" ] || { echo "bench: no $shared/claims, the labelled reports are left out" >&2; exit 0; }
i=0
for report in "$shared"/reports/*.txt; do
  rm -rf "$dir/claims/$i"
  mkdir -p "$dir/claims/$i/gold" "$dir/claims/$i/ours"
  ln -s "$(realpath "$shared/claims/S$i.json")" "$dir/claims/$i/gold/S$i.json"
  build/linli verify "$report" --json >"$dir/claims/$i/ours/S$i.json" || [ $? -eq 3 ]
  python3 "$shared/claims/score.py" "$dir/claims/$i/gold" "$dir/claims/$i/ours" --json | python3 -c "
import json, sys
d = json.load(sys.stdin)
for k in ('recall', 'precision'):
    v = round(d['strict_' + k], 4)
    print(json.dumps({'name': 'report S$i: strict ' + k, 'ours': v, 'ceiling': 1, 'ratio': v, 'unit': 'share'}))
print(json.dumps({'name': 'report S$i: traps', 'ours': d['trap'], 'ceiling': 0, 'ratio': 0, 'unit': 'claims'}))"
  i=$((i + 1))
done
