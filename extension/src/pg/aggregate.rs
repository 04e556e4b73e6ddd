//! States of aggregates: Rust values that live as long as the memory of their group.

use crate::pg::call::Argument;
use crate::pg::error::fail;
use pgrx::{PgMemoryContexts, pg_sys};
use std::any::Any;

/// A state as Postgres passes it along.
pub struct State(pg_sys::Datum);

impl Argument for State {
    const TYPE: pg_sys::Oid = pg_sys::INTERNALOID;

    unsafe fn read(datum: pg_sys::Datum, _: usize) -> Self {
        Self(datum)
    }
}

/// The memory of the group that is being aggregated.
fn memory(fcinfo: pg_sys::FunctionCallInfo) -> pg_sys::MemoryContext {
    let mut memory = std::ptr::null_mut();
    // SAFETY: the call's own fcinfo.
    if unsafe { pg_sys::AggCheckCallContext(fcinfo, &raw mut memory) } == 0 {
        fail(
            "TK422",
            "This is a part of an aggregate, and nothing by itself",
            None,
            Some("Call the aggregate."),
        );
    }
    memory
}

/// Changes the state of this group, which begins as its default, and answers it for the next call.
pub fn change<T: Any + Default>(
    fcinfo: pg_sys::FunctionCallInfo,
    state: Option<State>,
    change: impl FnOnce(&mut T),
) -> pg_sys::Datum {
    let memory = memory(fcinfo);
    let datum = state.map_or_else(
        || {
            let fresh: Box<dyn Any> = Box::new(T::default());
            // Dropped with the memory of the group.
            pg_sys::Datum::from(PgMemoryContexts::For(memory).leak_and_drop_on_delete(fresh))
        },
        |state| state.0,
    );
    // SAFETY: made above, in this call or an earlier one of this group.
    change(unsafe { value(datum) });
    // SAFETY: the call's own fcinfo.
    unsafe { (*fcinfo).isnull = false };
    datum
}

/// What the state of this group has come to; `None` when it saw no value.
pub fn result<T: Any, R>(
    fcinfo: pg_sys::FunctionCallInfo,
    state: Option<State>,
    result: impl FnOnce(&T) -> R,
) -> Option<R> {
    memory(fcinfo);
    // SAFETY: made by change().
    state.map(|state| result(unsafe { value::<T>(state.0) }))
}

/// # Safety
/// `datum` is a state made by `change`, whose group still lives.
unsafe fn value<'a, T: Any>(datum: pg_sys::Datum) -> &'a mut T {
    // SAFETY: by the caller.
    let state = unsafe { &mut *datum.cast_mut_ptr::<Box<dyn Any>>() };
    state
        .downcast_mut()
        .unwrap_or_else(|| pgrx::error!("the state of another aggregate"))
}
