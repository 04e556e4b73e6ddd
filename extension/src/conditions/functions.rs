//! SQL functions: a condition as a predicate, the statuses it may hold in, and whether it holds for a ticket.

use crate::conditions::check::{HINT, checked};
use crate::conditions::desk::Desk;
use crate::conditions::stored::Stored;
use crate::config::config;
use crate::pg::call::{answer, args};
use crate::pg::error::{native, refuse};
use autocrm_core::conditions::{Field, Value};
use serde_json::Value as Json;
use std::borrow::Cow;

// `select autocrm.condition_sql('{"field": "status", "op": "is", "value": "open"}')`
native!(condition_sql, pg_finfo_condition_sql, |fcinfo| {
    let (json,): (Json,) = args(fcinfo);
    let config = config();
    let sql = checked(&json)
        .to_sql(&Desk(&config))
        .unwrap_or_else(|problems| {
            refuse(
                "The condition cannot be asked of a list of tickets",
                &problems,
                HINT,
            )
        });
    answer(fcinfo, Some(sql))
});

// `select autocrm.condition_statuses('{"field": "status", "op": "is", "value": "open"}')  -- {2}`
native!(condition_statuses, pg_finfo_condition_statuses, |fcinfo| {
    let (json,): (Json,) = args(fcinfo);
    let config = config();
    let condition = checked(&json);
    let desk = Desk(&config);
    let possible: Vec<i64> = config
        .statuses
        .iter()
        .filter(|status| {
            let value = Value::Text(Cow::Borrowed(&status.key));
            condition.decided_by(&Field::Status, &value, &desk) != Some(false)
        })
        .map(|status| status.id)
        .collect();
    answer(fcinfo, Some(possible))
});

// `select autocrm.holds(7, '{"field": "status", "op": "is", "value": "open"}')`
native!(holds, pg_finfo_holds, |fcinfo| {
    let (id, json): (i64, Json) = args(fcinfo);
    let config = config();
    let condition = checked(&json);
    let ticket = Stored::visible(&config, id);
    answer(fcinfo, Some(condition.holds(&ticket)))
});
