//! What this machine lacks for the commands of the project, each with what mends it. Changes nothing.

use crate::cluster::Cluster;
use crate::setup::{self, Extra};
use crate::{root, shell, tree};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// What a first build and the tests write.
const DISK_GB: u64 = 30;
const MEMORY_GB: u64 = 6;

/// A line of the report.
enum Found {
    Good(String),
    /// Works, but not as well as it could.
    Weak(String),
    /// Something fails until this is done.
    Bad(String),
}
use Found::{Bad, Good, Weak};

pub fn report() -> Result<()> {
    let lines = [
        system(),
        rust(),
        packages(),
        node(),
        disk(),
        memory(),
        desk(),
    ];
    let mut bad = 0;
    for line in lines {
        match line {
            Good(text) => println!("  ✓ {text}"),
            Weak(text) => println!("  ! {text}"),
            Bad(text) => {
                bad += 1;
                println!("  ✗ {text}");
            }
        }
    }
    if bad > 0 {
        bail!("{bad} of the above must be mended before cargo dev up and cargo dev test can work");
    }
    Ok(())
}

fn system() -> Found {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let value = |key: &str| {
        release
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
            .map(|text| text.trim_matches('"').to_owned())
    };
    let name = value("PRETTY_NAME").unwrap_or_else(|| "an unknown system".into());
    if value("ID").as_deref() == Some("debian") && value("VERSION_ID").as_deref() == Some("12") {
        Good(name)
    } else {
        Weak(format!(
            "{name}: the commands are made for Debian 12; elsewhere PostgreSQL 15 must lie where Debian puts it"
        ))
    }
}

fn rust() -> Found {
    let needed = env!("CARGO_PKG_RUST_VERSION");
    let Ok(text) = shell::output(Command::new("rustc").arg("--version").current_dir(root())) else {
        return Bad(
            "rustc does not run; install Rust from https://rustup.rs and open a new shell".into(),
        );
    };
    let parts = |version: &str| -> Option<(u32, u32)> {
        let mut numbers = version.split('.');
        Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    };
    let version = text.split_whitespace().nth(1).unwrap_or_default();
    if parts(version) >= parts(needed) {
        Good(text.trim().to_owned())
    } else {
        Bad(format!(
            "Rust {version} is older than {needed}; run rustup update"
        ))
    }
}

fn packages() -> Found {
    let missing = setup::missing(Extra::Browser);
    if missing.is_empty() {
        return Good("all Debian packages are installed".into());
    }
    let list = missing.join(" ");
    if setup::may_install() {
        Weak(format!("cargo dev up and test will install: {list}"))
    } else {
        Bad(format!("run sudo apt-get install -y {list}"))
    }
}

fn node() -> Found {
    if setup::has_node() {
        Good("Node.js and npm are new enough for the web UI".into())
    } else if Command::new("npm").arg("--version").output().is_ok() {
        Weak(
            "Node.js or npm is too old for the web UI; newer ones will be fetched into .dev/node"
                .into(),
        )
    } else {
        Weak("npm is missing; it will be installed with the packages".into())
    }
}

fn disk() -> Found {
    let free = shell::output(
        Command::new("df")
            .args(["-k", "--output=avail"])
            .arg(root()),
    )
    .ok()
    .and_then(|text| text.lines().last()?.trim().parse::<u64>().ok())
    .map(|kilobytes| kilobytes / 1_048_576);
    let built = root().join("target/debug").exists();
    match free {
        Some(free) if free < if built { 5 } else { DISK_GB } => Bad(format!(
            "{free} GB of disk are free; a first build and the tests write some {DISK_GB} GB. cargo clean removes old builds"
        )),
        Some(free) => Good(format!("{free} GB of disk are free")),
        None => Weak("the free disk space cannot be read".into()),
    }
}

fn memory() -> Found {
    let available = std::fs::read_to_string("/proc/meminfo")
        .unwrap_or_default()
        .lines()
        .find_map(|line| {
            line.strip_prefix("MemAvailable:")?
                .trim()
                .strip_suffix(" kB")?
                .parse::<u64>()
                .ok()
        })
        .map(|kilobytes| kilobytes / 1_048_576);
    match available {
        Some(gb) if gb < MEMORY_GB => Weak(format!(
            "{gb} GB of memory are free; builds take up to {MEMORY_GB}. CARGO_BUILD_JOBS=1 takes less"
        )),
        Some(gb) => Good(format!("{gb} GB of memory are free")),
        None => Weak("the free memory cannot be read".into()),
    }
}

fn desk() -> Found {
    let Ok(cluster) = Cluster::new("cluster", true) else {
        return Bad(format!(
            "{} cannot be written; it must belong to whoever runs cargo",
            root().join(".dev").display()
        ));
    };
    if cluster.is_up() {
        Good(format!(
            "the demo desk's PostgreSQL runs at port {}",
            cluster.port
        ))
    } else if !Path::new(tree::SYSTEM).exists() {
        Weak("PostgreSQL 15 is not installed yet".into())
    } else {
        Good("the demo desk does not run; cargo dev up starts it".into())
    }
}
