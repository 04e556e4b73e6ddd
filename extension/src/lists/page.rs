//! Pages of lists whose SQL is put together from what was asked. A shape of query is prepared once per
//! backend and role, and its rows become JSON here: planning and row_to_json() would cost more than the rows.
//! The SQL comes from functions of schema `api` and from nobody else.

use crate::pg::call::{Jsonb, args};
use crate::pg::error::{fail, native};
use crate::pg::{caller, interrupts, sys as pg_sys, tuple};
use autocrm_core::json;
use pgrx::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::{CStr, CString};
use std::rc::Rc;

/// Shapes kept per backend; a desk uses a few dozen.
const SHAPES: usize = 200;
const NOTHING: pg_sys::Datum = pg_sys::Datum::null();

/// A kept plan. Whoever executes it holds it, so that it is freed only when nobody does.
struct Plan {
    kept: pg_sys::SPIPlanPtr,
    used: Cell<u64>,
}

impl Drop for Plan {
    fn drop(&mut self) {
        // SAFETY: a kept plan of this backend that nothing refers to any more.
        unsafe { pg_sys::SPI_freeplan(self.kept) };
    }
}

#[derive(Default)]
struct Plans {
    /// By role too: row-level security is part of the plan.
    by_shape: HashMap<(pg_sys::Oid, String), Rc<Plan>>,
    uses: u64,
}

impl Plans {
    fn find(&mut self, key: &(pg_sys::Oid, String)) -> Option<Rc<Plan>> {
        self.uses += 1;
        let plan = self.by_shape.get(key)?;
        plan.used.set(self.uses);
        Some(Rc::clone(plan))
    }

    /// Keeps a plan instead of the one that was not used for longest.
    fn keep(&mut self, key: (pg_sys::Oid, String), plan: Rc<Plan>) -> Option<Rc<Plan>> {
        let full = self.by_shape.len() >= SHAPES;
        let oldest = full
            .then(|| self.by_shape.iter().min_by_key(|(_, plan)| plan.used.get()))
            .flatten()
            .map(|(key, _)| key.clone());
        plan.used.set(self.uses);
        let dropped = oldest.and_then(|key| self.by_shape.remove(&key));
        self.by_shape.insert(key, plan).or(dropped)
    }
}

thread_local! {
    /// Left to the backend's end: freeing plans while it exits would gain nothing.
    static PLANS: RefCell<std::mem::ManuallyDrop<Plans>> = RefCell::default();
}

fn plan(sql: String) -> Rc<Plan> {
    // SAFETY: a plain read.
    let key = (unsafe { pg_sys::GetUserId() }, sql);
    if let Some(plan) = PLANS.with_borrow_mut(|plans| plans.find(&key)) {
        return plan;
    }
    let Ok(text) = CString::new(key.1.as_str()) else {
        fail("TK422", "A query must not contain a NUL", None, None);
    };
    let mut types = [pg_sys::JSONBOID];
    // SAFETY: connected to SPI; the text and the types outlive the call, the kept plan the transaction.
    let kept = unsafe {
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
    let plan = Rc::new(Plan {
        kept,
        used: Cell::default(),
    });
    // Dropped when the table of plans is free again.
    let _dropped = PLANS.with_borrow_mut(|plans| plans.keep(key, Rc::clone(&plan)));
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
    // SAFETY: by the caller; positions below the count.
    let attributes =
        unsafe { (0..tuple::count(descriptor)).map(|place| tuple::attribute(descriptor, place)) };
    attributes
        .map(|attribute| {
            let name = tuple::name(attribute);
            let (group, key) = match name.split_once('.') {
                Some((group, key)) => (Some(group.to_owned()), key.to_owned()),
                None => (None, name.to_owned()),
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
    caller::need_api(fcinfo);
    let (sql, query, size, sort): (String, Jsonb, i32, String) = args(fcinfo);
    let size = usize::try_from(size).unwrap_or_default();
    let answer = Spi::connect(|_| {
        let plan = plan(sql);
        let mut query = [query.0];
        // SAFETY: the plan takes one jsonb; read-only, as the function is STABLE, with the caller's
        // snapshot. The table is SPI's until the connection ends.
        unsafe {
            pg_sys::SPI_tuptable = std::ptr::null_mut();
            let done =
                pg_sys::SPI_execute_plan(plan.kept, query.as_mut_ptr(), std::ptr::null(), true, 0);
            let table = pg_sys::SPI_tuptable;
            if done != i32::try_from(pg_sys::SPI_OK_SELECT).unwrap_or_default() || table.is_null() {
                fail("TK500", "A page is read by a SELECT", None, None);
            }
            written(&*table, size, &sort)
        }
    });
    crate::pg::call::answer(fcinfo, Some(answer))
});

/// # Safety
/// `table` is what SPI answered.
unsafe fn written(table: &pg_sys::SPITupleTable, size: usize, sort: &str) -> String {
    // SAFETY: the table has as many rows as it says, all of its descriptor; values are read by their own types.
    unsafe {
        let found = usize::try_from(table.numvals).unwrap_or_default();
        let columns = columns(table.tupdesc);
        let kinds: Vec<pg_sys::Oid> = columns.iter().take(2).map(|column| column.kind).collect();
        // What the page is ordered by, and the id: a cursor is made of them.
        if kinds != [pg_sys::TEXTOID, pg_sys::INT8OID] {
            fail(
                "TK500",
                "The first columns of a page must be text and bigint",
                None,
                None,
            );
        }
        let mut values = vec![NOTHING; columns.len()];
        let mut nulls = vec![false; columns.len()];
        let mut out = String::with_capacity(512 * found.min(size) + 64);
        let mut next = None;
        out.push_str("{\"items\":[");
        for i in 0..found.min(size) {
            interrupts();
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
                next = Some(json::cursor(at.as_deref(), id, sort));
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
}
