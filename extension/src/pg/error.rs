//! Errors as their reader meets them: SQLSTATE `TK` + HTTP status, DETAIL with every problem, HINT.
//!
//! A refusal, an error of Postgres and a defect of ours each unwind as a panic up to the boundary of the native
//! function, and become an ERROR there, where no Rust frame is left to be skipped: a refusal as it was written, an error
//! of Postgres as it was raised, a defect as TK500 whose particulars only the server's log tells.

use crate::pg::guard::Raised;
use autocrm_core::problem::{Problem, lines};
use pgrx::pg_sys;
use pgrx::pg_sys::panic::{CaughtError, ErrorReport, ErrorReportWithLevel};
use std::any::Any;
use std::cell::RefCell;
use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};

struct Refusal {
    code: String,
    message: String,
    detail: Option<String>,
    hint: Option<String>,
}

thread_local! {
    /// Where the last panic began: its payload does not say.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Has every panic tell where it began.
pub fn init() {
    let next = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let place = info.location().map(ToString::to_string);
        let _ = PLACE.try_with(|kept| kept.replace(place.unwrap_or_default()));
        next(info);
    }));
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
    let outcome = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(datum) => return datum,
        Err(payload) => outcome(payload),
    };
    // SAFETY: the frames up to here own nothing any more; the data lies in the memory of errors.
    unsafe {
        match outcome {
            Outcome::Again(data) => rethrow(data),
            Outcome::New(data) => throw_error_data(data),
        }
    }
    unreachable!("an ERROR does not return")
}

/// What ends a native function, as Postgres takes it.
enum Outcome {
    New(*mut pg_sys::ErrorData),
    /// Raised before, with its context.
    Again(*mut pg_sys::ErrorData),
}

fn outcome(payload: Box<dyn Any + Send>) -> Outcome {
    let payload = match payload.downcast::<Raised>() {
        Ok(raised) => return Outcome::Again(raised.into_data()),
        Err(other) => other,
    };
    let payload = match payload.downcast::<Refusal>() {
        Ok(refusal) => {
            let Refusal {
                code,
                message,
                detail,
                hint,
            } = *refusal;
            return Outcome::New(data(
                sqlstate(&code),
                &message,
                detail.as_deref(),
                hint.as_deref(),
                None,
            ));
        }
        Err(other) => other,
    };
    match payload.downcast::<CaughtError>().map(|caught| *caught) {
        // Of a function of Postgres that runs nobody's code: a cancelled statement, a value that is none.
        Ok(CaughtError::PostgresError(report)) => Outcome::New(data(
            report.sql_error_code() as i32,
            report.message(),
            report.detail(),
            report.hint(),
            None,
        )),
        Ok(
            CaughtError::ErrorReport(report)
            | CaughtError::RustPanic {
                ereport: report, ..
            },
        ) => defect(&told(&report)),
        Err(other) => defect(&particulars(other.as_ref())),
    }
}

fn told(report: &ErrorReportWithLevel) -> String {
    format!(
        "{} at {}:{}",
        report.message(),
        report.file(),
        report.line_number()
    )
}

/// What a payload says for the log.
fn particulars(payload: &(dyn Any + Send)) -> String {
    if let Some(report) = payload.downcast_ref::<ErrorReportWithLevel>() {
        return told(report);
    }
    let message = if let Some(report) = payload.downcast_ref::<ErrorReport>() {
        report.message()
    } else if let Some(text) = payload.downcast_ref::<&str>() {
        text
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text
    } else {
        "a panic without words"
    };
    format!("{message} at {}", PLACE.with_borrow(Clone::clone))
}

const DEFECT: &str = "Something went wrong inside the desk";

/// A defect of ours, whose particulars are nobody's business but the operator's.
fn defect(particulars: &str) -> Outcome {
    Outcome::New(data(
        sqlstate("TK500"),
        DEFECT,
        None,
        Some("Nothing was changed. The server's log says what it was; please report it."),
        Some(particulars),
    ))
}

/// The same within a function that pgrx wraps, which knows the SQLSTATEs of Postgres alone.
pub fn contained<T>(call: impl FnOnce() -> T) -> T {
    let payload = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(value) => return value,
        Err(payload) => payload,
    };
    let message = if let Some(raised) = payload.downcast_ref::<Raised>() {
        raised.message()
    } else if let Some(refusal) = payload.downcast_ref::<Refusal>() {
        refusal.message.clone()
    } else if payload.is::<CaughtError>() {
        resume_unwind(payload)
    } else {
        pgrx::log!("{DEFECT}: {}", particulars(payload.as_ref()));
        DEFECT.to_owned()
    };
    let code = payload
        .downcast_ref::<Raised>()
        .map_or(pgrx::PgSqlErrorCode::ERRCODE_INTERNAL_ERROR, |raised| {
            pgrx::PgSqlErrorCode::from(raised.code() as isize)
        });
    drop(payload);
    panic_any(ErrorReport::new(code, message, ""))
}

unsafe extern "C-unwind" {
    /// pgrx's own bindings would turn the error into a panic again.
    #[link_name = "ThrowErrorData"]
    fn throw_error_data(data: *mut pg_sys::ErrorData);
    #[link_name = "ReThrowError"]
    fn rethrow(data: *mut pg_sys::ErrorData) -> !;
}

/// An error in the memory of errors, which is freed when it has been dealt with.
fn data(
    code: i32,
    message: &str,
    detail: Option<&str>,
    hint: Option<&str>,
    log: Option<&str>,
) -> *mut pg_sys::ErrorData {
    // SAFETY: zeroes are an error without fields; every text is palloc'd.
    unsafe {
        let before = pg_sys::MemoryContextSwitchTo(pg_sys::ErrorContext);
        let data = pg_sys::palloc0(size_of::<pg_sys::ErrorData>()).cast::<pg_sys::ErrorData>();
        let optional =
            |value: Option<&str>| value.map_or(std::ptr::null_mut(), |value| text(value));
        (*data).elevel = pgrx::PgLogLevel::ERROR as i32;
        (*data).sqlerrcode = code;
        (*data).message = text(message);
        (*data).detail = optional(detail);
        (*data).detail_log = optional(log);
        (*data).hint = optional(hint);
        (*data).assoc_context = pg_sys::ErrorContext;
        pg_sys::MemoryContextSwitchTo(before);
        data
    }
}

unsafe fn text(value: &str) -> *mut std::ffi::c_char {
    let c = CString::new(value.replace('\0', " ")).unwrap_or_default();
    // SAFETY: pstrdup copies into the current memory context.
    unsafe { pg_sys::pstrdup(c.as_ptr()) }
}

/// Five characters, six bits each, as `MAKE_SQLSTATE` packs them.
pub fn sqlstate(code: &str) -> i32 {
    code.bytes().take(5).enumerate().fold(0, |acc, (i, byte)| {
        acc + ((i32::from(byte.wrapping_sub(b'0')) & 0x3F) << (6 * i))
    })
}

/// An error's, not that of a success or a warning.
pub fn is_sqlstate(code: &str) -> bool {
    code.bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && !["00", "01", "02"]
            .iter()
            .any(|class| code.starts_with(class))
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
            $crate::pg::error::boundary(|| call(fcinfo))
        }
    };
}
pub(crate) use native;
