//! Connections to Postgres. Statements stay unnamed, so that a transaction-pooling PgBouncer may stand between.

pub mod calls;
pub mod error;
pub mod identity;
pub mod once;
pub mod params;
pub(crate) mod retry;
mod tls;

use crate::config::Config;
use anyhow::{Context, Result};
use deadpool_postgres::{Connect, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tls::{Settings, Tls};
use tokio::task::JoinHandle;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Connection, Socket};

/// How long a request waits for a connection, and for a new one to be made.
const PATIENCE: Duration = Duration::from_secs(10);

pub fn pool(config: &Config) -> Result<Pool> {
    let settings =
        tls::settings(&config.database_url).context("AUTOCRM_DATABASE_URL cannot be read")?;
    let manager = Manager::from_connect(
        settings.config.clone(),
        ToServer(Arc::new(settings)),
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

/// How the pool makes a connection.
struct ToServer(Arc<Settings>);

impl Connect for ToServer {
    fn connect(
        &self,
        _: &tokio_postgres::Config,
    ) -> BoxFuture<'_, Result<(Client, JoinHandle<()>), tokio_postgres::Error>> {
        Box::pin(async {
            let (client, connection) = to_server(&self.0).await?;
            Ok((client, drive(connection)))
        })
    }
}

type Driver = Connection<Socket, <Tls as MakeTlsConnect<Socket>>::Stream>;

async fn to_server(settings: &Settings) -> Result<(Client, Driver), tokio_postgres::Error> {
    if let Some(plain) = settings.plain()
        && let Ok(opened) = plain.connect(settings.tls.clone()).await
    {
        return Ok(opened);
    }
    settings.config.connect(settings.tls.clone()).await
}

fn drive(connection: Driver) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "the database connection ended");
        }
    })
}

/// A connection together with its driver, for readers of its notifications.
pub async fn open(url: &str) -> Result<(Client, Driver)> {
    to_server(&tls::settings(url)?)
        .await
        .context("cannot reach the database")
}

/// One connection with its driver running, for commands.
pub async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = open(url).await?;
    drive(connection);
    Ok(client)
}
