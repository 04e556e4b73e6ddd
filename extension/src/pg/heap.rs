//! Many rows of a table by their places in it, page by page and without the executor: an index is asked for the places,
//! then each page is looked at once. As the owner: no right and no policy is asked; what is read is what the query at
//! hand sees.

use crate::pg::guard::guard;
use crate::pg::json_member::Unpacked;
use crate::pg::scan::{self, Is, relation};
use crate::pg::{interrupts, tuple};
use pgrx::{FromDatum, pg_sys};
use std::ffi::CStr;

/// Unguarded, so that one guard is set for many calls.
mod raw {
    use pgrx::pg_sys::{
        Buffer, HeapTuple, IndexScanDesc, ItemPointer, Relation, Snapshot, TupleTableSlot,
    };

    unsafe extern "C-unwind" {
        pub fn index_getnext_tid(scan: IndexScanDesc, direction: i32) -> ItemPointer;
        pub fn LockBuffer(buffer: Buffer, mode: i32);
        pub fn heap_hot_search_buffer(
            place: ItemPointer,
            relation: Relation,
            buffer: Buffer,
            snapshot: Snapshot,
            found: HeapTuple,
            all_dead: *mut bool,
            first: bool,
        ) -> bool;
        pub fn ExecStoreBufferHeapTuple(
            tuple: HeapTuple,
            slot: *mut TupleTableSlot,
            buffer: Buffer,
        ) -> *mut TupleTableSlot;
        pub fn slot_getsomeattrs_int(slot: *mut TupleTableSlot, last: i32);
    }
}

const SHARED: pg_sys::LOCKMODE = pg_sys::AccessShareLock.cast_signed();
/// How many places are read under one guard.
const AT_ONCE: usize = 1_000;
/// The most rows that a page of any size holds.
const PER_PAGE: usize = 2_048;

/// A table of schema app, and the row of it at hand.
pub struct Heap {
    relation: pg_sys::Relation,
    slot: *mut pg_sys::TupleTableSlot,
    snapshot: pg_sys::Snapshot,
    /// Places of rows, the page above the number within it.
    places: Vec<u64>,
}

/// A column by its place, from 1, and its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(i16, u32);

impl Heap {
    /// The table as the query at hand sees it.
    pub fn open(name: &CStr) -> Self {
        // SAFETY: closed by drop, or by the end of a transaction that failed; a query is running, whose snapshot is
        // active until it ends.
        unsafe {
            let relation = pg_sys::table_open(relation(name), SHARED);
            Self {
                relation,
                slot: pg_sys::table_slot_create(relation, std::ptr::null_mut()),
                snapshot: pg_sys::GetActiveSnapshot(),
                places: Vec::new(),
            }
        }
    }

    /// The place of a column, which is of this type.
    pub fn column(&self, name: &CStr, kind: Option<pg_sys::Oid>) -> At {
        // SAFETY: the relation is open; a name that it does not have answers 0.
        unsafe {
            let number = pg_sys::get_attnum((*self.relation).rd_id, name.as_ptr());
            usize::try_from(number - 1)
                .ok()
                .map(|at| tuple::attribute((*self.relation).rd_att, at).atttypid)
                .filter(|found| kind.is_none_or(|kind| kind == *found))
                .map(|found| At(number, found.to_u32()))
        }
        .unwrap_or_else(|| tuple::mismatch(&name.to_string_lossy()))
    }

    /// Adds the rows that an index has for these values of its first columns.
    pub fn find(&mut self, index: &CStr, bounds: &[Is]) {
        let mut found = [pg_sys::ItemPointerData::default(); AT_ONCE];
        // SAFETY: as in open(). What runs under the guard owns nothing.
        unsafe {
            let index = pg_sys::index_open(relation(index), SHARED);
            let scan = scan::begin(self.relation, index, self.snapshot, bounds);
            loop {
                interrupts();
                let places = &raw mut found;
                let got = guard(|| {
                    let mut got = 0;
                    while got < AT_ONCE {
                        let place = raw::index_getnext_tid(scan, 1);
                        if place.is_null() {
                            break;
                        }
                        (*places)[got] = *place;
                        got += 1;
                    }
                    got
                });
                self.places.extend(found[..got].iter().map(|place| {
                    let page =
                        u64::from(place.ip_blkid.bi_hi) << 16 | u64::from(place.ip_blkid.bi_lo);
                    page << 16 | u64::from(place.ip_posid)
                }));
                if got < AT_ONCE {
                    break;
                }
            }
            pg_sys::index_endscan(scan);
            pg_sys::index_close(index, pg_sys::NoLock.cast_signed());
        }
    }

    /// Shows each row that was found, once, in the order of their places, with its columns up to the last one read.
    pub fn each(&mut self, last: At, mut show: impl FnMut(&Self)) {
        let mut places = std::mem::take(&mut self.places);
        places.sort_unstable();
        places.dedup();
        let mut rows = vec![pg_sys::HeapTupleData::default(); PER_PAGE].into_boxed_slice();
        for page in places.chunk_by(|a, b| a >> 16 == b >> 16) {
            interrupts();
            let number = u32::try_from(page[0] >> 16).unwrap_or(u32::MAX);
            let table = rows.as_mut_ptr();
            // SAFETY: the page is pinned while its rows are read, and locked while they are looked for; none is
            // removed from it meanwhile. What runs under the guards owns nothing.
            unsafe {
                let buffer = pg_sys::ReadBuffer(self.relation, number);
                let found = guard(|| {
                    let mut found = 0;
                    raw::LockBuffer(buffer, pg_sys::BUFFER_LOCK_SHARE.cast_signed());
                    for place in page {
                        let mut at = pg_sys::ItemPointerData {
                            ip_blkid: pg_sys::BlockIdData {
                                bi_hi: half(number >> 16),
                                bi_lo: half(number),
                            },
                            ip_posid: half(*place),
                        };
                        let row = table.add(found);
                        if raw::heap_hot_search_buffer(
                            &raw mut at,
                            self.relation,
                            buffer,
                            self.snapshot,
                            row,
                            std::ptr::null_mut(),
                            true,
                        ) {
                            found += 1;
                        }
                    }
                    raw::LockBuffer(buffer, pg_sys::BUFFER_LOCK_UNLOCK.cast_signed());
                    found
                });
                for row in &mut rows[..found] {
                    let row: pg_sys::HeapTuple = row;
                    guard(|| {
                        raw::ExecStoreBufferHeapTuple(row, self.slot, buffer);
                        raw::slot_getsomeattrs_int(self.slot, i32::from(last.0));
                    });
                    show(self);
                }
                // The slot keeps a pin of its own until it holds another row.
                pg_sys::ReleaseBuffer(buffer);
            }
        }
    }

    pub fn is_null(&self, column: At) -> bool {
        self.get(column).is_none()
    }

    /// An id, the oid of a word, or a point in time: all are numbers in 64 bits.
    pub fn number(&self, column: At) -> Option<i64> {
        let datum = self.get(column)?;
        i64::try_from(datum.value().cast_signed()).ok()
    }

    pub fn text(&self, column: At) -> Option<String> {
        // SAFETY: a text, as just made sure of.
        unsafe { String::from_datum(self.typed(column, pg_sys::TEXTOID)?, false) }
    }

    /// The ids in a bigint[].
    pub fn ids(&self, column: At) -> Vec<i64> {
        let ids = self.typed(column, pg_sys::INT8ARRAYOID).and_then(|ids| {
            // SAFETY: a bigint[], as just made sure of; the number of its dimensions comes first.
            unsafe {
                let packed = pg_sys::pg_detoast_datum_packed(ids.cast_mut_ptr());
                let dimensions = pgrx::varlena::vardata_any(packed).cast::<[u8; 4]>();
                if i32::from_ne_bytes(dimensions.read()) == 0 {
                    return None;
                }
                Vec::<Option<i64>>::from_datum(ids, false)
            }
        });
        ids.unwrap_or_default().into_iter().flatten().collect()
    }

    pub fn jsonb(&self, column: At) -> Option<Unpacked<'_>> {
        // SAFETY: a jsonb, as just made sure of, of the row at hand, which stays while it is borrowed.
        self.typed(column, pg_sys::JSONBOID)
            .map(|datum| unsafe { Unpacked::of(datum) })
    }

    fn typed(&self, column: At, kind: pg_sys::Oid) -> Option<pg_sys::Datum> {
        if column.1 != kind.to_u32() {
            tuple::mismatch(&format!("column {}", column.0));
        }
        self.get(column)
    }

    /// A value of the row at hand; `None` for NULL.
    fn get(&self, column: At) -> Option<pg_sys::Datum> {
        let at = usize::try_from(column.0 - 1).unwrap_or_default();
        // SAFETY: column() made sure of the number, and each() read the columns up to the last that is asked for.
        unsafe {
            debug_assert!((*self.slot).tts_nvalid >= column.0);
            (!*(*self.slot).tts_isnull.add(at)).then(|| *(*self.slot).tts_values.add(at))
        }
    }
}

/// The lower 16 bits of a number.
fn half(number: impl Into<u64>) -> u16 {
    u16::try_from(number.into() & 0xffff).unwrap_or_default()
}

impl Drop for Heap {
    fn drop(&mut self) {
        // What failed is cleared up by the end of its (sub)transaction.
        if !std::thread::panicking() {
            // SAFETY: opened by open(), and closed once. The lock on the table stays, as executors keep it.
            unsafe {
                pg_sys::ExecDropSingleTupleTableSlot(self.slot);
                pg_sys::table_close(self.relation, pg_sys::NoLock.cast_signed());
            }
        }
    }
}
