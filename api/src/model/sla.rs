//! SLA policies and the clocks of tickets.

use super::common::Named;
use super::conditions::Condition;
use super::shapes::shapes;
use super::words::{SlaClockState, SlaHours, SlaMetric};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

shapes! {
    SlaTarget {
        metric: SlaMetric,
        /// The key of the priority that it is for; without one it is for all that have no target of their own
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 40)]
        priority: Option<String>,
        #[schema(minimum = 1, maximum = 5_256_000)]
        minutes: i64,
        /// calendar by default
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hours: Option<SlaHours>,
    }
    SlaPolicy {
        id: i64, version: i64, position: i32, name: String, enabled: bool,
        #[schema(value_type = Condition)]
        conditions: Value,
        targets: Vec<SlaTarget>,
        /// Percent of a target after which a breach is near
        near_breach_percent: Option<i32>,
        created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    /// A policy as it was when it was applied.
    AppliedPolicy {
        id: i64, version: i64,
        /// Its name today; null once it is removed
        name: Option<String>,
    }
    SlaSpan { from: DateTime<Utc>, to: DateTime<Utc> }
    /// A metric of a ticket in one cycle.
    SlaClock {
        metric: SlaMetric,
        /// Counts the cycles, from 1
        instance: i32,
        policy: Option<AppliedPolicy>,
        target_seconds: Option<i64>,
        /// Whose hours count; null: those of the calendar
        schedule: Option<Named>,
        state: SlaClockState,
        started_at: DateTime<Utc>,
        /// The intervals in which it ran, but for the one that lasts
        ran: Vec<SlaSpan>,
        running_since: Option<DateTime<Utc>>,
        /// What `ran` comes to in the hours that count
        elapsed_seconds: i64,
        /// When a breach is near, and when the target runs out; null while it is paused
        near_at: Option<DateTime<Utc>>, due_at: Option<DateTime<Utc>>,
        /// When a breach was near
        warned_at: Option<DateTime<Utc>>,
        breached_at: Option<DateTime<Utc>>, fulfilled_at: Option<DateTime<Utc>>,
    }
    TicketSla {
        /// When the first of the targets runs out, or has run out while nobody has met it
        next_breach_at: Option<DateTime<Utc>>,
        /// The newest first
        clocks: Vec<SlaClock>,
    }
}
