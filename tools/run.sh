#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# make run: install what is missing, build, make ./data with a demonstration community, serve.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${DATA:-data} listen=${LISTEN:-127.0.0.1:8080}

tools/deps.sh build
echo "== 构建"
make --no-print-directory -j"$(nproc)" build
if [ ! -e "$data/linli.yaml" ]; then
  echo "== 建立演示数据（$data）"
  (umask 077; build/linli init --demo --data "$data" | tee "$data.logins.tmp")
  mv "$data.logins.tmp" "$data/demo-logins.txt"
else
  echo "== 使用已有数据目录 $data"
  if [ -e "$data/demo-logins.txt" ]; then
    echo "演示账号（$data/demo-logins.txt，登录后可改口令）："
    grep '^  ' "$data/demo-logins.txt" || true
  fi
fi
echo "== 打开 http://$listen （按 Ctrl+C 停止）"
exec build/linli serve --data "$data" --listen "$listen"
