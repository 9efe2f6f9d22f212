//! Tells cargo that the embedded migrations and locales are part of this crate.

fn main() {
    for folder in ["../migrations", "../locales"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
