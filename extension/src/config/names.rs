//! The names that rules and views use, for `sql/app/names/`, which indexes them and replaces them after a rename.

use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::json::Held;
use autocrm_core::names::{Kind, names_in, rename_in};
use serde_json::{Map, Value, json};

fn row(json: Value) -> Map<String, Value> {
    match json {
        Value::Object(row) => row,
        _ => Map::new(),
    }
}

// `select autocrm.names_in('{"actions": [{"set": "team", "value": "Billing"}]}')`
native!(names_in_wrapper, pg_finfo_names_in_wrapper, |fcinfo| {
    let (Held(json),): (Held,) = args(fcinfo);
    let row = row(json);
    let names = names_in(&row)
        .into_iter()
        .map(|n| json!({"kind": n.kind.as_str(), "name": n.name, "sets": n.sets}))
        .collect();
    answer(fcinfo, Some(pgrx::JsonB(Value::Array(names))))
});

// `select autocrm.rename_in('{"actions": [{"add_tags": ["vip"]}]}', 'tag', 'vip', 'gold')`
native!(rename_in_wrapper, pg_finfo_rename_in_wrapper, |fcinfo| {
    let (json, kind, from, to): (Value, String, String, String) = args(fcinfo);
    let mut row = row(json);
    if let Some(kind) = Kind::parse(&kind) {
        rename_in(&mut row, kind, &from, &to);
    }
    answer(fcinfo, Some(pgrx::JsonB(Value::Object(row))))
});

// `select autocrm.names_by_now('team', 'billing')  -- 3`
native!(names_by_now, pg_finfo_names_by_now, |fcinfo| {
    let (kind, name): (String, String) = args(fcinfo);
    let found = db::rows_by_now(
        "select count(*) from app.names n where n.kind = $1 and n.name = lower($2)",
        &[kind.as_str().into(), name.as_str().into()],
        |row| row.get::<i64>(1),
    );
    answer(fcinfo, found.into_iter().next().flatten())
});
