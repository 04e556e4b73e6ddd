//! Routing of one ticket inside its own INSERT: rules, then balancing, then a claimed place.

use crate::cache::Config;
use crate::conditions::{TYPES, custom_value, time, weight};
use crate::db;
use crate::error::refuse;
use crate::row::Row;
use crate::trigger::{Trigger, done, trigger};
use autocrm_core::balance::{Candidate, by_least_load};
use autocrm_core::problem::Problem;
use autocrm_core::routing::{Action, Balance, Facts, Field, Moment, Value, parse_actions};
use pgrx::pg_sys;
use pgrx::prelude::*;
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;

/// The requester, as far as rules may ask.
#[derive(Debug, Default)]
pub struct Requester {
    pub name: String,
    pub email: Option<String>,
    pub organization: Option<String>,
    pub locale: String,
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
            Field::Assignee => text(self.row.text("assignee_id")),
            Field::Language => text(self.row.text("language")),
            Field::RequesterEmail => text(self.requester.email.clone()),
            Field::RequesterName => Value::Text(Cow::Borrowed(&self.requester.name)),
            Field::RequesterLocale => Value::Text(Cow::Borrowed(&self.requester.locale)),
            Field::Organization => text(self.requester.organization.clone()),
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
        crate::clock::now().into_inner()
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
    pub claimed: Option<i64>,
}

/// Applies the rules to a new ticket and gives it to whoever has most room.
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

    let mut balance = Balance::LeastLoaded;
    let mut failed = Vec::new();
    for action in actions {
        if let Action::Balance(wanted) = action {
            balance = *wanted;
        } else if let Err(problem) = apply(config, action, row, custom) {
            failed.push(problem);
        }
    }

    let mut candidates = Vec::new();
    let mut claimed = None;
    let works = row
        .get("status_id")
        .and_then(|id| config.status(id))
        .is_some_and(crate::cache::Status::is_work);
    if row.get::<i64>("assignee_id").is_none()
        && works
        && balance == Balance::LeastLoaded
        && let Some(team) = row.get::<i64>("team_id")
    {
        candidates = self::candidates(
            team,
            &row.text("required_skills").unwrap_or_else(|| "{}".into()),
        );
        claimed = claim(&by_least_load(&candidates));
        if let Some(user) = claimed {
            row.set("assignee_id", Some(user));
        }
    }
    let explanation = json!({
        "rules_tried": tried,
        "rules": matched,
        "failed_actions": failed,
        "candidates": candidates.iter().map(|c| json!({"user_id": c.user_id, "open": c.open, "capacity": c.capacity})).collect::<Vec<_>>(),
        "assignee_id": claimed,
    });
    Outcome {
        explanation,
        claimed,
    }
}

/// A rule that names what is gone must not stop a customer's ticket: it is told in the explanation.
fn apply(
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
        Action::Custom(key, value) => {
            custom.insert(key.clone(), value.clone());
        }
        Action::AddTags(names) => {
            let mut ids: Vec<i64> = row.get("tag_ids").unwrap_or_default();
            for id in tag_ids(names) {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            row.set("tag_ids", Some(ids));
        }
        Action::RemoveTags(names) => {
            let gone = tag_ids(names);
            let ids: Vec<i64> = row.get("tag_ids").unwrap_or_default();
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
        Action::Assign(email) => {
            if row.get::<i64>("assignee_id").is_none() {
                let found = db::rows(
                    "select id from app.users where lower(email) = lower($1) and active and role in ('agent', 'admin')",
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
        Action::Balance(_) => {}
    }
    Ok(())
}

fn tag_names(row: &Row) -> Vec<String> {
    let ids: Vec<i64> = row.get("tag_ids").unwrap_or_default();
    crate::cache::tag_names(&ids)
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
                    "select id from app.tags where lower(name) = lower($1)",
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

fn candidates(team: i64, skills: &str) -> Vec<Candidate> {
    let found = db::rows(
        "select u.id, coalesce(l.open, 0), u.capacity, l.user_id is null, u.schedule_id, t.schedule_id
           from app.memberships m
           join app.teams t on t.id = m.team_id
           join app.users u on u.id = m.user_id
           left join app.agent_loads l on l.user_id = u.id
          where m.team_id = $1
            and u.active and u.availability = 'online' and u.role in ('agent', 'admin')
            and coalesce(l.open, 0) < u.capacity
            and ($2 = '{}' or not exists (
              select from jsonb_each_text($2::jsonb) s
               where not exists (
                 select from app.agent_skills k
                  where k.user_id = u.id and k.skill_id = s.key::bigint and k.level >= s.value::integer)))",
        &[team.into(), skills.into()],
        |row| {
            let candidate = Candidate {
                user_id: row.get(1)?.unwrap_or_default(),
                open: row.get(2)?.unwrap_or_default(),
                capacity: row.get(3)?.unwrap_or_default(),
            };
            let schedules = (row.get::<i64>(5)?, row.get::<i64>(6)?);
            Ok((candidate, row.get::<bool>(4)?.unwrap_or(false), schedules))
        },
    );
    // Whoever is not at work now gets nothing, however much room they have.
    let at = crate::clock::now().into_inner();
    let found: Vec<(Candidate, bool)> = found
        .into_iter()
        .filter(|(_, _, (own, team))| crate::schedules::on_shift(*own, *team, at))
        .map(|(candidate, new, _)| (candidate, new))
        .collect();
    // A place is claimed in a row: whoever never held a ticket gets theirs now.
    let newcomers: Vec<i64> = found
        .iter()
        .filter(|(_, new)| *new)
        .map(|(c, _)| c.user_id)
        .collect();
    if !newcomers.is_empty() {
        db::run(
            "insert into app.agent_loads (user_id) select id from unnest($1) id order by id on conflict do nothing",
            &[newcomers.into()],
        );
    }
    found.into_iter().map(|(candidate, _)| candidate).collect()
}

/// Takes one place of the first of these who still has one. The row lock is what keeps everyone below
/// capacity, however many sessions route at once. Agents whom another session is giving a ticket right
/// now are passed over at first, so that sessions rarely wait for each other's commit.
fn claim(candidates: &[Candidate]) -> Option<i64> {
    let at = crate::clock::now();
    let ids: Vec<i64> = candidates.iter().map(|c| c.user_id).collect();
    let capacities: Vec<i32> = candidates.iter().map(|c| c.capacity).collect();
    let free = db::rows(
        "update app.agent_loads l
            set open = l.open + 1, assigned_at = $3
           from (select a.user_id
                   from unnest($1, $2) with ordinality c (user_id, capacity, place)
                   join app.agent_loads a on a.user_id = c.user_id
                  where a.open < c.capacity
                  order by c.place
                  limit 1
                    for update of a skip locked) chosen
          where l.user_id = chosen.user_id
         returning l.user_id",
        &[ids.into(), capacities.into(), at.into()],
        |row| row.get::<i64>(1),
    );
    free.into_iter().flatten().next().or_else(|| {
        // Looking at a row locks it, also when it turns out to be full: in one order for everybody, or two
        // sessions would end up waiting for each other.
        let mut busy = candidates.to_vec();
        busy.sort_unstable_by_key(|c| c.user_id);
        busy.into_iter()
            .find(|c| wait_for(*c, at))
            .map(|c| c.user_id)
    })
}

/// Waits for this agent's row, or makes it, and takes a place if one is left then.
fn wait_for(candidate: Candidate, at: TimestampWithTimeZone) -> bool {
    db::run(
        "insert into app.agent_loads as l (user_id, open, assigned_at)
         values ($1, 1, $3)
         on conflict (user_id) do update
           set open = l.open + 1, assigned_at = excluded.assigned_at
         where l.open < $2
         returning 1",
        &[
            candidate.user_id.into(),
            candidate.capacity.into(),
            at.into(),
        ],
    ) > 0
}

/// Moves an agent's count when a ticket comes to them or leaves them.
pub fn adjust_load(user_id: i64, by: i32) {
    if by < 0 {
        // No row to make: an agent who is being deleted must not come back by it.
        db::run(
            "update app.agent_loads set open = greatest(open + $2, 0) where user_id = $1",
            &[user_id.into(), by.into()],
        );
        return;
    }
    db::run(
        "insert into app.agent_loads as l (user_id, open)
         values ($1, $2)
         on conflict (user_id) do update set open = l.open + $2",
        &[user_id.into(), by.into()],
    );
}

/// Counts everybody's open work anew; answers how many counts were wrong.
///
/// `select autocrm.recount_loads()`
#[pg_extern(volatile, parallel_unsafe)]
fn recount_loads() -> i64 {
    // Whoever claims or gives back a place meanwhile waits for the count, and counts on from there.
    db::run(
        "lock table app.agent_loads in share row exclusive mode",
        &[],
    );
    let wrong = db::run(
        "insert into app.agent_loads as l (user_id, open)
         select u.id, count(t.id)::integer
           from app.users u
           left join app.agent_loads a on a.user_id = u.id
           left join (app.tickets t join app.statuses s on s.id = t.status_id and s.category not in ('solved', 'closed'))
             on t.assignee_id = u.id
          where u.role in ('agent', 'admin') or a.user_id is not null
          group by u.id, a.open
         having count(t.id) <> coalesce(a.open, 0)
         on conflict (user_id) do update set open = excluded.open
         returning 1",
        &[],
    );
    i64::try_from(wrong).unwrap_or(i64::MAX)
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

fn problems(conditions: &Json, actions: &Json) -> Vec<Problem> {
    let mut problems = match crate::conditions::check(conditions) {
        // Routing happens once, when a ticket is made: such a rule would wait for ever.
        Ok(condition) if condition.asks_changes() => vec![Problem::new(
            "conditions",
            "asks about a change; a ticket that is routed is new and has changed nothing",
        )],
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    };
    match parse_actions(actions) {
        Ok(actions) => problems.extend(strangers(&actions)),
        Err(more) => problems.extend(more),
    }
    problems
}

/// What the actions name and this desk does not have.
pub fn strangers(actions: &[Action]) -> Vec<Problem> {
    let config = crate::cache::config();
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
            Action::RequireSkill(name, _) if !config.skills.contains_key(&name.to_lowercase()) => {
                let mut known: Vec<&str> = config.skills.keys().map(String::as_str).collect();
                known.sort_unstable();
                missing("require_skill", "skill", name, known);
            }
            Action::Type(kind) if !TYPES.contains(&kind.as_str()) => {
                missing("value", "type", kind, TYPES.to_vec());
            }
            _ => {}
        }
    }
    problems
}

/// `select autocrm.check_actions('[{"set": "team"}]')`
#[pg_extern(immutable, strict, parallel_safe)]
fn check_actions(actions: pgrx::JsonB) -> Vec<String> {
    parse_actions(&actions.0)
        .err()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect()
}
