//! What development and tests stand on: a PostgreSQL installation and clusters of the project's own, which
//! never touch the machine's.

pub mod circles;
pub mod cluster;
#[cfg(feature = "desk")]
pub mod desk;
pub mod dictionary;
pub mod doctor;
#[cfg(feature = "desk")]
pub mod hostile;
#[cfg(feature = "desk")]
pub mod samples;
pub mod setup;
pub mod shell;
#[cfg(feature = "desk")]
pub mod smtp;
mod sources;
mod tokens;
pub mod tree;
pub mod unsafe_code;

use std::path::{Path, PathBuf};

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap_or(Path::new("."))
        .to_owned()
}

/// The built `autocrm`, quiet but for warnings.
pub fn binary() -> std::process::Command {
    let path = std::env::var_os("AUTOCRM_BINARY")
        .map_or_else(|| root().join("target/debug/autocrm"), PathBuf::from);
    let mut command = std::process::Command::new(path);
    command.env("RUST_LOG", "warn");
    command
}
