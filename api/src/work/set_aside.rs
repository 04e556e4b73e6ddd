//! Items that a worker could not process: set aside with their reason, for `/api/set-aside`, and retried later.

use crate::db::calls::value;
use crate::db::error::{Detailed, db_error, has_transient_cause};
use std::error::Error;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

/// Records an item that a worker could not process, with the reason; it waits for its retry. A transient error is only
/// logged, and the item comes again with the next round.
pub(super) async fn put(
    client: &Client,
    worker: &str,
    item: &str,
    error: &(dyn Error + Send + Sync + 'static),
) -> anyhow::Result<()> {
    let text = Detailed(error).to_string();
    if has_transient_cause(error) {
        tracing::debug!(error = text, worker, item, "will be tried again");
        return Ok(());
    }
    tracing::warn!(
        error = text,
        worker,
        item,
        "set aside; /api/set-aside has it"
    );
    let db = db_error(error);
    let (code, message) = db.map_or(("TK500", text.as_str()), |db| {
        (db.code().code(), db.message())
    });
    client
        .query_typed(
            "select worker.note_failure($1, $2, $3, $4, $5, $6)",
            &[
                (&worker, Type::TEXT),
                (&item, Type::TEXT),
                (&code, Type::TEXT),
                (&message, Type::TEXT),
                (&db.and_then(|db| db.detail()), Type::TEXT),
                (&db.and_then(|db| db.hint()), Type::TEXT),
            ],
        )
        .await?;
    Ok(())
}

/// A worker's items that wait for their retry.
pub(super) async fn waiting(client: &Client, worker: &str) -> anyhow::Result<Vec<String>> {
    let items = value(client, "select worker.failed_items($1)", &[&worker]).await?;
    Ok(items.unwrap_or_default())
}

/// A worker's items whose retry is due.
pub(super) async fn due(client: &Client, worker: &str) -> anyhow::Result<Vec<String>> {
    let items = value(client, "select worker.due_items($1)", &[&worker]).await?;
    Ok(items.unwrap_or_default())
}

/// Removes an item that a worker could process after all.
pub(super) async fn resolve(client: &Client, worker: &str, item: &str) -> anyhow::Result<()> {
    client
        .query_typed(
            "select worker.clear_failure($1, $2)",
            &[(&worker, Type::TEXT), (&item, Type::TEXT)],
        )
        .await?;
    Ok(())
}
