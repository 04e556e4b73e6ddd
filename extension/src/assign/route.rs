//! Routing of one ticket inside its own INSERT: rules, then balancing, then a claimed place.

use crate::assign::ledger::Claim;
use crate::conditions::stored::{TYPES, custom_value, time, weight};
use crate::config::Config;
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::{native, refuse};
use crate::pg::row::Row;
use crate::pg::trigger::{Trigger, done, trigger};
use crate::rules::templates::{self, Reader};
use autocrm_core::actions::{Action, parse_actions};
use autocrm_core::assign::Strategy;
use autocrm_core::conditions::{Facts, Field, Moment, Value, stored_conditions};
use autocrm_core::fields::{self, validate};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;

/// The requester, as far as rules may ask.
#[derive(Debug, Default)]
pub struct Requester {
    pub name: String,
    pub email: Option<String>,
    pub organization: Option<String>,
    pub organization_custom: Map<String, Json>,
    pub locale: String,
    /// On which side of the desk they are: agents ask too.
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
            // A new ticket's description is what its requester wrote last.
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
            | Field::Now
            | Field::HoursSince(Moment::Assigned | Moment::Solved) => Value::Absent,
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

/// What routing did to the row, for the record.
pub struct Outcome {
    pub explanation: Json,
    /// Who was given it, and how much of their room that took.
    pub claimed: Option<Claim>,
}

/// Applies the rules to a new ticket and gives it to whoever comes first in its team's order.
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
    let channel = row.text("channel").unwrap_or_default();
    let load = config.load_of(row.get("priority_id"), &channel);
    row.set("load", Some(load));

    let _owner = db::AsOwner::enter();
    let need = crate::assign::queue::need(config, row);
    let strategy = need.as_ref().map(|need| need.strategy.name());
    let mut candidates = Vec::new();
    let mut claimed = None;
    if let Some(mut chosen) = need.as_ref().and_then(crate::assign::choose::choose) {
        let (team, seat) = (chosen.team, &mut chosen.seat);
        candidates.push(json!({
            "user_id": seat.user_id, "open": seat.open, "capacity": seat.capacity / 100, "load": seat.load,
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

/// A rule that names what is gone must not stop a customer's ticket: it is told in the explanation.
pub fn apply(
    config: &Config,
    action: &Action,
    row: &mut Row,
    custom: &mut Map<String, Json>,
) -> Result<(), String> {
    match action {
        Action::Team(name) => {
            let id = config
                .teams
                .get(&name.to_lowercase())
                .ok_or_else(|| format!("there is no team '{name}'"))?;
            row.set("team_id", Some(*id));
        }
        Action::Status(key) => {
            let status = config
                .status_by_key(key)
                .ok_or_else(|| format!("there is no status '{key}'"))?;
            row.set("status_id", Some(status.id));
        }
        Action::Priority(key) => {
            let priority = config
                .priority_by_key(key)
                .ok_or_else(|| format!("there is no priority '{key}'"))?;
            row.set("priority_id", Some(priority.id));
        }
        Action::Type(kind) => {
            if !TYPES.contains(&kind.as_str()) {
                return Err(format!("there is no type '{kind}'"));
            }
            row.set_text("type", kind);
        }
        Action::Form(name) => {
            let id = config
                .form_by_name(name)
                .ok_or_else(|| format!("there is no form '{name}' in use"))?;
            row.set("form_id", Some(id));
        }
        Action::Custom(key, value) => {
            custom.insert(key.clone(), value.clone());
        }
        Action::AddTags(names) => {
            let mut ids = row.ids("tag_ids");
            for id in tag_ids(names) {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            row.set("tag_ids", Some(ids));
        }
        Action::RemoveTags(names) => {
            let gone = tag_ids(names);
            let ids = row.ids("tag_ids");
            row.set(
                "tag_ids",
                Some(
                    ids.into_iter()
                        .filter(|id| !gone.contains(id))
                        .collect::<Vec<_>>(),
                ),
            );
        }
        Action::RequireSkill(name, level) => {
            let id = config
                .skills
                .get(&name.to_lowercase())
                .ok_or_else(|| format!("there is no skill '{name}'"))?;
            let mut skills = row.object("required_skills");
            skills.insert(id.to_string(), json!(level));
            row.set_text("required_skills", &Json::Object(skills).to_string());
        }
        Action::PreferSkill(name, level, minutes) => {
            let id = config
                .skills
                .get(&name.to_lowercase())
                .ok_or_else(|| format!("there is no skill '{name}'"))?;
            let mut skills = row.object("preferred_skills");
            skills.insert(id.to_string(), json!({"level": level, "until": minutes}));
            row.set_text("preferred_skills", &Json::Object(skills).to_string());
        }
        Action::Assign(email) => {
            if row.get::<i64>("assignee_id").is_none() {
                let found = db::rows(
                    "select id from app.users where lower(email) = lower(normalize($1)) and active and role in ('agent', 'admin')",
                    &[email.as_str().into()],
                    |row| row.get::<i64>(1),
                );
                let id = found
                    .into_iter()
                    .flatten()
                    .next()
                    .ok_or_else(|| format!("there is no agent '{email}'"))?;
                row.set("assignee_id", Some(id));
            }
        }
        // Refused where it could not be sent, carried out by those who can.
        Action::Message(..) => {}
        Action::Balance(strategy, names) => {
            let mut teams = Vec::new();
            for name in names {
                let id = config.teams.get(&name.to_lowercase());
                teams.push(*id.ok_or_else(|| format!("there is no team '{name}'"))?);
            }
            if *strategy == Strategy::FollowTheSun && row.get::<i64>("team_id").is_none() {
                row.set("team_id", teams.first().copied());
            }
            row.set("balancing", Some(strategy.name().to_owned()));
            row.set("sun_team_ids", Some(teams).filter(|t| !t.is_empty()));
        }
    }
    Ok(())
}

fn tag_names(row: &Row) -> Vec<String> {
    let ids = row.ids("tag_ids");
    crate::config::tags::tag_names(&ids)
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// The ids of these tags; those that do not exist yet are made.
fn tag_ids(names: &[String]) -> Vec<i64> {
    names
        .iter()
        .filter_map(|name| {
            let find = || {
                db::rows(
                    "select id from app.tags where lower(name) = lower(normalize($1))",
                    &[name.as_str().into()],
                    |row| row.get::<i64>(1),
                )
                .into_iter()
                .flatten()
                .next()
            };
            find().or_else(|| {
                db::run(
                    "insert into app.tags (name) values ($1) on conflict do nothing",
                    &[name.as_str().into()],
                );
                find()
            })
        })
        .collect()
}

trigger!(
    tg_routing_rules__check,
    pg_finfo_tg_routing_rules__check,
    check
);

/// Refuses a rule that could not be understood, with the path of each mistake.
fn check(trigger: &Trigger) -> pg_sys::Datum {
    let Some(row) = trigger.new_row() else {
        return done();
    };
    let problems = problems(
        "routing rule",
        &row.json("conditions").unwrap_or_default(),
        &row.json("actions").unwrap_or_default(),
    );
    if !problems.is_empty() {
        refuse(
            &format!(
                "The routing rule '{}' cannot be saved as it is",
                row.text("name").unwrap_or_default()
            ),
            &problems,
            "Correct each part and save the rule again.",
        );
    }
    row.into_datum()
}

/// What is wrong with a routing rule, a trigger or an automation.
pub fn problems(kind: &str, conditions: &Json, actions: &Json) -> Vec<Problem> {
    let checked = if db::is_owner() {
        stored_conditions(conditions)
    } else {
        crate::conditions::stored::check(conditions)
    };
    let mut problems = match checked {
        // They would wait for ever: a ticket that is routed is new, and to an automation nothing happens.
        Ok(condition)
            if kind != "trigger" && (condition.asks_changes() || condition.asks(&Field::Event)) =>
        {
            vec![Problem::new(
                "conditions",
                "asks what happened; only triggers hear of that",
            )]
        }
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    };
    match parse_actions(actions) {
        // The desk itself writes a name otherwise: whatever else the rule names was checked when it was saved.
        Ok(_) if db::is_owner() => {}
        Ok(actions) => {
            problems.extend(strangers(&actions));
            problems.extend(unfit(&actions));
            for (i, action) in actions.iter().enumerate() {
                if let Action::Message(kind, text) = action {
                    let path = format!("actions[{i}].{kind}");
                    problems.extend(templates::problems(&path, text, Reader::of_rule(kind)));
                }
            }
            let early =
                |action: &Action| kind == "routing rule" && matches!(action, Action::Message(..));
            problems.extend(actions.iter().enumerate().filter(|(_, a)| early(a)).map(|(i, _)| {
                Problem::new(
                    format!("actions[{i}]"),
                    "is for triggers and automations; a ticket that is routed has no messages yet",
                )
            }));
        }
        Err(more) => problems.extend(more),
    }
    problems
}

/// Values that their custom fields cannot have: no ticket could be given them.
pub fn unfit(actions: &[Action]) -> Vec<Problem> {
    let config = crate::config::config();
    let mut problems = Vec::new();
    for (i, action) in actions.iter().enumerate() {
        if let Action::Custom(key, value) = action {
            let values = Map::from_iter([(key.clone(), value.clone())]);
            let found = validate(&config.fields, &values, None, fields::Moment::Update);
            problems.extend(
                found
                    .into_iter()
                    .map(|p| Problem::new(format!("actions[{i}].value"), p.message)),
            );
        }
    }
    problems
}

/// What the actions name and this desk does not have.
pub fn strangers(actions: &[Action]) -> Vec<Problem> {
    let config = crate::config::config();
    let mut problems = Vec::new();
    for (i, action) in actions.iter().enumerate() {
        let mut missing = |key: &str, what: &str, name: &str, known: Vec<&str>| {
            problems.push(Problem::new(
                format!("actions[{i}].{key}"),
                format!("there is no {what} '{name}'; one of {}", known.join(", ")),
            ));
        };
        match action {
            Action::Team(name) if !config.teams.contains_key(&name.to_lowercase()) => {
                let mut known: Vec<&str> = config.teams.keys().map(String::as_str).collect();
                known.sort_unstable();
                missing("value", "team", name, known);
            }
            Action::Form(name) if config.form_by_name(name).is_none() => {
                let mut known: Vec<&str> =
                    config.forms().values().map(|f| f.name.as_str()).collect();
                known.sort_unstable();
                missing("value", "form", name, known);
            }
            Action::Status(key) if config.status_by_key(key).is_none() => {
                let known = config.statuses.iter().filter(|s| s.active);
                missing(
                    "value",
                    "status",
                    key,
                    known.map(|s| s.key.as_str()).collect(),
                );
            }
            Action::Priority(key) if config.priority_by_key(key).is_none() => {
                let known = config.priorities.iter().map(|p| p.key.as_str());
                missing("value", "priority", key, known.collect());
            }
            Action::RequireSkill(name, _) | Action::PreferSkill(name, ..)
                if !config.skills.contains_key(&name.to_lowercase()) =>
            {
                let mut known: Vec<&str> = config.skills.keys().map(String::as_str).collect();
                known.sort_unstable();
                let key = match action {
                    Action::RequireSkill(..) => "require_skill",
                    _ => "prefer_skill",
                };
                missing(key, "skill", name, known);
            }
            Action::Balance(_, names) => {
                for name in names
                    .iter()
                    .filter(|name| !config.teams.contains_key(&name.to_lowercase()))
                {
                    let mut known: Vec<&str> = config.teams.keys().map(String::as_str).collect();
                    known.sort_unstable();
                    missing("teams", "team", name, known);
                }
            }
            Action::Type(kind) if !TYPES.contains(&kind.as_str()) => {
                missing("value", "type", kind, TYPES.to_vec());
            }
            _ => {}
        }
    }
    problems
}

// `select autocrm.check_actions('[{"set": "team"}]')`
native!(
    check_actions_wrapper,
    pg_finfo_check_actions_wrapper,
    |fcinfo| {
        let (actions,): (Json,) = args(fcinfo);
        let problems: Vec<String> = parse_actions(&actions)
            .err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect();
        answer(fcinfo, Some(problems))
    }
);
