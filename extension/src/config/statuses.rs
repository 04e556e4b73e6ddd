//! Statuses, the transitions between them, and priorities.

use crate::pg::db;

#[derive(Debug, Clone)]
pub struct Status {
    pub id: i64,
    pub key: String,
    pub category: String,
    /// An inactive status still has tickets, whose category it decides.
    pub active: bool,
}

impl Status {
    /// Whether a ticket in this status counts as open work of its assignee.
    pub fn is_work(&self) -> bool {
        !self.is_done()
    }

    pub fn is_done(&self) -> bool {
        matches!(self.category.as_str(), "solved" | "closed")
    }
}

#[derive(Debug)]
pub struct Priority {
    pub id: i64,
    pub key: String,
    pub weight: i32,
    pub load_percent: i32,
}

#[derive(Debug)]
pub struct Transition {
    pub team_id: Option<i64>,
    pub from: i64,
    pub to: i64,
}

pub fn statuses() -> Vec<Status> {
    db::rows(
        "select id, key, category::text, active from app.statuses order by position, id",
        &[],
        |row| {
            Ok(Status {
                id: row.get(1)?.unwrap_or_default(),
                key: row.get(2)?.unwrap_or_default(),
                category: row.get(3)?.unwrap_or_default(),
                active: row.get(4)?.unwrap_or(false),
            })
        },
    )
}

pub fn priorities() -> Vec<Priority> {
    db::rows(
        "select id, key, weight, load_percent from app.priorities where active order by weight",
        &[],
        |row| {
            Ok(Priority {
                id: row.get(1)?.unwrap_or_default(),
                key: row.get(2)?.unwrap_or_default(),
                weight: row.get(3)?.unwrap_or_default(),
                load_percent: row.get(4)?.unwrap_or(100),
            })
        },
    )
}

pub fn transitions() -> Vec<Transition> {
    db::rows(
        "select team_id, from_status_id, to_status_id from app.status_transitions",
        &[],
        |row| {
            Ok(Transition {
                team_id: row.get(1)?,
                from: row.get(2)?.unwrap_or_default(),
                to: row.get(3)?.unwrap_or_default(),
            })
        },
    )
}
