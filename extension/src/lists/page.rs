//! Pages of lists whose SQL is put together from what was asked. A shape of query is prepared once per
//! backend and role, and its rows become JSON here: planning and row_to_json() would cost more than the rows.
//! The SQL comes from functions of schema `api` and from nobody else.

use crate::pg::answer::{Answer, Rows};
use crate::pg::call::{Jsonb, answer, args};
use crate::pg::error::{fail, native};
use crate::pg::plan::Plan;
use crate::pg::{caller, interrupts, roles};
use autocrm_core::json;
use pgrx::pg_sys;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Shapes kept per backend; a desk uses a few dozen.
const SHAPES: usize = 200;

/// A plan, and when it was used last.
struct Shape {
    plan: Plan,
    used: Cell<u64>,
}

#[derive(Default)]
struct Plans {
    /// By role too: row-level security is part of the plan.
    by_shape: HashMap<(pg_sys::Oid, String), Rc<Shape>>,
    uses: u64,
}

impl Plans {
    fn find(&mut self, key: &(pg_sys::Oid, String)) -> Option<Rc<Shape>> {
        self.uses += 1;
        let shape = self.by_shape.get(key)?;
        shape.used.set(self.uses);
        Some(Rc::clone(shape))
    }

    /// Keeps a plan instead of the one that was not used for longest.
    fn keep(&mut self, key: (pg_sys::Oid, String), shape: Rc<Shape>) -> Option<Rc<Shape>> {
        let full = self.by_shape.len() >= SHAPES;
        let oldest = full
            .then(|| {
                self.by_shape
                    .iter()
                    .min_by_key(|(_, shape)| shape.used.get())
            })
            .flatten()
            .map(|(key, _)| key.clone());
        shape.used.set(self.uses);
        let dropped = oldest.and_then(|key| self.by_shape.remove(&key));
        self.by_shape.insert(key, shape).or(dropped)
    }
}

thread_local! {
    /// Left to the backend's end: freeing plans while it exits would gain nothing.
    static PLANS: RefCell<std::mem::ManuallyDrop<Plans>> = RefCell::default();
}

fn shape(sql: String) -> Rc<Shape> {
    let key = (roles::current(), sql);
    if let Some(shape) = PLANS.with_borrow_mut(|plans| plans.find(&key)) {
        return shape;
    }
    let shape = Rc::new(Shape {
        plan: Plan::new(&key.1),
        used: Cell::default(),
    });
    // Dropped when the table of plans is free again.
    let _dropped = PLANS.with_borrow_mut(|plans| plans.keep(key, Rc::clone(&shape)));
    shape
}

/// A column of the answer: `requester.name` is the key `name` of an object `requester`.
struct Column {
    group: Option<String>,
    key: String,
}

impl Column {
    fn of(name: &str) -> Self {
        let (group, key) = match name.split_once('.') {
            Some((group, key)) => (Some(group.to_owned()), key.to_owned()),
            None => (None, name.to_owned()),
        };
        Self { group, key }
    }
}

/// One row as an object. Columns of a group stand side by side; one whose first is NULL is null. The first column is
/// what the page is ordered by, and no part of it.
fn object(out: &mut String, columns: &[Column], row: &Rows<'_>) {
    out.push('{');
    let mut open: Option<&str> = None;
    let mut skip: Option<&str> = None;
    let mut first = true;
    for (i, column) in columns.iter().enumerate().skip(1) {
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
            if row.is_null(i) {
                out.push_str("null");
                skip = group;
                continue;
            }
            out.push('{');
            open = group;
            json::key(out, &column.key, true);
        }
        row.write(i, out);
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
    let page = shape(sql)
        .plan
        .read(&query, |found| written(found, size, &sort));
    answer(fcinfo, Some(page))
});

// `select autocrm.cursor('created_at', '2026-01-31 09:00:00+00', 7)  -- WyIyMDI2…`
native!(cursor_wrapper, pg_finfo_cursor_wrapper, |fcinfo| {
    let (sort, value, id): (String, Option<String>, i64) = args(fcinfo);
    answer(fcinfo, Some(json::cursor(value.as_deref(), id, &sort)))
});

fn written(found: &Answer<'_>, size: usize, sort: &str) -> String {
    let columns = found.columns();
    let kinds: Vec<pg_sys::Oid> = columns.iter().take(2).map(|(_, kind)| *kind).collect();
    // What the page is ordered by, and the id: a cursor is made of them.
    if kinds != [pg_sys::TEXTOID, pg_sys::INT8OID] {
        fail(
            "TK500",
            "The first columns of a page must be text and bigint",
            None,
            None,
        );
    }
    let whole = matches!(&columns[2..], [(name, pg_sys::JSONOID)] if name == "item");
    let columns: Vec<Column> = columns.iter().map(|(name, _)| Column::of(name)).collect();
    let shown = found.count().min(size);
    let mut row = found.rows();
    let mut out = String::with_capacity(512 * shown + 64);
    let mut next = None;
    out.push_str("{\"items\":[");
    for i in 0..shown {
        interrupts();
        row.read(i);
        if i > 0 {
            out.push(',');
        }
        if whole {
            row.write(2, &mut out);
        } else {
            object(&mut out, &columns, &row);
        }
        if i + 1 == size && found.count() > size {
            let id = row.bigint(1).unwrap_or_default();
            next = Some(json::cursor(row.text(0).as_deref(), id, sort));
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
