#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# linli init makes a data directory wholly or not at all, on SQLite and, where LINLI_TEST_PG names a server, on
# PostgreSQL; it never works on what is occupied, and a database opens with its own key only.
. "$(dirname "$0")/lib.sh"

cat >"$T/bad.yaml" <<'X'
units:
  - {code: HX, name: 湖心街道, kind: subdistrict}
  - {code: HX-1, name: 荷叶社区, kind: community, parent: NOBODY}
X

# accounts of a site file: each once, with a password that is told; a wrong role is named with its line
sed '/^accounts:/q' examples/site.yaml >"$T/people.yaml"
printf '  - {login: zhou, name: 周南, role: worker, unit: QY}\n  - {login: wu, name: 吴北, role: king, unit: QY}\n' >>"$T/people.yaml"
code 2 "$LINLI" init --data "$T/people" --site "$T/people.yaml"
grep -q "people.yaml:$(wc -l <"$T/people.yaml"): .*king" "$T/err" || { cat "$T/err"; fail "the account's line is named"; }
sed -i 's/role: king/role: viewer/' "$T/people.yaml"
code 0 "$LINLI" init --data "$T/people" --site "$T/people.yaml" --json
is "$(json "$T/out" "[(x['login'], len(x['password'])) for x in d['logins']]")" "[('zhou', 10), ('wu', 10)]" "the passwords"
code 0 "$LINLI" user list --data "$T/people" --json
is "$(json "$T/out" "sorted(x['name'] for x in d)")" "['吴北', '周南']" "the accounts"

# a database that is none, or cannot be reached, leaves nothing behind
for where in sqlite mysql:x "postgres:host=$T/nowhere dbname=x"; do
  code 2 "$LINLI" init --data "$T/off" --database "$where"
  [ ! -e "$T/off" ] && [ ! -e "$where" ] || fail "init --database $where left something"
done
grep -q "$T/nowhere" "$T/err" || { cat "$T/err"; fail "why it cannot be reached is told"; }

# walk [--database WHERE]: the same on either database
walk() {
  code 2 "$LINLI" init --data "$T/new" --site "$T/bad.yaml" "$@"
  grep -q 'bad.yaml:3' "$T/err" || { cat "$T/err"; fail "the bad line is named"; }
  [ -z "$(ls -A "$T/new")" ] || fail "a failed init left $(ls -A "$T/new")"
  code 2 "$LINLI" init --data "$T/new" --site "$T/none.yaml" "$@"
  code 0 "$LINLI" init --data "$T/new" --site examples/site.yaml "$@"
  code 0 "$LINLI" unit list --data "$T/new" --json
  is "$(json "$T/out" "any(u['code'] == 'HX' for u in d)")" False "nothing of the failed init is there"
  cp "$T/new/key" "$T/key"
  code 6 "$LINLI" init --data "$T/new" "$@"
  cmp -s "$T/new/key" "$T/key" || fail "a refused init touched the key"
  # broken off in the midst: refused to everybody but the next init
  "$LINLI" init --demo --data "$T/half" "${@:1:1}" ${2:+"$other"} >/dev/null 2>&1 &
  local pid=$! i
  for i in $(seq 200); do [ -e "$T/half/linli.yaml" ] && break; sleep 0.02; done
  kill -9 $pid
  wait $pid 2>/dev/null || true
  [ -e "$T/half/making" ] || fail "init was over before it was killed"
  code 6 "$LINLI" unit list --data "$T/half"
  grep -q '重新运行 linli init' "$T/err" || fail "what to do is said"
  code 0 "$LINLI" init --demo --data "$T/half" "${@:1:1}" ${2:+"$other"}
  code 0 "$LINLI" check --data "$T/half"
  [ ! -e "$T/half/making" ] || fail "the mark stayed"
  # another key
  mv "$T/half/key" "$T/half/key.kept"
  code 4 "$LINLI" unit list --data "$T/half"
  cp "$T/key" "$T/half/key"
  code 4 "$LINLI" unit list --data "$T/half"
  grep -q '不是建立这个数据库时的' "$T/err" || fail "the wrong key is told"
  mv "$T/half/key.kept" "$T/half/key"
  code 0 "$LINLI" unit list --data "$T/half"
}

other=
walk
echo "init on SQLite: ok"
rm -rf "$T/new" "$T/half"
if [ -n "${LINLI_TEST_PG:-}" ]; then
  schema=init_$$
  sql() { "$(command -v psql || ls /usr/lib/postgresql/*/bin/psql | tail -n1)" -q "${LINLI_TEST_PG#postgres:}" -c "$1"; }
  sql "CREATE SCHEMA $schema; CREATE SCHEMA ${schema}_2"
  other="$LINLI_TEST_PG options='-csearch_path=${schema}_2'"
  walk --database "$LINLI_TEST_PG options='-csearch_path=$schema'"
  code 6 "$LINLI" init --data "$T/third" --database "$other"
  grep -q '张表' "$T/err" || fail "an occupied database is told"
  [ -z "$(ls -A "$T/third")" ] || fail "a refused init left $(ls -A "$T/third")"
  code 0 "$LINLI" check --data "$T/half"
  sql "DROP SCHEMA $schema CASCADE; DROP SCHEMA ${schema}_2 CASCADE"
  echo "init on PostgreSQL: ok"
fi
