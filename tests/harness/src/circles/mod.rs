//! Circles of files: files of a crate that use each other, at once or by way of further ones, can only be understood
//! and changed together. `cargo dev check` fails where it finds any.
//!
//! What counts as use of a file:
//! - Every path, in a `use` or anywhere in code, that begins with `crate`, `super`, `self` or the name of a child
//!   module. It leads to the file of the longest module path that it begins with: `crate::search::plan` to
//!   `search/mod.rs` when `plan` is a function, to `search/plan.rs` when it is a module.
//! - A re-export. So a `mod.rs` that re-exports its children uses each of them. It makes no circle with children that
//!   name their siblings (`super::terms::Term`), but it does with a child that takes something from it (`super::Term`).
//!   What another folder takes from it counts as use of all that it re-exports: two folders that use each other are a
//!   circle, even when no two of their files are one.
//!
//! What does not count: `mod name;`, code under `#[cfg(test)]`, programs in `src/bin`, a `main.rs` beside a `lib.rs`,
//! and methods, which no path names.

mod graph;
mod paths;

use anyhow::{Result, bail};
use graph::Graph;
use std::path::Path;

/// The crates without circles.
const CRATES: &[&str] = &["extension/core", "extension", "api", "tests/harness"];

/// Fails with every circle of the project, each file with the line of its first use of the next one.
pub fn check(root: &Path) -> Result<()> {
    let mut circles = Vec::new();
    for name in CRATES {
        let found = Graph::of_crate(&root.join(name))?.circles();
        circles.extend(found.into_iter().map(|circle| format!("{name}: {circle}")));
    }
    if !circles.is_empty() {
        bail!(
            "files use each other in a circle:\n  {}",
            circles.join("\n  ")
        );
    }
    Ok(())
}
