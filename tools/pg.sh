#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# pg.sh start DIR: a private PostgreSQL for tests: its data and its only socket are in DIR. Prints the connection
#                  string for database: or LINLI_TEST_PG. Started twice, it prints the same again.
# pg.sh stop DIR:  stops it and removes DIR. Not there is no error.
# PG_BIN names the folder of initdb and pg_ctl where it is not Debian's.
set -eu -o pipefail

usage() { sed -n '3,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# -eq 2 ] || usage
dir=$(realpath -m -- "$2")
bin=${PG_BIN:-}
if [ -z "$bin" ]; then
    for bin in /usr/lib/postgresql/15/bin $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr); do
        [ -x "$bin/initdb" ] && break
    done
fi
[ -x "$bin/initdb" ] || { echo "pg.sh: PostgreSQL is not installed (no initdb in ${bin:-/usr/lib/postgresql})" >&2; exit 1; }

# PostgreSQL refuses to run as root.
as() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; else "$@"; fi; }
running() { [ -f "$dir/data/postmaster.pid" ] && as "$bin/pg_ctl" -D "$dir/data" status >/dev/null 2>&1; }
where() { echo "postgres:host=$dir dbname=linli user=linli"; }

case $1 in
start)
    # A socket's path must fit into 107 bytes.
    [ ${#dir} -le 80 ] || { echo "pg.sh: the path is too long for a socket: $dir" >&2; exit 1; }
    if running; then where; exit 0; fi
    mkdir -p -- "$dir"
    [ "$(id -u)" -ne 0 ] || chown postgres:postgres -- "$dir"
    cd -- "$dir"
    if [ ! -f data/PG_VERSION ]; then
        rm -rf data
        as "$bin/initdb" -D data -U linli -A trust -E UTF8 --locale=C.UTF-8 >init.log 2>&1 || { cat init.log >&2; exit 1; }
        cat >>data/postgresql.conf <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
unix_socket_permissions = 0777
fsync = on
full_page_writes = on
shared_buffers = 64MB
max_connections = 60
CONF
    fi
    as "$bin/pg_ctl" -D data -l server.log -w -t 60 start >/dev/null || { tail -20 server.log >&2; exit 1; }
    "$bin/psql" -h "$dir" -U linli -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = 'linli'" | grep -q 1 ||
        "$bin/createdb" -h "$dir" -U linli linli
    where
    ;;
stop)
    cd / # postgres may not stand in the folder of the caller
    if running; then as "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null; fi
    # Only what start has made.
    if [ -f "$dir/data/PG_VERSION" ] || [ -f "$dir/init.log" ]; then rm -rf -- "$dir"; fi
    ;;
*) usage ;;
esac
