//! The targets of a policy: read from their row, and looked up for a ticket.

use super::clock::Target;
use super::metric::{METRICS, Metric};
use crate::problem::Problem;
use serde_json::Value as Json;

/// One target of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    pub metric: Metric,
    /// The priority that it is for, by key; `None`: every priority that has no target of its own.
    pub priority: Option<String>,
    pub minutes: i64,
    /// Whether only business hours count.
    pub business: bool,
}

/// Ten years.
const MOST_MINUTES: i64 = 5_256_000;
/// A target for each metric and priority of a desk with very many priorities.
const MOST_GOALS: usize = 200;

/// `[{"metric": "first_reply", "priority": "high", "minutes": 60, "hours": "business"}]`; `priority` and `hours` may be
/// left out. The problems have paths that begin with `targets`.
pub fn parse_goals(json: &Json) -> Result<Vec<Goal>, Vec<Problem>> {
    let Some(items) = json.as_array() else {
        return Err(vec![Problem::new("targets", "must be a list")]);
    };
    if items.len() > MOST_GOALS {
        let problem = format!("must have at most {MOST_GOALS} entries");
        return Err(vec![Problem::new("targets", problem)]);
    }
    let mut goals: Vec<Goal> = Vec::with_capacity(items.len());
    let mut problems = Vec::new();
    for (i, item) in items.iter().enumerate() {
        match parse_goal(item, &format!("targets[{i}]")) {
            Err(more) => problems.extend(more),
            Ok(goal) => {
                let twice = goals.iter().any(|known| {
                    known.metric == goal.metric
                        && known.priority.as_ref().map(|key| key.to_lowercase())
                            == goal.priority.as_ref().map(|key| key.to_lowercase())
                });
                if twice {
                    let path = format!("targets[{i}]");
                    problems.push(Problem::new(
                        path,
                        "is the second for this metric and priority",
                    ));
                }
                goals.push(goal);
            }
        }
    }
    if problems.is_empty() {
        Ok(goals)
    } else {
        Err(problems)
    }
}

fn parse_goal(item: &Json, path: &str) -> Result<Goal, Vec<Problem>> {
    let Some(object) = item.as_object() else {
        return Err(vec![Problem::new(path, "must be an object")]);
    };
    let mut problems: Vec<Problem> = object
        .keys()
        .filter(|key| !["metric", "priority", "minutes", "hours"].contains(&key.as_str()))
        .map(|key| {
            Problem::new(
                format!("{path}.{key}"),
                "is not known here; one of metric, priority, minutes, hours",
            )
        })
        .collect();
    let mut wrong = |key: &str, message: String| {
        problems.push(Problem::new(format!("{path}.{key}"), message));
    };
    let metric = object
        .get("metric")
        .and_then(Json::as_str)
        .and_then(Metric::parse);
    if metric.is_none() {
        let known: Vec<&str> = METRICS.iter().map(|(name, _)| *name).collect();
        wrong("metric", format!("must be one of {}", known.join(", ")));
    }
    let priority = match object.get("priority") {
        None | Some(Json::Null) => None,
        Some(Json::String(key)) => Some(key.clone()),
        Some(_) => {
            wrong("priority", "must be a text".into());
            None
        }
    };
    let minutes = object
        .get("minutes")
        .and_then(Json::as_i64)
        .filter(|minutes| (1..=MOST_MINUTES).contains(minutes));
    if minutes.is_none() {
        wrong(
            "minutes",
            format!("must be a whole number from 1 to {MOST_MINUTES}"),
        );
    }
    let business = match object.get("hours").map(Json::as_str) {
        None | Some(Some("calendar")) => false,
        Some(Some("business")) => true,
        Some(_) => {
            wrong("hours", "must be one of calendar, business".into());
            false
        }
    };
    match (metric, minutes) {
        (Some(metric), Some(minutes)) if problems.is_empty() => Ok(Goal {
            metric,
            priority,
            minutes,
            business,
        }),
        _ => Err(problems),
    }
}

/// The policy that applies to a ticket, with what decides among its targets.
#[derive(Debug, Clone, Copy)]
pub struct InForce<'a> {
    pub id: i64,
    pub version: i64,
    /// Since when it has been as it is: what ended before is not judged by it.
    pub since: i64,
    pub goals: &'a [Goal],
    /// Percent of a target after which a breach is near.
    pub near: Option<i64>,
    /// The key of the ticket's priority.
    pub priority: &'a str,
    /// Of the ticket's organization, or else of its team; without one, every hour is a business hour.
    pub schedule: Option<i64>,
}

impl InForce<'_> {
    pub(super) fn target(&self, metric: Metric) -> Option<Target> {
        let of = |goal: &&Goal| {
            goal.metric == metric
                && goal
                    .priority
                    .as_ref()
                    .is_none_or(|key| key.eq_ignore_ascii_case(self.priority))
        };
        let goal = self
            .goals
            .iter()
            .filter(of)
            .max_by_key(|goal| goal.priority.is_some())?;
        Some(Target {
            policy: self.id,
            version: self.version,
            seconds: goal.minutes * 60,
            schedule: self.schedule.filter(|_| goal.business),
            near: self.near,
        })
    }
}
