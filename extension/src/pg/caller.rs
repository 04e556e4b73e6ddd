//! Who calls a native function, for those that take SQL text: functions of schema `api` make it, and nobody else may
//! hand it over, though they run with their caller's rights.
//!
//! Postgres keeps a stack of what is being executed, for the context of errors. The innermost frame must be PL/pgSQL's
//! own, of a function of schema `api`: statements, SQL functions and DO blocks of a caller's have frames of another
//! kind, or none. What can run within such a function without a frame of its own is the check of a domain (a caller
//! may name one in pg_temp like a type that the function casts to), so the text must also come from a variable, which
//! checks do not have.

use crate::pg::error::fail;
use pgrx::pg_sys;
use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};

/// What the dynamic linker tells of an address.
#[repr(C)]
struct Symbol {
    file: *const c_char,
    _base: *mut c_void,
    _name: *const c_char,
    _address: *mut c_void,
}

unsafe extern "C" {
    fn dladdr(address: *const c_void, symbol: *mut Symbol) -> c_int;
}

/// The head of what PL/pgSQL's frame points to.
#[repr(C)]
struct Execution {
    function: *const Function,
}

/// The head of a compiled function of PL/pgSQL.
#[repr(C)]
struct Function {
    /// Since 18: what the cache of functions keeps.
    #[cfg(feature = "pg18")]
    _cached: pg_sys::CachedFunction,
    _signature: *const c_char,
    id: pg_sys::Oid,
}

thread_local! {
    /// PL/pgSQL's callback, once met.
    static PLPGSQL: Cell<usize> = const { Cell::new(0) };
}

/// TK403 unless a function of schema `api` calls with a text of its own in the first argument. Superusers may.
pub fn need_api(fcinfo: pg_sys::FunctionCallInfo) {
    // SAFETY: the fcinfo of the call at hand.
    if unsafe { is_variable(fcinfo) } && by_api() {
        return;
    }
    // SAFETY: a plain read.
    if !unsafe { pg_sys::superuser() } {
        fail(
            "TK403",
            "SQL is not taken from callers",
            None,
            Some("Call the function of schema api that gives this list."),
        );
    }
}

/// Whether the first argument is a variable of who calls.
unsafe fn is_variable(fcinfo: pg_sys::FunctionCallInfo) -> bool {
    // SAFETY: by the caller; each node is looked at as what its tag says.
    unsafe {
        let info = (*fcinfo).flinfo;
        let Some(call) = (!info.is_null()).then(|| (*info).fn_expr) else {
            return false;
        };
        let tag = |node: *mut pg_sys::Node| (!node.is_null()).then(|| (*node).type_);
        if tag(call) != Some(pg_sys::NodeTag::T_FuncExpr) {
            return false;
        }
        let arguments = (*call.cast::<std::ffi::c_void>().cast::<pg_sys::FuncExpr>()).args;
        if arguments.is_null() || (*arguments).length < 1 {
            return false;
        }
        let first = (*(*arguments).elements).ptr_value.cast::<pg_sys::Node>();
        tag(first) == Some(pg_sys::NodeTag::T_Param)
            && (*first.cast::<pg_sys::Param>()).paramkind == pg_sys::ParamKind::PARAM_EXTERN
    }
}

/// Whether the innermost frame is of a PL/pgSQL function of schema `api`.
fn by_api() -> bool {
    // SAFETY: frames live as long as what they stand for; only PL/pgSQL's is looked into, and while a function runs
    // its only frame is that of the execution.
    unsafe {
        let frame = pg_sys::error_context_stack;
        if frame.is_null() {
            return false;
        }
        let Some(callback) = (*frame).callback else {
            return false;
        };
        if !is_plpgsql(callback as *const c_void) || (*frame).arg.is_null() {
            return false;
        }
        let function = (*(*frame).arg.cast::<Execution>()).function;
        !function.is_null()
            && pg_sys::get_func_namespace((*function).id)
                == pg_sys::get_namespace_oid(c"api".as_ptr(), true)
            && (*function).id != pg_sys::InvalidOid
    }
}

fn is_plpgsql(callback: *const c_void) -> bool {
    let address = callback.addr();
    if PLPGSQL.get() == address {
        return true;
    }
    let mut symbol = Symbol {
        file: std::ptr::null(),
        _base: std::ptr::null_mut(),
        _name: std::ptr::null(),
        _address: std::ptr::null_mut(),
    };
    // SAFETY: dladdr writes what it knows; its texts live as long as the library.
    let file = unsafe {
        if dladdr(callback, &raw mut symbol) == 0 || symbol.file.is_null() {
            return false;
        }
        CStr::from_ptr(symbol.file).to_bytes()
    };
    let name = file.rsplit(|byte| *byte == b'/').next();
    let found = name.is_some_and(|name| name.starts_with(b"plpgsql."));
    if found {
        PLPGSQL.set(address);
    }
    found
}
