//! Errors as their reader meets them: SQLSTATE `TK` + HTTP status, DETAIL with every problem, HINT.
//!
//! pgrx knows a closed list of SQLSTATEs, so ours travel as a panic of their own up to the boundary of
//! the native function, and are raised there, where no Rust frame is left to be skipped.

use autocrm_core::problem::{Problem, lines};
use pgrx::pg_sys;
use pgrx::pg_sys::panic::CaughtError;
use std::cell::RefCell;
use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

#[derive(Clone)]
struct Refusal {
    code: String,
    message: String,
    detail: Option<String>,
    hint: Option<String>,
}

thread_local! {
    /// The refusal raised last: an error that comes back through an inner statement has lost its code.
    static RAISED: RefCell<Option<Refusal>> = const { RefCell::new(None) };
}

/// Ends the native function with an ERROR.
pub fn fail(code: &str, message: &str, detail: Option<&str>, hint: Option<&str>) -> ! {
    resume_unwind(Box::new(Refusal {
        code: code.to_owned(),
        message: message.to_owned(),
        detail: detail.map(str::to_owned),
        hint: hint.map(str::to_owned),
    }))
}

/// Refuses a write for everything that is wrong with it.
pub fn refuse(message: &str, problems: &[Problem], hint: &str) -> ! {
    fail("TK422", message, Some(&lines(problems)), Some(hint))
}

/// The outermost Rust frame of a native function.
pub fn boundary(call: impl FnOnce() -> pg_sys::Datum) -> pg_sys::Datum {
    // SAFETY: called by the functions that Postgres calls, and by nothing else.
    let outcome = unsafe {
        pg_sys::panic::pgrx_extern_c_guard(move || match catch_unwind(AssertUnwindSafe(call)) {
            Ok(datum) => Ok(datum),
            Err(payload) => match payload.downcast::<Refusal>() {
                Ok(refusal) => Err(refusal),
                Err(other) => known(&other).map_or_else(|| resume_unwind(other), Err),
            },
        })
    };
    match outcome {
        Ok(datum) => datum,
        Err(refusal) => raise(*refusal),
    }
}

/// The refusal behind an error that an inner statement brought back.
fn known(payload: &Box<dyn std::any::Any + Send>) -> Option<Box<Refusal>> {
    let Some(CaughtError::PostgresError(report)) = payload.downcast_ref::<CaughtError>() else {
        return None;
    };
    RAISED.with_borrow(|raised| {
        raised
            .as_ref()
            .filter(|r| r.message == report.message())
            .cloned()
            .map(Box::new)
    })
}

unsafe extern "C-unwind" {
    /// pgrx's own binding would turn the error into a panic again.
    #[link_name = "ThrowErrorData"]
    fn throw_error_data(data: *mut pg_sys::ErrorData);
}

fn raise(refusal: Refusal) -> ! {
    // SAFETY: every text is palloc'd, ThrowErrorData copies what it needs, and what Rust owned is freed
    // before the jump.
    unsafe {
        let mut data: pg_sys::ErrorData = std::mem::zeroed();
        data.elevel = pgrx::PgLogLevel::ERROR as i32;
        data.sqlerrcode = sqlstate(&refusal.code);
        data.message = text(&refusal.message);
        data.detail = refusal
            .detail
            .as_deref()
            .map_or(std::ptr::null_mut(), |t| text(t));
        data.hint = refusal
            .hint
            .as_deref()
            .map_or(std::ptr::null_mut(), |t| text(t));
        data.assoc_context = pg_sys::CurrentMemoryContext;
        RAISED.set(Some(refusal));
        throw_error_data(&raw mut data);
    }
    unreachable!("ThrowErrorData does not return for an ERROR")
}

unsafe fn text(value: &str) -> *mut std::ffi::c_char {
    let c = CString::new(value.replace('\0', " ")).unwrap_or_default();
    // SAFETY: pstrdup copies into the current memory context.
    unsafe { pg_sys::pstrdup(c.as_ptr()) }
}

/// Five characters, six bits each, as `MAKE_SQLSTATE` packs them.
fn sqlstate(code: &str) -> i32 {
    code.bytes().take(5).enumerate().fold(0, |acc, (i, byte)| {
        acc + ((i32::from(byte.wrapping_sub(b'0')) & 0x3F) << (6 * i))
    })
}

/// `native!(symbol, pg_finfo_symbol, |fcinfo| …)`: a C function of the V1 convention over a closure that
/// answers a Datum, with refusals raised at its boundary.
macro_rules! native {
    ($symbol:ident, $info:ident, $call:expr) => {
        #[doc(hidden)]
        #[unsafe(no_mangle)]
        pub extern "C" fn $info() -> &'static pgrx::pg_sys::Pg_finfo_record {
            static INFO: pgrx::pg_sys::Pg_finfo_record =
                pgrx::pg_sys::Pg_finfo_record { api_version: 1 };
            &INFO
        }

        #[doc(hidden)]
        #[unsafe(no_mangle)]
        pub unsafe extern "C-unwind" fn $symbol(
            fcinfo: pgrx::pg_sys::FunctionCallInfo,
        ) -> pgrx::pg_sys::Datum {
            let call: fn(pgrx::pg_sys::FunctionCallInfo) -> pgrx::pg_sys::Datum = $call;
            $crate::error::boundary(|| call(fcinfo))
        }
    };
}
pub(crate) use native;

// `select autocrm.fail('TK404', 'There is no ticket 7', null, 'Check the id.')`
native!(fail_with, pg_finfo_fail_with, |fcinfo| {
    // SAFETY: declared with four text arguments, any of which may be NULL.
    let text = |i| unsafe { pgrx::fcinfo::pg_getarg::<String>(fcinfo, i) };
    let code = text(0)
        .filter(|code| code.len() == 5)
        .unwrap_or_else(|| "TK500".to_owned());
    fail(
        &code,
        &text(1).unwrap_or_default(),
        text(2).as_deref(),
        text(3).as_deref(),
    )
});
