# Each command says what it installs and why, asks before it changes the system, and skips what is there.
.PHONY: help run test bench build

help:
	@echo "make run    serve a generated company on http://127.0.0.1:3000 and print a sign-in link"
	@echo "make test   formatting, lints, unit, doc, store, HTTP and browser tests"
	@echo "make bench  the speed claims of the README, as ratios measured in one run"
	@echo "make build  the one binary with the site inside: target/release/onehop"

run:
	@server/run.sh

test:
	@.ci/programs cargo cc git node npm
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy --package app --features hydrate -- -D warnings
	cargo build --workspace --bins --tests
	tests/postgres.sh cargo test --workspace
	app/site.sh
	end2end/run.sh test

bench:
	@.ci/programs cargo cc git node npm
	app/site.sh
	cargo build --release --package server --package tests --bin onehop
	cargo bench --package tests --bench speed
	end2end/run.sh vitals

build:
	@.ci/programs cargo cc
	app/site.sh
	cargo build --release --bin onehop
