#!/usr/bin/env bash
# Runs a command beside a throw-away PostgreSQL, which TEST_DATABASE_URL names.
# Usage: tests/postgres.sh cargo test --workspace
# The server listens on a free port of 127.0.0.1, keeps its files in a temporary folder, and is
# gone afterwards, whatever happened. If TEST_DATABASE_URL is set already, that one is used.
set -euo pipefail

[ -z "${TEST_DATABASE_URL:-}" ] || exec "$@"

find_programs() {
    local folder
    folder=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    [ -n "$folder" ] || folder=$(dirname "$(command -v initdb || true)")
    [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && echo "$folder"
}

programs=$(find_programs) || {
    "$(dirname "$0")/../.ci/packages" "the store's tests (they run on both databases)" postgresql
    programs=$(find_programs) || {
        echo "PostgreSQL's initdb and pg_ctl are not in /usr/lib/postgresql/*/bin, nor in PATH." >&2
        exit 1
    }
}

# PostgreSQL refuses to run as root.
as_owner() {
    if [ "$(id -u)" = 0 ]; then
        (cd "$folder" && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

# Tests make and drop hundreds of databases: in memory, where there is room, none waits for the disk.
memory=/dev/shm
if [ -z "${TMPDIR:-}" ] && [ -w "$memory" ] && [ "$(df --output=avail -k "$memory" | tail -n 1)" -gt 4000000 ]; then
    export TMPDIR=$memory
fi
folder=$(mktemp -d)
stop() {
    as_owner "$programs/pg_ctl" --pgdata "$folder/data" --mode immediate --silent stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
[ "$(id -u)" != 0 ] || chown postgres "$folder"

as_owner "$programs/initdb" --pgdata "$folder/data" --username postgres --auth trust \
    --encoding UTF8 --no-locale --no-sync >"$folder/initdb.log" 2>&1 || {
    cat "$folder/initdb.log" >&2
    exit 1
}
cat >>"$folder/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 300
fsync = off
synchronous_commit = off
full_page_writes = off
END

# A port can only be asked for by name, so a taken one is met by trying the next.
for attempt in $(seq 20); do
    port=$((20000 + RANDOM % 12000))
    as_owner "$programs/pg_ctl" --pgdata "$folder/data" --log "$folder/log" --options "-p $port" \
        --silent --wait start >/dev/null 2>&1 && break
    [ "$attempt" -lt 20 ] || {
        cat "$folder/log" >&2
        echo "PostgreSQL did not start; its last words are above." >&2
        exit 1
    }
done

TEST_DATABASE_URL=postgres://postgres@127.0.0.1:$port/postgres "$@"
