//! The transaction of this backend: its numbers, its depth, its beginning.

use pgrx::pg_sys;

/// Marks the transaction, so that what is cached for one is never believed in the next.
pub fn number() -> u32 {
    // SAFETY: MyProc is set in every backend that runs SQL.
    #[cfg(any(feature = "pg15", feature = "pg16"))]
    let transaction = unsafe { (*pg_sys::MyProc).lxid };
    // SAFETY: as above; 17 moved it.
    #[cfg(not(any(feature = "pg15", feature = "pg16")))]
    let transaction = unsafe { (*pg_sys::MyProc).vxid.lxid };
    transaction
}

/// The subtransaction that runs; no later one of this transaction has its number.
pub fn sub() -> pg_sys::SubTransactionId {
    // SAFETY: a plain read of the transaction's state.
    unsafe { pg_sys::GetCurrentSubTransactionId() }
}

/// This transaction and subtransaction of the backend: no later one has the same numbers.
pub fn moment() -> (u32, pg_sys::SubTransactionId) {
    (number(), sub())
}

/// Whether one is open: outside of it nothing can be looked up.
pub fn is_open() -> bool {
    // SAFETY: a plain read.
    unsafe { pg_sys::IsTransactionState() }
}

/// How many savepoints are open, plus one.
pub fn depth() -> i32 {
    // SAFETY: a plain read.
    unsafe { pg_sys::GetCurrentTransactionNestLevel() }
}

/// When it began, as Postgres keeps a timestamptz.
pub fn began() -> pg_sys::TimestampTz {
    // SAFETY: a plain read.
    unsafe { pg_sys::GetCurrentTransactionStartTimestamp() }
}

/// Its id in the cluster, which it takes now if it has none.
pub fn id() -> u64 {
    // SAFETY: a transaction is open wherever native code runs.
    unsafe { pg_sys::GetTopFullTransactionId() }.value
}

/// Its id in the cluster, if it has one.
pub fn id_if_any() -> Option<u64> {
    // SAFETY: a plain read; 0 when this transaction has none.
    let id = unsafe { pg_sys::GetTopFullTransactionIdIfAny() }.value;
    (id != 0).then_some(id)
}
