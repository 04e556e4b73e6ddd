//! Rows appended to the partitioned tables of history without planner and executor: every ticket leaves six of them.
//! As the owner: no right and no policy is asked, no trigger fires and no default is filled in, so whoever appends does
//! what these would have done.

use crate::pg::db::AsOwner;
use crate::pg::partition;
use crate::pg::row::Row;
use crate::pg::scan::relation;
use pgrx::prelude::*;
use pgrx::{IntoDatum, pg_sys};
use std::ffi::CStr;

const WRITING: pg_sys::LOCKMODE = pg_sys::RowExclusiveLock.cast_signed();

/// A row that is being made.
pub struct NewRow {
    parent: pg_sys::Relation,
    partition: pg_sys::Relation,
    row: Row,
}

impl NewRow {
    /// A row without values for the partition of this point in time.
    pub fn of(table: &CStr, at: TimestampWithTimeZone) -> Self {
        let parent = relation(table);
        // SAFETY: what is opened here is closed by close(), or by the end of a transaction that failed; a descriptor
        // lives as long as its relation is open.
        unsafe {
            let parent = pg_sys::table_open(parent, WRITING);
            let Some(partition) = partition::of(parent, at.into()) else {
                error!("a table of history has no partition for {at}");
            };
            let partition = pg_sys::table_open(partition, WRITING);
            Self {
                parent,
                partition,
                row: Row::without_values((*partition).rd_att),
            }
        }
    }

    /// The next id of this sequence.
    pub fn give_id(&mut self, sequence: &CStr) {
        let sequence = relation(sequence);
        let _owner = AsOwner::enter();
        // SAFETY: nextval(regclass) of a sequence that is there, as its owner.
        let id = unsafe {
            pg_sys::OidFunctionCall1Coll(
                pg_sys::Oid::from(pg_sys::F_NEXTVAL),
                pg_sys::InvalidOid,
                pg_sys::Datum::from(sequence),
            )
        };
        self.row.set("id", i64::try_from(id.value()).ok());
    }

    /// Whether an operator added triggers, which only a statement fires.
    pub fn has_triggers_of_others(&self) -> bool {
        // SAFETY: the partition is open.
        unsafe { partition::has_triggers_of_others(self.partition) }
    }

    pub fn set<T: IntoDatum>(&mut self, column: &str, value: Option<T>) {
        self.row.set(column, value);
    }

    /// From the text form of the column's type.
    pub fn set_text(&mut self, column: &str, value: &str) {
        self.row.set_text(column, value);
    }

    pub fn row(&self) -> &Row {
        &self.row
    }

    pub fn id(&self) -> i64 {
        self.row.get("id").unwrap_or_default()
    }

    /// Writes the row and its index entries.
    pub fn append(self) {
        self.row.expect_complete();
        let tuple = self.row.tuple_of_values();
        // SAFETY: a tuple of the partition's own descriptor; its indexes are plain ones, as those of a catalog are.
        unsafe { pg_sys::CatalogTupleInsert(self.partition, tuple) };
        self.close();
    }

    /// Leaves the tables; their locks stay until the transaction ends, as executors keep them.
    pub fn close(self) {
        // SAFETY: opened by of(), and closed once.
        unsafe {
            pg_sys::table_close(self.partition, pg_sys::NoLock.cast_signed());
            pg_sys::table_close(self.parent, pg_sys::NoLock.cast_signed());
        }
    }
}
