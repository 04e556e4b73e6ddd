//! Background work, in loops that any number of processes may run at once.

pub mod bulk;
pub mod files;
pub mod indexes;
pub mod mail;
pub mod maintenance;
pub mod queues;
pub mod set_aside;
mod tasks;
pub mod watchdog;

use crate::config::Config;
use crate::db;
use crate::mail::mailer::Mailer;
use crate::store::files::Files;
use anyhow::Result;
use deadpool_postgres::Pool;

/// All background work of a process with these settings.
pub fn start(config: &Config) -> Result<impl Future<Output = ()> + Send + use<>> {
    let (pool, store) = (db::pool(config)?, Files::new(config));
    let mailer = Mailer::new(config)?;
    // A connection of its own: the others may all wait for the prompt that it is to end.
    let watching = db::pool(&Config {
        db_connections: 1,
        ..config.clone()
    })?;
    let admin = config.admin_database_url.clone();
    Ok(async move {
        tokio::join!(
            run(pool.clone()),
            files::run(pool.clone(), store),
            indexes::run(admin),
            mail::run(pool, mailer),
            watchdog::run(&watching)
        );
    })
}

/// The part that needs nothing but the database.
pub async fn run(pool: Pool) {
    tokio::join!(
        maintenance::run(&pool),
        queues::run(&pool),
        bulk::run(&pool)
    );
}
