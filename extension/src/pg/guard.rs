//! An error that Postgres raises while native code has called it, kept whole: SQLSTATE, every field, and where it was
//! raised. pgrx's own guard knows a closed list of SQLSTATEs and turns every other into an internal error.

use cee_scape::{SigJmpBufFields, call_with_sigsetjmp};
use pgrx::pg_sys;
use std::ffi::{CStr, CString, c_char};
use std::mem::MaybeUninit;
use std::panic::resume_unwind;

/// The texts of an error, in the order of `Raised::texts`.
const TEXTS: usize = 11;
const TABLE: usize = 6;
const COLUMN: usize = 7;
const CONSTRAINT: usize = 9;

/// An error of Postgres on its way through Rust frames.
pub struct Raised {
    data: pg_sys::ErrorData,
    texts: [Option<CString>; TEXTS],
}

/// Where an error keeps its texts.
fn places(data: &mut pg_sys::ErrorData) -> [&mut *mut c_char; TEXTS] {
    [
        &mut data.message,
        &mut data.detail,
        &mut data.detail_log,
        &mut data.hint,
        &mut data.context,
        &mut data.schema_name,
        &mut data.table_name,
        &mut data.column_name,
        &mut data.datatype_name,
        &mut data.constraint_name,
        &mut data.internalquery,
    ]
}

impl Raised {
    /// Takes the error at hand out of Postgres.
    ///
    /// # Safety
    /// An error was just caught, and the current memory context is not that of errors.
    unsafe fn take() -> Self {
        // SAFETY: by the caller; the copy is freed once its texts are Rust's.
        unsafe {
            let copy = pg_sys::CopyErrorData();
            pg_sys::FlushErrorState();
            let mut data = *copy;
            let texts = places(&mut data).map(|place| {
                let text = (!place.is_null()).then(|| CStr::from_ptr(*place).to_owned());
                *place = std::ptr::null_mut();
                text
            });
            data.backtrace = std::ptr::null_mut();
            pg_sys::FreeErrorData(copy);
            Self { data, texts }
        }
    }

    pub fn message(&self) -> String {
        let text = self.texts[0].as_deref().unwrap_or_default();
        text.to_string_lossy().into_owned()
    }

    pub fn code(&self) -> i32 {
        self.data.sqlerrcode
    }

    /// The message as the source has it: in English and without values.
    pub fn message_id(&self) -> &str {
        if self.data.message_id.is_null() {
            return "";
        }
        // SAFETY: a literal of whoever raised the error.
        unsafe { CStr::from_ptr(self.data.message_id) }
            .to_str()
            .unwrap_or_default()
    }

    /// The table, the column and the constraint that the error is about; empty where it names none.
    pub fn about(&self) -> [&str; 3] {
        [TABLE, COLUMN, CONSTRAINT].map(|at| {
            self.texts[at]
                .as_deref()
                .and_then(|text| text.to_str().ok())
                .unwrap_or_default()
        })
    }

    /// The error as Postgres takes it back, in the memory that errors live in.
    pub fn into_data(self) -> *mut pg_sys::ErrorData {
        // SAFETY: what is allocated here is freed when the error has been dealt with.
        unsafe {
            let before = pg_sys::MemoryContextSwitchTo(pg_sys::ErrorContext);
            let data = pg_sys::palloc(size_of::<pg_sys::ErrorData>()).cast::<pg_sys::ErrorData>();
            data.write(self.data);
            for (place, text) in places(&mut *data).into_iter().zip(&self.texts) {
                if let Some(text) = text {
                    *place = pg_sys::pstrdup(text.as_ptr());
                }
            }
            pg_sys::MemoryContextSwitchTo(before);
            data
        }
    }
}

/// Calls into Postgres; its error unwinds as a `Raised`, which the boundary of the native function hands on as it is.
///
/// # Safety
/// The call does nothing but call a function of Postgres; it owns nothing and does not unwind.
pub unsafe fn guard<T>(call: impl FnOnce() -> T) -> T {
    // SAFETY: as pgrx's guard does it: the handler is put back on either way out.
    unsafe {
        let context = pg_sys::CurrentMemoryContext;
        let handler = pg_sys::PG_exception_stack;
        let callbacks = pg_sys::error_context_stack;
        let mut result = MaybeUninit::<T>::uninit();
        let jumped = call_with_sigsetjmp(false, |buffer| {
            pg_sys::PG_exception_stack = std::ptr::from_ref::<SigJmpBufFields>(buffer)
                .cast_mut()
                .cast();
            result.write(call());
            0
        });
        pg_sys::PG_exception_stack = handler;
        pg_sys::error_context_stack = callbacks;
        if jumped == 0 {
            return result.assume_init();
        }
        pg_sys::CurrentMemoryContext = context;
        resume_unwind(Box::new(Raised::take()))
    }
}

// SAFETY: a session is one thread; panics only ask for it because other programs have more.
unsafe impl Send for Raised {}
