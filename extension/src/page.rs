//! Pages of lists whose SQL is put together from what was asked. A shape of query is prepared once per
//! backend and role, and its rows become JSON here: planning and row_to_json() would cost more than the rows.

use crate::error::{fail, native};
use autocrm_core::json;
use pgrx::pg_sys;
use pgrx::prelude::*;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::{CStr, CString};

/// Shapes kept per backend; a desk uses a few dozen.
const SHAPES: usize = 200;
const NOTHING: pg_sys::Datum = pg_sys::Datum::null();

thread_local! {
    /// By role too: row-level security is part of the plan.
    static PLANS: RefCell<HashMap<(pg_sys::Oid, String), pg_sys::SPIPlanPtr>> = RefCell::default();
}

fn plan(sql: String) -> pg_sys::SPIPlanPtr {
    // SAFETY: a plain read.
    let key = (unsafe { pg_sys::GetUserId() }, sql);
    if let Some(plan) = PLANS.with_borrow(|plans| plans.get(&key).copied()) {
        return plan;
    }
    let Ok(text) = CString::new(key.1.as_str()) else {
        fail("TK422", "A query must not contain a NUL", None, None);
    };
    let mut types = [pg_sys::JSONBOID];
    // SAFETY: connected to SPI; the text and the types outlive the call, the kept plan the transaction.
    let plan = unsafe {
        let plan = pg_sys::SPI_prepare_cursor(
            text.as_ptr(),
            1,
            types.as_mut_ptr(),
            i32::try_from(pg_sys::CURSOR_OPT_GENERIC_PLAN).unwrap_or_default(),
        );
        if plan.is_null() || pg_sys::SPI_keepplan(plan) != 0 {
            fail("TK500", "A query could not be prepared", None, None);
        }
        plan
    };
    let dropped = PLANS.with_borrow_mut(|plans| {
        let old = if plans.len() >= SHAPES {
            std::mem::take(plans)
        } else {
            HashMap::new()
        };
        plans.insert(key, plan);
        old
    });
    for old in dropped.into_values() {
        // SAFETY: kept plans of this backend that nothing refers to any more.
        unsafe { pg_sys::SPI_freeplan(old) };
    }
    plan
}

/// A column of the answer: `requester.name` is the key `name` of an object `requester`.
struct Column {
    group: Option<String>,
    key: String,
    kind: pg_sys::Oid,
}

/// # Safety
/// `descriptor` must be a valid tuple descriptor.
unsafe fn columns(descriptor: pg_sys::TupleDesc) -> Vec<Column> {
    // SAFETY: natts attributes follow the descriptor.
    let attributes = unsafe {
        (*descriptor)
            .attrs
            .as_slice(usize::try_from((*descriptor).natts).unwrap_or_default())
    };
    attributes
        .iter()
        .map(|attribute| {
            // SAFETY: attname is NUL-terminated.
            let name = unsafe { CStr::from_ptr(attribute.attname.data.as_ptr()) }.to_string_lossy();
            let (group, key) = match name.split_once('.') {
                Some((group, key)) => (Some(group.to_owned()), key.to_owned()),
                None => (None, name.into_owned()),
            };
            Column {
                group,
                key,
                kind: attribute.atttypid,
            }
        })
        .collect()
}

/// # Safety
/// `datum` must be a non-null value of type `kind`.
unsafe fn value(out: &mut String, datum: pg_sys::Datum, kind: pg_sys::Oid) {
    use std::fmt::Write;
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

/// One row as an object. Columns of a group stand side by side; one whose first is NULL is null.
///
/// # Safety
/// `values` and `nulls` must be the deformed tuple of these columns.
unsafe fn object(out: &mut String, columns: &[Column], values: &[pg_sys::Datum], nulls: &[bool]) {
    out.push('{');
    let mut open: Option<&str> = None;
    let mut skip: Option<&str> = None;
    let mut first = true;
    for (i, column) in columns.iter().enumerate() {
        let group = column.group.as_deref();
        if open.is_some() && group != open {
            out.push('}');
            open = None;
        }
        if group.is_some() && group == skip {
            continue;
        }
        skip = None;
        if group == open {
            json::key(out, &column.key, first);
            first = false;
        } else if let Some(name) = group {
            json::key(out, name, first);
            first = false;
            if nulls[i] {
                out.push_str("null");
                skip = group;
                continue;
            }
            out.push('{');
            open = group;
            json::key(out, &column.key, true);
        }
        if nulls[i] {
            out.push_str("null");
        } else {
            // SAFETY: not null, of the column's type.
            unsafe { value(out, values[i], column.kind) };
        }
    }
    if open.is_some() {
        out.push('}');
    }
    out.push('}');
}

// `select autocrm.page('select t.id::text, t.id, t.name from app.teams t order by t.id limit 26', '{}', 25, 'id')`
native!(page, pg_finfo_page, |fcinfo| {
    // SAFETY: declared STRICT with text, jsonb, integer and text.
    let (sql, query, size, sort) = unsafe {
        (
            pgrx::fcinfo::pg_getarg::<String>(fcinfo, 0).unwrap_or_default(),
            pgrx::fcinfo::pg_getarg_datum(fcinfo, 1).unwrap_or(NOTHING),
            pgrx::fcinfo::pg_getarg::<i32>(fcinfo, 2).unwrap_or_default(),
            pgrx::fcinfo::pg_getarg::<String>(fcinfo, 3).unwrap_or_default(),
        )
    };
    let size = usize::try_from(size).unwrap_or_default();
    let answer = Spi::connect(|_| {
        let plan = plan(sql);
        let mut query = [query];
        // SAFETY: the plan takes one jsonb; read-only, as the function is STABLE, with the caller's
        // snapshot. The table is SPI's until the connection ends.
        unsafe {
            let done =
                pg_sys::SPI_execute_plan(plan, query.as_mut_ptr(), std::ptr::null(), true, 0);
            if done != i32::try_from(pg_sys::SPI_OK_SELECT).unwrap_or_default() {
                fail("TK500", "A page is read by a SELECT", None, None);
            }
            let found = usize::try_from(pg_sys::SPI_processed).unwrap_or_default();
            let table = &*pg_sys::SPI_tuptable;
            let columns = columns(table.tupdesc);
            let mut values = vec![NOTHING; columns.len()];
            let mut nulls = vec![false; columns.len()];
            let mut out = String::with_capacity(512 * found.min(size) + 64);
            let mut next = None;
            out.push_str("{\"items\":[");
            for i in 0..found.min(size) {
                pg_sys::heap_deform_tuple(
                    *table.vals.add(i),
                    table.tupdesc,
                    values.as_mut_ptr(),
                    nulls.as_mut_ptr(),
                );
                if i > 0 {
                    out.push(',');
                }
                // The first column is what the page is ordered by.
                object(&mut out, &columns[1..], &values[1..], &nulls[1..]);
                if i + 1 == size && found > size {
                    let at = String::from_datum(values[0], nulls[0]);
                    let id = i64::from_datum(values[1], nulls[1]).unwrap_or_default();
                    next = Some(json::cursor(at.as_deref(), id, &sort));
                }
            }
            out.push_str("],\"next\":");
            match next {
                Some(cursor) => json::string(&mut out, &cursor),
                None => out.push_str("null"),
            }
            out.push('}');
            out
        }
    });
    crate::identity::answer(fcinfo, Some(answer))
});
