//! Errors as their reader meets them: SQLSTATE `TK` + HTTP status, DETAIL with every problem, HINT.

use autocrm_core::problem::{Problem, lines};
use pgrx::pg_sys;
use pgrx::prelude::*;
use std::ffi::CString;

/// Raises an ERROR with a SQLSTATE of our own; pgrx's list of codes is closed.
pub fn fail(code: &str, message: &str, detail: Option<&str>, hint: Option<&str>) -> ! {
    // SAFETY: every pointer is palloc'd or static, and ThrowErrorData copies what it is given before it
    // leaves; pgrx turns the longjmp into an unwind.
    unsafe {
        let mut data: pg_sys::ErrorData = std::mem::zeroed();
        data.elevel = PgLogLevel::ERROR as i32;
        data.sqlerrcode = sqlstate(code);
        data.message = text(message);
        data.detail = detail.map_or(std::ptr::null_mut(), |t| text(t));
        data.hint = hint.map_or(std::ptr::null_mut(), |t| text(t));
        data.filename = c"autocrm".as_ptr();
        data.funcname = c"fail".as_ptr();
        data.assoc_context = pg_sys::CurrentMemoryContext;
        pg_sys::ThrowErrorData(&raw mut data);
    }
    unreachable!("ThrowErrorData does not return for an ERROR")
}

/// Refuses a write for everything that is wrong with it.
pub fn refuse(message: &str, problems: &[Problem], hint: &str) -> ! {
    fail("TK422", message, Some(&lines(problems)), Some(hint))
}

fn text(value: &str) -> *mut std::ffi::c_char {
    let c = CString::new(value.replace('\0', " ")).unwrap_or_default();
    // SAFETY: pstrdup copies into the current memory context.
    unsafe { pg_sys::pstrdup(c.as_ptr()) }
}

/// Five characters, six bits each, as MAKE_SQLSTATE packs them.
fn sqlstate(code: &str) -> i32 {
    code.bytes()
        .take(5)
        .enumerate()
        .fold(0, |acc, (i, byte)| acc + ((i32::from(byte.wrapping_sub(b'0')) & 0x3F) << (6 * i)))
}

/// `select autocrm.fail('TK404', 'There is no ticket 7')`
#[pg_extern(name = "fail", volatile, parallel_unsafe)]
fn raise(code: &str, message: &str, detail: Option<&str>, hint: Option<&str>) {
    let valid = code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    fail(if valid { code } else { "TK500" }, message, detail, hint)
}
