//! The log of events as its readers go through it. Transactions are numbered as the cluster numbers them plus an
//! offset, which is 0 until the desk is restored into another cluster: what is written there comes after all that
//! was written before. A reader's position is a snapshot in these numbers; see `autocrm_core::feed`.

use crate::pg::cached::{Kept, Of};
use crate::pg::call::{answer, args};
use crate::pg::error::{fail, native, refuse};
use crate::pg::snapshot::{self, Packed, Xid};
use crate::pg::{cluster, db, scan, transaction};
use autocrm_core::feed::{self, Cursor, Snapshot, Unreadable};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use pgrx::prelude::*;
use std::ffi::CStr;

/// What the log knows of the clusters that it was restored to.
const LOG: &CStr = c"event_log";

thread_local! {
    static OFFSET: Kept<u64> = const { Kept::new(Of::EventLog) };
}

const DAY: i64 = 86_400_000_000;
/// What one page may hold.
const MOST: i64 = 1000;

/// The offset that is added to the cluster's transaction ids.
fn offset() -> u64 {
    // Not migrated yet: nothing was ever restored.
    if scan::find(LOG).is_none() {
        return 0;
    }
    *OFFSET.with(|kept| kept.get(read_offset))
}

fn read_offset() -> u64 {
    let found = db::rows(
        "select system_identifier, xid_offset from app.event_log",
        &[],
        |row| Ok((row.get::<i64>(1)?, row.get::<i64>(2)?)),
    );
    found
        .into_iter()
        .find(|(known, _)| known.map(i64::cast_unsigned) == Some(cluster::system()))
        .and_then(|(_, offset)| u64::try_from(offset?).ok())
        .unwrap_or_else(|| {
            fail(
                "TK500",
                "This desk was restored from another cluster, and its log does not know yet how to go on",
                None,
                Some("Run: autocrm migrate"),
            )
        })
}

/// The snapshot of the current statement, in the log's numbers.
fn now() -> Snapshot {
    let offset = offset();
    let snapshot = snapshot::current();
    let snapshot = match transaction::id_if_any() {
        Some(own) => snapshot.without(own),
        None => snapshot,
    };
    snapshot.shifted(offset)
}

/// Identifies this log, as distinct from another cluster's, another database's and one that was restored.
fn log() -> u64 {
    let events = scan::find(c"events").unwrap_or(pg_sys::InvalidOid);
    feed::log([
        cluster::system(),
        cluster::timeline().into(),
        cluster::database().to_u32().into(),
        events.to_u32().into(),
    ])
}

struct Row {
    id: u64,
    xid: u64,
    at: i64,
}

fn row(row: &spi::SpiHeapTupleData<'_>) -> Result<Row, spi::Error> {
    let number = |value: Option<i64>| value.and_then(|v| v.try_into().ok()).unwrap_or_default();
    Ok(Row {
        id: number(row.get(1)?),
        xid: number(row.get(2)?),
        at: row
            .get::<TimestampWithTimeZone>(3)?
            .map(pg_sys::TimestampTz::from)
            .unwrap_or_default(),
    })
}

/// The next events, in the order of their ids. That order keeps each ticket's: who writes to a ticket holds its row,
/// and a number of a transaction may be older than that of the one it waited for.
fn events(cursor: &Cursor, within: &Snapshot, most: i64) -> Vec<Row> {
    let upto = Packed(within).into();
    if let Some(place) = &cursor.place {
        let after = i64::try_from(place.id).unwrap_or(i64::MAX);
        return db::rows(
            "select id, xid::text::bigint, at from app.events
              where id > $1 and pg_visible_in_snapshot(xid, $2) and not pg_visible_in_snapshot(xid, $3)
              order by id limit $4",
            &[after.into(), upto, Packed(&cursor.seen).into(), most.into()],
            row,
        );
    }
    let (from, to) = (Xid(cursor.seen.xmax()).into(), Xid(within.xmax()).into());
    let late = cursor.seen.ended_in(within);
    // Added to, the id's own index is of no use: it would be read from the beginning of the log.
    if late.is_empty() {
        return db::rows(
            "select id, xid::text::bigint, at from app.events
              where xid >= $1 and xid < $2 and pg_visible_in_snapshot(xid, $3) order by id + 0 limit $4",
            &[from, to, upto, most.into()],
            row,
        );
    }
    let late: Vec<String> = late.iter().map(u64::to_string).collect();
    db::rows(
        "select id, xid, at from (
           select id, xid::text::bigint as xid, at from app.events where xid = any ($5::text::xid8[])
            union all
           select id, xid::text::bigint, at from app.events where xid >= $1 and xid < $2 and pg_visible_in_snapshot(xid, $3)) e
          order by id limit $4",
        &[
            from,
            to,
            upto,
            most.into(),
            format!("{{{}}}", late.join(",")).into(),
        ],
        row,
    )
}

fn resync() -> ! {
    fail(
        "TK410",
        "This cursor's place in the log is gone: the desk was restored, moved or upgraded since",
        None,
        Some("Read anew what you show, then go on from the cursor that this gives without one."),
    )
}

fn parse(text: &str) -> Cursor {
    match Cursor::parse(text) {
        Ok(cursor) => cursor,
        Err(Unreadable::Outdated) => resync(),
        Err(Unreadable::Malformed) => refuse(
            "These events cannot be read",
            &[Problem::new(
                "after",
                "is not a cursor that this feed gave out",
            )],
            "Send the cursor of the last answer as it came.",
        ),
    }
}

/// The snapshot up to which to read; `None` when this standby has not replayed it yet.
fn window(cursor: &Cursor, now: Snapshot) -> Option<Snapshot> {
    if cluster::in_recovery() {
        // What runs on the primary is not known here one by one, but everything below the oldest of it has ended.
        let horizon = now.xmin();
        return match &cursor.place {
            Some(place) => (place.within.xmax() <= horizon).then(|| place.within.clone()),
            None => Some(cursor.seen.and_below(horizon)),
        };
    }
    let within = match &cursor.place {
        Some(place) if now.covers(&place.within) => place.within.clone(),
        Some(_) => resync(),
        None => now,
    };
    if !within.covers(&cursor.seen) {
        resync();
    }
    Some(within)
}

struct Page {
    events: Vec<Row>,
    prefix: String,
    next: String,
}

fn page(text: Option<&str>, most: i64) -> Page {
    let (log, now) = (log(), now());
    let start = |next: String| Page {
        events: Vec::new(),
        prefix: String::new(),
        next,
    };
    let Some(text) = text else {
        let seen = if cluster::in_recovery() {
            now.up_to_horizon()
        } else {
            now
        };
        return start(
            Cursor {
                log,
                seen,
                place: None,
            }
            .to_string(),
        );
    };
    let cursor = parse(text);
    if cursor.log != log {
        resync();
    }
    let Some(within) = window(&cursor, now) else {
        return start(text.to_owned());
    };
    let most = most.clamp(1, MOST);
    let mut events = events(&cursor, &within, most + 1);
    let prefix = Cursor::prefix(log, &cursor.seen, &within);
    let next = if i64::try_from(events.len()).unwrap_or(i64::MAX) > most {
        events.pop();
        let last = events.last().map_or((0, 0), |last| (last.xid, last.id));
        format!("{prefix}.{}.{}", last.0, last.1)
    } else {
        Cursor {
            log,
            seen: within,
            place: None,
        }
        .to_string()
    };
    Page {
        events,
        prefix,
        next,
    }
}

/// This transaction's number in the log.
pub fn own_xid() -> Xid {
    Xid(transaction::id().saturating_add(offset()))
}

// `select autocrm.log_xid()  -- 812`
native!(log_xid, pg_finfo_log_xid, |fcinfo| answer(
    fcinfo,
    Some(own_xid())
));

// `select autocrm.log_snapshot()  -- 810:812:810`
native!(log_snapshot, pg_finfo_log_snapshot, |fcinfo| answer(
    fcinfo,
    Some(Packed(&now()))
));

// `select autocrm.feed_page(null, 200)  -- {{},0,0,"",AQ…}`
native!(feed_page, pg_finfo_feed_page, |fcinfo| {
    let (cursor, most): (Option<String>, Option<i32>) = args(fcinfo);
    let page = page(cursor.as_deref(), most.map_or(MOST, i64::from));
    let ids: Vec<String> = page.events.iter().map(|e| e.id.to_string()).collect();
    let day = |at: i64| (at + autocrm_core::POSTGRES_EPOCH).div_euclid(DAY) * (DAY / 1_000_000);
    let first = page.events.iter().map(|e| e.at).min().unwrap_or_default();
    let last = page.events.iter().map(|e| e.at).max().unwrap_or_default();
    answer(
        fcinfo,
        Some(vec![
            format!("{{{}}}", ids.join(",")),
            // To the day: enough to find the partitions, and it reveals no more of events that the reader may not see.
            day(first).to_string(),
            (day(last) + DAY / 1_000_000).to_string(),
            page.prefix,
            page.next,
        ]),
    )
});
