//! `autocrm export tickets`: every ticket in words, streamed to the standard output.

use crate::{db, migrate};
use anyhow::{Context, Result};
use futures_util::{StreamExt, pin_mut};
use std::io::{BufWriter, Write};

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Format {
    Csv,
    Jsonl,
}

/// The CSV's columns are those that `autocrm import tickets` reads without a map.
const CSV: &str = "copy (
  select coalesce(external_id, 'ticket-' || id) as external_id, subject, description, status, priority, type, channel,
         language, requester ->> 'name' as \"requester.name\", requester ->> 'email' as \"requester.email\",
         organization ->> 'name' as organization, team ->> 'name' as team, assignee ->> 'name' as assignee_name,
         array_to_string(tags, ',') as tags, custom, created_at, updated_at, solved_at, closed_at
    from api.tickets order by id
) to stdout with (format csv, header)";

pub async fn run(url: &str, format: Format) -> Result<()> {
    let client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    match format {
        Format::Csv => {
            let chunks = client.copy_out(CSV).await?;
            pin_mut!(chunks);
            while let Some(chunk) = chunks.next().await {
                out.write_all(&chunk?).context("cannot write")?;
            }
        }
        Format::Jsonl => {
            let none: [&str; 0] = [];
            let rows = client
                .query_raw(
                    "select row_to_json(t)::text from api.tickets t order by id",
                    none,
                )
                .await?;
            pin_mut!(rows);
            while let Some(row) = rows.next().await {
                writeln!(out, "{}", row?.get::<_, &str>(0)).context("cannot write")?;
            }
        }
    }
    out.flush().context("cannot write")
}
