//! Pages of lists whose SQL is put together from what was asked. A shape of query is prepared once per
//! backend and role, and its rows become JSON here: planning and row_to_json() would cost more than the rows.
//! The SQL comes from functions of schema `api` and from nobody else.

use crate::lists::object;
use crate::pg::answer::Answer;
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

// `select autocrm.item('select t.id, t.name from app.teams t where t.id = ($1 ->> ''id'')::bigint', '{"id": 1}')`
native!(item, pg_finfo_item, |fcinfo| {
    caller::need_api(fcinfo);
    let (sql, query): (String, Jsonb) = args(fcinfo);
    let item = shape(sql).plan.read(&query, |found| {
        (found.count() > 0).then(|| {
            let columns = object::columns(&found.columns(), 0);
            let (mut row, mut out) = (found.rows(), String::with_capacity(2048));
            row.read(0);
            object::write(&mut out, &columns, &row);
            out
        })
    });
    answer(fcinfo, item)
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
    let columns = object::columns(&columns, 1);
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
            object::write(&mut out, &columns, &row);
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
