//! What rows name, for `sql/app/names.sql`, which keeps the index and writes new names.

use crate::error::native;
use crate::identity::answer;
use autocrm_core::names::{Kind, names_in, rename_in};
use serde_json::{Map, Value, json};

fn row(json: Option<pgrx::JsonB>) -> Map<String, Value> {
    match json.map(|json| json.0) {
        Some(Value::Object(row)) => row,
        _ => Map::new(),
    }
}

// `select autocrm.names_in('{"actions": [{"set": "team", "value": "Billing"}]}')`
native!(names_in_wrapper, pg_finfo_names_in_wrapper, |fcinfo| {
    // SAFETY: declared STRICT with jsonb.
    let row = row(unsafe { pgrx::fcinfo::pg_getarg::<pgrx::JsonB>(fcinfo, 0) });
    let names = names_in(&row)
        .into_iter()
        .map(|n| json!({"kind": n.kind.as_str(), "name": n.name, "sets": n.sets}))
        .collect();
    answer(fcinfo, Some(pgrx::JsonB(Value::Array(names))))
});

// `select autocrm.rename_in('{"actions": [{"add_tags": ["vip"]}]}', 'tag', 'vip', 'gold')`
native!(rename_in_wrapper, pg_finfo_rename_in_wrapper, |fcinfo| {
    // SAFETY: declared STRICT with jsonb and three texts.
    let (mut row, [kind, from, to]) = unsafe {
        (
            row(pgrx::fcinfo::pg_getarg::<pgrx::JsonB>(fcinfo, 0)),
            [1, 2, 3].map(|i| pgrx::fcinfo::pg_getarg::<String>(fcinfo, i).unwrap_or_default()),
        )
    };
    if let Some(kind) = Kind::parse(&kind) {
        rename_in(&mut row, kind, &from, &to);
    }
    answer(fcinfo, Some(pgrx::JsonB(Value::Object(row))))
});
