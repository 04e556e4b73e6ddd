//! Connections to Postgres. Statements stay unnamed, so that a transaction-pooling PgBouncer may stand between.

pub mod calls;
pub mod error;
pub mod identity;
pub mod once;
pub mod params;
mod retry;
mod tls;

use crate::config::Config;
use anyhow::{Context, Result};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use std::time::Duration;
use tls::Tls;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Connection, Socket};

/// How long a request waits for a connection, and for a new one to be made.
const PATIENCE: Duration = Duration::from_secs(10);

pub fn pool(config: &Config) -> Result<Pool> {
    let (postgres, tls) =
        tls::settings(&config.database_url).context("AUTOCRM_DATABASE_URL cannot be read")?;
    let manager = Manager::from_config(
        postgres,
        tls,
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

/// A connection together with its driver, for readers of its notifications.
pub async fn open(
    url: &str,
) -> Result<(
    Client,
    Connection<Socket, <Tls as MakeTlsConnect<Socket>>::Stream>,
)> {
    let (postgres, tls) = tls::settings(url)?;
    postgres
        .connect(tls)
        .await
        .context("cannot reach the database")
}

/// One connection with its driver running, for commands.
pub async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = open(url).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "the database connection ended");
        }
    });
    Ok(client)
}
