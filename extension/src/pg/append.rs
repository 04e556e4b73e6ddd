//! Rows appended to the tables of history and of counts without planner and executor: every ticket leaves seven of them.
//! As the owner: no privilege and no policy is checked, no trigger of the desk fires and no default is filled in; the
//! caller does their work. A statement is used instead where an operator has added what needs the executor: triggers,
//! foreign keys, rules, check constraints, columns with defaults, indexes on expressions, partial ones.

use crate::pg::db;
use crate::pg::partition;
use crate::pg::row::Row;
use crate::pg::scan::relation;
use crate::pg::sequence;
use crate::pg::tuple;
use pgrx::prelude::*;
use pgrx::{IntoDatum, pg_sys};
use std::cell::RefCell;
use std::collections::HashMap;
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
            Self::within(parent, partition)
        }
    }

    /// A row without values for a table that is not partitioned.
    pub fn whole(table: &CStr) -> Self {
        let table = relation(table);
        // SAFETY: as of().
        unsafe { Self::within(pg_sys::table_open(table, WRITING), table) }
    }

    /// # Safety
    /// The parent is open for writing, and this is its partition or itself.
    unsafe fn within(parent: pg_sys::Relation, partition: pg_sys::Oid) -> Self {
        // SAFETY: by the caller.
        unsafe {
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
        self.row.set("id", sequence::next_id(sequence));
    }

    /// Whether the table has this column: a library may be newer than the desk.
    pub fn has(&self, column: &str) -> bool {
        self.row.columns().any(|(_, name)| name == column)
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
        if !self.try_append() {
            self.insert();
        }
        self.close();
    }

    /// The same, but writes nothing and answers false where a statement is needed.
    pub fn try_append(&self) -> bool {
        // SAFETY: both relations are open.
        let plain = unsafe {
            partition::takes_plain_rows(self.parent) && partition::takes_plain_rows(self.partition)
        };
        if !plain || !self.row.is_complete() {
            return false;
        }
        let tuple = self.row.tuple_of_values();
        // SAFETY: a tuple of the partition's own descriptor; indexes that are plain, as those of a catalog are.
        unsafe {
            let indexes = pg_sys::CatalogOpenIndexes(self.partition);
            let plain = partition::has_plain_indexes(indexes);
            if plain {
                pg_sys::CatalogTupleInsertWithInfo(self.partition, tuple, indexes);
            }
            pg_sys::CatalogCloseIndexes(indexes);
            plain
        }
    }

    fn insert(&self) {
        // SAFETY: the parent is open.
        let table = unsafe { tuple::table(self.parent) };
        let (columns, values): (Vec<&str>, Vec<_>) = self.row.given().into_iter().unzip();
        let places: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "insert into app.{table} ({}) overriding system value values ({})",
            columns.join(", "),
            places.join(", ")
        );
        db::run(kept(sql), &values);
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

thread_local! {
    static STATEMENTS: RefCell<HashMap<String, &'static str>> = RefCell::default();
}

/// One of the few statements that there are, kept for ever as its plan is.
fn kept(sql: String) -> &'static str {
    STATEMENTS.with_borrow_mut(|known| {
        if let Some(known) = known.get(&sql) {
            return *known;
        }
        let kept: &'static str = Box::leak(sql.clone().into_boxed_str());
        known.insert(sql, kept);
        kept
    })
}
