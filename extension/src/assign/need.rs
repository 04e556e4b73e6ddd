//! The need of a ticket without an assignee: teams, strategy, load and skills.

use crate::config::Config;
use crate::config::statuses::Status;
use crate::pg::clock;
use crate::pg::row::Row;
use autocrm_core::assign::{Strategy, Wanted, wanted};
use pgrx::prelude::*;

/// The need of a ticket.
#[derive(Debug)]
pub struct Need {
    /// In the order in which they are tried when they are equal.
    pub teams: Vec<i64>,
    pub strategy: Strategy,
    pub load: i32,
    pub wanted: Wanted,
    /// The agent from whom a person took it away.
    pub not_user: Option<i64>,
}

/// Whether a ticket is open work of its assignee: it is neither done nor in the trash.
pub fn works(config: &Config, row: &Row) -> bool {
    row.get("status_id")
        .and_then(|id| config.status(id))
        .is_some_and(Status::is_work)
        && row.is_absent("deleted_at")
}

/// What this ticket needs; `None` when it has an assignee, is done, has no team, or is assigned by people only.
pub fn need(config: &Config, row: &Row) -> Option<Need> {
    if row.get::<i64>("assignee_id").is_some() || !works(config, row) {
        return None;
    }
    let team = row.get::<i64>("team_id")?;
    let strategy = row
        .get::<String>("balancing")
        .and_then(|name| Strategy::parse(&name))
        .unwrap_or_else(|| config.manner(team).strategy);
    if strategy == Strategy::None {
        return None;
    }
    let sun = Some(row.ids("sun_team_ids"))
        .filter(|teams| strategy == Strategy::FollowTheSun && !teams.is_empty());
    let created = row
        .get::<TimestampWithTimeZone>("created_at")
        .unwrap_or_else(clock::now);
    Some(Need {
        teams: sun.unwrap_or_else(|| vec![team]),
        strategy,
        load: row.get("load").unwrap_or(100),
        wanted: wanted(
            &row.object("required_skills"),
            &row.object("preferred_skills"),
            clock::micros(created),
            clock::micros_now(),
        ),
        not_user: None,
    })
}
