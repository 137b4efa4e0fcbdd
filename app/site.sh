#!/bin/sh
# Builds the browser's half, the islands, into target/site/pkg.
# Usage: app/site.sh            build, if anything changed since the last time
#        app/site.sh prepare    only see to a compiler for the browser (this may ask)
# The pages work without it. What is built here is moved into place only when it is complete.
set -eu
cd "$(dirname "$0")/.."

target=wasm32-unknown-unknown
cargo_target=${CARGO_TARGET_DIR:-target}
tools=$PWD/target/tools
site=target/site
built=$site/built

say() { echo "islands: $*"; }

give_up() {
    say "$*" >&2
    exit 1
}

is_current() {
    [ -e "$built" ] && [ -e $site/pkg/onehop.js ] && [ -e $site/pkg/onehop_bg.wasm ] &&
        [ -z "$(find app Cargo.toml Cargo.lock -type f -newer "$built" | head -n 1)" ]
}

# Whether the rustc in use has a standard library for the browser, by asking rustup for one if need be.
rustc_knows_the_browser() {
    std=$(rustc --print target-libdir --target $target 2>/dev/null) || return 1
    ls "$std"/libstd-*.rlib >/dev/null 2>&1 && return 0
    command -v rustup >/dev/null || return 1
    say "asking rustup for the standard library for the browser, about 20 MB"
    mkdir -p "$tools"
    RUSTUP_MAX_RETRIES=1 rustup target add $target >"$tools/rustup.log" 2>&1 && ls "$std"/libstd-*.rlib >/dev/null 2>&1
}

# The way for machines where rustup cannot download: Debian's own rustc in /usr/bin.
see_to_debians_rustc() {
    .ci/packages "the islands (a compiler for the browser; rustup offered none)" \
        rustc-web cargo-web rust-web-src rust-web-llvm || exit 1
    # The linker's package carries LLVM's version in its name, and nothing depends on it.
    linker=$(readlink /usr/bin/rust-lld) || give_up "Debian's rust-lld is missing after installing rust-web-llvm."
    .ci/packages "the islands (their linker)" "$linker" || exit 1
}

see_to_a_compiler() {
    rustc_knows_the_browser && return
    see_to_debians_rustc
    export RUSTC=/usr/bin/rustc
    cargo=/usr/bin/cargo
}

# Debian ships the standard library as source; it is built once for each version of rustc.
see_to_debians_std() {
    version=$($RUSTC --version | tr -c 'a-zA-Z0-9.\n' _)
    sysroot=$tools/$version
    if [ ! -e "$sysroot" ]; then
        say "building the standard library for the browser, once, about a minute"
        crate=$tools/std
        rm -rf "$crate" && mkdir -p "$crate/src" "$crate/sysroot/lib/rustlib/$target/lib"
        : >"$crate/src/lib.rs"
        printf '[package]\nname = "empty"\nedition = "2021"\n[workspace]\n' >"$crate/Cargo.toml"
        (cd "$crate" && RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=out $cargo build --quiet --release \
            --target $target -Zbuild-std=std,panic_abort) || give_up "the standard library did not build; see above."
        rm "$crate/out/$target/release/deps/libempty"*
        cp "$crate/out/$target/release/deps"/lib*.rlib "$crate/sysroot/lib/rustlib/$target/lib/"
        mv "$crate/sysroot" "$sysroot" && rm -rf "$crate"
    fi
    export RUSTFLAGS="${RUSTFLAGS:-} --sysroot $sysroot"
}

see_to_wasm_bindgen() {
    version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
    bindgen=$tools/bin/wasm-bindgen
    [ "$("$bindgen" --version 2>/dev/null)" = "wasm-bindgen $version" ] && return
    say "installing wasm-bindgen $version into target/tools (it joins the islands to JavaScript), about a minute"
    # Without --locked: its own lock file names a version that is not to be had. It has a second's work to
    # do, which is not worth minutes of optimising.
    (
        unset RUSTC RUSTFLAGS
        export CARGO_PROFILE_RELEASE_OPT_LEVEL=0
        CARGO_TARGET_DIR=$tools/out cargo install --quiet --root "$tools" --force wasm-bindgen-cli --version "=$version"
    ) || give_up "wasm-bindgen $version could not be installed; see above. It comes from crates.io."
    rm -rf "$tools/out"
}

build() {
    mkdir -p $site/pkg $site/new
    touch $site/started
    say "building"
    $cargo build --quiet --package app --lib --target $target --profile wasm-release --features hydrate ||
        give_up "they did not compile; see above. The pages work without them."
    "$bindgen" --target web --no-typescript --remove-name-section --remove-producers-section \
        --out-dir $site/new --out-name onehop \
        "$cargo_target/$target/wasm-release/app.wasm" || give_up "wasm-bindgen failed; see above."
    # The server goes by the second one: islands are there when it is.
    mv -f $site/new/onehop.js $site/pkg/ && mv -f $site/new/onehop_bg.wasm $site/pkg/
    rm -rf $site/new
    mv -f $site/started "$built"
    say "built, $(($(wc -c <$site/pkg/onehop_bg.wasm) / 1024)) kB"
}

is_current && exit 0
cargo=cargo
see_to_a_compiler
[ "${1:-}" = prepare ] && exit 0
[ $cargo = cargo ] || see_to_debians_std
see_to_wasm_bindgen
build
