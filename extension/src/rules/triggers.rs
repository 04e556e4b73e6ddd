//! Triggers and automations: rules that speak of a ticket when something happened to it, or when time did.
//! `sql/app/rules.sql` calls these; here is what a rule sees, what it does, and when it must look again.

use crate::assign::route::{apply, problems};
use crate::conditions::stored::{Stored, custom_value, told};
use crate::config::{Config, config};
use crate::context::{self, Cause, FILL};
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::{native, refuse};
use crate::pg::json::Held;
use crate::pg::row::Row;
use crate::pg::trigger::{Trigger, done, trigger};
use crate::rules::templates::{self, Reader};
use autocrm_core::actions::Action;
use autocrm_core::conditions::{Calendar, Facts, Field, Value};
use autocrm_core::problem::Problem;
use autocrm_core::rules::Rule;
use pgrx::pg_sys;
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;
use std::cell::RefCell;

trigger!(tg_rules__check, pg_finfo_tg_rules__check, check);

/// Refuses a rule that could not be understood. The argument says which kind it is.
fn check(trigger: &Trigger) -> pg_sys::Datum {
    let Some(row) = trigger.new_row() else {
        return done();
    };
    let kind = trigger.args().into_iter().next().unwrap_or_default();
    let problems = problems(
        &kind,
        &row.json("conditions").unwrap_or_default(),
        &row.json("actions").unwrap_or_default(),
    );
    if !problems.is_empty() {
        refuse(
            &format!(
                "The {kind} '{}' cannot be saved as it is",
                row.text("name").unwrap_or_default()
            ),
            &problems,
            "Correct each part and save it again.",
        );
    }
    row.into_datum()
}

thread_local! {
    /// What a rule does to a ticket when it is next written.
    static PENDING: RefCell<Option<(i64, Vec<Action>)>> = const { RefCell::new(None) };
}

// `select autocrm.fill_field('{7,9}', 'area', '"api"', 3)`
native!(fill_field, pg_finfo_fill_field, |fcinfo| {
    let (ids, key, value, job): (Vec<Option<i64>>, String, Json, i64) = args(fcinfo);
    let ids: Vec<i64> = ids.into_iter().flatten().collect();
    let _cause = context::cause(Cause {
        rule: json!({"kind": FILL, "id": job, "name": key}),
        chain: Vec::new(),
    });
    let _pending = Pending;
    let filled = db::run(
        "update app.tickets t set custom = t.custom || jsonb_build_object($2, $3::jsonb) where t.id = any ($1)",
        &[ids.into(), key.as_str().into(), value.to_string().into()],
    );
    answer(fcinfo, i64::try_from(filled).ok())
});

/// Does to the ticket what the rule that writes it says; answers what it could not do.
pub fn carry_out(config: &Config, id: i64, row: &mut Row) -> Vec<Problem> {
    let actions = PENDING.with_borrow_mut(|pending| pending.take_if(|(ticket, _)| *ticket == id));
    let Some((_, actions)) = actions else {
        return Vec::new();
    };
    let before = row.object("custom");
    let mut custom = before.clone();
    let problems = actions
        .iter()
        .filter_map(|action| apply(config, action, row, &mut custom).err())
        .map(|problem| Problem::new("actions", problem))
        .collect();
    if custom != before {
        row.set_text("custom", &Json::Object(custom).to_string());
    }
    problems
}

// `select autocrm.act('trigger', 3, 7, '812')`: carries out a rule on a ticket.
native!(act, pg_finfo_act, |fcinfo| {
    let (kind, rule, ticket, xid): (String, Option<i64>, i64, Option<String>) = args(fcinfo);
    let config = config();
    let rules = if kind == "trigger" {
        config.triggers().in_order()
    } else {
        config.automations()
    };
    if let Some(rule) = rules.iter().find(|own| Some(own.id) == rule) {
        let chain = xid.map_or_else(Vec::new, |xid| chain(ticket, &xid));
        perform(&kind, rule, ticket, chain);
    }
    answer(fcinfo, None::<i64>)
});

/// What a rule has not done yet falls with it.
struct Pending;

impl Drop for Pending {
    fn drop(&mut self) {
        PENDING.set(None);
    }
}

fn perform(kind: &str, rule: &Rule, ticket: i64, mut chain: Vec<String>) {
    let own = format!("{kind}:{}", rule.id);
    if !chain.contains(&own) {
        chain.push(own);
    }
    let cause = Cause {
        rule: json!({"kind": kind, "id": rule.id, "name": rule.name}),
        chain,
    };
    let _cause = context::cause(cause);
    let _pending = Pending;
    let (messages, changes): (Vec<&Action>, Vec<&Action>) = rule
        .actions
        .iter()
        .partition(|action| matches!(action, Action::Message(..)));
    if !changes.is_empty() {
        PENDING.set(Some((ticket, changes.into_iter().cloned().collect())));
        db::run(
            "update app.tickets set updated_at = updated_at where id = $1",
            &[ticket.into()],
        );
    }
    for message in messages {
        if let Action::Message(kind, text) = message {
            let text = templates::for_ticket(ticket, text, Reader::of_rule(kind));
            // A template whose parts all fall away has nothing to say.
            if text.trim().is_empty() {
                continue;
            }
            db::run(
                "insert into app.messages (ticket_id, kind, body_text) values ($1, $2::text::app.message_kind, $3)",
                &[ticket.into(), (*kind).into(), text.as_str().into()],
            );
        }
    }
}

/// The rules that spoke on the way to what this transaction did to the ticket, and those that answer it.
fn chain(ticket: i64, xid: &str) -> Vec<String> {
    db::rows(
        "select c.rule
           from app.events e
          cross join jsonb_array_elements_text(e.data -> 'chain') c (rule)
          where e.xid = $2::xid8 and e.ticket_id = $1
          union
         select 'trigger:' || f.rule_id from app.rule_firings f where f.kind = 'trigger' and f.ticket_id = $1 and f.cause_xid = $2::xid8
          order by 1",
        &[ticket.into(), xid.into()],
        |row| row.get::<String>(1),
    )
    .into_iter()
    .flatten()
    .collect()
}

// `select autocrm.matching_triggers(7, '812')`: the triggers that answer what transaction 812 did to ticket 7.
native!(matching_triggers, pg_finfo_matching_triggers, |fcinfo| {
    let (ticket, xid): (i64, String) = args(fcinfo);
    let config = config();
    let matched: Vec<Json> = if config.triggers().in_order().is_empty() {
        Vec::new()
    } else {
        Happening::read(&config, ticket, &xid).map_or_else(Vec::new, |happening| {
            let spoken = chain(ticket, &xid);
            config
                .triggers()
                .decide(&happening)
                .matched
                .iter()
                .filter(|rule| !spoken.contains(&format!("trigger:{}", rule.id)))
                .map(|rule| speaking(&config, rule, &happening))
                .collect()
        })
    };
    answer(fcinfo, Some(pgrx::JsonB(Json::Array(matched))))
});

/// Under which name the change of a restricted field is kept.
fn beside(key: &str) -> String {
    format!("custom.{key}")
}

/// A ticket and what one transaction did to it.
struct Happening<'a> {
    ticket: Stored<'a>,
    config: &'a Config,
    event: &'static str,
    /// Column → [before, after].
    changes: Map<String, Json>,
}

impl<'a> Happening<'a> {
    fn read(config: &'a Config, ticket: i64, xid: &str) -> Option<Self> {
        let mut event = "updated";
        let mut message = None;
        let mut changes = Map::new();
        let events = db::rows(
            "select e.name, e.message_id, e.data, e.field_key from app.events e where e.xid = $2::xid8 and e.ticket_id = $1 order by e.id",
            &[ticket.into(), xid.into()],
            |row| {
                Ok((
                    row.get::<String>(1)?.unwrap_or_default(),
                    row.get::<i64>(2)?,
                    row.get::<Held>(3)?.map(|json| json.0).unwrap_or_default(),
                    row.get::<String>(4)?,
                ))
            },
        );
        for (name, message_id, data, field) in events {
            if data["caused_by"]["kind"] == FILL {
                return None;
            }
            match name.as_str() {
                "ticket.created" => event = "created",
                "message.created" => {
                    message = message_id;
                    if event == "updated" {
                        event = match data["kind"].as_str() {
                            Some("note") => "noted",
                            _ => "replied",
                        };
                    }
                }
                _ => {}
            }
            let told = data["changes"].as_object().into_iter().flatten();
            for (column, change) in told {
                // A restricted field is told of by itself.
                let (column, change) = match &field {
                    Some(key) => (beside(key), json!([change[0].get(key), change[1].get(key)])),
                    None => (column.clone(), change.clone()),
                };
                // Changed twice in one transaction: from what it was first to what it is at last.
                let before: Option<Json> = changes
                    .get(&column)
                    .map(|earlier: &Json| earlier[0].clone());
                let change = json!([before.unwrap_or_else(|| change[0].clone()), change[1]]);
                changes.insert(column, change);
            }
        }
        // A new ticket has changed nothing.
        if event == "created" {
            changes.clear();
        }
        Some(Self {
            ticket: Stored::read(config, ticket)?.with_message(message),
            config,
            event,
            changes,
        })
    }

    /// One side of a change as conditions see it.
    fn side(&self, field: &Field, side: usize) -> Option<Value<'_>> {
        let change = |column: &str| self.changes.get(column).map(|change| &change[side]);
        let text = told;
        Some(match field {
            Field::Subject => text(change("subject")?.as_str()),
            Field::Type => text(change("type")?.as_str()),
            Field::Status => {
                let id = change("status_id")?.as_i64();
                text(id.and_then(|id| Some(self.config.status(id)?.key.as_str())))
            }
            Field::Priority => {
                let id = change("priority_id")?.as_i64();
                text(id.and_then(|id| {
                    let found = self.config.priorities.iter().find(|p| p.id == id)?;
                    Some(found.key.as_str())
                }))
            }
            Field::Team => {
                let id = change("team_id")?.as_i64();
                text(id.and_then(|id| self.config.team_name(id)))
            }
            Field::Form => {
                let id = change("form_id")?.as_i64();
                text(id.and_then(|id| Some(self.config.forms().get(&id)?.name.as_str())))
            }
            Field::Assignee => change("assignee_id")?
                .as_i64()
                .map_or(Value::Absent, |id| Value::Text(Cow::Owned(id.to_string()))),
            Field::Organization => change("organization_id")?
                .as_i64()
                .map_or(Value::Absent, |id| {
                    organization(id).map_or(Value::Absent, |name| Value::Text(Cow::Owned(name)))
                }),
            Field::Custom(key) => match change(&beside(key)) {
                Some(value) => custom_value(Some(value)),
                // What is told to nobody else was not changed with the others.
                None if self.config.sight.is_restricted(key) => return None,
                None => custom_value(change("custom")?.get(key)),
            },
            _ => return None,
        })
    }
}

/// A rule that speaks, and why. The reason is kept for all who read the ticket, so it leaves out what not all may see.
fn speaking(config: &Config, rule: &Rule, facts: &dyn Facts) -> Json {
    let mut explanation = rule.conditions.explain(facts);
    autocrm_core::fields::conceal(&config.sight.restricted(), &mut explanation);
    json!({"id": rule.id, "name": rule.name, "explanation": explanation})
}

fn organization(id: i64) -> Option<String> {
    db::rows(
        "select name from app.organizations where id = $1",
        &[id.into()],
        |row| row.get::<String>(1),
    )
    .into_iter()
    .flatten()
    .next()
}

impl Facts for Happening<'_> {
    fn get(&self, field: &Field) -> Value<'_> {
        if *field == Field::Event {
            return Value::Text(Cow::Borrowed(self.event));
        }
        // As it was then, not as it has become since.
        self.side(field, 1)
            .unwrap_or_else(|| self.ticket.get(field))
    }

    fn before(&self, field: &Field) -> Option<Value<'_>> {
        self.side(field, 0)
    }

    fn priority_weight(&self, key: &str) -> Option<f64> {
        self.ticket.priority_weight(key)
    }

    fn now(&self) -> i64 {
        self.ticket.now()
    }

    fn is_open(&self, schedule: &str) -> Option<bool> {
        self.ticket.is_open(schedule)
    }

    fn business_seconds(&self, schedule: &str, from: i64) -> Option<i64> {
        self.ticket.business_seconds(schedule, from)
    }
}

impl Calendar for Stored<'_> {
    fn add_business(&self, schedule: &str, from: i64, micros: i64) -> Option<i64> {
        crate::schedules::add_by_name(schedule, from, micros)
    }

    fn next_turn(&self, schedule: &str) -> Option<i64> {
        crate::schedules::turn_by_name(schedule, self.now())
    }
}

// `select autocrm.plan_automations(7, null, false)`: notes when each automation must look at ticket 7 next. With
// an automation and true, answers what it says if its moment has come.
native!(plan_automations, pg_finfo_plan_automations, |fcinfo| {
    let (ticket, only, speak): (i64, Option<i64>, Option<bool>) = args(fcinfo);
    let speak = speak.unwrap_or(false);
    let config = config();
    let rules: Vec<&Rule> = config
        .automations()
        .iter()
        .filter(|rule| only.is_none_or(|only| rule.id == only))
        .collect();
    if let (Some(only), true) = (only, rules.is_empty()) {
        forget(only, ticket);
    }
    let mut said = None;
    if !rules.is_empty()
        && let Some(stored) = Stored::read(&config, ticket)
    {
        for rule in rules {
            said = plan(rule, &stored, speak).or(said);
        }
    }
    answer(fcinfo, said.map(pgrx::JsonB))
});

fn forget(automation: i64, ticket: i64) {
    db::run(
        "delete from app.automation_due where automation_id = $1 and ticket_id = $2",
        &[automation.into(), ticket.into()],
    );
}

fn plan(rule: &Rule, ticket: &Stored<'_>, speak: bool) -> Option<Json> {
    let holds = rule.conditions.holds(ticket);
    let met = holds
        && db::run(
            "select from app.automation_due where automation_id = $1 and ticket_id = $2 and met",
            &[rule.id.into(), ticket.id.into()],
        ) > 0;
    let speaks = holds && !met && speak;
    let next = rule.conditions.next_instant(ticket);
    let due = if holds && !met && !speak {
        Some(crate::pg::clock::now())
    } else {
        next.and_then(crate::assign::books::time)
    };
    if due.is_none() && !met && !speaks {
        forget(rule.id, ticket.id);
    } else {
        db::run(
            "insert into app.automation_due as d (automation_id, ticket_id, due_at, met) values ($1, $2, $3, $4)
             on conflict (automation_id, ticket_id) do update set due_at = excluded.due_at, met = excluded.met
              where (d.due_at, d.met) is distinct from (excluded.due_at, excluded.met)",
            &[rule.id.into(), ticket.id.into(), due.into(), (met || speaks).into()],
        );
    }
    speaks.then(|| speaking(&config(), rule, ticket))
}
