#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A ledger through the web: uploaded, mapped, run, undone; many uploads; a server stopped in the middle of a run.
. ./lib.sh
jar=$WORK/import.jar
sign_in worker "$jar" >/dev/null
form() { curl -s -b "$jar" "$BASE$1"; }
csrf() { form /import | field _csrf; }
unit=$(form /import | field unit)
ledger() { # ROWS SERIAL: visits of a day
  local i
  printf '发现日期,纠纷简要情况,纠纷类型\n'
  for i in $(seq "$1"); do printf '2026-03-%02d,第%s册第%s件：楼道堆物,邻里\n' $((i % 28 + 1)) "$2" "$i"; done
}
upload() { # FILE: the address it is sent on to
  curl -s -o /dev/null -w '%{http_code} %{redirect_url}' -b "$jar" -F "_csrf=$(csrf)" -F "unit=$unit" -F register=dispute -F "file=@$1" "$BASE/import"
}
send() { curl -s -o "$WORK/out.html" -w '%{http_code}' -b "$jar" --data-urlencode "_csrf=$(csrf)" "${@:2}" "$1"; }

for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18; do
  ledger 3 "$i" >"$WORK/台账$i.csv"
  answer=$(upload "$WORK/台账$i.csv")
  [ "$i" = 1 ] && first=${answer#* }
done
check "the eighteenth upload still comes in" 303 "${answer%% *}"
last=${answer#* }
check "the first has made room" 404 "$(status -b "$jar" "$first")"
has "the last shows what would happen" '将新增' "$(curl -s -b "$jar" "$last")"

check "an unknown target is refused" 422 "$(send "$last" -d act=preview -d s0.c0=nonsense)"
check "and has changed nothing" 200 "$(status -b "$jar" "$last")"
check "run" 303 "$(send "$last" -d act=run)"
check "pressed twice" 303 "$(send "$last" -d act=run)"
for _ in $(seq 100); do
  page=$(curl -s -b "$jar" "$last")
  grep -q 'role=status>正在导入' <<<"$page" || break
  sleep 0.1
done
has "done" '导入完成' "$page"
check "its map is no longer changed" 303 "$(send "$last" -d act=preview -d s0.c1=)"
list=$(form /import)
has "it can be undone" 'action="/batch/[0-9]+/[0-9]+/undo"' "$list"
undo=$(grep -oE '/batch/[0-9]+/[0-9]+/undo' <<<"$list" | head -1)
check "undone" 200 "$(send "$BASE$undo")"
check "once" 409 "$(send "$BASE$undo")"

printf 'not a ledger' >"$WORK/无表.csv"
answer=$(upload "$WORK/无表.csv")
hasnt "what cannot be mapped is refused" '^303' "$answer"

# Stopped in the middle: the server ends in its own time, without touching what is freed.
"$LINLI" init --demo --json --data "$WORK/second" >"$WORK/second.json" 2>/dev/null
"$LINLI" serve --data "$WORK/second" --listen 127.0.0.1:0 >"$WORK/second.out" 2>"$WORK/second.log" &
pid=$!
for _ in $(seq 100); do [ -s "$WORK/second.out" ] && break; sleep 0.1; done
BASE=$(sed -n 's|\(^http://[^/]*\)/.*|\1|p' "$WORK/second.out" | head -1)
LOGINS=$WORK/second.json
sign_in worker "$jar" >/dev/null
unit=$(form /import | field unit)
ledger 4000 x >"$WORK/大册.csv"
answer=$(upload "$WORK/大册.csv")
check "a large one" 303 "${answer%% *}"
check "runs" 303 "$(send "${answer#* }" -d act=run)"
kill -TERM "$pid"
rc=0; wait "$pid" || rc=$?
check "stopped while it ran" 0 "$rc"
hasnt "without an error" 'ERROR:|runtime error|error ' "$(cat "$WORK/second.log")"
