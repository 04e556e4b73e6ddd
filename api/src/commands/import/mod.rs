//! `autocrm import tickets`: rows of a CSV become tickets through the same validation and routing as any other.
//! The file is read once to its end before the first row is imported, so that its errors are reported while there is
//! nothing to undo. Each batch commits together with its position: an import that was killed resumes there, recognised
//! by the digest of its file, and a repeated one finds its tickets by their external id.

mod land;
mod map;
mod rejects;
mod source;

use crate::commands::migrate;
use crate::db;
use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use land::{Importer, Outcome};
use map::{Map, Read};
use rejects::Rejects;
use sha2::{Digest, Sha256};
use source::Source;
use std::collections::HashMap;
use std::fmt::Write;
use std::path::PathBuf;

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

/// A file that was read to its end, with the results.
struct Known {
    source: Source,
    rows: u64,
    width: usize,
    /// Of the file and its map; identifies an interrupted import.
    digest: Vec<u8>,
    /// The column that groups rows into histories, and for each of its values the row of the last state.
    history: Option<(usize, HashMap<String, u64>)>,
}

impl Known {
    fn row(&self, number: u64, record: Result<csv::StringRecord, csv::Error>) -> Result<Read> {
        Ok(match record {
            Ok(record) if record.iter().all(|cell| cell.trim().is_empty()) => {
                Read::Bad("the row is empty".to_owned())
            }
            Ok(record) if record.len() != self.width => Read::Bad(format!(
                "the row has {} columns, the header {}; it may be cut off",
                record.len(),
                self.width
            )),
            Ok(record) => match &self.history {
                Some((at, last))
                    if last.get(record.get(*at).unwrap_or_default()) != Some(&number) =>
                {
                    Read::Earlier
                }
                _ => Read::Good(record),
            },
            Err(error) if error.is_io_error() => return Err(error.into()),
            Err(error) => Read::Bad(error.to_string()),
        })
    }
}

pub async fn run(url: &str, options: &Options) -> Result<Tally> {
    let (mut map, map_text) = Map::load(options.map.as_deref(), &options.file)?;
    let source = Source::open(
        &options.file,
        map.encoding.as_deref(),
        map.delimiter.as_deref(),
        &|headers| map.wanted(headers),
    )?;
    let mut last = HashMap::new();
    let survey = source.survey(|headers, number, row| {
        let Some(name) = &map.history_of else { return };
        let at = headers.iter().position(|header| header == name.trim());
        if row.len() == headers.len()
            && let Some(value) = at.and_then(|at| row.get(at))
        {
            last.insert(value.to_owned(), number);
        }
    })?;
    let mut client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    let names = land::names(&client).await?;
    let (columns, left) = map.fit(&survey.headers, &names, survey.rows == 0)?;
    let left = if left.is_empty() {
        String::new()
    } else {
        format!(
            "not imported: {} {}; fill a field from them, or name them under \"ignore\" in the map",
            if left.len() == 1 { "column" } else { "columns" },
            left.join(", ")
        )
    };
    eprintln!(
        "{}: {} rows, {}, columns parted by {}{}{left}",
        options.file.display(),
        survey.rows,
        source.encoding(),
        source.delimiter(),
        if left.is_empty() { "" } else { "; " },
    );
    let known = Known {
        source,
        rows: survey.rows,
        width: survey.headers.len(),
        digest: Sha256::new()
            .chain_update(&survey.digest)
            .chain_update(&map_text)
            .finalize()
            .to_vec(),
        history: map
            .history_of
            .as_ref()
            .and_then(|name| survey.headers.iter().position(|h| h == name.trim()))
            .map(|at| (at, last)),
    };
    alone(&client, &map.source, &known.digest).await?;
    let file = hex::encode(&survey.digest)[..12].to_owned();
    let importer =
        Importer::open(&client, options.actor.as_deref(), columns, map, names, file).await?;
    let outcome = tickets(&mut client, options, &importer, &known).await;
    importer.close(&client).await?;
    let (tally, note) = outcome?;
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
    for line in note.into_iter().chain(Some(left)) {
        if !line.is_empty() {
            println!("{line}");
        }
    }
    Ok(tally)
}

/// One process at a time imports a file. The connection of a killed process may take a moment to end.
async fn alone(client: &tokio_postgres::Client, source: &str, digest: &[u8]) -> Result<()> {
    for _ in 0..100 {
        let lock = client
            .query_one(
                "select pg_try_advisory_lock(hashtext('autocrm import'), hashtext(encode($1, 'hex')))",
                &[&digest],
            )
            .await?;
        if lock.get(0) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    anyhow::bail!("'{source}' is being imported by another process; wait for it, or end it")
}

/// The counts of an interrupted import of this content; zero for a new one.
async fn begin(client: &tokio_postgres::Client, source: &str, known: &Known) -> Result<Tally> {
    let total = i64::try_from(known.rows)?;
    // A finished import that is repeated goes through all rows and finds their tickets.
    let state = client
        .query_one(
            "insert into app.imports as i (source, digest) values ($1, $2)
             on conflict (digest) do update
                set source = excluded.source,
                    next_row = case when i.next_row < $3 then i.next_row else 0 end,
                    imported = case when i.next_row < $3 then i.imported else 0 end,
                    known = case when i.next_row < $3 then i.known else 0 end,
                    earlier = case when i.next_row < $3 then i.earlier else 0 end,
                    rejected = case when i.next_row < $3 then i.rejected else 0 end,
                    finished_at = null
             returning next_row, imported, known, earlier, rejected",
            &[&source, &known.digest, &total],
        )
        .await?;
    let count = |at: usize| u64::try_from(state.get::<_, i64>(at));
    Ok(Tally {
        read: count(0)?,
        imported: count(1)?,
        known: count(2)?,
        earlier: count(3)?,
        rejected: count(4)?,
    })
}

async fn tickets(
    client: &mut tokio_postgres::Client,
    options: &Options,
    importer: &Importer,
    known: &Known,
) -> Result<(Tally, Option<String>)> {
    let before = if options.dry_run {
        Tally::default()
    } else {
        begin(client, importer.source(), known).await?
    };
    let start = before.read;
    let mut tally = Tally {
        read: known.rows,
        ..before
    };
    let mut rejects = Rejects::open(&options.file, start)?;
    let bar = ProgressBar::new(known.rows);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos}/{len} rows, {per_sec}, {eta} left",
    )?);
    bar.set_position(start);

    let mut rows = (1..)
        .zip(known.source.records()?.into_records())
        .skip(usize::try_from(start)?);
    let mut done = start;
    while done < known.rows {
        let mut transaction = client.transaction().await?;
        importer.act(&transaction).await?;
        let mut refused = Vec::new();
        let reached = done;
        for (number, record) in rows.by_ref().take(BATCH) {
            let row = known.row(number, record)?;
            match importer.land(&mut transaction, number, &row).await? {
                Outcome::Imported => tally.imported += 1,
                Outcome::Known => tally.known += 1,
                Outcome::Earlier => tally.earlier += 1,
                Outcome::Rejected(reasons) => {
                    tally.rejected += 1;
                    refused.push((number, reasons));
                }
            }
            bar.inc(1);
            done = number;
        }
        anyhow::ensure!(
            done > reached,
            "the file ends after row {done}; it was changed while it was read"
        );
        // Rejects first: lines of a batch that does not commit are removed when the import resumes.
        rejects.write(&refused)?;
        if options.dry_run {
            transaction.rollback().await?;
            continue;
        }
        transaction
            .execute(
                "update app.imports
                    set next_row = $2::bigint, imported = $3, known = $4, earlier = $5, rejected = $6,
                        finished_at = case when $2::bigint >= $7::bigint then now() end
                  where digest = $1",
                &[
                    &known.digest,
                    &i64::try_from(done)?,
                    &i64::try_from(tally.imported)?,
                    &i64::try_from(tally.known)?,
                    &i64::try_from(tally.earlier)?,
                    &i64::try_from(tally.rejected)?,
                    &i64::try_from(known.rows)?,
                ],
            )
            .await?;
        transaction.commit().await?;
    }
    bar.finish_and_clear();
    let mut note = (start > 0 && start < known.rows).then(|| {
        format!(
            "went on after row {start}, where it was interrupted: imported {} + already there {} + rejected {} in this run",
            tally.imported - before.imported,
            tally.known - before.known,
            tally.rejected - before.rejected
        )
    });
    if !options.dry_run && importer.links() {
        let rows = (1..).zip(known.source.records()?.into_records());
        for (number, record) in rows {
            if let Read::Good(row) = known.row(number, record)? {
                for problem in importer.link(client, number, &row).await? {
                    let note = note.get_or_insert_default();
                    let end = if note.is_empty() { "" } else { "\n" };
                    write!(note, "{end}row {number} landed without {problem}")?;
                }
            }
        }
    }
    Ok((tally, note))
}
