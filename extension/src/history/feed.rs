//! The log of events as its readers go through it. Transactions are numbered as the cluster numbers them plus an
//! offset, which is 0 until the desk is restored into another cluster: what is written there comes after all that
//! was written before. A reader's position is a snapshot in these numbers; see `autocrm_core::feed`.

use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::{fail, native, refuse};
use crate::pg::tuple::Raw;
use autocrm_core::feed::{self, Cursor, Snapshot, Unreadable};
use autocrm_core::problem::Problem;
use pgrx::datum::DatumWithOid;
use pgrx::pg_sys;
use pgrx::prelude::*;
use std::cell::Cell;

thread_local! {
    /// The offset, and the table that it was read from.
    static OFFSET: Cell<Option<(u32, u64)>> = const { Cell::new(None) };
}

const DAY: i64 = 86_400_000_000;
/// What one page may hold.
const MOST: i64 = 1000;

pub fn init() {
    // SAFETY: registered once per backend, never unregistered.
    unsafe { pg_sys::CacheRegisterRelcacheCallback(Some(on_invalidation), pg_sys::Datum::from(0)) }
}

#[pg_guard]
unsafe extern "C-unwind" fn on_invalidation(_arg: pg_sys::Datum, relation: pg_sys::Oid) {
    let _ = OFFSET.try_with(|known| {
        let table = known.get().map(|(table, _)| table);
        if relation == pg_sys::InvalidOid || table == Some(relation.to_u32()) {
            known.set(None);
        }
    });
}

fn table(name: &std::ffi::CStr) -> pg_sys::Oid {
    // SAFETY: syscache look-ups by static C strings.
    unsafe {
        let schema = pg_sys::get_namespace_oid(c"app".as_ptr(), true);
        pg_sys::get_relname_relid(name.as_ptr(), schema)
    }
}

fn system() -> u64 {
    // SAFETY: a plain read.
    unsafe { pg_sys::GetSystemIdentifier() }
}

/// The offset that is added to the cluster's transaction ids.
fn offset() -> u64 {
    if let Some((_, offset)) = OFFSET.get() {
        return offset;
    }
    let table = table(c"event_log");
    // Not migrated yet: nothing was ever restored.
    if table == pg_sys::InvalidOid {
        return 0;
    }
    let found = db::rows(
        "select system_identifier, xid_offset from app.event_log",
        &[],
        |row| Ok((row.get::<i64>(1)?, row.get::<i64>(2)?)),
    );
    let Some(offset) = found
        .into_iter()
        .find(|(known, _)| known.map(i64::cast_unsigned) == Some(system()))
        .and_then(|(_, offset)| u64::try_from(offset?).ok())
    else {
        fail(
            "TK500",
            "This desk was restored from another cluster, and its log does not know yet how to go on",
            None,
            Some("Run: autocrm migrate"),
        );
    };
    OFFSET.set(Some((table.to_u32(), offset)));
    offset
}

fn in_recovery() -> bool {
    // SAFETY: a plain read.
    unsafe { pg_sys::RecoveryInProgress() }
}

/// The snapshot of the current statement, in the log's numbers.
fn now() -> Snapshot {
    let offset = offset();
    // SAFETY: asks for no argument; the answer is a palloc'd pg_snapshot.
    let snapshot = unsafe { unpack(pg_sys::pg_current_snapshot(std::ptr::null_mut())) };
    // SAFETY: a plain read; 0 when this transaction has no number.
    let own = unsafe { pg_sys::GetTopFullTransactionIdIfAny() }.value;
    let snapshot = if own == 0 {
        snapshot
    } else {
        snapshot.without(own)
    };
    snapshot.shifted(offset)
}

/// # Safety
/// The datum is a pg_snapshot: length, count, then numbers of 64 bits.
unsafe fn unpack(datum: pg_sys::Datum) -> Snapshot {
    let start: *const u8 = datum.cast_mut_ptr();
    // SAFETY: by the caller.
    let (count, number) = unsafe {
        let count = u32::from_ne_bytes(start.add(4).cast::<[u8; 4]>().read());
        (count as usize, move |place: usize| {
            u64::from_ne_bytes(start.add(8 + 8 * place).cast::<[u8; 8]>().read())
        })
    };
    let running = (2..count + 2).map(number).collect();
    Snapshot::new(number(0), number(1), running)
        .unwrap_or_else(|| error!("a snapshot of another shape"))
}

fn pack(snapshot: &Snapshot) -> pg_sys::Datum {
    let numbers: Vec<u64> = [snapshot.xmin(), snapshot.xmax()]
        .into_iter()
        .chain(snapshot.running().iter().copied())
        .collect();
    let size = 8 + 8 * numbers.len();
    // SAFETY: palloc'd with room for all that is written.
    unsafe {
        let start: *mut u8 = pg_sys::palloc(size).cast();
        pgrx::set_varsize_4b(start.cast(), i32::try_from(size).unwrap_or(i32::MAX));
        let count = u32::try_from(snapshot.running().len()).unwrap_or(u32::MAX);
        start.add(4).cast::<[u8; 4]>().write(count.to_ne_bytes());
        for (place, number) in numbers.iter().enumerate() {
            let to = start.add(8 + 8 * place).cast::<[u8; 8]>();
            to.write(number.to_ne_bytes());
        }
        pg_sys::Datum::from(start)
    }
}

fn xid8(value: u64) -> DatumWithOid<'static> {
    // SAFETY: an xid8 is passed by value.
    unsafe { DatumWithOid::new(Raw(pg_sys::Datum::from(value)), pg_sys::XID8OID) }
}

fn snapshot(value: &Snapshot) -> DatumWithOid<'static> {
    // SAFETY: a palloc'd pg_snapshot, which outlives the statement.
    unsafe { DatumWithOid::new(Raw(pack(value)), pg_sys::PG_SNAPSHOTOID) }
}

/// Identifies this log, as distinct from another cluster's, another database's and one that was restored.
fn log() -> u64 {
    // SAFETY: plain reads; which of the two may be asked depends on whether this is a standby.
    let (timeline, database) = unsafe {
        let mut timeline = 0;
        if in_recovery() {
            pg_sys::GetXLogReplayRecPtr(&raw mut timeline);
        } else {
            timeline = pg_sys::GetWALInsertionTimeLine();
        }
        (timeline, pg_sys::MyDatabaseId)
    };
    feed::log([
        system(),
        timeline.into(),
        database.to_u32().into(),
        table(c"events").to_u32().into(),
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
    let upto = snapshot(within);
    if let Some(place) = &cursor.place {
        let after = i64::try_from(place.id).unwrap_or(i64::MAX);
        return db::rows(
            "select id, xid::text::bigint, at from app.events
              where id > $1 and pg_visible_in_snapshot(xid, $2) and not pg_visible_in_snapshot(xid, $3)
              order by id limit $4",
            &[after.into(), upto, snapshot(&cursor.seen), most.into()],
            row,
        );
    }
    let (from, to) = (xid8(cursor.seen.xmax()), xid8(within.xmax()));
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
    if in_recovery() {
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
        let seen = if in_recovery() {
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

/// This transaction's number in the log, an xid8.
#[derive(Debug, Clone, Copy)]
pub struct Xid(u64);

impl IntoDatum for Xid {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        Some(pg_sys::Datum::from(self.0))
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::XID8OID
    }
}

pub fn own_xid() -> Xid {
    // SAFETY: a transaction is open.
    let own = unsafe { pg_sys::GetTopFullTransactionId() }.value;
    Xid(own.saturating_add(offset()))
}

// `select autocrm.log_xid()  -- 812`
native!(log_xid, pg_finfo_log_xid, |fcinfo| answer(
    fcinfo,
    Some(own_xid())
));

// `select autocrm.log_snapshot()  -- 810:812:810`
native!(log_snapshot, pg_finfo_log_snapshot, |fcinfo| {
    let snapshot = pack(&now());
    // SAFETY: fcinfo is the one Postgres called with.
    unsafe { (*fcinfo).isnull = false };
    snapshot
});

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
