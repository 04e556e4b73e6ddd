//! `autocrm health`: how the desk fares, for operators and their monitoring.

use crate::commands::migrate;
use crate::db;
use anyhow::{Result, bail};

#[derive(clap::Args)]
pub struct Options {
    /// Only the checks that are not ok
    #[arg(long)]
    quiet: bool,
}

/// Prints one line a check. An error when one of them is bad.
pub async fn run(url: &str, options: &Options) -> Result<()> {
    let client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    let checks = client
        .query(
            "select name, status, coalesce(value, ''), coalesce(\"limit\", ''), advice from app.health()",
            &[],
        )
        .await?;
    let mut bad = 0;
    for check in &checks {
        let [name, status, value, limit, advice] =
            [0_usize, 1, 2, 3, 4].map(|n| check.get::<_, &str>(n));
        bad += usize::from(status == "bad");
        if status == "ok" {
            if !options.quiet {
                println!("{status:4}  {name}: {value}");
            }
        } else {
            println!("{status:4}  {name}: {value} (limit: {limit}). {advice}");
        }
    }
    if bad > 0 {
        bail!("{bad} of {} checks are bad", checks.len());
    }
    Ok(())
}
