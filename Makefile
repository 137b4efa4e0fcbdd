# Each command says what it installs and why, asks before it changes the system, and skips what is there.
.PHONY: help run test bench build fuzz

help:
	@echo "make run    serve a generated company on http://127.0.0.1:3000 and print a sign-in link"
	@echo "make test   formatting, lints, unit, doc, store, HTTP and browser tests"
	@echo "make bench  the speed claims of the README, as ratios measured in one run"
	@echo "make fuzz   what comes from outside, made up by a fuzzer: ten minutes a target"
	@echo "make build  the one binary with the site inside: target/release/onehop"

run:
	@server/run.sh

test:
	@.ci/programs cargo cc git node npm
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy --package app --features hydrate -- -D warnings
	cargo build --workspace --bins --tests
	RUST_TEST_THREADS=4 tests/postgres.sh cargo test --workspace
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

# Needs cargo-fuzz (cargo install cargo-fuzz). What is found anew stays out of the corpus that is kept.
fuzz:
	@.ci/programs cargo cc
	@cargo fuzz --version >/dev/null 2>&1 || { echo "make fuzz needs cargo-fuzz: cargo install cargo-fuzz" >&2; exit 1; }
	cd fuzz && for target in otlp records evals opa; do \
		mkdir -p target/found/$$target && \
		RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none $$target target/found/$$target corpus/$$target -- \
			-max_total_time=600 -max_len=65536 -rss_limit_mb=1024 -timeout=10 || exit 1; \
	done
