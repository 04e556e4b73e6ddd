//! The status of a ticket: transitions, and the times of solving and closing.

use crate::config::Config;
use crate::config::statuses::Status;
use crate::pg::clock;
use crate::pg::row::Row;
use crate::pg::scan::{Is, Table};
use autocrm_core::fields::Moment;
use autocrm_core::problem::Problem;
use pgrx::prelude::TimestampWithTimeZone;

/// Checks a change of status against the workflow, and keeps the times of solving and closing.
pub fn transition(
    config: &Config,
    row: &mut Row,
    old: &Row,
    problems: &mut Vec<Problem>,
) -> Moment {
    if row.same_column(old, "status_id") {
        return Moment::Update;
    }
    let by_id = |row: &Row| row.get("status_id").and_then(|id| config.status(id));
    let Some(to) = by_id(row).filter(|to| to.active) else {
        problems.push(Problem::new("status", "is not a status in use"));
        return Moment::Update;
    };
    let Some(from) = by_id(old) else {
        ending(row, None, to);
        return Moment::Update;
    };
    if from.category == "closed" {
        problems.push(Problem::new(
            "status",
            "a closed ticket stays closed; open a new one that refers to it",
        ));
        return Moment::Update;
    }
    // A merged ticket is closed whatever its workflow and fields require: it continues as part of the other one.
    if to.category == "closed" && is_merged(old.get("id").unwrap_or_default()) {
        ending(row, Some(from), to);
        return Moment::Update;
    }
    let team = row.get::<i64>("team_id");
    let allowed: Vec<i64> = config
        .transitions
        .iter()
        .filter(|t| t.from == from.id && (t.team_id.is_none() || t.team_id == team))
        .map(|t| t.to)
        .collect();
    if !allowed.is_empty() && !allowed.contains(&to.id) {
        let names: Vec<&str> = allowed
            .iter()
            .filter_map(|id| Some(config.status(*id)?.key.as_str()))
            .collect();
        problems.push(Problem::new(
            "status",
            format!(
                "{} cannot follow {}; allowed: {}",
                to.key,
                from.key,
                names.join(", ")
            ),
        ));
    }
    ending(row, Some(from), to);
    if to.is_done() && !from.is_done() {
        Moment::Solve
    } else {
        Moment::Update
    }
}

pub fn is_done(config: &Config, row: &Row) -> bool {
    row.get("status_id")
        .and_then(|id| config.status(id))
        .is_some_and(Status::is_done)
}

pub fn is_merged(ticket: i64) -> bool {
    merged_into(ticket).is_some()
}

/// The ticket that this one was merged into.
pub fn merged_into(ticket: i64) -> Option<i64> {
    let links = Table::open(c"ticket_links");
    let other = links.column(c"other_id");
    let found = links
        .scan(c"ticket_links_merged_idx", &[Is(1, ticket)])
        .next();
    found.then(|| links.get(other)).flatten()
}

/// Keeps the times of solving and closing.
pub fn ending(row: &mut Row, from: Option<&Status>, to: &Status) {
    // An imported ticket was solved when it was last changed, not when it was imported.
    let now = row
        .get::<TimestampWithTimeZone>("updated_at")
        .unwrap_or_else(clock::now);
    if to.is_done() {
        if from.is_none_or(|from| !from.is_done())
            && row.get::<TimestampWithTimeZone>("solved_at").is_none()
        {
            row.set("solved_at", Some(now));
        }
        if to.category == "closed" && row.get::<TimestampWithTimeZone>("closed_at").is_none() {
            row.set("closed_at", Some(now));
        }
    } else if from.is_some() {
        row.set("solved_at", None::<TimestampWithTimeZone>);
        row.set("closed_at", None::<TimestampWithTimeZone>);
    }
}
