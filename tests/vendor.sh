#!/bin/sh
# Holds what we ask and hear against what vendors publish: GraphQL queries against GitHub's schema, webhook
# deliveries against its official bodies, REST reads against what Prism serves from its OpenAPI
# description; and sends what unchanged OpenTelemetry and OpenInference SDKs send. Outside of `make test`: it
# installs half a gigabyte from npm, and a Python environment.
set -eu
cd "$(dirname "$0")/vendor"
npm ci --no-audit --no-fund
node queries.mjs
export ONEHOP_WEBHOOKS="$PWD/node_modules/@octokit/webhooks-examples/api.github.com/index.json"
cd ../..
cargo build --workspace --bins --tests
node tests/vendor/prism.mjs
python3 -m venv tests/vendor/node_modules/.python
tests/vendor/node_modules/.python/bin/pip install --quiet --requirement tests/vendor/requirements.txt
PYTHON="$PWD/tests/vendor/node_modules/.python/bin/python" node tests/vendor/otlp.mjs
cargo test --package tests --test suite -- hooks::official --nocapture
