//! The time: the transaction's start, or the one that a test's superuser has set.

use crate::pg::call::answer;
use crate::pg::error::{fail, native};
use crate::pg::transaction;
use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};
use pgrx::pg_sys;
use pgrx::prelude::*;
use std::ffi::CString;

static NOW: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);

pub fn init() {
    GucRegistry::define_string_guc(
        c"autocrm.now",
        c"The time that the desk believes it is; empty for the real one.",
        c"For tests. Only a superuser may set it.",
        &NOW,
        GucContext::Suset,
        GucFlags::default(),
    );
}

// `select autocrm.now()`
native!(now_wrapper, pg_finfo_now_wrapper, |fcinfo| answer(
    fcinfo,
    Some(now())
));

/// The time that the desk believes it is.
pub fn now() -> TimestampWithTimeZone {
    if let Some(text) = NOW
        .get()
        .and_then(|c| c.into_string().ok())
        .filter(|t| !t.is_empty())
    {
        let Ok(time) = text.parse::<TimestampWithTimeZone>() else {
            fail(
                "TK500",
                "The setting autocrm.now is not a time",
                Some(&text),
                None,
            );
        };
        return time;
    }
    time(transaction::began()).unwrap_or_else(|| error!("the transaction has no start time"))
}

/// Microseconds since 2000, as Postgres keeps a timestamptz.
pub fn micros(at: TimestampWithTimeZone) -> i64 {
    pg_sys::TimestampTz::from(at)
}

pub fn time(micros: i64) -> Option<TimestampWithTimeZone> {
    TimestampWithTimeZone::try_from(micros).ok()
}

pub fn micros_now() -> i64 {
    micros(now())
}

/// The system's own clock in microseconds since 2000, whatever time tests set.
pub fn wall() -> i64 {
    // SAFETY: asks the system's clock.
    unsafe { pg_sys::GetCurrentTimestamp() }
}

/// What is said of a time that is not plausible.
pub const PLAUSIBLE: &str = "must be a time between the years 1 and 9999";

/// Whether a time is finite and within the years that programs can read: reports count with it.
pub fn is_plausible(at: TimestampWithTimeZone) -> bool {
    const SECOND: i64 = 1_000_000;
    (-63_082_281_600 * SECOND..252_455_616_000 * SECOND).contains(&micros(at))
}
