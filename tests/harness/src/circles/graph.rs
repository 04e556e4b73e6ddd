//! The graph of a crate's files, and its circles.

use super::paths::paths;
use crate::sources;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

type Module = Vec<String>;

/// Files by their path below `src`; for each the files that it uses, with the line of the first use.
#[derive(Debug, Default)]
pub struct Graph(BTreeMap<PathBuf, BTreeMap<PathBuf, usize>>);

impl Graph {
    /// The graph of the crate in a folder.
    pub fn of_crate(folder: &Path) -> Result<Self> {
        Ok(Self::of_sources(&sources::of_crate(folder)?))
    }

    fn of_sources(sources: &BTreeMap<PathBuf, String>) -> Self {
        let has_lib = sources.contains_key(Path::new("lib.rs"));
        let modules: BTreeMap<Module, &Path> = sources
            .keys()
            .map(|file| (module_of(file), file.as_path()))
            .filter(|(module, file)| {
                let program = module.first().is_some_and(|first| first == "bin")
                    || has_lib && *file == Path::new("main.rs");
                !program
            })
            .collect();
        let mut graph = Self::default();
        for (module, file) in &modules {
            let uses = graph.0.entry((*file).to_owned()).or_default();
            for found in paths(&sources[*file]) {
                let scope: Module = module.iter().chain(&found.scope).cloned().collect();
                if let Some(used) = resolve(&modules, &scope, &found.path)
                    && used != *file
                {
                    uses.entry(used.to_owned()).or_insert(found.line);
                }
            }
        }
        graph
    }

    /// The shortest circles of which no two share a file, each as `a.rs:3 uses b.rs, b.rs:7 uses a.rs`.
    pub fn circles(&self) -> Vec<String> {
        let mut circles: Vec<Vec<&Path>> =
            self.0.keys().filter_map(|file| self.circle(file)).collect();
        circles.sort_by_key(Vec::len);
        let mut reported = BTreeSet::new();
        let mut lines = Vec::new();
        for circle in circles {
            if circle.iter().any(|file| reported.contains(file)) {
                continue;
            }
            reported.extend(circle.iter().copied());
            let next = circle.iter().cycle().skip(1);
            let steps: Vec<String> = circle
                .iter()
                .zip(next)
                .map(|(from, to)| {
                    let line = self.0[*from][*to];
                    format!("{}:{line} uses {}", from.display(), to.display())
                })
                .collect();
            lines.push(steps.join(", "));
        }
        lines
    }

    /// The shortest way from a file back to it, the file first.
    fn circle<'a>(&'a self, file: &'a Path) -> Option<Vec<&'a Path>> {
        let mut reached_from: BTreeMap<&Path, &Path> = BTreeMap::new();
        let mut open = VecDeque::from([file]);
        while let Some(at) = open.pop_front() {
            for used in self.0.get(at)?.keys() {
                if used == file {
                    let mut way = vec![at];
                    while let Some(before) = reached_from.get(way[way.len() - 1]) {
                        way.push(before);
                    }
                    way.reverse();
                    return Some(way);
                }
                if !reached_from.contains_key(used.as_path()) {
                    reached_from.insert(used, at);
                    open.push_back(used);
                }
            }
        }
        None
    }
}

/// `search/plan.rs` is `search::plan`, and `search/mod.rs` is `search`.
fn module_of(file: &Path) -> Module {
    let mut module: Module = file
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let root = module.len() == 1 && matches!(module[0].as_str(), "lib" | "main");
    if root || module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

/// The file of the longest module path that a path begins with; `None` when it begins outside of the crate.
fn resolve<'a>(
    modules: &BTreeMap<Module, &'a Path>,
    scope: &[String],
    path: &[String],
) -> Option<&'a Path> {
    let (first, mut rest) = path.split_first()?;
    let mut at = scope.to_vec();
    match first.as_str() {
        "crate" => at.clear(),
        "self" => {}
        "super" => drop(at.pop()),
        child => {
            at.push(child.to_owned());
            if !modules.contains_key(&at) {
                return None;
            }
        }
    }
    while let Some((name, after)) = rest.split_first() {
        if name == "super" {
            at.pop();
        } else {
            at.push(name.clone());
            if !modules.contains_key(&at) {
                at.pop();
                break;
            }
        }
        rest = after;
    }
    // An inline module stands in the file of the module around it.
    while !modules.contains_key(&at) && !at.is_empty() {
        at.pop();
    }
    modules.get(&at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let sources = files
            .iter()
            .map(|(file, source)| (PathBuf::from(file), (*source).to_owned()))
            .collect();
        Graph::of_sources(&sources).circles()
    }

    #[test]
    fn a_circle_is_named_with_its_files_and_lines() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "\nuse crate::b::B;"),
            ("b/mod.rs", "mod deep;"),
            ("b/deep.rs", "fn f() {\n\n super::super::c::c() }"),
            ("c.rs", "use crate::{a::A, b::deep};"),
        ]);
        assert_eq!(found, ["b/deep.rs:3 uses c.rs, c.rs:1 uses b/deep.rs"]);
        let longer = circles(&[
            ("a.rs", "\nuse crate::b::B;"),
            ("b.rs", "fn f() { crate::c::c() }"),
            ("c.rs", "use super::a;"),
            ("lib.rs", "mod a; mod b; mod c;"),
        ]);
        assert_eq!(
            longer,
            ["a.rs:2 uses b.rs, b.rs:1 uses c.rs, c.rs:1 uses a.rs"]
        );
    }

    #[test]
    fn a_facade_is_in_a_circle_with_those_children_alone_that_use_it() {
        let facade = ("f/mod.rs", "mod a; mod b; pub use a::A; pub use b::B;");
        let sibling = circles(&[
            ("lib.rs", "mod f; fn main() { f::A::new() }"),
            facade,
            ("f/a.rs", "use super::b::B;"),
            ("f/b.rs", "use std::fmt;"),
        ]);
        assert_eq!(sibling, [""; 0]);
        for parent in ["use super::B;", "use crate::f::B;", "use super::*;"] {
            let found = circles(&[facade, ("f/a.rs", parent), ("f/b.rs", "")]);
            assert_eq!(found, ["f/a.rs:1 uses f/mod.rs, f/mod.rs:1 uses f/a.rs"]);
        }
    }

    #[test]
    fn two_folders_that_use_each_other_are_a_circle() {
        let found = circles(&[
            ("f/mod.rs", "mod a; mod b; pub use a::A; pub use b::B;"),
            ("f/a.rs", "use crate::g::C;"),
            ("f/b.rs", ""),
            ("g/mod.rs", "mod c; mod d; pub use c::C; pub use d::D;"),
            ("g/c.rs", ""),
            ("g/d.rs", "use crate::f::B;"),
        ]);
        assert_eq!(
            found,
            [
                "f/a.rs:1 uses g/mod.rs, g/mod.rs:1 uses g/d.rs, g/d.rs:1 uses f/mod.rs, f/mod.rs:1 uses f/a.rs"
            ]
        );
    }

    #[test]
    fn tests_inline_modules_and_programs_make_none() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b;"),
            ("main.rs", "mod a;"),
            ("bin/x.rs", "use crate::a;"),
            (
                "a.rs",
                "mod inner { use super::x; use self::y; }\n#[cfg(test)] mod tests { use crate::b::B; }",
            ),
            ("b.rs", "use crate::a::inner::X;"),
        ]);
        assert_eq!(found, [""; 0]);
    }
}
