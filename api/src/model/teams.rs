//! Teams: members, skills, business hours, coverage and load.

use super::bodies::{ScheduleException, WeeklyHours};
use super::shapes::shapes;
use super::words::Balancing;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

shapes! {
    Member { id: i64, name: String, lead: bool }
    Team {
        id: i64, version: i64, name: String, color: String, description: String,
        /// What it is there for
        focus_areas: Vec<String>, active: bool,
        /// Its business hours; null: always open
        schedule_id: Option<i64>, members: Vec<Member>,
        balancing: Balancing,
        /// At most so many tickets to one agent in fair_minutes
        fair_count: Option<i32>, fair_minutes: Option<i32>, ramp_minutes: Option<i32>, wrap_up_seconds: i32,
        /// Open work of who is away goes back after this long; null is never
        hand_back_minutes: Option<i32>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    TeamNumbers {
        team_id: i64,
        /// Tickets that are neither solved nor closed
        open: i64, unassigned: i64, oldest_open_at: Option<DateTime<Utc>>,
        /// Tickets for which the router looks for somebody
        waiting: i64, oldest_waiting_at: Option<DateTime<Utc>>,
        agents: i64,
        /// Online and on shift
        available_agents: i64,
        /// Slots of its agents in use, for other teams too
        load: f64,
        /// Slots of its agents
        capacity: i64,
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    /// The hours start with the one of this point in time; now by default
    pub from: Option<DateTime<Utc>>,
    /// Only agents with this skill: its id or name
    pub skill: Option<String>,
    /// At this level at least
    #[param(minimum = 1, maximum = 5)]
    pub level: Option<i64>,
}

shapes! {
    CoverageHour {
        from: DateTime<Utc>,
        /// Whether the team is open at any moment of it
        open: bool,
        /// The fewest agents on shift at any moment of it while the team is open
        agents: i64,
    }
    Interval { from: DateTime<Utc>, to: DateTime<Utc> }
    Coverage {
        team_id: i64, from: DateTime<Utc>, to: DateTime<Utc>, hours: Vec<CoverageHour>,
        /// When the team is open and nobody is on shift
        uncovered: Vec<Interval>,
    }
    Skill { id: i64, version: i64, name: String, description: String, created_at: DateTime<Utc>, updated_at: DateTime<Utc> }
    /// Business hours in the wall time of a zone
    Schedule {
        id: i64, version: i64, name: String,
        /// An IANA name such as Europe/Berlin
        time_zone: String,
        #[schema(value_type = Vec<WeeklyHours>)]
        weekly: Vec<Value>,
        /// `["2026-12-25"]`
        holidays: Vec<String>,
        #[schema(value_type = Vec<ScheduleException>)]
        exceptions: Vec<Value>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    ChannelLoads { web: i32, email: i32, api: i32, phone: i32, chat: i32, social: i32, import: i32 }
}
