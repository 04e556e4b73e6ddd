//! Metrics: what was done in a time.

use super::shapes::shapes;
use super::words::{MetricGrouping, MetricInterval};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MyMetricsQuery {
    /// A point in time, or a day of the zone; 29 days before the day of `to` by default. Ranges are of whole half-hours.
    #[param(example = "2026-11-01")]
    pub from: Option<String>,
    /// The end, which is not within the range; now by default
    #[param(example = "2026-12-01")]
    pub to: Option<String>,
    /// Where days begin; one's own by default
    #[param(example = "Europe/Berlin")]
    pub time_zone: Option<String>,
    /// How long the points of the series are, of which there are at most 400; day by default
    pub interval: Option<MetricInterval>,
    /// `previous`: the range before, as long, is answered too
    #[param(example = "previous")]
    pub compare: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MetricsQuery {
    /// A point in time, or a day of the zone; 29 days before the day of `to` by default. Ranges are of whole half-hours.
    #[param(example = "2026-11-01")]
    pub from: Option<String>,
    /// The end, which is not within the range; now by default
    #[param(example = "2026-12-01")]
    pub to: Option<String>,
    /// Where days begin; one's own by default
    #[param(example = "Europe/Berlin")]
    pub time_zone: Option<String>,
    /// How long the points of the series are, of which there are at most 400; day by default
    pub interval: Option<MetricInterval>,
    /// What the groups are made of
    pub group_by: Option<MetricGrouping>,
    /// `previous`: the range before, as long, is answered too
    #[param(example = "previous")]
    pub compare: Option<String>,
    /// Ids, or none, separated by commas
    #[param(example = "1,2,none")]
    pub team: Option<String>,
    /// Ids, or none, separated by commas
    #[param(example = "7")]
    pub agent: Option<String>,
    /// Separated by commas
    #[param(example = "email,web")]
    pub channel: Option<String>,
    /// Keys, separated by commas
    #[param(example = "high,urgent")]
    pub priority: Option<String>,
}

shapes! {
    /// Of a measured time, in seconds; percentiles are at most 1 % off.
    MetricDuration { count: i64, average: Option<i64>, p50: Option<i64>, p90: Option<i64>, p99: Option<i64> }
    /// Each counts in the time in which it happened, for the team and agent of that moment.
    MetricMeasures {
        created: i64,
        /// Solved or closed, each time
        solved: i64,
        reopened: i64,
        /// Into another ticket
        merged: i64,
        /// Public replies of the staff, for their authors
        replies: i64,
        /// Solved once and not open again, with exactly one reply
        one_touch: i64,
        sla_kept: i64,
        sla_breached: i64,
        /// How many tickets were open at the end
        backlog: i64,
        /// From creation
        first_reply: MetricDuration,
        /// In the business hours of the ticket's organization, or else of its team
        first_reply_business: MetricDuration,
        /// From the oldest message of a customer that waits for a reply
        next_reply: MetricDuration,
        next_reply_business: MetricDuration,
        /// From creation to the first time that it was solved
        resolution: MetricDuration,
        resolution_business: MetricDuration,
        /// From creation to the last time that it was solved, while it is not open again
        full_resolution: MetricDuration,
        full_resolution_business: MetricDuration,
        /// Time in which a ticket that was solved was new or open and had an agent
        handle: MetricDuration,
    }
    MetricPoint { from: DateTime<Utc>, to: DateTime<Utc>, measures: MetricMeasures }
    /// All null: tickets without one.
    MetricGroup {
        /// Of a team, agent or priority
        id: Option<i64>,
        /// Of a channel or priority
        key: Option<String>,
        /// Null where it has been removed
        name: Option<String>,
        measures: MetricMeasures,
    }
    /// All tickets are being counted anew; until then numbers are too low.
    MetricRebuild {
        /// Up to this id, of the ids up to `total`
        done: i64, total: i64,
        started_at: DateTime<Utc>,
    }
    Metrics {
        from: DateTime<Utc>, to: DateTime<Utc>, time_zone: String, interval: MetricInterval, group_by: Option<MetricGrouping>,
        total: MetricMeasures,
        /// The range before
        previous: Option<MetricPoint>,
        series: Vec<MetricPoint>,
        /// The 200 with most
        groups: Vec<MetricGroup>,
        groups_left_off: i64,
        rebuild: Option<MetricRebuild>,
    }
    MetricsRebuilt { rebuild: Option<MetricRebuild> }
}
