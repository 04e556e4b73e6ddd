//! A private cluster: made when missing, started when stopped, recovered when half-made or killed.

use crate::shell;
use crate::tree::{Tree, home};
use anyhow::{Context, Result, bail};
use std::fs;
use std::net::TcpListener;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Cluster {
    name: &'static str,
    data: PathBuf,
    /// The directory of the Unix socket; only the machine's own users come in through it.
    pub run: PathBuf,
    /// For analysts' tools, with password; 0 for none.
    pub port: u16,
    durable: bool,
}

impl Cluster {
    /// `dev` keeps its data through a power cut; `test` is made for speed.
    pub fn new(name: &'static str, durable: bool) -> Result<Self> {
        let home = home()?;
        // A socket's path has at most 107 bytes.
        let mut run = home.join("run").join(name);
        if run.as_os_str().len() > 80 {
            run = PathBuf::from(format!("/tmp/autocrm-{name}-{}", std::process::id()));
        }
        let mut cluster = Self {
            name,
            data: home.join(name),
            run,
            port: 5432,
            durable,
        };
        if let Ok(port) = fs::read_to_string(cluster.port_file()) {
            cluster.port = port.trim().parse().unwrap_or(5432);
        }
        Ok(cluster)
    }

    /// Each name begins its search elsewhere: the port of a cluster that is down for a moment is free as well, and a
    /// cluster that starts meanwhile must not take it.
    fn unused_port(&self) -> Result<u16> {
        let begin = self.name.bytes().fold(0u16, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u16::from(byte))
        }) % 200;
        free_port(54_329 + begin..=54_529).or_else(|_| free_port(54_329..=54_529))
    }

    fn port_file(&self) -> PathBuf {
        self.run.join("port")
    }

    pub fn url(&self, user: &str, database: &str) -> String {
        format!(
            "host={} port={} user={user} dbname={database}",
            self.run.display(),
            self.port
        )
    }

    pub fn psql(&self, user: &str, database: &str) -> Command {
        let mut command = Command::new(Path::new(crate::tree::SYSTEM).join("bin/psql"));
        command
            .arg("-X")
            .arg("-h")
            .arg(&self.run)
            .arg("-p")
            .arg(self.port.to_string())
            .arg("-U")
            .arg(user)
            .arg("-d")
            .arg(database);
        command
    }

    pub fn run_sql(&self, database: &str, sql: &str) -> Result<String> {
        shell::output(self.psql("postgres", database).args([
            "-qAt",
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            sql,
        ]))
    }

    pub fn is_up(&self) -> bool {
        self.run_sql("postgres", "select 1").is_ok()
    }

    /// Makes sure it runs with the installed library; a changed one asks for a restart.
    pub fn start(&mut self, tree: &Tree, library_changed: bool) -> Result<()> {
        if self.is_up() {
            if !library_changed {
                return Ok(());
            }
            self.stop(tree);
        }
        for dir in [&self.run, &self.data] {
            fs::create_dir_all(dir)?;
            if shell::is_root() {
                shell::output(Command::new("chown").arg("-R").arg("postgres").arg(dir))?;
            }
        }
        // initdb writes this file last; a directory without it was left half-made.
        if !self.data.join("autocrm-ready").exists() {
            fs::remove_dir_all(&self.data)?;
            self.init(tree)?;
        }
        // Whoever knew the port before a restart finds the cluster there again.
        let known = self.port_file().exists().then_some(self.port);
        self.port = match known.map(|port| free_port(port..=port)) {
            Some(Ok(port)) => port,
            _ => self.unused_port()?,
        };
        let settings = format!(
            "-k {} -p {} -c listen_addresses=127.0.0.1 -c max_connections=200 -c shared_preload_libraries=autocrm -c autocrm.wake_database=autocrm {}",
            self.run.display(),
            self.port,
            if self.durable {
                "-c shared_buffers=256MB"
            } else {
                // Hostile tests send statements of megabytes: refused ones are not repeated in the log.
                "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=512MB -c log_min_error_statement=panic"
            }
        );
        let log = self.data.join("server.log");
        // pg_ctl sees by itself whether a postmaster.pid was left by a killed server.
        shell::output(
            shell::as_postgres(&tree.program("pg_ctl"))
                .arg("-D")
                .arg(&self.data)
                .arg("-o")
                .arg(&settings)
                .arg("-l")
                .arg(&log)
                .args(["-w", "-t", "60", "-s", "start"])
                .stdout(std::process::Stdio::null()),
        )
        .or_else(|error| {
            if self.is_up() {
                return Ok(String::new());
            }
            let said = fs::read_to_string(&log).unwrap_or_default();
            let tail: Vec<&str> = said.lines().rev().take(15).collect();
            bail!(
                "{error:#}\n{}",
                tail.into_iter().rev().collect::<Vec<_>>().join("\n")
            )
        })?;
        fs::write(self.port_file(), self.port.to_string())?;
        Ok(())
    }

    fn init(&self, tree: &Tree) -> Result<()> {
        shell::output(
            shell::as_postgres(&tree.program("initdb"))
                .arg("-D")
                .arg(&self.data)
                .args([
                    "-U",
                    "postgres",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    "--auth-local=trust",
                    "--auth-host=scram-sha-256",
                    "--no-sync",
                ]),
        )
        .with_context(|| format!("the {} cluster cannot be made", self.name))?;
        fs::write(self.data.join("autocrm-ready"), "")?;
        Ok(())
    }

    pub fn stop(&self, tree: &Tree) {
        let _ = shell::output(
            shell::as_postgres(&tree.program("pg_ctl"))
                .arg("-D")
                .arg(&self.data)
                .args(["-m", "fast", "-w", "-s", "stop"]),
        );
    }

    /// SIGKILL for the server and every process of it, as when the machine loses power.
    pub fn kill(&self) -> Result<()> {
        let file = self.data.join("postmaster.pid");
        let said = fs::read_to_string(&file).context("the cluster does not run")?;
        let postmaster = said.lines().next().unwrap_or_default().trim().to_owned();
        // Stopped first, so that it starts nobody while its children are counted.
        shell::output(Command::new("kill").args(["-STOP", &postmaster]))?;
        let mut all: Vec<String> = fs::read_dir("/proc")?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|pid| parent(pid).as_deref() == Some(postmaster.as_str()))
            .collect();
        all.push(postmaster);
        // One that ended by itself meanwhile is no failure.
        let _ = shell::output(Command::new("kill").arg("-KILL").args(&all));
        for _ in 0..1000 {
            // A zombie too counts as alive for the server that starts next.
            if !all.iter().any(|pid| Path::new("/proc").join(pid).exists()) {
                return Ok(());
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        bail!("the processes of {} do not end", self.name)
    }

    pub fn remove(&self, tree: &Tree) -> Result<()> {
        self.stop(tree);
        if self.data.exists() {
            fs::remove_dir_all(&self.data)?;
        }
        Ok(())
    }
}

fn parent(pid: &str) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // `pid (name) state parent …`, and a name may hold anything.
    let rest = stat.rsplit_once(')')?.1;
    rest.split_whitespace().nth(1).map(str::to_owned)
}

/// The first free port of these.
pub fn free_port(mut ports: RangeInclusive<u16>) -> Result<u16> {
    let wanted = format!("{ports:?}");
    ports
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .with_context(|| format!("no port is free in {wanted}"))
}
