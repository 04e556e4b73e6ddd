//! What answers show for the ids of the desk's configuration, so that a list joins none of its tables.

use crate::pg::db;
use std::collections::HashMap;

/// By id, inactive ones too: tickets keep them.
#[derive(Debug)]
pub struct Shown {
    /// Keys.
    pub priorities: HashMap<i64, String>,
    /// Names and colours.
    pub teams: HashMap<i64, (String, String)>,
}

pub fn load() -> Shown {
    Shown {
        priorities: db::rows("select id, key from app.priorities", &[], |row| {
            Ok((
                row.get(1)?.unwrap_or_default(),
                row.get(2)?.unwrap_or_default(),
            ))
        })
        .into_iter()
        .collect(),
        teams: db::rows("select id, name, color from app.teams", &[], |row| {
            Ok((
                row.get(1)?.unwrap_or_default(),
                (
                    row.get(2)?.unwrap_or_default(),
                    row.get(3)?.unwrap_or_default(),
                ),
            ))
        })
        .into_iter()
        .collect(),
    }
}
