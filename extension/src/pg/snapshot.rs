//! Snapshots of Postgres (`pg_snapshot`) and ids of transactions (`xid8`), as values of the log of events.

use autocrm_core::feed::Snapshot;
use pgrx::prelude::*;
use pgrx::{IntoDatum, pg_sys};

/// The snapshot of the current statement, in the cluster's numbers.
pub fn current() -> Snapshot {
    // SAFETY: asks for no argument; the answer is a palloc'd pg_snapshot.
    unsafe { unpack(pg_sys::pg_current_snapshot(std::ptr::null_mut())) }
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

/// A snapshot as an argument or an answer.
pub struct Packed<'a>(pub &'a Snapshot);

impl IntoDatum for Packed<'_> {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        let numbers: Vec<u64> = [self.0.xmin(), self.0.xmax()]
            .into_iter()
            .chain(self.0.running().iter().copied())
            .collect();
        let size = 8 + 8 * numbers.len();
        // SAFETY: palloc'd with room for all that is written.
        let start = unsafe {
            let start: *mut u8 = pg_sys::palloc(size).cast();
            pgrx::set_varsize_4b(start.cast(), i32::try_from(size).unwrap_or(i32::MAX));
            let count = u32::try_from(self.0.running().len()).unwrap_or(u32::MAX);
            start.add(4).cast::<[u8; 4]>().write(count.to_ne_bytes());
            for (place, number) in numbers.iter().enumerate() {
                let to = start.add(8 + 8 * place).cast::<[u8; 8]>();
                to.write(number.to_ne_bytes());
            }
            start
        };
        Some(pg_sys::Datum::from(start))
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::PG_SNAPSHOTOID
    }
}

/// The id of a transaction as an argument or an answer.
#[derive(Debug, Clone, Copy)]
pub struct Xid(pub u64);

impl IntoDatum for Xid {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        Some(pg_sys::Datum::from(self.0))
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::XID8OID
    }
}
