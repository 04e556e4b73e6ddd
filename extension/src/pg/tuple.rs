//! Columns of a tuple descriptor, wherever this release of Postgres keeps them.

use pgrx::{IntoDatum, pg_sys};
use std::ffi::CStr;

/// How many columns a row has, dropped ones included.
///
/// # Safety
/// The descriptor is valid.
pub unsafe fn count(descriptor: pg_sys::TupleDesc) -> usize {
    // SAFETY: by the caller.
    usize::try_from(unsafe { (*descriptor).natts }).unwrap_or_default()
}

/// The column at this position, from 0.
///
/// # Safety
/// The descriptor is valid for `'a`, and the position below its count.
pub unsafe fn attribute<'a>(
    descriptor: pg_sys::TupleDesc,
    place: usize,
) -> &'a pg_sys::FormData_pg_attribute {
    // SAFETY: by the caller; the columns follow the descriptor.
    #[cfg(not(feature = "pg18"))]
    unsafe {
        &*(*descriptor).attrs.as_ptr().add(place)
    }
    // SAFETY: by the caller; since 18 the columns stand behind their compact forms.
    #[cfg(feature = "pg18")]
    unsafe {
        let all: *const pg_sys::FormData_pg_attribute = (*descriptor)
            .compact_attrs
            .as_ptr()
            .add(count(descriptor))
            .cast();
        &*all.add(place)
    }
}

pub fn name(attribute: &pg_sys::FormData_pg_attribute) -> &str {
    // SAFETY: attname is NUL-terminated.
    unsafe { CStr::from_ptr(attribute.attname.data.as_ptr()) }
        .to_str()
        .unwrap_or_default()
}

/// Refuses to read a value as what it is not: the memory that it points to would be anybody's.
pub fn mismatch(column: &str) -> ! {
    crate::pg::error::fail(
        "TK500",
        "The database is not up to date",
        Some(&format!("{column}: is of another type")),
        Some("Run: autocrm migrate"),
    )
}

/// The name of an open table; a partition has its own.
///
/// # Safety
/// The relation is open.
pub unsafe fn table(relation: pg_sys::Relation) -> String {
    // SAFETY: by the caller; names end with NUL.
    unsafe { CStr::from_ptr((*(*relation).rd_rel).relname.data.as_ptr()) }
        .to_string_lossy()
        .into_owned()
}

/// A value that is a datum already, for arguments whose type is given beside it.
pub struct Raw(pub pg_sys::Datum);

impl IntoDatum for Raw {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        Some(self.0)
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::InvalidOid
    }
}
