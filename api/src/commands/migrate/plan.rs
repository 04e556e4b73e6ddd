//! `autocrm migrate --plan`: what a migrate would do, without doing it.

use super::file::is_current;
use super::history;
use anyhow::Result;
use tokio_postgres::Transaction;

/// One line a step; none when the database is at this version.
pub async fn steps(transaction: &Transaction<'_>) -> Result<Vec<String>> {
    transaction
        .batch_execute("set transaction read only")
        .await?;
    let mut steps = Vec::new();
    let extension = transaction
        .query_opt(
            "select a.default_version, e.extversion
               from pg_available_extensions a left join pg_extension e on e.extname = a.name
              where a.name = 'autocrm'",
            &[],
        )
        .await?;
    let Some(extension) = extension else {
        anyhow::bail!(
            "this server does not have the extension autocrm; install its library and control file"
        );
    };
    let (offered, installed): (String, Option<String>) = (extension.get(0), extension.get(1));
    match installed {
        Some(installed) if installed == offered => {}
        Some(installed) => steps.push(format!("extension: from {installed} to {offered}")),
        None => steps.push(format!("extension: install {offered}")),
    }
    let pending = history::pending(transaction).await?;
    for each in &pending {
        steps.push(format!("migration V{}: {}", each.version(), each.name()));
    }
    let there: bool = transaction
        .query_one("select to_regclass('app.schema_state') is not null", &[])
        .await?
        .get(0);
    if !there || !pending.is_empty() || !is_current(transaction).await? {
        steps.push(
            "sql/: functions, views, policies and triggers are applied whole; each table is locked until the end"
                .to_owned(),
        );
    }
    Ok(steps)
}

/// As it is printed.
pub fn told(steps: &[String]) -> String {
    if steps.is_empty() {
        return "nothing to do: the database is at this version".to_owned();
    }
    steps.join("\n")
}
