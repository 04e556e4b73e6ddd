//! What a native function keeps with its call site: for a whole query, however many rows it is asked about.

use crate::pg::call::is_mark;
use pgrx::{PgMemoryContexts, pg_sys};
use std::any::Any;
use std::rc::Rc;

/// The value of this call site, made at its first call. The function keeps nothing else there, and so reads its
/// arguments by `bigint`.
pub fn kept<T: Any>(fcinfo: pg_sys::FunctionCallInfo, make: impl FnOnce() -> T) -> Rc<T> {
    // SAFETY: the call's own fcinfo; fn_extra holds nothing or what is put here, and lives as long as fn_mcxt.
    let kept = unsafe {
        let info = (*fcinfo).flinfo;
        if info.is_null() {
            pgrx::error!("this function is called by SQL only");
        }
        let place = &mut (*info).fn_extra;
        assert!(!is_mark(*place), "arguments are read by bigint here");
        if place.is_null() {
            let fresh: Rc<dyn Any> = Rc::new(make());
            *place = PgMemoryContexts::For((*info).fn_mcxt)
                .leak_and_drop_on_delete(fresh)
                .cast();
        }
        Rc::clone(&*(*place).cast::<Rc<dyn Any>>())
    };
    kept.downcast()
        .unwrap_or_else(|_| pgrx::error!("a call site keeps one kind of value"))
}

/// A bigint argument; `None` for NULL. Whatever the function is declared with is read as the number that it is, so no
/// declaration has to be looked at.
pub fn bigint(fcinfo: pg_sys::FunctionCallInfo, at: usize) -> Option<i64> {
    // SAFETY: the call's own fcinfo.
    unsafe { pgrx::fcinfo::pg_getarg::<i64>(fcinfo, at) }
}
