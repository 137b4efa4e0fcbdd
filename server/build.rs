//! Makes sure that the folder of the built site exists, so that a fresh clone compiles, and that
//! a change of a migration is noticed. A release has the site inside, so there a new file of the
//! site counts as a change too; a debug build reads the site where it lies.

fn main() -> std::io::Result<()> {
    let site = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site/pkg");
    std::fs::create_dir_all(site)?;
    println!("cargo::rerun-if-changed=../migrations");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        for folder in ["target/site/pkg", "style", "public"] {
            println!("cargo::rerun-if-changed=../{folder}");
        }
    }
    Ok(())
}
