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
printf '%%PDF-1.4 not a workbook' > "$T/台账.xlsx"
code 4 linli import "$T/台账.xlsx" --unit QY; says 'PDF'
code 4 linli import "$T/台账.xlsx" --unit QY --json
is "$(json "$T/out" "d['error']['code']")" refused "refusal as JSON"
code 0 linli unit add --code QY-B2 --name 清源社区第二党支部 --kind branch --parent QY
linli unit list | grep -q '清源社区第二党支部' || fail "added unit is listed"
code 6 linli unit add --code QY-B2 --name 又一个 --kind branch --parent QY
echo "words: ok"
