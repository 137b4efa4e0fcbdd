#!/bin/sh
# Sees to a browser and Playwright, then runs one of package.json's scripts.
# Usage: end2end/run.sh test
#        end2end/run.sh pictures -- FOLDER
#        end2end/run.sh vitals
# ONEHOP_CHROMIUM names another Chromium than /usr/bin/chromium.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

if [ ! -x "${ONEHOP_CHROMIUM:-/usr/bin/chromium}" ]; then
    "$here/../.ci/packages" "the browser tests" chromium fonts-liberation
fi

if [ ! -e "$here/node_modules/.package-lock.json" ] ||
    [ "$here/package-lock.json" -nt "$here/node_modules/.package-lock.json" ]; then
    echo "Installing Playwright and axe into end2end/node_modules, for the browser tests"
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm --prefix "$here" ci --no-audit --no-fund
fi

exec npm --prefix "$here" run "$@"
