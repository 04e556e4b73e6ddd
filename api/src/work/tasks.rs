//! Tasks of the background work, which administrators pause.

use crate::db::calls::value;
use anyhow::Result;
use tokio_postgres::Client;

/// Whether a task may make a round: nobody has paused it. The database notes that it does.
pub async fn begins(client: &Client, task: &str) -> Result<bool> {
    let begins = value(client, "select worker.begins($1)", &[&task]).await?;
    Ok(begins.unwrap_or(true))
}
