//! `autocrm import tickets`: rows of a CSV become tickets through `api.create_ticket`, so that the same
//! validation and routing hold. Each batch commits together with its position: an import that was
//! killed goes on where it stopped, and one that is run again finds its tickets by their external id.

mod map;

use crate::{db, migrate};
use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use map::Map;
use std::fs::File;
use std::path::Path;
use tokio_postgres::Transaction;

const BATCH: usize = 200;

#[derive(Default, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub read: u64,
    pub imported: u64,
    pub known: u64,
    pub rejected: u64,
}

enum Outcome {
    Imported,
    Known,
    Rejected(String),
}

pub async fn run(url: &str, file: &Path, map: Option<&Path>) -> Result<()> {
    let map = Map::load(map, file)?;
    let mut client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    let tally = tickets(&mut client, file, &map).await?;
    println!(
        "read {} = imported {} + already there {} + rejected {}{}",
        tally.read,
        tally.imported,
        tally.known,
        tally.rejected,
        if tally.rejected > 0 { format!(" (see {})", rejects(file).display()) } else { String::new() }
    );
    Ok(())
}

fn rejects(file: &Path) -> std::path::PathBuf {
    file.with_extension("rejects.csv")
}

/// Reads all rows first: a file that changes underneath, or is cut in the middle, is told before anything lands.
fn read(file: &Path) -> Result<(csv::StringRecord, Vec<(u64, Result<csv::StringRecord, String>)>)> {
    let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = String::from_utf8_lossy(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text)).into_owned();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers()?.clone();
    let width = headers.len();
    let mut rows = Vec::new();
    for (i, record) in reader.into_records().enumerate() {
        let row = match record {
            Ok(record) if record.iter().all(|cell| cell.trim().is_empty()) => Err("the row is empty".to_owned()),
            Ok(record) if record.len() != width => {
                Err(format!("the row has {} columns, the header {width}; it may be cut off", record.len()))
            }
            Ok(record) => Ok(record),
            Err(error) => Err(error.to_string()),
        };
        rows.push((i as u64 + 1, row));
    }
    Ok((headers, rows))
}

async fn tickets(client: &mut tokio_postgres::Client, file: &Path, map: &Map) -> Result<Tally> {
    let (headers, rows) = read(file)?;
    let source = map.source.clone();
    client
        .execute("insert into app.imports (source) values ($1) on conflict (source) do nothing", &[&source])
        .await?;
    let state = client.query_one("select next_row from app.imports where source = $1", &[&source]).await?;
    let done = u64::try_from(state.get::<_, i64>(0))?;
    let finished = done >= rows.len() as u64;
    // A finished import that is run again goes through all rows and finds them there.
    let start = if finished { 0 } else { done };
    let rows = map.collapse(&headers, rows);

    let bar = ProgressBar::new(rows.len() as u64);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} rows, {per_sec}, {eta} left")?);
    let mut out = csv::Writer::from_writer(if start == 0 {
        File::create(rejects(file))?
    } else {
        File::options().append(true).create(true).open(rejects(file))?
    });
    if start == 0 {
        out.write_record(["row", "reasons"])?;
    }
    let mut tally = Tally { read: rows.len() as u64, ..Tally::default() };
    for batch in rows.chunks(BATCH) {
        let last = batch.last().map_or(0, |(number, _)| *number);
        if last <= start {
            let kept = client.query_one("select imported, rejected from app.imports where source = $1", &[&source]).await?;
            tally.imported = u64::try_from(kept.get::<_, i64>(0))?;
            tally.rejected = u64::try_from(kept.get::<_, i64>(1))?;
            tally.known = last.saturating_sub(tally.imported + tally.rejected);
            bar.inc(batch.len() as u64);
            continue;
        }
        let mut transaction = client.transaction().await?;
        let mut refused = Vec::new();
        for (number, row) in batch {
            let outcome = match row.as_ref().map_err(Clone::clone).and_then(|row| map.ticket(&headers, row, *number)) {
                Ok(body) => land(&mut transaction, &body).await?,
                Err(reason) => Outcome::Rejected(reason),
            };
            match outcome {
                Outcome::Imported => tally.imported += 1,
                Outcome::Known => tally.known += 1,
                Outcome::Rejected(reason) => {
                    tally.rejected += 1;
                    refused.push((*number, reason));
                }
            }
            bar.inc(1);
        }
        transaction
            .execute(
                "update app.imports set next_row = $2, imported = $3, rejected = $4,
                        finished_at = case when $2 >= $5 then now() end where source = $1",
                &[
                    &source,
                    &i64::try_from(last)?,
                    &i64::try_from(tally.imported)?,
                    &i64::try_from(tally.rejected)?,
                    &i64::try_from(rows.len())?,
                ],
            )
            .await?;
        // The list of rejects first: after a crash in between, a row is listed twice rather than never.
        for (number, reason) in refused {
            out.write_record([number.to_string(), reason])?;
        }
        out.flush()?;
        transaction.commit().await?;
    }
    bar.finish_and_clear();
    Ok(tally)
}

/// One row in a savepoint of its own: a bad one leaves its batch alone.
async fn land(batch: &mut Transaction<'_>, body: &serde_json::Value) -> Result<Outcome> {
    if let Some(id) = body["external_id"].as_str() {
        let known = batch.query_opt("select from app.tickets where external_id = $1", &[&id]).await?;
        if known.is_some() {
            return Ok(Outcome::Known);
        }
    }
    let savepoint = batch.savepoint("ticket").await?;
    let text = body.to_string();
    match savepoint.query_one("select api.create_ticket($1::text::jsonb)::text", &[&text]).await {
        Ok(_) => {
            savepoint.commit().await?;
            Ok(Outcome::Imported)
        }
        Err(error) => {
            let problem = error.as_db_error().map(|db| match db.detail() {
                Some(detail) => format!("{}; {}", db.message(), detail.replace('\n', "; ")),
                None => db.message().to_owned(),
            });
            savepoint.rollback().await?;
            match problem {
                Some(reason) => Ok(Outcome::Rejected(reason)),
                None => Err(error.into()),
            }
        }
    }
}
