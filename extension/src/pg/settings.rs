//! Checks of the server's own settings, put where each is set: by SET, by set_config(), by the options of a connection.

use super::sys as pg_sys;
use std::ffi::CStr;

/// Has a setting that is an integer checked. Nothing happens when the server has no such setting.
///
/// # Safety
/// Once per process, before anything runs.
pub unsafe fn check_integer(name: &CStr, check: pg_sys::GucIntCheckHook) {
    // SAFETY: by the caller; the record of an integer is a config_int.
    unsafe {
        let found = find(name);
        if !found.is_null() && (*found).vartype == pg_sys::config_type::PGC_INT {
            (*found.cast::<pg_sys::config_int>()).check_hook = check;
        }
    }
}

/// The same for one that is a number with a fraction.
///
/// # Safety
/// Once per process, before anything runs.
pub unsafe fn check_number(name: &CStr, check: pg_sys::GucRealCheckHook) {
    // SAFETY: by the caller; the record of a number is a config_real.
    unsafe {
        let found = find(name);
        if !found.is_null() && (*found).vartype == pg_sys::config_type::PGC_REAL {
            (*found.cast::<pg_sys::config_real>()).check_hook = check;
        }
    }
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
