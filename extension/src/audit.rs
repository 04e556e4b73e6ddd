//! The audit log: one row a write, old → new of the columns that changed, written by whoever owns the
//! tables and by nobody else, then sealed into a chain.

use crate::db;
use crate::error::{contained, native};
use crate::identity::{actor, answer};
use crate::redaction;
use crate::row::Row;
use crate::trigger::{Event, Trigger, done, trigger};
use autocrm_core::chain::{Seal, row_digest};
use pgrx::pg_sys;
use pgrx::prelude::*;
use serde_json::{Map, Value, json};

const SECRET: &[&str] = &["argon2", "hash", "refresh_hash", "previous_hash", "claims"];
/// They say nothing of their own.
const BOOKKEEPING: &[&str] = &["version", "created_at", "updated_at", "sort_name"];

/// `{"column": [old, new]}` of what this write changed.
pub fn changes(old: Option<&Row>, new: Option<&Row>) -> Map<String, Value> {
    let mut changes = Map::new();
    let Some(any) = new.or(old) else {
        return changes;
    };
    for (i, name) in any.columns() {
        let same = match (old, new) {
            (Some(old), Some(new)) => old.same(new, i),
            _ => any.is_null(i),
        };
        if same || BOOKKEEPING.contains(&name) {
            continue;
        }
        let side = |row: Option<&Row>| match row {
            Some(row) if hidden(name) && !row.is_null(i) => json!("[redacted]"),
            Some(row) => row.json_at(i),
            None => Value::Null,
        };
        let (was, is) = (side(old), side(new));
        // A long value written again is stored elsewhere and yet the same. Of a secret only the bytes tell.
        if was != is || hidden(name) {
            changes.insert(name.to_owned(), json!([was, is]));
        }
    }
    changes
}

/// What was said is named neither, while it is being taken back.
fn hidden(column: &str) -> bool {
    SECRET.contains(&column) || redaction::under_way() && redaction::WORDS.contains(&column)
}

trigger!(tg_audit, pg_finfo_tg_audit, audit);

/// For any table. The trigger's arguments name its key columns; `id` without any.
fn audit(trigger: &Trigger) -> pg_sys::Datum {
    let (old, new) = (trigger.old_row(), trigger.new_row());
    let changes = changes(old.as_ref(), new.as_ref());
    if trigger.event() != Event::Update || !changes.is_empty() {
        let mut key = trigger.args();
        if key.is_empty() {
            key.push("id".to_owned());
        }
        let row = new.as_ref().or(old.as_ref());
        let key: Vec<String> = key.iter().filter_map(|column| row?.text(column)).collect();
        write(trigger.event(), &trigger.table(), &key.join(","), &changes);
    }
    done()
}

pub fn write(event: Event, table: &str, key: &str, changes: &Map<String, Value>) {
    let actor = actor();
    db::run(
        "insert into app.audit_log (at, actor_id, api_key_id, action, table_name, row_key, changes)
         values ($1, $2, $3, $4::app.audit_action, $5::name, $6, $7::jsonb)",
        &[
            crate::clock::now().into(),
            actor.user_id.into(),
            actor.api_key_id.into(),
            event.as_str().into(),
            table.into(),
            key.into(),
            Value::Object(changes.clone()).to_string().into(),
        ],
    );
}

/// What a seal digests of a row. The text form of a time depends on the session's zone: seconds do not.
macro_rules! sealed {
    () => {
        "jsonb_build_array(id, xid::text, extract(epoch from at), actor_id, api_key_id,
                           session_user_name, action, table_name, row_key, changes)::text"
    };
}

/// Masks what was said in the audit rows of one row; answers the digest of each as it is now.
pub fn erase(table: &str, key: &str, act: i64) -> Map<String, Value> {
    let words: Vec<String> = redaction::WORDS.iter().map(|&w| w.to_owned()).collect();
    let rows = db::rows(
        concat!(
            "select id, at, ",
            sealed!(),
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
    let mut erased = Map::new();
    for (id, at, sealed) in rows {
        // Of a row that is erased again the first digest stays: it is the one that was sealed.
        let now = db::rows(
            concat!(
                "update app.audit_log l
                    set digest = coalesce(l.digest, $3), erased_by = $4,
                        changes = (select jsonb_object_agg(c.key, case when c.key = any ($5) then (
                                     select jsonb_agg(case when v = 'null' then v else '\"[redacted]\"' end order by n)
                                       from jsonb_array_elements(c.value) with ordinality x (v, n)) else c.value end)
                                     from jsonb_each(l.changes) c)
                  where l.id = $1 and l.at = $2
              returning ",
                sealed!()
            ),
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
                json!(hex(&row_digest(&sealed))),
            );
        }
    }
    erased
}

/// The row that tells of an erasure; its id is named in the rows that were erased.
pub fn write_redaction(act: i64, key: &str, changes: &Map<String, Value>) {
    let actor = actor();
    db::run(
        "insert into app.audit_log (id, at, actor_id, api_key_id, action, table_name, row_key, changes)
         overriding system value
         values ($1, $2, $3, $4, 'redact', 'messages', $5, $6::jsonb)",
        &[
            act.into(),
            crate::clock::now().into(),
            actor.user_id.into(),
            actor.api_key_id.into(),
            key.into(),
            Value::Object(changes.clone()).to_string().into(),
        ],
    );
}

/// Seals of the first format would break: one of the second is put over all that they cover.
pub fn make_erasable() {
    if last_seal().is_some_and(|seal| seal.format == BY_ROW) {
        seal_audit();
    }
}

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

/// Seals the rows of all transactions that have ended since the last seal; answers how many.
///
/// `select autocrm.seal_audit()`
fn seal_audit() -> i64 {
    // One sealer at a time: the chain has one end.
    db::run(
        "select pg_advisory_xact_lock(hashtext('autocrm.seal_audit'))",
        &[],
    );
    let (from, previous) = match last_seal() {
        // The first of the new format covers what the old ones covered, too.
        Some(last) if last.format == BY_ROW => ("0".into(), last.digest),
        Some(last) => (last.to, last.digest),
        None => ("0".into(), Vec::new()),
    };
    let to = db::rows(
        "select pg_snapshot_xmin(autocrm.log_snapshot())::text",
        &[],
        |row| row.get::<String>(1),
    );
    let Some(to) = to.into_iter().flatten().next() else {
        return 0;
    };
    let found = digest(&from, &to, &previous, BY_DIGEST);
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

struct Found {
    digest: Vec<u8>,
    count: i64,
    /// How many rows were erased, and whether each is as its redaction says.
    erased: i64,
    as_told: bool,
}

fn digest(from: &str, to: &str, previous: &[u8], format: i16) -> Found {
    let mut seal = Seal::after(previous);
    let mut found = Found {
        digest: Vec::new(),
        count: 0,
        erased: 0,
        as_told: true,
    };
    db::rows(
        concat!(
            "select ",
            sealed!(),
            ", digest, case when erased_by is not null or digest is not null then coalesce((
                 select a.changes -> 'erased' -> 1 ->> l.id::text from app.audit_log a where a.id = l.erased_by and a.action = 'redact'), '') end
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
                found.as_told &= told == hex(&now);
                now = kept.unwrap_or_default();
            }
            if format == BY_ROW {
                seal.add(&text);
            } else {
                seal.add_digest(&now);
            }
            found.count += 1;
            Ok(())
        },
    );
    found.digest = seal.finish();
    found
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Recomputes every seal; a row that was changed, removed or slipped in shows as `ok = false`. A row whose
/// values a redaction erased counts with the digest of what it was, and must be as the redaction left it.
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
    TableIterator::new(contained(verdicts))
}

fn verdicts() -> Vec<(i64, bool, Option<String>)> {
    let seals = db::rows(
        "select id, from_xid::text, to_xid::text, row_count, digest, format from app.audit_seals order by id",
        &[],
        sealed,
    );
    let mut previous: Option<Sealed> = None;
    let mut verdicts = Vec::with_capacity(seals.len());
    for seal in seals {
        let (end, before, over) = previous.as_ref().map_or(("0", &[][..], false), |p| {
            (
                p.to.as_str(),
                p.digest.as_slice(),
                p.format != seal.format && seal.from == "0",
            )
        });
        let found = digest(&seal.from, &seal.to, before, seal.format);
        let problem = if seal.from != end && !over {
            Some("a seal before this one is missing".to_owned())
        } else if found.count != seal.count {
            Some(format!(
                "{} rows were sealed, {} are there",
                seal.count, found.count
            ))
        } else if !found.as_told {
            Some("a row was erased by no redaction, or changed after it".to_owned())
        } else if found.digest != seal.digest && !(seal.format == BY_ROW && found.erased > 0) {
            Some("a sealed row or the seal itself was changed".to_owned())
        } else {
            None
        };
        verdicts.push((seal.id, problem.is_none(), problem));
        previous = Some(seal);
    }
    verdicts
}

native!(seal_audit_wrapper, pg_finfo_seal_audit_wrapper, |fcinfo| {
    answer(fcinfo, Some(seal_audit()))
});
