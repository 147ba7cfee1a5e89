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
has "what is done links to its records" 'href="/batch/[0-9]+/[0-9]+"' "$page"
list=$(form /import)
batch=$(grep -oE '/batch/[0-9]+/[0-9]+' <<<"$list" | head -1)
made=$(form "$batch")
has "the import names its records" 'href="/r/dispute/[0-9]+"' "$made"
has "three of them" '新增 <b class=num>3<' "$made"
check "nobody else sees it" 404 "$(status -b "$jar" "$BASE/batch/1/77")"
has "it can be undone" 'action="/batch/[0-9]+/[0-9]+/undo"' "$made"
undo=$(grep -oE '/batch/[0-9]+/[0-9]+/undo' <<<"$made" | head -1)
check "undone" 200 "$(send "$BASE$undo")"
check "once" 409 "$(send "$BASE$undo")"
has "and says so" '已撤销' "$(form "$batch")"

printf 'not a ledger' >"$WORK/无表.csv"
answer=$(upload "$WORK/无表.csv")
hasnt "what cannot be mapped is refused" '^303' "$answer"

# The first rows as they will be stored; refused rows counted as rows, with what is wrong in its cell.
cat >"$WORK/预览.csv" <<'C'
发现日期,纠纷简要情况,纠纷类型,涉及金额（元）
2026.3.5,楼道堆物,邻里,1200
,晒台占用,邻里,
2026.2.30,楼上漏水,没有这一类,不少
2026-03-07,,邻里,
C
at=$(upload "$WORK/预览.csv"); at=${at#* }
page=$(curl -s -b "$jar" "$at")
has "a day as it will be stored, with what the file has" '<td>2026-03-05 <small>原为：2026\.3\.5' "$page"
has "what is wrong is told in its cell" '<td class=bad>✗ 2026\.2\.30 <small>' "$page"
has "rows are counted, and their mistakes" '3行未导入（5处问题）' "$page"
has "by how to mend them" '<h3>缺少必填内容：补上后再导入（2处）' "$page"
has "the row is named" '第4行' "$page"

# Blank cells take what stands above where that is asked for; what was confirmed is remembered and can be reset.
check "fill down" 303 "$(send "$at" -d act=preview -d s0.reg=dispute -d s0.h1=1 -d s0.h2=1 -d s0.year= -d s0.f0=blank)"
has "the blank day is filled" '2行未导入（4处问题）' "$(curl -s -b "$jar" "$at")"
check "confirmed" 303 "$(send "$at" -d act=run)"
for _ in $(seq 100); do grep -q '导入完成' <<<"$(curl -s -b "$jar" "$at")" && break; sleep 0.1; done
at=$(upload "$WORK/预览.csv"); at=${at#* }
page=$(curl -s -b "$jar" "$at")
has "remembered" '沿用本组织上次确认的' "$page"
has "with its filling" '2行未导入（4处问题）' "$page"
check "reset" 303 "$(send "$at" -d act=reset)"
page=$(curl -s -b "$jar" "$at")
hasnt "no longer remembered" '沿用本组织上次确认的' "$page"
has "the proposal is back" '3行未导入' "$page"

# Another register, another header than guessed; a file that nothing recognises is asked about.
check "no header there" 422 "$(send "$at" -d act=preview -d s0.reg=dispute -d s0.h1=9 -d s0.h2=9)"
check "left out" 303 "$(send "$at" -d act=preview -d s0.reg=)"
hasnt "nothing to confirm" 'value=run' "$(curl -s -b "$jar" "$at")"
printf '甲,乙\n2026-03-09,花盆放在过道\n' >"$WORK/不识.csv"
at=$(upload "$WORK/不识.csv"); at=${at#* }
has "asked what it is" '请说明每张表记入哪个台账' "$(curl -s -b "$jar" "$at")"
check "told" 303 "$(send "$at" -d act=preview -d s0.reg=dispute -d s0.h1=1 -d s0.h2=1)"
check "and which column is which" 303 "$(send "$at" -d act=preview -d s0.reg=dispute -d s0.h1=1 -d s0.h2=1 -d s0.c0=found_on -d s0.c1=summary)"
has "it would go in but for its kind" '<td>花盆放在过道' "$(curl -s -b "$jar" "$at")"

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
at=${answer#* }
check "runs" 303 "$(send "$at" -d act=run)"
page=$(curl -s -D "$WORK/head" -b "$jar" "$at")
has "its progress comes again by itself" '^Refresh: 2' "$(tr -d '\r' <"$WORK/head")"
has "and is a bar" '<progress[^>]* max=' "$page"
check "stopped by hand" 303 "$(send "$at" -d act=stop)"
for _ in $(seq 200); do
  page=$(curl -s -b "$jar" "$at")
  grep -q '<progress' <<<"$page" || break
  sleep 0.05
done
has "says that it was stopped" '导入已停止：已处理 [0-9]+ / 4001? 行' "$page"
has "and can be gone on with" '接着导入' "$page"
has "or undone" '/undo' "$page"
check "goes on" 303 "$(send "$at" -d act=run)"
kill -TERM "$pid"
rc=0; wait "$pid" || rc=$?
check "stopped while it ran" 0 "$rc"
hasnt "without an error" 'ERROR:|runtime error|error ' "$(cat "$WORK/second.log")"
# Started again it says what was cut off, and how to go on.
"$LINLI" serve --data "$WORK/second" --listen 127.0.0.1:0 >"$WORK/third.out" 2>"$WORK/second.log" &
pid=$!
for _ in $(seq 100); do [ -s "$WORK/third.out" ] && break; sleep 0.1; done
BASE=$(sed -n 's|\(^http://[^/]*\)/.*|\1|p' "$WORK/third.out" | head -1)
sign_in worker "$jar" >/dev/null
list=$(form /import)
has "cut off" '没有做完' "$list"
batch=$(grep -oE '/batch/[0-9]+/[0-9]+' <<<"$list" | tail -1)
page=$(form "$batch")
has "how to go on" '再上传一次同一个文件即可' "$page"
has "or back" "action=\"$batch/undo\"" "$page"
at=$(upload "$WORK/大册.csv"); at=${at#* }
page=$(curl -s -b "$jar" "$at")
hasnt "what is in stays the same" '将新增 <b class=num>4000<' "$page"
has "only the rest is new" '不变 <b class=num>[1-9]' "$page"
kill -TERM "$pid"
wait "$pid"
