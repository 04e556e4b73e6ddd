//! `autocrm seed`: the demo desk, the same each time, and only into an empty desk.

use crate::commands::migrate;
use crate::{auth, db};
use anyhow::{Context, Result};

const PEOPLE: &str = include_str!("../../../sql/seed/demo.sql");
pub const PASSWORD: &str = "autocrm-demo";

pub async fn run(url: &str) -> Result<()> {
    let mut client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    if client
        .query_one("select exists (select from app.teams)", &[])
        .await?
        .get(0)
    {
        println!("the desk has people already; nothing was seeded");
        return Ok(());
    }
    let transaction = client.transaction().await?;
    let hash = auth::hash_password(PASSWORD)?;
    transaction
        .execute(
            "select set_config('autocrm.seed_password', $1, true)",
            &[&hash],
        )
        .await?;
    transaction
        .batch_execute(PEOPLE)
        .await
        .context("sql/seed/demo.sql")?;
    transaction.commit().await?;
    let tickets: i64 = client
        .query_one("select count(*) from app.tickets", &[])
        .await?
        .get(0);
    println!("a demo desk with {tickets} tickets is ready");
    Ok(())
}
