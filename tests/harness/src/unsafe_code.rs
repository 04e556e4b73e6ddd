//! Unsafe code of the extension stands behind the safe functions of one folder, so that whoever changes a rule of the
//! desk need not know what Postgres asks of its callers. `cargo dev check` fails where it finds any elsewhere.
//!
//! The compiler's own lint would not do: it also counts what the macros of that folder write at their callers.

use crate::sources;
use crate::tokens::{Token, tokens};
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const CRATE: &str = "extension";
/// The folder that may hold it.
const FOLDER: &str = "pg";

/// Fails with every line outside of the folder that says `unsafe`.
pub fn check(root: &Path) -> Result<()> {
    let found = found(&sources::of_crate(&root.join(CRATE))?);
    if !found.is_empty() {
        bail!(
            "unsafe code belongs into {CRATE}/src/{FOLDER}:\n  {}",
            found.join("\n  ")
        );
    }
    Ok(())
}

fn found(sources: &BTreeMap<PathBuf, String>) -> Vec<String> {
    let outside = sources.iter().filter(|(file, _)| !file.starts_with(FOLDER));
    let lines = outside.flat_map(|(file, source)| {
        tokens(source)
            .into_iter()
            .filter(|(token, _)| matches!(token, Token::Name(name) if name == "unsafe"))
            .map(move |(_, line)| format!("{CRATE}/src/{}:{line}", file.display()))
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_code_is_found_outside_of_its_folder_only() {
        let sources = [
            ("pg/heap.rs", "unsafe fn read() {}"),
            (
                "lists/page.rs",
                "// unsafe\nfn safe() {\n  unsafe { read() }\n}",
            ),
            (
                "history/seals.rs",
                "#[pg_extern(parallel_unsafe)] fn verify() {}",
            ),
        ];
        let sources = sources.map(|(file, source)| (file.into(), source.to_owned()));
        assert_eq!(found(&sources.into()), ["extension/src/lists/page.rs:3"]);
    }
}
