#!/usr/bin/env bash
# What `make run` does: the server first, so that the first page comes soon; the islands behind it.
set -euo pipefail
cd "$(dirname "$0")/.."

.ci/programs cargo cc
app/site.sh prepare || echo "Going on without the islands: every page is complete without them."

echo "server: building (a few minutes the first time)"
cargo build --bin onehop

build_islands() {
    if nice -n 15 app/site.sh >target/site.log 2>&1; then
        [ ! -s target/site.log ] || echo "islands: built; load the page again to have them"
    else
        echo "islands: not built, target/site.log says why. Every page is complete without them."
    fi
}

# In a process group of its own, so that all of it can be ended with the server.
mkdir -p target
set -m
build_islands </dev/null &
islands=$!
set +m
trap 'kill -- "-$islands" 2>/dev/null || true' EXIT
# Ctrl-C reaches the server by itself; this script only waits for it.
trap : INT TERM

status=0
"${CARGO_TARGET_DIR:-target}/debug/onehop" demo || status=$?
[ "$status" = 130 ] && status=0
exit "$status"
