//! The relation fields of tickets.

use crate::pg::db;
use std::collections::HashMap;

/// The custom fields of tickets that point to records: key and id. Those out of use too, whose values stay.
pub fn load() -> HashMap<String, i64> {
    db::rows(
        "select key, id from app.custom_fields where type = 'relation' and config ->> 'target' like 'object:%'",
        &[],
        |row| {
            Ok((
                row.get::<String>(1)?.unwrap_or_default(),
                row.get::<i64>(2)?.unwrap_or_default(),
            ))
        },
    )
    .into_iter()
    .collect()
}
