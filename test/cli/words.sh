#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the commands say when something is wrong: where, what was read, how to mend it; and with which code.
. "$(dirname "$0")/lib.sh"
says() { grep -q -- "$1" "$T/err" || { cat "$T/err" >&2; fail "message lacks: $1"; }; }
code 2 "$LINLI"; code 0 "$LINLI" --help
code 2 "$LINLI" figrues; says '是不是“figures”'
code 2 linli figures --unit; says '后面缺少'
code 2 "$LINLI" figures --data "$T/none" --unit X --from 2026-01-01 --to 2026-01-02; says "linli init"
linli init --site examples/site.yaml >/dev/null 2>&1
code 6 linli init; says '不能重复初始化'
code 2 linli figures --unit NO --from 2026-01-01 --to 2026-12-31; says '没有代码为“NO”的组织'
code 2 linli figures --unit QY --from 2026-13-01 --to 2026-12-31; says '2026-13-01'
code 2 linli figures --unit QY --from 2026-12-31 --to 2026-01-01; says '晚于'
code 2 linli records --unit QY --from 2026-01-01 --to 2026-12-31 --figure nothing; says '没有指标'
code 2 linli records --unit QY --from 2026-01-01 --to 2026-12-31 --figure dispute.found --slice nois; says '已有的分类：'
code 2 linli report nothing --unit QY --from 2026-01-01 --to 2026-12-31; says '没有报告'
code 2 linli user add --login x --role worker --unit QY; says '登录名'
code 2 linli user add --login chen --role king --unit QY; says '没有角色'
code 0 linli user add --login chen --role worker --unit QY --json
code 6 linli user add --login chen --role worker --unit QY
code 2 linli user password --login nobody; says '没有登录名'
code 0 linli user password --login chen --json
is "$(json "$T/out" "len(d['password'])")" 12 "a new password"
code 0 linli user totp --login chen --json
is "$(json "$T/out" "len(d['secret'])")" 32 "a second factor"
code 0 linli user totp --login chen --off
code 2 linli user enable --login nobody; says '没有登录名'
code 0 linli user enable --login chen
printf '%%PDF-1.4 not a workbook' > "$T/台账.xlsx"
code 4 linli import "$T/台账.xlsx" --unit QY; says 'PDF'
code 4 linli import "$T/台账.xlsx" --unit QY --json
is "$(json "$T/out" "d['error']['code']")" refused "refusal as JSON"
code 0 linli unit add --code QY-B2 --name 清源社区第二党支部 --kind branch --parent QY
linli unit list | grep -q '清源社区第二党支部' || fail "added unit is listed"
code 6 linli unit add --code QY-B2 --name 又一个 --kind branch --parent QY
# the same in English: no command's help and none of these messages has a word left in Chinese
han() { python3 -c 'import re,sys; t=open(sys.argv[1],encoding="utf-8").read(); sys.exit(not re.search("[\u3400-\u9fff]", t))' "$1"; }
speaks() { { export LC_ALL=$1; } 2>/dev/null; } # bash warns of locales that are not installed
english() { # CODE COMMAND…
  local want=$1
  shift
  speaks en_GB.UTF-8
  code "$want" "$@"
  speaks C.UTF-8
  ! han "$T/out" && ! han "$T/err" || { cat "$T/out" "$T/err" >&2; fail "Chinese left in: $*"; }
}
english 0 "$LINLI" --help
grep -q 'Make a data directory' "$T/out" || fail "help is in English"
for c in $(sed -n 's/^  \([a-z]*\) .*/\1/p' "$T/out"); do english 0 "$LINLI" "$c" --help; done
english 2 "$LINLI" figrues
english 2 "$LINLI" init --what
english 2 "$LINLI" figures --data "$T/none" --unit X --from 2026-01-01 --to 2026-01-02
english 6 linli init
english 2 linli figures --unit NO --from 2026-01-01 --to 2026-12-31
english 2 linli user add --login zhao --role king --unit QY
says 'admin'
english 0 linli user password --login chen
english 0 linli check
english 0 linli trail verify
code 2 "$LINLI" figures --lang en; says 'is missing'
speaks zh_TW.UTF-8
code 0 "$LINLI" --help
grep -q '建立數據目錄' "$T/out" || fail "help is in traditional characters"
speaks en_GB.UTF-8
code 0 "$LINLI" --help --lang zh-Hans
! grep -q 'Make a' "$T/out" || fail "--lang counts more than the environment"
speaks C.UTF-8
code 2 "$LINLI" check --lang fr; says 'zh-Hant'
echo "words: ok"
