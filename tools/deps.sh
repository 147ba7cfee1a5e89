#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Install what is missing, and nothing else: tools/deps.sh [build|test|npm]
#   build  Debian packages to build and run, and the npm packages the build takes (the default)
#   test   those, and what the tests, lint and fuzzing need
#   npm    only the npm packages (and npm itself where there is none)
# Packages are those of Debian 12. Nothing is asked of the network when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

build_packages=(
  gcc libc6-dev make pkg-config ca-certificates
  libmicrohttpd-dev libyaml-dev libsodium-dev libzip-dev libxml2-dev libxlsxwriter-dev
  libpango1.0-dev libcairo2-dev libglib2.0-dev libicu-dev libopencc-dev libopencc-data libpq-dev libjansson-dev

  fontconfig fonts-noto-cjk fonts-lxgw-wenkai poppler-utils
)
test_packages=(
  clang clang-format clang-tidy cppcheck libclang-rt-14-dev libcmocka-dev postgresql-15
  libreoffice-writer-nogui libreoffice-calc-nogui chromium wrk curl python3 fonts-liberation
)

say() { printf 'deps: %s\n' "$*" >&2; }

# Print those of the packages that are not installed.
missing_of() {
  local have
  have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for p in "$@"; do grep -qx "$p installed" <<<"$have" || printf '%s\n' "$p"; done
}

apt_install() {
  say "apt-get install $*"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >&2
}

debian() {
  local missing
  [ $# -gt 0 ] || return 0
  if ! command -v dpkg-query >/dev/null; then
    say "this is not Debian; the packages cannot be checked. Wanted (Debian 12 names): $*"
    return 0
  fi
  mapfile -t missing < <(missing_of "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    say "packages are missing and only root can install them. Please run (after sudo apt-get update, if that is long ago):"
    printf '  sudo apt-get install --no-install-recommends %s\n' "${missing[*]}" >&2
    exit 1
  fi
  if ! apt-cache show "${missing[@]}" >/dev/null 2>&1; then
    say "the package lists do not know all of: ${missing[*]}"
    say "apt-get update"
    apt-get update -q >&2
  fi
  apt_install "${missing[@]}" && return 0
  say "that failed; the lists may be old. apt-get update, and once more"
  apt-get update -q >&2
  apt_install "${missing[@]}"
}

# node_modules is what the lock file says: npm's own copy of the lock is there, not older, and wide enough.
npm_fresh() {
  [ -f node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ] &&
    [ -f node_modules/better-sqlite3/deps/sqlite3/sqlite3.c ] && { [ "$1" != test ] || [ -d node_modules/playwright-core ]; }
}

# Debian's npm, where there is none and something is to be fetched with it.
npm_itself() { npm_fresh "$1" || command -v npm >/dev/null || echo nodejs npm; }

npm_packages() {
  npm_fresh "$1" && return 0
  local omit=()
  [ "$1" = test ] || omit=(--omit=dev)
  say "npm ci --ignore-scripts ${omit[*]}"
  local sqlite=node_modules/better-sqlite3/deps/sqlite3 kept
  kept=$(mktemp -d)
  if [ -f $sqlite/sqlite3.c ]; then cp -p $sqlite/sqlite3.[ch] "$kept"; fi
  # Certificates are the system's, so that an office's own authority is known. The packages' engine fields are about
  # running them; Linli only takes files out of them.
  if ! NODE_OPTIONS="${NODE_OPTIONS:-} --use-openssl-ca" npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error "${omit[@]}" >&2; then
    say "npm could not fetch the packages named in package-lock.json (is the registry reachable?)"
    exit 1
  fi
  touch node_modules/.package-lock.json
  # What is the same keeps its time: nothing is compiled again for it.
  for f in sqlite3.c sqlite3.h; do
    if cmp -s "$kept/$f" $sqlite/$f; then touch -r "$kept/$f" $sqlite/$f; fi
  done
  rm -rf "$kept"
}

case ${1:-build} in
build) debian "${build_packages[@]}" $(npm_itself build); npm_packages build ;;
test) debian "${build_packages[@]}" "${test_packages[@]}" $(npm_itself test); npm_packages test ;;
npm) debian $(npm_itself build); npm_packages build ;;
*) echo "usage: tools/deps.sh [build|test|npm]" >&2; exit 2 ;;
esac
