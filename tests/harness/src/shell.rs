//! Running other programs: quietly while they work, with everything they said when they fail.

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Whether this process is root; PostgreSQL refuses to be.
pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// A program run as whoever owns the clusters: `postgres` when root started us.
pub fn as_postgres(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        // Its own home: the caller's cannot be entered.
        command.current_dir("/");
        command
    } else {
        Command::new(program)
    }
}

pub fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let out = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {name}"))?;
    if !out.status.success() {
        bail!(
            "{name} failed:\n{}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// One step with its name and time: a spinner on a terminal, a line in a log.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let bar = ProgressBar::new_spinner().with_message(name.to_owned());
    bar.set_style(ProgressStyle::with_template("{spinner} {msg} {elapsed}")?);
    bar.enable_steady_tick(Duration::from_millis(100));
    let started = Instant::now();
    let done = work();
    bar.finish_and_clear();
    let seconds = started.elapsed().as_secs_f32();
    match &done {
        Ok(_) => println!("  ✓ {name} ({seconds:.1} s)"),
        Err(_) => println!("  ✗ {name} ({seconds:.1} s)"),
    }
    done
}

/// A step of minutes, which names the line of the program's errors that came last: cargo prints there what it compiles.
pub fn watch(name: &str, command: &mut Command) -> Result<()> {
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template(
        "{spinner} {prefix} {elapsed}  {wide_msg}",
    )?);
    bar.set_prefix(name.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    let started = Instant::now();
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {program}"))?;
    let mut all = String::new();
    let mut told = Instant::now();
    for (n, line) in BufReader::new(child.stderr.take().context("no output")?)
        .lines()
        .map_while(Result::ok)
        .enumerate()
    {
        bar.set_message(line.trim().to_owned());
        // A log has no spinner, but whoever reads it wants to know as well that something happens.
        if bar.is_hidden() && (n == 0 || told.elapsed() > Duration::from_secs(20)) {
            println!("    {name}: {}", line.trim());
            told = Instant::now();
        }
        all.push_str(&line);
        all.push('\n');
    }
    let passed = child.wait()?.success();
    bar.finish_and_clear();
    let seconds = started.elapsed().as_secs_f32();
    println!(
        "  {} {name} ({seconds:.1} s)",
        if passed { '✓' } else { '✗' }
    );
    if !passed {
        bail!("{program} failed:\n{all}");
    }
    Ok(())
}

/// A step that shows what the program prints, since that is what one wants to see.
pub fn show(name: &str, command: &mut Command) -> Result<()> {
    println!("── {name}");
    let started = Instant::now();
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot run {name}"))?;
    println!(
        "── {name}: {} ({:.1} s)",
        if status.success() { "passed" } else { "FAILED" },
        started.elapsed().as_secs_f32()
    );
    if status.success() {
        Ok(())
    } else {
        bail!("{name} failed")
    }
}
