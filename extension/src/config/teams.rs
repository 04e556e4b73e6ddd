//! How each team assigns its tickets: strategy and terms.

use crate::pg::db;
use autocrm_core::assign::{Strategy, Terms};
use std::collections::HashMap;

/// How a team assigns tickets to its agents.
#[derive(Debug, Default, Clone, Copy)]
pub struct Manner {
    pub strategy: Strategy,
    pub terms: Terms,
}

pub fn manners() -> HashMap<i64, Manner> {
    db::rows(
        "select id, balancing, fair_count, fair_minutes, ramp_minutes, wrap_up_seconds from app.teams",
        &[],
        |row| {
            let count = row
                .get::<i32>(3)?
                .and_then(|count| usize::try_from(count).ok());
            let manner = Manner {
                strategy: row
                    .get::<String>(2)?
                    .and_then(|name| Strategy::parse(&name))
                    .unwrap_or_default(),
                terms: Terms {
                    fair: count.zip(row.get::<i32>(4)?.map(i64::from)),
                    ramp_minutes: row.get::<i32>(5)?.map(i64::from),
                    wrap_up_seconds: row.get::<i32>(6)?.map(i64::from).unwrap_or_default(),
                },
            };
            Ok((row.get::<i64>(1)?.unwrap_or_default(), manner))
        },
    )
    .into_iter()
    .collect()
}
