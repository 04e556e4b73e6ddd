//! The rows that a statement answered, and their values as JSON text: row_to_json() would cost more than the rows.

use crate::pg::tuple;
use autocrm_core::json;
use pgrx::{FromDatum, pg_sys};
use std::ffi::CStr;
use std::fmt::Write;

pub struct Answer<'a>(&'a pg_sys::SPITupleTable);

impl<'a> Answer<'a> {
    /// # Safety
    /// The table is what SPI answered.
    pub(super) unsafe fn new(table: &'a pg_sys::SPITupleTable) -> Self {
        Self(table)
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        usize::try_from(self.0.numvals).unwrap_or_default()
    }

    /// The names of the columns, and their types.
    pub fn columns(&self) -> Vec<(String, pg_sys::Oid)> {
        self.attributes()
            .map(|attribute| (tuple::name(attribute).to_owned(), attribute.atttypid))
            .collect()
    }

    fn attributes(&self) -> impl Iterator<Item = &pg_sys::FormData_pg_attribute> {
        // SAFETY: by new(); positions below the count.
        unsafe {
            (0..tuple::count(self.0.tupdesc)).map(|place| tuple::attribute(self.0.tupdesc, place))
        }
    }

    /// Its rows, one after the other.
    pub fn rows(&self) -> Rows<'_> {
        let kinds: Vec<pg_sys::Oid> = self.attributes().map(|one| one.atttypid).collect();
        Rows {
            values: vec![pg_sys::Datum::null(); kinds.len()],
            nulls: vec![true; kinds.len()],
            kinds,
            answer: self,
        }
    }
}

/// The row of an answer that was read last; at first it is all NULL.
pub struct Rows<'a> {
    answer: &'a Answer<'a>,
    kinds: Vec<pg_sys::Oid>,
    values: Vec<pg_sys::Datum>,
    nulls: Vec<bool>,
}

impl Rows<'_> {
    /// Reads the row at this position, from 0.
    pub fn read(&mut self, at: usize) {
        assert!(at < self.answer.count(), "an answer has no such row");
        // SAFETY: the table has as many rows as it says, all of its descriptor, and so have the vectors columns.
        unsafe {
            pg_sys::heap_deform_tuple(
                *self.answer.0.vals.add(at),
                self.answer.0.tupdesc,
                self.values.as_mut_ptr(),
                self.nulls.as_mut_ptr(),
            );
        }
    }

    pub fn is_null(&self, column: usize) -> bool {
        self.nulls[column]
    }

    /// A column of type text.
    pub fn text(&self, column: usize) -> Option<String> {
        self.typed(column, pg_sys::TEXTOID)
    }

    /// A column of type bigint.
    pub fn bigint(&self, column: usize) -> Option<i64> {
        self.typed(column, pg_sys::INT8OID)
    }

    fn typed<T: FromDatum>(&self, column: usize, kind: pg_sys::Oid) -> Option<T> {
        if self.kinds[column] != kind {
            tuple::mismatch(&format!("column {column}"));
        }
        // SAFETY: of this type, as just made sure of.
        unsafe { T::from_datum(self.values[column], self.nulls[column]) }
    }

    /// Appends a value as JSON.
    pub fn write(&self, column: usize, out: &mut String) {
        if self.nulls[column] {
            out.push_str("null");
            return;
        }
        // SAFETY: not null, of the column's type.
        unsafe { value(out, self.values[column], self.kinds[column]) };
    }
}

/// # Safety
/// `datum` must be a non-null value of type `kind`.
unsafe fn value(out: &mut String, datum: pg_sys::Datum, kind: pg_sys::Oid) {
    // SAFETY: each branch reads the type it names.
    unsafe {
        match kind {
            pg_sys::INT8OID => {
                let _ = write!(out, "{}", i64::from_datum(datum, false).unwrap_or_default());
            }
            pg_sys::INT4OID => {
                let _ = write!(out, "{}", i32::from_datum(datum, false).unwrap_or_default());
            }
            pg_sys::BOOLOID => {
                out.push_str(if bool::from_datum(datum, false).unwrap_or_default() {
                    "true"
                } else {
                    "false"
                });
            }
            pg_sys::TEXTOID | pg_sys::VARCHAROID => {
                json::string(out, <&str>::from_datum(datum, false).unwrap_or_default());
            }
            pg_sys::JSONOID => {
                out.push_str(<&str>::from_datum(datum, false).unwrap_or("null"));
            }
            pg_sys::TIMESTAMPTZOID => {
                json::timestamp(out, i64::from_datum(datum, false).unwrap_or_default());
            }
            pg_sys::TEXTARRAYOID => {
                let items = Vec::<Option<String>>::from_datum(datum, false).unwrap_or_default();
                json::list(
                    out,
                    items.iter().map(|item| item.as_deref().unwrap_or_default()),
                );
            }
            _ => {
                let (mut function, mut varlena) = (pg_sys::InvalidOid, false);
                pg_sys::getTypeOutputInfo(kind, &raw mut function, &raw mut varlena);
                let text = CStr::from_ptr(pg_sys::OidOutputFunctionCall(function, datum));
                let text = text.to_string_lossy();
                if matches!(
                    kind,
                    pg_sys::JSONBOID | pg_sys::NUMERICOID | pg_sys::INT2OID
                ) {
                    out.push_str(&text);
                } else {
                    json::string(out, &text);
                }
            }
        }
    }
}
