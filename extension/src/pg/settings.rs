//! The server's own settings: their values, and checks of what a session sets, wherever it does: by SET, by
//! set_config(), by the options of a connection.

use super::sys as pg_sys;
use crate::pg::error::boundary;
use std::ffi::{CStr, c_int, c_void};

/// The value of a setting as text; `None` where there is no such setting.
pub fn get(name: &CStr) -> Option<String> {
    // SAFETY: a name that ends with NUL; a missing setting gives NULL, and the text is copied at once.
    unsafe {
        let value = pg_sys::GetConfigOption(name.as_ptr(), true, false);
        (!value.is_null()).then(|| CStr::from_ptr(value).to_string_lossy().into_owned())
    }
}

/// Checks a value that a session sets; what the server's files and ALTER ROLE say is the operator's.
pub trait Check {
    type Value: Copy;

    /// Fails when the value is refused.
    fn check(value: Self::Value);
}

/// Has a setting that is an integer checked. Nothing happens when the server has no such setting.
pub fn check_integer<C: Check<Value = c_int>>(name: &CStr) {
    // SAFETY: the record of an integer is a config_int, which lives as long as the process; a backend is one thread.
    unsafe {
        let found = find(name);
        if !found.is_null() && (*found).vartype == pg_sys::config_type::PGC_INT {
            (*found.cast::<pg_sys::config_int>()).check_hook = Some(hook::<C>);
        }
    }
}

/// The same for one that is a number with a fraction.
pub fn check_number<C: Check<Value = f64>>(name: &CStr) {
    // SAFETY: as above; the record of a number is a config_real.
    unsafe {
        let found = find(name);
        if !found.is_null() && (*found).vartype == pg_sys::config_type::PGC_REAL {
            (*found.cast::<pg_sys::config_real>()).check_hook = Some(hook::<C>);
        }
    }
}

/// The same for one that is on or off.
pub fn check_switch<C: Check<Value = bool>>(name: &CStr) {
    // SAFETY: as above; the record of a switch is a config_bool.
    unsafe {
        let found = find(name);
        if !found.is_null() && (*found).vartype == pg_sys::config_type::PGC_BOOL {
            (*found.cast::<pg_sys::config_bool>()).check_hook = Some(hook::<C>);
        }
    }
}

unsafe extern "C-unwind" fn hook<C: Check>(
    new: *mut C::Value,
    _: *mut *mut c_void,
    source: pg_sys::GucSource::Type,
) -> bool {
    use pg_sys::GucSource::{PGC_S_CLIENT, PGC_S_SESSION};
    if [PGC_S_CLIENT, PGC_S_SESSION].contains(&source) {
        // SAFETY: the value that is being set, of the type of its setting.
        let value = unsafe { *new };
        boundary(|| {
            C::check(value);
            pg_sys::Datum::null()
        });
    }
    true
}

#[cfg(feature = "pg15")]
unsafe fn find(name: &CStr) -> *mut pg_sys::config_generic {
    // SAFETY: Postgres keeps as many records as it says, each with a name.
    unsafe {
        let all = pg_sys::get_guc_variables();
        (0..usize::try_from(pg_sys::GetNumConfigOptions()).unwrap_or_default())
            .map(|at| *all.add(at))
            .find(|one| CStr::from_ptr((**one).name) == name)
            .unwrap_or(std::ptr::null_mut())
    }
}

#[cfg(not(feature = "pg15"))]
unsafe fn find(name: &CStr) -> *mut pg_sys::config_generic {
    // SAFETY: a name that ends with NUL; what is not there is told by NULL.
    unsafe { pg_sys::find_option(name.as_ptr(), false, true, 0) }
}
