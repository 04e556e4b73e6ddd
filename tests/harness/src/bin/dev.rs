//! `cargo dev …`: the commands of the project.

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use harness::cluster::{Cluster, free_port};
use harness::setup::{Build, Extra};
use harness::tree::Tree;
use harness::{root, setup, shell};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const DATABASE: &str = "autocrm";

#[derive(Parser)]
#[command(name = "cargo dev", about = "Everything a developer of AutoCRM does")]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// What this machine lacks for the other commands, and what mends it
    Doctor,
    /// From nothing to a served demo desk
    Up {
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// From nothing to green: checks, unit, property, SQL, API, security and browser tests
    Test {
        /// Only the tests on real clusters whose name contains one of these; the cluster stays up for the next time
        names: Vec<String>,
    },
    /// The cluster and the template database of the tests, for test programs that are started by hand
    Template,
    /// Formatting, lints, that no files use each other in a circle, that unsafe code keeps to its folder, and that what is
    /// generated is current
    Check,
    /// Renews what is generated: OpenAPI, the web client's types, the schema dump, the data dictionary
    Gen,
    /// Removes the demo desk's cluster
    Reset,
    /// Measures, and writes tests/bench/RESULTS.md
    Bench,
    /// A SQL prompt on the demo desk
    Psql {
        /// A log-in role, such as demo_analyst
        #[arg(long = "as", default_value = "postgres")]
        role: String,
        /// Passed on to psql
        rest: Vec<String>,
    },
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Task::Doctor => harness::doctor::report(),
        Task::Up { port } => up(port),
        Task::Test { names } if names.is_empty() => test(),
        Task::Test { names } => test_some(&names),
        Task::Template => test_cluster().map(drop),
        Task::Check => check(),
        Task::Gen => generate(),
        Task::Reset => Cluster::new("cluster", true)?.remove(&Tree::prepare()?),
        Task::Bench => bench(),
        Task::Psql { role, rest } => {
            let cluster = Cluster::new("cluster", true)?;
            if !cluster.is_up() {
                bail!("the demo desk does not run; start it with cargo dev up");
            }
            let status = cluster.psql(&role, DATABASE).args(rest).status()?;
            std::process::exit(status.code().unwrap_or(1));
        }
    }
}

fn up(port: u16) -> Result<()> {
    setup::packages(Extra::None)?;
    let (library, binary) = setup::build(Build::Desk)?;
    let (tree, cluster) = setup::cluster("cluster", true, &library)?;
    setup::migrate(&cluster, &binary, DATABASE)?;
    shell::step("seed the demo desk", || {
        shell::output(setup::admin(&binary, &cluster, DATABASE).arg("seed"))?;
        if cluster
            .run_sql(
                "postgres",
                "select 1 from pg_roles where rolname = 'demo_analyst'",
            )?
            .is_empty()
        {
            let mut add = setup::admin(&binary, &cluster, DATABASE);
            shell::output(add.args([
                "user",
                "add",
                "--analyst",
                "demo_analyst",
                "--name",
                "Demo Analyst",
                "--password",
                "autocrm-demo",
            ]))?;
        }
        Ok(())
    })?;
    setup::web()?;
    let port = free_port(port..=port.saturating_add(200))?;
    let mut server = serve(&binary, &cluster, DATABASE, port)?;
    println!(
        "\n  AutoCRM  http://127.0.0.1:{port}\n\n  agent    maya@demo.test   / autocrm-demo\n  admin    admin@demo.test  / autocrm-demo\n  analyst  psql 'host=127.0.0.1 port={} dbname={DATABASE} user=demo_analyst password=autocrm-demo'\n  API      http://127.0.0.1:{port}/api/docs\n\n  Ctrl-C stops it.",
        cluster.port
    );
    // Whoever ends us, by Ctrl-C or kill, ends the server first: it finishes what it has accepted.
    let pid = server.id().to_string();
    ctrlc::set_handler(move || {
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
    })?;
    let ended = server.wait();
    cluster.stop(&tree);
    println!("  stopped");
    ended?;
    Ok(())
}

/// The secret of this checkout's desk, made once.
fn secret() -> Result<String> {
    let path = harness::tree::home()?.join("secret");
    if let Ok(secret) = fs::read_to_string(&path) {
        return Ok(secret);
    }
    let random = shell::output(Command::new("od").args(["-An", "-N32", "-tx1", "/dev/urandom"]))?;
    let secret: String = random.split_whitespace().collect();
    fs::write(&path, &secret)?;
    shell::output(Command::new("chmod").arg("600").arg(&path))?;
    Ok(secret)
}

fn serve(binary: &Path, cluster: &Cluster, database: &str, port: u16) -> Result<Child> {
    let files = if database == DATABASE {
        ".dev/files".to_owned()
    } else {
        format!(".dev/files-{database}")
    };
    let mut child = Command::new(binary)
        .args(["serve", "--work"])
        .env("AUTOCRM_LISTEN", format!("127.0.0.1:{port}"))
        .env("AUTOCRM_DATABASE_URL", cluster.url("autocrm_api", database))
        // For the indexes that admins ask for.
        .env(
            "AUTOCRM_ADMIN_DATABASE_URL",
            cluster.url("postgres", database),
        )
        .env("AUTOCRM_SECRET", secret()?)
        .env("AUTOCRM_WEB_DIR", root().join("web/dist"))
        .env("AUTOCRM_FILES", root().join(files))
        .stderr(Stdio::piped())
        .spawn()?;
    let lines = BufReader::new(child.stderr.take().context("no output")?);
    let (ready, wait) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            if line.contains("serving") {
                let _ = ready.send(());
            }
            eprintln!("  {line}");
        }
    });
    if wait
        .recv_timeout(std::time::Duration::from_secs(20))
        .is_err()
    {
        let _ = child.kill();
        bail!("the server did not start; see what it said above");
    }
    Ok(child)
}

fn check() -> Result<()> {
    shell::show("format", &mut setup::cargo(&["fmt", "--all", "--check"]))?;
    shell::step("no circle of files", || harness::circles::check(&root()))?;
    shell::step("no unsafe code outside of extension/src/pg", || {
        harness::unsafe_code::check(&root())
    })?;
    shell::show(
        "lints",
        &mut setup::cargo(&[
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]),
    )?;
    if root().join("web/package.json").exists() {
        setup::web_packages()?;
        shell::show("web: format and lints", &mut setup::npm(&["run", "check"]))?;
        shell::show("web: types", &mut setup::npm(&["run", "types"]))?;
        shell::step(
            "web: the client's types are those of openapi.json",
            client_is_current,
        )?;
    }
    Ok(())
}

/// The generated types once more, beside those that are committed.
fn client_is_current() -> Result<()> {
    let fresh = harness::root().join("target/schema.d.ts");
    let out = fresh.display().to_string();
    shell::output(
        setup::npm(&[
            "exec",
            "--",
            "openapi-typescript",
            "../api/openapi.json",
            "-o",
        ])
        .arg(&out),
    )?;
    if fs::read(&fresh)? != fs::read(root().join("web/src/lib/api/schema.d.ts"))? {
        bail!("web/src/lib/api/schema.d.ts is not what openapi.json says; run cargo dev gen");
    }
    Ok(())
}

fn test() -> Result<()> {
    setup::packages(Extra::Browser)?;
    let (library, binary) = setup::build(Build::Tests)?;
    let (tree, cluster) = setup::cluster("test", false, &library)?;
    let outcome = run_tests(&cluster, &binary);
    cluster.stop(&tree);
    outcome
}

/// The running cluster with its template database, and the binary that made it.
fn test_cluster() -> Result<(Cluster, PathBuf)> {
    setup::packages(Extra::Tests)?;
    let (library, binary) = setup::build(Build::Tests)?;
    let (_tree, cluster) = setup::cluster("test", false, &library)?;
    template(&cluster, &binary)?;
    Ok((cluster, binary))
}

fn test_some(names: &[String]) -> Result<()> {
    let (cluster, binary) = test_cluster()?;
    let mut tests = on_clusters(&cluster, &binary);
    tests.arg("--").args(names);
    shell::show(&names.join(", "), &mut tests)
}

/// The database that each test's desk is cloned from.
fn template(cluster: &Cluster, binary: &Path) -> Result<()> {
    shell::step("make the template database", || {
        cluster.run_sql(
            "postgres",
            "drop database if exists autocrm_template with (force)",
        )?;
        Ok(())
    })?;
    setup::migrate(cluster, binary, "autocrm_template")
}

/// The tests of `tests/`, against this cluster and this binary.
fn on_clusters(cluster: &Cluster, binary: &Path) -> Command {
    let mut tests = setup::cargo(&[
        "test",
        "--locked",
        "--quiet",
        "--no-fail-fast",
        "--workspace",
        "--test",
        "*",
    ]);
    tests
        .env("AUTOCRM_TEST_RUN", &cluster.run)
        .env("AUTOCRM_TEST_PORT", cluster.port.to_string())
        .env("AUTOCRM_BINARY", binary);
    tests
}

fn run_tests(cluster: &Cluster, binary: &Path) -> Result<()> {
    check()?;
    template(cluster, binary)?;
    shell::show(
        "core and API units",
        &mut setup::cargo(&["test", "--locked", "--quiet", "--workspace", "--lib"]),
    )?;
    let mut tests = on_clusters(cluster, binary);
    shell::show("SQL, API, security and upgrade", &mut tests)?;
    if root().join("web/package.json").exists() {
        shell::show("web: units", &mut setup::npm(&["test"]))?;
        setup::web()?;
        browser(cluster, binary)?;
    }
    Ok(())
}

/// The browser tests, against the real binary. Each of two workers has a seeded desk of its own, and takes the next file
/// of tests when it has done one.
fn browser(cluster: &Cluster, binary: &Path) -> Result<()> {
    let mut servers = Vec::new();
    let mut addresses = Vec::new();
    for (desk, ports) in [
        (DATABASE.to_owned(), 18_080..=18_179),
        (format!("{DATABASE}_second"), 18_180..=18_279),
    ] {
        cluster.run_sql(
            "postgres",
            &format!("drop database if exists {desk} with (force)"),
        )?;
        setup::migrate(cluster, binary, &desk)?;
        shell::output(setup::admin(binary, cluster, &desk).arg("seed"))?;
        let port = free_port(ports)?;
        addresses.push(format!("http://127.0.0.1:{port}"));
        servers.push(serve(binary, cluster, &desk, port)?);
    }
    let mut tests = setup::npm(&["run", "e2e"]);
    tests.env("E2E_BASE_URL", addresses.join(","));
    let outcome = shell::show("browser", &mut tests);
    for mut server in servers {
        let _ = server.kill();
        let _ = server.wait();
    }
    outcome
}

fn generate() -> Result<()> {
    let (library, binary) = setup::build(Build::Tests)?;
    let (_tree, cluster) = setup::cluster("test", false, &library)?;
    let openapi = shell::output(Command::new(&binary).arg("openapi"))?;
    fs::write(root().join("api/openapi.json"), openapi)?;
    cluster.run_sql(
        "postgres",
        "drop database if exists autocrm_dump with (force)",
    )?;
    setup::migrate(&cluster, &binary, "autocrm_dump")?;
    fs::write(
        root().join("migrations/schema.sql"),
        shell::output(setup::admin(&binary, &cluster, "autocrm_dump").args(["migrate", "--dump"]))?,
    )?;
    let dictionary = cluster.run_sql("autocrm_dump", harness::dictionary::QUERY)?;
    fs::write(
        root().join("docs/dictionary.md"),
        format!("{}\n", dictionary.trim_end()),
    )?;
    if root().join("web/package.json").exists() {
        setup::web_packages()?;
        shell::output(&mut setup::npm(&["run", "gen"]))?;
    }
    Ok(())
}

fn bench() -> Result<()> {
    setup::packages(Extra::Load)?;
    let (library, binary) = setup::build(Build::Release)?;
    let (_tree, cluster) = setup::cluster("test", false, &library)?;
    // In this order: the first makes the desk that the second goes on with.
    for name in ["run", "routing", "balancing"] {
        let mut script = Command::new("bash");
        script.arg(root().join(format!("tests/bench/{name}.sh")));
        script
            .env("PGHOST", &cluster.run)
            .env("PGPORT", cluster.port.to_string())
            .env("AUTOCRM_BINARY", &binary);
        shell::show(&format!("bench: {name}"), &mut script)?;
    }
    storm(&cluster, &binary)
}

/// The storm of sessions at its full size.
fn storm(cluster: &Cluster, binary: &Path) -> Result<()> {
    cluster.run_sql(
        "postgres",
        "drop database if exists autocrm_template with (force)",
    )?;
    setup::migrate(cluster, binary, "autocrm_template")?;
    let mut storm = setup::cargo(&[
        "test",
        "--locked",
        "--quiet",
        "-p",
        "autocrm-tests",
        "--test",
        "sql",
        "storm",
        "--",
        "--nocapture",
        "--test-threads=1",
    ]);
    storm
        .env("AUTOCRM_STORM", "20000")
        .env("AUTOCRM_TEST_RUN", &cluster.run)
        .env("AUTOCRM_TEST_PORT", cluster.port.to_string())
        .env("AUTOCRM_BINARY", binary);
    shell::show("64 sessions, 20,000 tickets, 200 agents", &mut storm)
}
