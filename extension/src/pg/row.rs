//! One row under a trigger: columns by name, read as Rust values, as text or as JSON, and changed in
//! one go at the end.

use crate::pg::json;
use crate::pg::tuple;
use pgrx::datum::DatumWithOid;
use pgrx::pg_sys;
use pgrx::prelude::*;
use pgrx::{FromDatum, IntoDatum};
use serde_json::{Map, Value};
use std::ffi::{CStr, CString};

unsafe extern "C-unwind" {
    /// Compares the bytes of two values; pgrx does not list it.
    fn datumIsEqual(a: pg_sys::Datum, b: pg_sys::Datum, by_value: bool, length: i32) -> bool;
}

pub struct Row {
    desc: pg_sys::TupleDesc,
    tuple: pg_sys::HeapTuple,
    values: Vec<pg_sys::Datum>,
    nulls: Vec<bool>,
    replaced: Vec<bool>,
    /// Whether it stands in the table already.
    stood: bool,
}

impl Row {
    /// # Safety
    /// `tuple` must be a live tuple of `desc`, and both must outlive the row.
    pub unsafe fn new(desc: pg_sys::TupleDesc, tuple: pg_sys::HeapTuple) -> Self {
        // SAFETY: the caller vouches for both pointers; the vectors are as long as the descriptor says.
        unsafe {
            let n = usize::try_from((*desc).natts).unwrap_or_default();
            let mut row = Self {
                desc,
                tuple,
                values: vec![pg_sys::Datum::from(0); n],
                nulls: vec![true; n],
                replaced: vec![false; n],
                stood: false,
            };
            pg_sys::heap_deform_tuple(tuple, desc, row.values.as_mut_ptr(), row.nulls.as_mut_ptr());
            row
        }
    }

    /// A row to be made, all of it NULL.
    ///
    /// # Safety
    /// `desc` must outlive the row.
    pub unsafe fn without_values(desc: pg_sys::TupleDesc) -> Self {
        // SAFETY: by the caller.
        let n = unsafe { tuple::count(desc) };
        Self {
            desc,
            tuple: std::ptr::null_mut(),
            values: vec![pg_sys::Datum::from(0); n],
            nulls: vec![true; n],
            replaced: vec![false; n],
            stood: false,
        }
    }

    /// The row as it was before the trigger's statement.
    pub fn that_stood(self) -> Self {
        Self {
            stood: true,
            ..self
        }
    }

    fn attribute(&self, i: usize) -> &pg_sys::FormData_pg_attribute {
        // SAFETY: i is below natts wherever this is called, and the descriptor outlives the row.
        unsafe { tuple::attribute(self.desc, i) }
    }

    pub fn columns(&self) -> impl Iterator<Item = (usize, &str)> {
        (0..self.values.len())
            .filter(|i| !self.attribute(*i).attisdropped)
            .map(|i| (i, self.name(i)))
    }

    pub fn name(&self, i: usize) -> &str {
        tuple::name(self.attribute(i))
    }

    fn index(&self, name: &str) -> usize {
        self.columns()
            .find_map(|(i, column)| (column == name).then_some(i))
            .unwrap_or_else(|| error!("the table has no column {name}"))
    }

    pub fn is_null(&self, i: usize) -> bool {
        self.nulls[i]
    }

    pub fn is_absent(&self, name: &str) -> bool {
        self.is_null(self.index(name))
    }

    pub fn get<T: FromDatum + IntoDatum>(&self, name: &str) -> Option<T> {
        let i = self.index(name);
        if !T::is_compatible_with(self.attribute(i).atttypid) {
            tuple::mismatch(name);
        }
        // SAFETY: of the column's own type.
        unsafe { T::from_datum(self.values[i], self.nulls[i]) }
    }

    /// The ids in a list; what is NULL among them is none.
    pub fn ids(&self, name: &str) -> Vec<i64> {
        let i = self.index(name);
        if self.attribute(i).atttypid != pg_sys::INT8ARRAYOID {
            tuple::mismatch(name);
        }
        // SAFETY: a bigint[], as just seen.
        let ids = unsafe { Vec::<Option<i64>>::from_datum(self.values[i], self.nulls[i]) };
        ids.unwrap_or_default().into_iter().flatten().collect()
    }

    /// The ids in a list of one dimension without NULLs; `None` for any other.
    pub fn plain_ids(&self, name: &str) -> Option<Vec<i64>> {
        let text = self.text(name)?;
        // A list may begin elsewhere than at 1, as in `[0:1]={7,8}`.
        let list = text.split_once('=').map_or(text.as_str(), |(_, list)| list);
        let inner = list.strip_prefix('{')?.strip_suffix('}')?;
        if inner.is_empty() {
            return Some(Vec::new());
        }
        inner.split(',').map(|id| id.parse().ok()).collect()
    }

    /// Whether a jsonb column holds an object.
    pub fn is_object(&self, name: &str) -> bool {
        self.text(name).is_some_and(|json| json.starts_with('{'))
    }

    pub fn set<T: IntoDatum>(&mut self, name: &str, value: Option<T>) {
        let i = self.index(name);
        if value.is_some() && !T::is_compatible_with(self.attribute(i).atttypid) {
            tuple::mismatch(name);
        }
        let datum = value.and_then(IntoDatum::into_datum);
        self.nulls[i] = datum.is_none();
        self.values[i] = datum.unwrap_or(pg_sys::Datum::from(0));
        self.replaced[i] = true;
    }

    /// Sets a column from the text form of its type (enums, jsonb).
    pub fn set_text(&mut self, name: &str, value: &str) {
        let i = self.index(name);
        let (kind, modifier) = (self.attribute(i).atttypid, self.attribute(i).atttypmod);
        let text = CString::new(value).unwrap_or_default();
        // SAFETY: the input function of the column's own type; a wrong text raises an error.
        self.values[i] = unsafe {
            let (mut input, mut param) = (pg_sys::InvalidOid, pg_sys::InvalidOid);
            pg_sys::getTypeInputInfo(kind, &raw mut input, &raw mut param);
            pg_sys::OidInputFunctionCall(input, text.as_ptr().cast_mut(), param, modifier)
        };
        self.nulls[i] = false;
        self.replaced[i] = true;
    }

    pub fn text(&self, name: &str) -> Option<String> {
        self.text_at(self.index(name))
    }

    pub fn text_at(&self, i: usize) -> Option<String> {
        if self.nulls[i] {
            return None;
        }
        // SAFETY: the output function of the column's own type gives a palloc'd C string.
        let text = unsafe {
            let (mut output, mut varlena) = (pg_sys::InvalidOid, false);
            pg_sys::getTypeOutputInfo(
                self.attribute(i).atttypid,
                &raw mut output,
                &raw mut varlena,
            );
            CStr::from_ptr(pg_sys::OidOutputFunctionCall(output, self.values[i]))
        };
        Some(text.to_string_lossy().into_owned())
    }

    /// A column as JSON. JSON that the desk does not take is refused, so that no door lets it in; where it stands
    /// already, in a row as it was, its text stands for it, so that it can be told, put right and removed.
    pub fn json_at(&self, i: usize) -> Value {
        if self.attribute(i).atttypid == pg_sys::JSONBOID {
            if self.nulls[i] {
                return Value::Null;
            }
            // SAFETY: a jsonb, by the type of its column.
            return match unsafe { json::read(self.values[i]) } {
                Ok(value) => value,
                Err(_) if self.stood => Value::String(self.text_at(i).unwrap_or_default()),
                Err(problem) => json::refuse(self.name(i), problem),
            };
        }
        let Some(text) = self.text_at(i) else {
            return Value::Null;
        };
        match self.attribute(i).atttypid {
            pg_sys::BOOLOID => Value::Bool(text == "t"),
            pg_sys::INT2OID | pg_sys::INT4OID | pg_sys::INT8OID => {
                text.parse::<i64>().map_or(Value::Null, Value::from)
            }
            pg_sys::INT8ARRAYOID => {
                let inner = text.trim_matches(['{', '}']);
                inner
                    .split(',')
                    .filter_map(|n| n.parse::<i64>().ok())
                    .map(Value::from)
                    .collect()
            }
            _ => Value::String(text),
        }
    }

    /// A jsonb column; `None` for NULL.
    pub fn json(&self, name: &str) -> Option<Value> {
        let i = self.index(name);
        (!self.nulls[i]).then(|| self.json_at(i))
    }

    pub fn object(&self, name: &str) -> Map<String, Value> {
        match self.json_at(self.index(name)) {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    /// Whether a column holds the same bytes in both rows.
    pub fn same(&self, other: &Self, i: usize) -> bool {
        match (self.nulls[i], other.nulls[i]) {
            (true, true) => true,
            (false, false) => {
                let a = self.attribute(i);
                // SAFETY: both datums have the attribute's type.
                unsafe {
                    pg_sys::ffi::pg_guard_ffi_boundary(|| {
                        datumIsEqual(
                            self.values[i],
                            other.values[i],
                            a.attbyval,
                            i32::from(a.attlen),
                        )
                    })
                }
            }
            _ => false,
        }
    }

    pub fn same_column(&self, other: &Self, name: &str) -> bool {
        self.same(other, self.index(name))
    }

    /// Whether no column was left out that Postgres would refuse or fill in.
    pub fn is_complete(&self) -> bool {
        self.columns().all(|(i, _)| {
            let attribute = self.attribute(i);
            !(attribute.attnotnull && self.nulls[i] || attribute.atthasdef && !self.replaced[i])
        })
    }

    /// The columns that were set, as arguments of a statement.
    pub fn given(&self) -> Vec<(&str, DatumWithOid<'_>)> {
        self.columns()
            .filter(|(i, _)| self.replaced[*i])
            .map(|(i, name)| {
                let kind = self.attribute(i).atttypid;
                let value = (!self.nulls[i]).then_some(tuple::Raw(self.values[i]));
                // SAFETY: of the column's own type, and as long-lived as the row.
                (name, unsafe { DatumWithOid::new(value, kind) })
            })
            .collect()
    }

    /// The row as a tuple of its own.
    pub fn tuple_of_values(&self) -> pg_sys::HeapTuple {
        let (mut values, mut nulls) = (self.values.clone(), self.nulls.clone());
        // SAFETY: both vectors are as long as the descriptor says.
        unsafe { pg_sys::heap_form_tuple(self.desc, values.as_mut_ptr(), nulls.as_mut_ptr()) }
    }

    /// The row as a BEFORE trigger hands it back.
    pub fn into_datum(mut self) -> pg_sys::Datum {
        if !self.replaced.contains(&true) {
            return pg_sys::Datum::from(self.tuple);
        }
        // SAFETY: the three vectors are as long as the descriptor says.
        unsafe {
            pg_sys::Datum::from(pg_sys::heap_modify_tuple(
                self.tuple,
                self.desc,
                self.values.as_mut_ptr(),
                self.nulls.as_mut_ptr(),
                self.replaced.as_mut_ptr(),
            ))
        }
    }
}
