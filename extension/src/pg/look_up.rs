//! Numbers of one row by its id, as the query at hand sees the table, without planner and executor. As the owner: no right
//! and no policy is asked.

use crate::pg::scan::{self, Is, relation};
use pgrx::{FromDatum, pg_sys};
use std::ffi::CStr;

const SHARED: pg_sys::LOCKMODE = pg_sys::AccessShareLock.cast_signed();

/// Reads bigint columns, or points in time as the numbers that they are, of the first row that a unique index has for
/// this id.
pub fn look_up<const N: usize>(
    table: &CStr,
    index: &CStr,
    columns: [&CStr; N],
    id: i64,
) -> Option<[Option<i64>; N]> {
    let mut found = None;
    // SAFETY: relations of schema app, opened and closed here (by the end of the transaction after an error); the
    // slot belongs to the table, the snapshot is the query's own and stays active for the call.
    unsafe {
        let heap = pg_sys::table_open(relation(table), SHARED);
        let index = pg_sys::index_open(relation(index), SHARED);
        let slot = pg_sys::table_slot_create(heap, std::ptr::null_mut());
        let scan = scan::begin(heap, index, pg_sys::GetActiveSnapshot(), &[Is(1, id)]);
        if pg_sys::index_getnext_slot(scan, pg_sys::ScanDirection::ForwardScanDirection, slot) {
            found = Some(columns.map(|name| {
                let number = pg_sys::get_attnum((*heap).rd_id, name.as_ptr());
                let at = usize::try_from(number).ok()?.checked_sub(1)?;
                if (*slot).tts_nvalid < number {
                    pg_sys::slot_getsomeattrs_int(slot, i32::from(number));
                }
                i64::from_datum(*(*slot).tts_values.add(at), *(*slot).tts_isnull.add(at))
            }));
        }
        pg_sys::index_endscan(scan);
        pg_sys::ExecDropSingleTupleTableSlot(slot);
        pg_sys::index_close(index, SHARED);
        pg_sys::table_close(heap, SHARED);
    }
    found
}
