//! The chain of seals over the audit log: its making, its verification, and the erasure of values that leaves it
//! intact.

use crate::history::audit::WORDS;
use crate::history::door;
use crate::pg::call::answer;
use crate::pg::db;
use crate::pg::error::{contained, native};
use crate::pg::table_lock;
use autocrm_core::chain::{Seal, row_digest};
use pgrx::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::VecDeque;
use std::ffi::CStr;
use std::time::{Duration, Instant};

/// What a seal digests of a row. The text form of a time depends on the session's zone: seconds do not.
macro_rules! digested {
    (of_before) => {
        "jsonb_build_array(id, xid::text, extract(epoch from at), actor_id, api_key_id,
                           session_user_name, action, table_name, row_key, changes)::text"
    };
    (with_doors) => {
        "(jsonb_build_array(id, xid::text, extract(epoch from at), actor_id, api_key_id,
                            session_user_name, action, table_name, row_key, changes)
          || case when door is null and cause is null then '[]' else jsonb_build_array(door, cause) end)::text"
    };
}

/// A statement with what a seal digests of a row between each two of its parts. Rows of before doors were recorded have
/// the digests that they had.
macro_rules! sealed {
    ($first:expr $(, $part:expr)+) => {
        if door::is_kept() {
            concat!($first $(, digested!(with_doors), $part)+)
        } else {
            concat!($first $(, digested!(of_before), $part)+)
        }
    };
}

/// Whether the column `c` of an audit row is to be masked: $2 names columns, $3 words.
macro_rules! masked {
    () => {
        "($2 is null and $3 is null or c.key = any (coalesce($2, '{}'))
          or $3 is not null and autocrm.redact_json(c.value, $3) is distinct from c.value)"
    };
}

/// Masks the texts in the audit rows of one row; returns the digest of each as it is now.
pub fn erase(table: &str, key: &str, act: i64) -> Map<String, Value> {
    let words: Vec<String> = WORDS.iter().map(|&w| w.to_owned()).collect();
    let rows = db::rows(
        sealed!(
            "select id, at, ",
            " from app.audit_log where table_name = $1::name and row_key = $2 and changes ?| $3"
        ),
        &[table.into(), key.into(), words.clone().into()],
        |row| {
            Ok((
                row.get::<i64>(1)?,
                row.get::<TimestampWithTimeZone>(2)?,
                row.get::<String>(3)?.unwrap_or_default(),
            ))
        },
    );
    // A row that is erased again keeps its first digest, which is the sealed one.
    let mask = sealed!(
                "update app.audit_log l
                    set digest = coalesce(l.digest, $3), erased_by = $4,
                        changes = (select jsonb_object_agg(c.key, case when c.key = any ($5) then (
                                     select jsonb_agg(case when v = 'null' then v else '\"[redacted]\"' end order by n)
                                       from jsonb_array_elements(c.value) with ordinality x (v, n)) else c.value end)
                                     from jsonb_each(l.changes) c)
                  where l.id = $1 and l.at = $2
              returning ",
                ""
            );
    let mut erased = Map::new();
    for (id, at, sealed) in rows {
        let now = db::rows(
            mask,
            &[
                id.into(),
                at.into(),
                row_digest(&sealed).into(),
                act.into(),
                words.clone().into(),
            ],
            |row| Ok(row.get::<String>(1)?.unwrap_or_default()),
        );
        for sealed in now {
            erased.insert(
                id.unwrap_or_default().to_string(),
                json!(hex::encode(row_digest(&sealed))),
            );
        }
    }
    erased
}

/// Masks values in audit rows by id: those of these columns, and those in which one of these words stands (in lower
/// case, as JSON writes them), in the cause as well; of both NULL, all values. Rows that hold none of them stay as they
/// are. Returns the digest of each masked row as it is now. The row of an erasure itself holds nothing to mask.
pub fn mask(
    ids: &[i64],
    columns: Option<&[String]>,
    words: Option<&[String]>,
    act: i64,
) -> Map<String, Value> {
    let masked = db::rows(
        sealed!(
            "update app.audit_log l
                set digest = coalesce(l.digest, sha256(convert_to(",
            concat!(
                ", 'UTF8'))), erased_by = $4,
                    cause = case
                      when $3 is null or autocrm.redact_json(l.cause, $3) is not distinct from l.cause then l.cause
                      else (select jsonb_object_agg(c.key, case when autocrm.redact_json(c.value, $3) = c.value then c.value else '\"[redacted]\"' end)
                              from jsonb_each(l.cause) c) end,
                    changes = coalesce((
                  select jsonb_object_agg(c.key, case
                           when not ",
            masked!(),
            " then c.value
                           when jsonb_typeof(c.value) = 'array' then (
                             select jsonb_agg(case when v = 'null' then v else '\"[redacted]\"' end order by n)
                               from jsonb_array_elements(c.value) with ordinality x (v, n))
                           when c.value = 'null' then c.value else '\"[redacted]\"' end)
                    from jsonb_each(l.changes) c), l.changes)
              where l.id = any ($1) and l.action <> 'redact'
                and ($3 is not null and autocrm.redact_json(l.cause, $3) is distinct from l.cause or exists (
                  select from jsonb_each(l.changes) c
                   where ",
            masked!(),
            " and exists (
                     select from jsonb_array_elements(case jsonb_typeof(c.value) when 'array' then c.value else jsonb_build_array(c.value) end) v
                      where v not in ('null', '\"[redacted]\"'))))
          returning l.id, "
            ),
            ""
        ),
        &[
            ids.to_vec().into(),
            columns.map(<[String]>::to_vec).into(),
            words.map(<[String]>::to_vec).into(),
            act.into(),
        ],
        |row| Ok((row.get::<i64>(1)?, row.get::<String>(2)?)),
    );
    masked
        .into_iter()
        .map(|(id, sealed)| {
            let now = row_digest(&sealed.unwrap_or_default());
            (id.unwrap_or_default().to_string(), json!(hex::encode(now)))
        })
        .collect()
}

/// Seals of the first format would break: one seal of the second format then covers all that they covered.
pub fn make_erasable() {
    if last_seal().is_some_and(|seal| seal.format == BY_ROW) {
        table_lock::lock(SEALS);
        seal();
    }
}

/// Locked by whoever seals: one at a time, since the chain has one end.
const SEALS: &CStr = c"audit_seals";
/// Most rows of one seal, apart from the rest of the last row's transaction: a long backlog takes several seals,
/// each in a short transaction.
const SEALED_AT_ONCE: i64 = 50_000;

/// Digests run over the rows themselves.
const BY_ROW: i16 = 1;
/// Digests run over the rows' digests, which an erased row keeps.
const BY_DIGEST: i16 = 2;

struct Sealed {
    id: i64,
    from: String,
    to: String,
    count: i64,
    digest: Vec<u8>,
    format: i16,
}

fn sealed(row: &spi::SpiHeapTupleData<'_>) -> Result<Sealed, spi::Error> {
    Ok(Sealed {
        id: row.get(1)?.unwrap_or_default(),
        from: row.get(2)?.unwrap_or_default(),
        to: row.get(3)?.unwrap_or_default(),
        count: row.get(4)?.unwrap_or_default(),
        digest: row.get(5)?.unwrap_or_default(),
        format: row.get(6)?.unwrap_or_default(),
    })
}

fn last_seal() -> Option<Sealed> {
    db::rows(
        "select id, from_xid::text, to_xid::text, row_count, digest, format from app.audit_seals order by id desc limit 1",
        &[],
        sealed,
    )
    .into_iter()
    .next()
}

/// Seals the rows of transactions that have ended since the last seal, the oldest first and not too many at once;
/// answers how many. None while somebody else does.
///
/// `select autocrm.seal_audit()`
fn seal_audit() -> i64 {
    if !table_lock::try_lock(SEALS) {
        return 0;
    }
    seal()
}

fn seal() -> i64 {
    let (from, previous, most) = match last_seal() {
        // The first of the new format covers what the old ones covered, too.
        Some(last) if last.format == BY_ROW => ("0".into(), last.digest, i64::MAX),
        Some(last) => (last.to, last.digest, SEALED_AT_ONCE),
        None => ("0".into(), Vec::new(), SEALED_AT_ONCE),
    };
    let to = db::rows(
        "select least(
           pg_snapshot_xmin(autocrm.log_snapshot()),
           (select (l.xid::text::bigint + 1)::text::xid8 from app.audit_log l
             where l.xid >= $1::xid8 order by l.xid, l.id offset $2 - 1 limit 1))::text",
        &[from.as_str().into(), most.into()],
        |row| row.get::<String>(1),
    );
    let Some(to) = to.into_iter().flatten().next() else {
        return 0;
    };
    let found = digest(&from, &to, &previous, BY_DIGEST, &mut Progress::default());
    if found.count > 0 {
        db::run(
            "insert into app.audit_seals (from_xid, to_xid, row_count, digest, format)
             values ($1::xid8, $2::xid8, $3, $4, $5)",
            &[
                from.as_str().into(),
                to.as_str().into(),
                found.count.into(),
                found.digest.into(),
                BY_DIGEST.into(),
            ],
        );
    }
    found.count
}

/// Reports the progress of a long verification to the client.
struct Progress {
    rows: u64,
    told: Instant,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            rows: 0,
            told: Instant::now(),
        }
    }
}

impl Progress {
    const EVERY: Duration = Duration::from_secs(10);

    fn row(&mut self) {
        self.rows += 1;
        if self.rows.is_multiple_of(1_000) && self.told.elapsed() >= Self::EVERY {
            self.told = Instant::now();
            notice!("{} audit rows are read", self.rows);
        }
    }
}

struct Found {
    digest: Vec<u8>,
    count: i64,
    /// How many rows were erased, and whether each is as its redaction says, and holds a masked value.
    erased: i64,
    as_told: bool,
}

fn digest(from: &str, to: &str, previous: &[u8], format: i16, progress: &mut Progress) -> Found {
    let mut seal = Seal::after(previous);
    let mut found = Found {
        digest: Vec::new(),
        count: 0,
        erased: 0,
        as_told: true,
    };
    db::each_row(
        sealed!(
            "select ",
            ", digest, case when erased_by is not null or digest is not null then coalesce((
                 select a.changes -> 'erased' -> 1 ->> l.id::text from app.audit_log a
                  where a.id = l.erased_by and a.action = 'redact'
                    and concat(l.changes, to_jsonb(l) -> 'cause') like '%\"[redacted]\"%'), '') end
               from app.audit_log l
              where xid >= $1::xid8 and xid < $2::xid8
              order by xid, id"
        ),
        &[from.into(), to.into()],
        |row| {
            let text = row.get::<String>(1)?.unwrap_or_default();
            let kept = row.get::<Vec<u8>>(2)?;
            let mut now = row_digest(&text);
            if let Some(told) = row.get::<String>(3)? {
                found.erased += 1;
                found.as_told &= told == hex::encode(&now);
                now = kept.unwrap_or_default();
            }
            if format == BY_ROW {
                seal.add(&text);
            } else {
                seal.add_digest(&now);
            }
            found.count += 1;
            progress.row();
            Ok(())
        },
    );
    found.digest = seal.finish();
    found
}

/// Seals are read this many at once.
const SEALS_AT_ONCE: i64 = 1_000;

/// The verdicts on all seals, each computed when it is read.
#[derive(Default)]
struct Verdicts {
    next: VecDeque<Sealed>,
    previous: Option<Sealed>,
    progress: Progress,
}

impl Iterator for Verdicts {
    type Item = (i64, bool, Option<String>);

    fn next(&mut self) -> Option<Self::Item> {
        contained(|| self.verdict())
    }
}

impl Verdicts {
    fn verdict(&mut self) -> Option<<Self as Iterator>::Item> {
        if self.next.is_empty() {
            let after = self.previous.as_ref().map_or(0, |seal| seal.id);
            self.next = db::rows(
                "select id, from_xid::text, to_xid::text, row_count, digest, format from app.audit_seals
                  where id > $1 order by id limit $2",
                &[after.into(), SEALS_AT_ONCE.into()],
                sealed,
            )
            .into();
        }
        let seal = self.next.pop_front()?;
        let problem = verdict(&seal, self.previous.as_ref(), &mut self.progress);
        let id = seal.id;
        self.previous = Some(seal);
        Some((id, problem.is_none(), problem))
    }
}

/// Whether a seal of the second format covers those of the first, whose rows may be erased since.
fn is_covered() -> bool {
    db::run(
        "select from app.audit_seals where format = $1 limit 1",
        &[BY_DIGEST.into()],
    ) > 0
}

/// What is wrong with a seal, if anything is.
fn verdict(seal: &Sealed, previous: Option<&Sealed>, progress: &mut Progress) -> Option<String> {
    let (end, before, over) = previous.map_or(("0", &[][..], false), |p| {
        (
            p.to.as_str(),
            p.digest.as_slice(),
            p.format != seal.format && seal.from == "0",
        )
    });
    let found = digest(&seal.from, &seal.to, before, seal.format, progress);
    // The first seal of the second format covers all of the first, and none of the first comes after it.
    let mixed = previous.is_some_and(|p| match (p.format, seal.format) {
        (BY_DIGEST, BY_ROW) => true,
        (BY_ROW, BY_DIGEST) => !over,
        _ => false,
    });
    if seal.from != end && !over {
        Some("a seal before this one is missing".to_owned())
    } else if mixed {
        Some("the format of this seal or of the one before was changed".to_owned())
    } else if found.count != seal.count {
        Some(format!(
            "{} rows were sealed, {} are there",
            seal.count, found.count
        ))
    } else if !found.as_told {
        Some("a row was erased by no redaction, or changed after it".to_owned())
    } else if found.digest != seal.digest
        && !(seal.format == BY_ROW && found.erased > 0 && is_covered())
    {
        Some("a sealed row or the seal itself was changed".to_owned())
    } else {
        None
    }
}

/// Recomputes every seal; a row that was changed, removed or slipped in shows as `ok = false`. A row whose
/// values a redaction erased counts with the digest of what it was, and must be as the redaction left it.
/// However long the history, a thousand rows of it are in memory at once.
///
/// `select * from autocrm.verify_audit() where not ok`
#[pg_extern(volatile, parallel_unsafe)]
fn verify_audit() -> TableIterator<
    'static,
    (
        name!(seal_id, i64),
        name!(ok, bool),
        name!(problem, Option<String>),
    ),
> {
    TableIterator::new(Verdicts::default())
}

native!(seal_audit_wrapper, pg_finfo_seal_audit_wrapper, |fcinfo| {
    answer(fcinfo, Some(seal_audit()))
});
