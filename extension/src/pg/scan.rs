//! Rows in the order of an index, and their locks, without planner and executor: the router reads and locks the
//! books of agents for every ticket, and reads thousands of rows of app.places when a skill is rare. As the owner: no
//! right and no policy is asked; what a scan sees is what is committed now, and what this transaction wrote.

use crate::pg::tuple;
use pgrx::{FromDatum, IntoDatum, pg_sys};
use std::ffi::CStr;

const SHARED: pg_sys::LOCKMODE = pg_sys::AccessShareLock.cast_signed();
const LOCKING: pg_sys::LOCKMODE = pg_sys::RowShareLock.cast_signed();

/// What a bigint column of an index must be, by the column's position in it.
#[derive(Debug, Clone, Copy)]
pub struct Is(pub i16, pub i64);

/// What became of a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Got,
    /// Somebody else has it.
    Taken,
    /// The row is gone.
    Gone,
}

/// A table of schema app and the row of it that was read last.
pub struct Table {
    relation: pg_sys::Relation,
    slot: *mut pg_sys::TupleTableSlot,
    snapshot: pg_sys::Snapshot,
}

/// The position of a column in its table, and its type.
#[derive(Debug, Clone, Copy)]
pub struct Column(i16, pg_sys::Oid);

impl Table {
    pub fn open(name: &CStr) -> Self {
        // SAFETY: look-ups by static C strings; what is opened here is closed by drop, or by the end of a
        // transaction that failed. What this transaction wrote counts, hence the new command.
        unsafe {
            let relation = pg_sys::table_open(relation(name), LOCKING);
            pg_sys::CommandCounterIncrement();
            Self {
                relation,
                slot: pg_sys::table_slot_create(relation, std::ptr::null_mut()),
                snapshot: pg_sys::RegisterSnapshot(pg_sys::GetLatestSnapshot()),
            }
        }
    }

    pub fn column(&self, name: &CStr) -> Column {
        // SAFETY: the relation is open; a name that it does not have answers 0.
        let number = unsafe { pg_sys::get_attnum((*self.relation).rd_id, name.as_ptr()) };
        let Some(at) = usize::try_from(number).ok().and_then(|n| n.checked_sub(1)) else {
            pgrx::error!("a table has no column {}", name.to_string_lossy());
        };
        // SAFETY: the relation is open, and the number one of its columns.
        let kind = unsafe { tuple::attribute((*self.relation).rd_att, at).atttypid };
        Column(number, kind)
    }

    /// A value of the row that was read last.
    pub fn get<T: FromDatum + IntoDatum>(&self, column: Column) -> Option<T> {
        // A point in time is the number of its microseconds, in the same eight bytes.
        let kind = match column.1 {
            pg_sys::TIMESTAMPTZOID if T::is_compatible_with(pg_sys::INT8OID) => pg_sys::INT8OID,
            pg_sys::TIMESTAMPTZARRAYOID if T::is_compatible_with(pg_sys::INT8ARRAYOID) => {
                pg_sys::INT8ARRAYOID
            }
            kind => kind,
        };
        if !T::is_compatible_with(kind) {
            tuple::mismatch(&format!("column {}", column.0));
        }
        let at = usize::try_from(column.0 - 1).ok()?;
        // SAFETY: the slot holds a row of this table, and column() made sure of the number; values are copied.
        unsafe {
            if (*self.slot).tts_nvalid < column.0 {
                pg_sys::slot_getsomeattrs_int(self.slot, i32::from(column.0));
            }
            let null = *(*self.slot).tts_isnull.add(at);
            T::from_datum(*(*self.slot).tts_values.add(at), null)
        }
    }

    /// Locks the row that was read last against other writers until the transaction ends, and reads it anew as it
    /// stands then.
    pub fn lock(&self, wait: bool) -> Lock {
        let wait = if wait {
            pg_sys::LockWaitPolicy::LockWaitBlock
        } else {
            pg_sys::LockWaitPolicy::LockWaitSkip
        };
        let flags = pg_sys::TUPLE_LOCK_FLAG_LOCK_UPDATE_IN_PROGRESS
            | pg_sys::TUPLE_LOCK_FLAG_FIND_LAST_VERSION;
        // SAFETY: the slot holds a row of this table; its address is copied, since the slot is written to.
        let result = unsafe {
            let mut place = (*self.slot).tts_tid;
            let mut failure = pg_sys::TM_FailureData::default();
            let command = pg_sys::GetCurrentCommandId(false);
            (*(*self.relation).rd_tableam).tuple_lock.map(|lock| {
                pg_sys::ffi::pg_guard_ffi_boundary(|| {
                    lock(
                        self.relation,
                        &raw mut place,
                        self.snapshot,
                        self.slot,
                        command,
                        pg_sys::LockTupleMode::LockTupleNoKeyExclusive,
                        wait,
                        u8::try_from(flags).unwrap_or_default(),
                        &raw mut failure,
                    )
                })
            })
        };
        match result {
            Some(pg_sys::TM_Result::TM_Ok) => Lock::Got,
            Some(pg_sys::TM_Result::TM_WouldBlock) => Lock::Taken,
            _ => Lock::Gone,
        }
    }

    /// Begins to read in the order of an index.
    pub fn scan(&self, index: &CStr, bounds: &[Is]) -> Scan<'_> {
        // SAFETY: as in open(); the snapshot stays registered for as long as the table lives.
        let (index, scan) = unsafe {
            let index = pg_sys::index_open(relation(index), SHARED);
            (index, begin(self.relation, index, self.snapshot, bounds))
        };
        Scan {
            table: self,
            index,
            scan,
        }
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        // What failed is cleared up by the end of its (sub)transaction.
        if !std::thread::panicking() {
            // SAFETY: opened by open(), and closed once. The lock on the table stays, as executors keep it.
            unsafe {
                pg_sys::ExecDropSingleTupleTableSlot(self.slot);
                pg_sys::UnregisterSnapshot(self.snapshot);
                pg_sys::table_close(self.relation, pg_sys::NoLock.cast_signed());
            }
        }
    }
}

pub struct Scan<'a> {
    table: &'a Table,
    index: pg_sys::Relation,
    scan: pg_sys::IndexScanDesc,
}

impl Scan<'_> {
    /// Reads the next row into its table.
    pub fn next(&mut self) -> bool {
        // SAFETY: both live as long as the scan.
        unsafe {
            pg_sys::index_getnext_slot(
                self.scan,
                pg_sys::ScanDirection::ForwardScanDirection,
                self.table.slot,
            )
        }
    }
}

impl Drop for Scan<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: opened by Table::scan(), and closed once.
            unsafe {
                pg_sys::index_endscan(self.scan);
                pg_sys::index_close(self.index, pg_sys::NoLock.cast_signed());
            }
        }
    }
}

/// Begins to read an index, as this release of Postgres has it.
///
/// # Safety
/// The relations are open, and the snapshot stays as long as the scan.
pub(super) unsafe fn begin(
    heap: pg_sys::Relation,
    index: pg_sys::Relation,
    snapshot: pg_sys::Snapshot,
    bounds: &[Is],
) -> pg_sys::IndexScanDesc {
    let count = i32::try_from(bounds.len()).unwrap_or_default();
    let mut keys = vec![pg_sys::ScanKeyData::default(); bounds.len()];
    // SAFETY: by the caller; keys are copied, and the function is the comparison that its name says. Nobody counts what
    // the scan does.
    unsafe {
        #[cfg(not(feature = "pg18"))]
        let scan = pg_sys::index_beginscan(heap, index, snapshot, count, 0);
        #[cfg(feature = "pg18")]
        let scan = pg_sys::index_beginscan(heap, index, snapshot, std::ptr::null_mut(), count, 0);
        for (key, Is(column, value)) in keys.iter_mut().zip(bounds) {
            pg_sys::ScanKeyInit(
                key,
                *column,
                u16::try_from(pg_sys::BTEqualStrategyNumber).unwrap_or_default(),
                pg_sys::Oid::from(pg_sys::F_INT8EQ),
                pg_sys::Datum::from(*value),
            );
        }
        pg_sys::index_rescan(scan, keys.as_mut_ptr(), count, std::ptr::null_mut(), 0);
        scan
    }
}

/// A table or an index of schema app, if it is there.
pub fn find(name: &CStr) -> Option<pg_sys::Oid> {
    // SAFETY: look-ups by names that end with NUL.
    let relation = unsafe {
        pg_sys::get_relname_relid(
            name.as_ptr(),
            pg_sys::get_namespace_oid(c"app".as_ptr(), true),
        )
    };
    (relation != pg_sys::InvalidOid).then_some(relation)
}

/// The name of a table of the desk; `None` for those of other schemas.
pub fn name_in_app(table: pg_sys::Oid) -> Option<String> {
    // SAFETY: look-ups in the syscache; the name is a copy, or NULL for a table that is gone.
    unsafe {
        let app = pg_sys::get_namespace_oid(c"app".as_ptr(), true);
        if app == pg_sys::InvalidOid || pg_sys::get_rel_namespace(table) != app {
            return None;
        }
        let name = pg_sys::get_rel_name(table);
        (!name.is_null()).then(|| CStr::from_ptr(name).to_string_lossy().into_owned())
    }
}

/// The same where it must be there.
pub fn relation(name: &CStr) -> pg_sys::Oid {
    find(name).unwrap_or_else(|| {
        crate::pg::error::fail(
            "TK500",
            "The database is not up to date",
            None,
            Some("Run: autocrm migrate"),
        )
    })
}
