//! Connections to Postgres. Statements stay unnamed, so that a transaction-pooling PgBouncer may stand between.

use crate::config::Config;
use anyhow::{Context, Result};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use std::time::Duration;
use tokio_postgres::{Client, NoTls};

/// How long a request waits for a connection, and for a new one to be made.
const PATIENCE: Duration = Duration::from_secs(10);

pub fn pool(config: &Config) -> Result<Pool> {
    let postgres: tokio_postgres::Config = config
        .database_url
        .parse()
        .context("AUTOCRM_DATABASE_URL cannot be read")?;
    let manager = Manager::from_config(
        postgres,
        NoTls,
        ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        },
    );
    Ok(Pool::builder(manager)
        .max_size(config.db_connections)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(PATIENCE))
        .create_timeout(Some(PATIENCE))
        .build()?)
}

/// One connection with its driver running, for commands.
pub async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .context("cannot reach the database")?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "the database connection ended");
        }
    });
    Ok(client)
}
