//! SLA policies in use, in their order.

use crate::pg::clock;
use crate::pg::db;
use crate::pg::json::Held;
use autocrm_core::POSTGRES_EPOCH;
use autocrm_core::conditions::{Condition, stored_conditions};
use autocrm_core::sla::{Goal, parse_goals};
use pgrx::prelude::*;

#[derive(Debug)]
pub struct Policy {
    pub id: i64,
    pub version: i64,
    /// Since when it has been as it is, in microseconds since 1970.
    pub since: i64,
    pub near: Option<i64>,
    pub conditions: Condition,
    pub goals: Vec<Goal>,
}

pub fn policies() -> Vec<Policy> {
    let rows = db::rows(
        "select id, version, updated_at, near_breach_percent, conditions, targets
           from app.sla_policies where enabled order by position, id",
        &[],
        |row| {
            Ok((
                row.get::<i64>(1)?.unwrap_or_default(),
                row.get::<i64>(2)?.unwrap_or_default(),
                row.get::<TimestampWithTimeZone>(3)?
                    .map(clock::micros)
                    .unwrap_or_default()
                    .saturating_add(POSTGRES_EPOCH),
                row.get::<i32>(4)?.map(i64::from),
                row.get::<Held>(5)?.map(|j| j.0).unwrap_or_default(),
                row.get::<Held>(6)?.map(|j| j.0).unwrap_or_default(),
            ))
        },
    );
    rows.into_iter()
        .filter_map(|(id, version, since, near, conditions, targets)| {
            let (Ok(conditions), Ok(goals)) =
                (stored_conditions(&conditions), parse_goals(&targets))
            else {
                // Rows are checked when written, so this is a policy from before a change of the language.
                warning!("SLA policy {id} is left out: it can no longer be read");
                return None;
            };
            Some(Policy {
                id,
                version,
                since,
                near,
                conditions,
                goals,
            })
        })
        .collect()
}
