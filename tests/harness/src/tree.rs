//! A PostgreSQL installation of our own under `.dev/pg`: copies of Debian's server programs beside links
//! to its libraries. PostgreSQL finds everything relative to its own program, so the extension can be
//! installed here without touching the system, and without root.

use crate::{root, shell};
use anyhow::{Context, Result};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

pub const SYSTEM: &str = "/usr/lib/postgresql/15";
const SHARE: &str = "/usr/share/postgresql/15";
const PROGRAMS: &[&str] = &["postgres", "initdb", "pg_ctl"];

pub struct Tree {
    base: PathBuf,
}

/// Where clusters live: `.dev`, unless the postgres user cannot come that far.
pub fn home() -> Result<PathBuf> {
    let dev = root().join(".dev");
    fs::create_dir_all(&dev)?;
    if !shell::is_root() {
        return Ok(dev);
    }
    let reachable = shell::as_postgres(Path::new("test"))
        .arg("-x")
        .arg(&dev)
        .status()
        .is_ok_and(|s| s.success());
    let home = if reachable {
        dev
    } else {
        let name: String = root()
            .to_string_lossy()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        PathBuf::from(format!("/var/tmp/autocrm{name}"))
    };
    fs::create_dir_all(&home)?;
    shell::output(
        std::process::Command::new("chown")
            .arg("postgres")
            .arg(&home),
    )?;
    Ok(home)
}

impl Tree {
    pub fn prepare() -> Result<Self> {
        let tree = Self {
            base: home()?.join("pg/usr"),
        };
        for name in PROGRAMS {
            let from = Path::new(SYSTEM).join("bin").join(name);
            let to = tree.program(name);
            fs::create_dir_all(to.parent().context("no parent")?)?;
            // After an upgrade of the system's packages the copy is renewed.
            let stale = fs::metadata(&to).ok().map(|m| m.len())
                != fs::metadata(&from).ok().map(|m| m.len());
            if stale {
                replace(&from, &to).with_context(|| {
                    format!("PostgreSQL 15 is not complete: {}", from.display())
                })?;
            }
        }
        link_all(&Path::new(SYSTEM).join("lib"), &tree.lib())?;
        link_all(Path::new(SHARE), &tree.share())?;
        let extensions = tree.share().join("extension");
        if extensions.is_symlink() {
            fs::remove_file(&extensions)?;
        }
        link_all(&Path::new(SHARE).join("extension"), &extensions)?;
        Ok(tree)
    }

    pub fn program(&self, name: &str) -> PathBuf {
        self.base.join("lib/postgresql/15/bin").join(name)
    }

    fn lib(&self) -> PathBuf {
        self.base.join("lib/postgresql/15/lib")
    }

    fn share(&self) -> PathBuf {
        self.base.join("share/postgresql/15")
    }

    /// Installs the built extension; answers whether its library changed.
    pub fn install(&self, library: &Path) -> Result<bool> {
        let to = self.lib().join("autocrm.so");
        let changed = fs::read(library)? != fs::read(&to).unwrap_or_default();
        if changed {
            replace(library, &to)?;
        }
        let source = root().join("extension");
        let mut files = vec![source.join("autocrm.control")];
        for entry in fs::read_dir(source.join("sql"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "sql") {
                files.push(path);
            }
        }
        for file in files {
            let name = file.file_name().context("no name")?;
            replace(&file, &self.share().join("extension").join(name))?;
        }
        Ok(changed)
    }
}

/// A new file under the old name: whoever has the old one loaded keeps it.
fn replace(from: &Path, to: &Path) -> Result<()> {
    let fresh = to.with_extension("fresh");
    fs::copy(from, &fresh)?;
    fs::set_permissions(&fresh, fs::Permissions::from_mode(0o755))?;
    fs::rename(&fresh, to)?;
    Ok(())
}

fn link_all(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let link = to.join(entry.file_name());
        if link.symlink_metadata().is_err() {
            symlink(entry.path(), &link)?;
        }
    }
    Ok(())
}
