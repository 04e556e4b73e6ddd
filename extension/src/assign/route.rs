//! Routing of one ticket inside its own INSERT: rules, then balancing, then a claim on an agent's capacity.

use crate::assign::choose::{choose, passed_over};
use crate::assign::ledger::Outcome;
use crate::assign::need::need;
use crate::conditions::values::{custom_value, time, weight};
use crate::config::{Config, tags};
use crate::pg::db;
use crate::pg::row::Row;
use crate::rules::apply::apply;
use autocrm_core::actions::Action;
use autocrm_core::conditions::{Facts, Field, Moment, Value};
use autocrm_core::fields::{self, validate};
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;

/// The requester, as far as conditions can test.
#[derive(Debug, Default)]
pub struct Requester {
    pub name: String,
    pub email: Option<String>,
    pub organization: Option<String>,
    pub organization_custom: Map<String, Json>,
    pub locale: String,
    /// Whether they are a customer or staff: agents may be requesters too.
    pub side: String,
}

struct Ticket<'a> {
    config: &'a Config,
    row: &'a Row,
    custom: &'a Map<String, Json>,
    requester: &'a Requester,
    tags: Vec<String>,
}

impl Facts for Ticket<'_> {
    fn get(&self, field: &Field) -> Value<'_> {
        let text =
            |value: Option<String>| value.map_or(Value::Absent, |v| Value::Text(Cow::Owned(v)));
        match field {
            Field::Subject => text(self.row.text("subject")),
            Field::Description => text(self.row.text("description").filter(|d| !d.is_empty())),
            Field::Status => text(
                self.row
                    .get("status_id")
                    .and_then(|id| Some(self.config.status(id)?.key.clone())),
            ),
            Field::Priority => text(self.row.get::<i64>("priority_id").and_then(|id| {
                Some(
                    self.config
                        .priorities
                        .iter()
                        .find(|p| p.id == id)?
                        .key
                        .clone(),
                )
            })),
            Field::Type => text(self.row.text("type")),
            Field::Channel => text(self.row.text("channel")),
            Field::Team => text(
                self.row
                    .get("team_id")
                    .and_then(|id| Some(self.config.team_name(id)?.to_owned())),
            ),
            Field::Form => text(self.row.get::<i64>("form_id").and_then(|id| {
                let form = self.config.forms().get(&id)?;
                Some(form.name.clone())
            })),
            Field::Assignee => text(self.row.text("assignee_id")),
            Field::Language => text(self.row.text("language")),
            Field::RequesterEmail => text(self.requester.email.clone()),
            Field::RequesterName => Value::Text(Cow::Borrowed(&self.requester.name)),
            Field::RequesterLocale => Value::Text(Cow::Borrowed(&self.requester.locale)),
            Field::Organization => text(self.requester.organization.clone()),
            Field::OrganizationCustom(key) => {
                custom_value(self.requester.organization_custom.get(key))
            }
            // The last message of a new ticket's requester is its description.
            Field::MessageText => text(self.row.text("description").filter(|d| !d.is_empty())),
            Field::MessageKind => text(Some("reply".to_owned())),
            Field::Event => text(Some("created".to_owned())),
            Field::MessageAuthor => Value::Text(Cow::Borrowed(&self.requester.side)),
            Field::CreatedAt
            | Field::HoursSince(Moment::Created | Moment::Status | Moment::RequesterReply) => {
                time(self.row.get("created_at"))
            }
            Field::UpdatedAt | Field::HoursSince(Moment::Updated) => {
                time(self.row.get("updated_at"))
            }
            Field::FirstReplyAt
            | Field::SolvedAt
            | Field::NextBreachAt
            | Field::Now
            | Field::HoursSince(Moment::Assigned | Moment::Solved | Moment::NextBreach) => {
                Value::Absent
            }
            Field::Tags if self.tags.is_empty() => Value::Absent,
            Field::Tags => Value::List(
                self.tags
                    .iter()
                    .map(|tag| Cow::Borrowed(tag.as_str()))
                    .collect(),
            ),
            Field::Custom(key) => custom_value(self.custom.get(key)),
        }
    }

    fn priority_weight(&self, key: &str) -> Option<f64> {
        weight(self.config, key)
    }

    fn now(&self) -> i64 {
        crate::pg::clock::now().into_inner()
    }

    fn is_open(&self, schedule: &str) -> Option<bool> {
        crate::schedules::is_open_by_name(schedule, self.now())
    }

    fn business_seconds(&self, schedule: &str, from: i64) -> Option<i64> {
        crate::schedules::seconds_by_name(schedule, from, self.now())
    }
}

/// Applies the rules to a new ticket and assigns it to the first agent in its team's order.
pub fn route(
    config: &Config,
    row: &mut Row,
    custom: &mut Map<String, Json>,
    requester: &Requester,
) -> Outcome {
    let tags = if config.rules_ask_tags {
        tag_names(row)
    } else {
        Vec::new()
    };
    let facts = Ticket {
        config,
        row,
        custom,
        requester,
        tags,
    };
    let decision = config.rules.decide(&facts);
    let matched: Vec<Json> = decision
        .matched
        .iter()
        .map(|r| json!({"id": r.id, "name": r.name}))
        .collect();
    let tried = decision.tried;
    let actions: Vec<&Action> = decision.actions().collect();

    let mut failed = Vec::new();
    let status = row.get::<i64>("status_id");
    for action in actions {
        if let Err(problem) = apply(config, action, row, custom) {
            failed.push(problem);
        }
    }
    failed.extend(unsolved(config, status, row, custom));
    let load = weigh(config, row);

    let _owner = db::AsOwner::enter();
    let need = need(config, row);
    let strategy = need.as_ref().map(|need| need.strategy.name());
    let mut candidates = Vec::new();
    let mut claimed = None;
    if let Some(need) = &need
        && let Some(mut chosen) = choose(need)
    {
        let others = passed_over(need, &chosen);
        let (team, seat) = (chosen.team, &mut chosen.seat);
        candidates.push(json!({
            "user_id": seat.user_id, "open": seat.open, "capacity": seat.capacity / 100, "load": seat.load,
        }));
        candidates.extend(others.iter().map(|other| {
            let mut told =
                json!({"user_id": other.user, "reason": other.reason, "share": other.share});
            if !other.lacks.is_empty() {
                let lacks = other.lacks.iter();
                told["lacks"] = lacks
                    .map(|(skill, level)| (skill.to_string(), json!(level)))
                    .collect();
            }
            told
        }));
        row.set("assignee_id", Some(seat.user_id));
        row.set("team_id", Some(team));
        claimed = Some(seat.claim(team, load));
    }
    let explanation = json!({
        "rules_tried": tried,
        "rules": matched,
        "failed_actions": failed,
        "balance": strategy,
        "candidates": candidates,
        "assignee_id": claimed.as_ref().map(|claim| claim.user),
    });
    Outcome {
        explanation,
        claimed,
    }
}

/// A ticket of another desk is there as it was there.
pub fn unrouted(config: &Config, row: &mut Row) -> Outcome {
    weigh(config, row);
    Outcome {
        explanation: json!({
            "imported": true, "rules_tried": 0, "rules": [], "failed_actions": [], "balance": null, "candidates": [],
            "assignee_id": null,
        }),
        claimed: None,
    }
}

/// How much of somebody's capacity the ticket takes.
fn weigh(config: &Config, row: &mut Row) -> i32 {
    let channel = row.text("channel").unwrap_or_default();
    let load = config.load_of(row.get("priority_id"), &channel);
    row.set("load", Some(load));
    load
}

/// A ticket that a rule solves lacks what is required for that: it keeps its status. Told to all who read the
/// decision, and so without the names of restricted fields.
fn unsolved(
    config: &Config,
    before: Option<i64>,
    row: &mut Row,
    custom: &Map<String, Json>,
) -> Option<String> {
    let done = |id: Option<i64>| {
        id.and_then(|id| config.status(id))
            .is_some_and(crate::config::statuses::Status::is_done)
    };
    if done(before) || !done(row.get("status_id")) {
        return None;
    }
    let fields = config.fields_of(row.get("form_id"));
    let mut problems = validate(fields, custom, None, fields::Moment::Solve);
    if problems.is_empty() {
        return None;
    }
    row.set("status_id", before);
    for problem in &mut problems {
        let key = problem.path.strip_prefix("custom.").unwrap_or_default();
        if config.sight.is_restricted(key) {
            problem.path = "custom.hidden".into();
        }
    }
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Some(format!("the status stays: {}", told.join("; ")))
}

fn tag_names(row: &Row) -> Vec<String> {
    let ids = row.ids("tag_ids");
    tags::tag_names(&ids)
        .iter()
        .map(ToString::to_string)
        .collect()
}
