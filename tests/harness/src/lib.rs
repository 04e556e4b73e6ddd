//! What development and tests stand on: a PostgreSQL installation and clusters of the project's own, which
//! never touch the machine's.

pub mod cluster;
#[cfg(feature = "desk")]
pub mod desk;
pub mod setup;
pub mod shell;
pub mod tree;

use std::path::{Path, PathBuf};

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap_or(Path::new("."))
        .to_owned()
}
