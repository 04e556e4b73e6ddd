//! The audit log: one row a write, old → new of the columns that changed, written by whoever owns the
//! tables and by nobody else, then sealed into a chain.

use crate::db;
use crate::identity::actor;
use crate::row::Row;
use crate::trigger::{Event, Trigger, done, trigger};
use autocrm_core::chain::Seal;
use pgrx::pg_sys;
use pgrx::prelude::*;
use serde_json::{Map, Value, json};

const SECRET: &[&str] = &["argon2", "hash", "refresh_hash", "previous_hash", "claims"];
/// They change with every write and say nothing of their own.
const BOOKKEEPING: &[&str] = &["version", "created_at", "updated_at"];

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
            Some(row) if SECRET.contains(&name) && !row.is_null(i) => json!("[redacted]"),
            Some(row) => row.json_at(i),
            None => Value::Null,
        };
        let (was, is) = (side(old), side(new));
        // A long value written again is stored elsewhere and yet the same. Of a secret only the bytes tell.
        if was != is || SECRET.contains(&name) {
            changes.insert(name.to_owned(), json!([was, is]));
        }
    }
    changes
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

/// Seals the rows of all transactions that have ended since the last seal; answers how many.
///
/// `select autocrm.seal_audit()`
#[pg_extern(volatile, parallel_unsafe)]
fn seal_audit() -> i64 {
    // One sealer at a time: the chain has one end.
    db::run(
        "select pg_advisory_xact_lock(hashtext('autocrm.seal_audit'))",
        &[],
    );
    let last = db::rows(
        "select to_xid::text, digest from app.audit_seals order by id desc limit 1",
        &[],
        |row| {
            Ok((
                row.get::<String>(1)?.unwrap_or_default(),
                row.get::<Vec<u8>>(2)?.unwrap_or_default(),
            ))
        },
    );
    let (from, previous) = last
        .into_iter()
        .next()
        .unwrap_or_else(|| ("0".into(), Vec::new()));
    let to = db::rows(
        "select pg_snapshot_xmin(pg_current_snapshot())::text",
        &[],
        |row| row.get::<String>(1),
    );
    let Some(to) = to.into_iter().flatten().next() else {
        return 0;
    };
    let (digest, count) = digest(&from, &to, &previous);
    if count > 0 {
        db::run(
            "insert into app.audit_seals (from_xid, to_xid, row_count, digest)
             values ($1::xid8, $2::xid8, $3, $4)",
            &[
                from.as_str().into(),
                to.as_str().into(),
                count.into(),
                digest.into(),
            ],
        );
    }
    count
}

fn digest(from: &str, to: &str, previous: &[u8]) -> (Vec<u8>, i64) {
    let mut seal = Seal::after(previous);
    let mut count = 0;
    // The text form of a time depends on the session's zone: seconds do not.
    db::rows(
        "select jsonb_build_array(id, xid::text, extract(epoch from at), actor_id, api_key_id,
                                  session_user_name, action, table_name, row_key, changes)::text
           from app.audit_log
          where xid >= $1::xid8 and xid < $2::xid8
          order by xid, id",
        &[from.into(), to.into()],
        |row| {
            seal.add(&row.get::<String>(1)?.unwrap_or_default());
            count += 1;
            Ok(())
        },
    );
    (seal.finish(), count)
}

/// Recomputes every seal; a row that was changed, removed or slipped in shows as `ok = false`.
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
    let seals = db::rows(
        "select id, from_xid::text, to_xid::text, row_count, digest from app.audit_seals order by id",
        &[],
        |row| {
            Ok((
                row.get::<i64>(1)?.unwrap_or_default(),
                row.get::<String>(2)?.unwrap_or_default(),
                row.get::<String>(3)?.unwrap_or_default(),
                row.get::<i64>(4)?.unwrap_or_default(),
                row.get::<Vec<u8>>(5)?.unwrap_or_default(),
            ))
        },
    );
    let mut previous = Vec::new();
    let mut end = "0".to_owned();
    let mut verdicts = Vec::with_capacity(seals.len());
    for (id, from, to, count, stored) in seals {
        let (digest, found) = digest(&from, &to, &previous);
        let problem = if from != end {
            Some("a seal before this one is missing".to_owned())
        } else if found != count {
            Some(format!("{count} rows were sealed, {found} are there"))
        } else if digest != stored {
            Some("a sealed row or the seal itself was changed".to_owned())
        } else {
            None
        };
        verdicts.push((id, problem.is_none(), problem));
        previous = stored;
        end = to;
    }
    TableIterator::new(verdicts)
}
