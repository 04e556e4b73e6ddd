//! `autocrm import tickets`: rows of a CSV become tickets through `api.create_ticket`, so that the same
//! validation and routing hold. Each batch commits together with its position: an import that was
//! killed goes on where it stopped, and one that is run again finds its tickets by their external id.

mod land;
mod map;
mod rejects;

use crate::{db, migrate};
use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use land::{Importer, Outcome};
use map::{Map, Read, Row};
use rejects::Rejects;
use std::path::{Path, PathBuf};

const BATCH: usize = 200;

/// Every row of the file is in exactly one of these.
#[derive(Default, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub read: u64,
    pub imported: u64,
    pub known: u64,
    /// Earlier states of tickets whose last state another row brings.
    pub earlier: u64,
    pub rejected: u64,
}

#[derive(clap::Args, Debug)]
pub struct Options {
    pub file: PathBuf,
    /// How columns become fields; see docs/import/
    #[arg(long)]
    pub map: Option<PathBuf>,
    /// The administrator who imports; without it the history shows nobody
    #[arg(long = "as", value_name = "EMAIL")]
    pub actor: Option<String>,
    /// Does everything and keeps nothing
    #[arg(long)]
    pub dry_run: bool,
}

pub async fn run(url: &str, options: &Options) -> Result<Tally> {
    let map = Map::load(options.map.as_deref(), &options.file)?;
    let (headers, rows) = read(&options.file)?;
    let rows = map.collapse(&headers, rows);
    let mut client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    alone(&client, &map.source).await?;
    let importer = Importer::open(&client, options.actor.as_deref(), headers, map).await?;
    let outcome = tickets(&mut client, options, &importer, &rows).await;
    importer.close(&client).await?;
    let tally = outcome?;
    println!(
        "read {} = imported {} + already there {} + rejected {}{}{}{}",
        tally.read,
        tally.imported,
        tally.known,
        tally.rejected,
        if tally.earlier > 0 {
            format!(" + earlier states {}", tally.earlier)
        } else {
            String::new()
        },
        if tally.rejected > 0 {
            format!(" (see {})", rejects::path(&options.file).display())
        } else {
            String::new()
        },
        if options.dry_run {
            "; a dry run, nothing was kept"
        } else {
            ""
        },
    );
    Ok(tally)
}

/// One process at a time imports a source. The connection of one that was killed may take a moment to end.
async fn alone(client: &tokio_postgres::Client, source: &str) -> Result<()> {
    for _ in 0..100 {
        let lock = client
            .query_one(
                "select pg_try_advisory_lock(hashtext('autocrm import'), hashtext($1))",
                &[&source],
            )
            .await?;
        if lock.get(0) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    anyhow::bail!("'{source}' is being imported by another process; wait for it, or end it")
}

/// Reads all rows first, so that what cannot be read at all is told before anything lands.
fn read(file: &Path) -> Result<(csv::StringRecord, Vec<Row>)> {
    let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text =
        String::from_utf8_lossy(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text)).into_owned();
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers = reader.headers()?.clone();
    let width = headers.len();
    let mut rows = Vec::new();
    for (number, record) in (1..).zip(reader.into_records()) {
        let row = match record {
            Ok(record) if record.iter().all(|cell| cell.trim().is_empty()) => {
                Read::Bad("the row is empty".to_owned())
            }
            Ok(record) if record.len() != width => Read::Bad(format!(
                "the row has {} columns, the header {width}; it may be cut off",
                record.len()
            )),
            Ok(record) => Read::Good(record),
            Err(error) => Read::Bad(error.to_string()),
        };
        rows.push((number, row));
    }
    Ok((headers, rows))
}

async fn tickets(
    client: &mut tokio_postgres::Client,
    options: &Options,
    importer: &Importer,
    rows: &[Row],
) -> Result<Tally> {
    let source = importer.source().to_owned();
    let total = rows.len() as u64;
    let mut tally = Tally {
        read: total,
        ..Tally::default()
    };
    let mut start = 0;
    if !options.dry_run {
        client
            .execute(
                "insert into app.imports (source) values ($1) on conflict (source) do nothing",
                &[&source],
            )
            .await?;
        let state = client
            .query_one(
                "select next_row, imported, rejected from app.imports where source = $1",
                &[&source],
            )
            .await?;
        start = u64::try_from(state.get::<_, i64>(0))?;
        if start >= total {
            // A finished import that is run again goes through all rows and finds them there.
            start = 0;
        } else {
            tally.imported = u64::try_from(state.get::<_, i64>(1))?;
            tally.rejected = u64::try_from(state.get::<_, i64>(2))?;
            tally.earlier = rows
                .iter()
                .filter(|(n, row)| *n <= start && matches!(row, Read::Earlier))
                .count() as u64;
            tally.known = start.saturating_sub(tally.imported + tally.rejected + tally.earlier);
        }
    }
    let mut rejects = Rejects::open(&options.file, start)?;
    let bar = ProgressBar::new(total);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos}/{len} rows, {per_sec}, {eta} left",
    )?);
    bar.set_position(start);

    let todo = &rows[usize::try_from(start)?..];
    for batch in todo.chunks(BATCH) {
        let mut transaction = client.transaction().await?;
        importer.act(&transaction).await?;
        let mut refused = Vec::new();
        for (number, row) in batch {
            match importer.land(&mut transaction, *number, row).await? {
                Outcome::Imported => tally.imported += 1,
                Outcome::Known => tally.known += 1,
                Outcome::Earlier => tally.earlier += 1,
                Outcome::Rejected(reasons) => {
                    tally.rejected += 1;
                    refused.push((*number, reasons));
                }
            }
            bar.inc(1);
        }
        // Rejects first: what is written of a batch that does not commit is taken out when the import goes on.
        rejects.write(&refused)?;
        if options.dry_run {
            transaction.rollback().await?;
            continue;
        }
        let next = batch.last().map_or(0, |(number, _)| *number);
        transaction
            .execute(
                "update app.imports set next_row = $2::bigint, imported = $3, rejected = $4,
                        finished_at = case when $2::bigint >= $5::bigint then now() end where source = $1",
                &[&source, &i64::try_from(next)?, &i64::try_from(tally.imported)?, &i64::try_from(tally.rejected)?, &i64::try_from(total)?],
            )
            .await?;
        transaction.commit().await?;
    }
    bar.finish_and_clear();
    Ok(tally)
}
