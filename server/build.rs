//! Makes sure that the folder of the built site exists, so that a fresh clone compiles, and that
//! a change of a migration is noticed.

fn main() -> std::io::Result<()> {
    let site = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site/pkg");
    std::fs::create_dir_all(site)?;
    println!("cargo::rerun-if-changed=../migrations");
    Ok(())
}
