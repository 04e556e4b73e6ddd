//! Triggers: rules that run when a transaction changed a ticket.

use crate::conditions::stored::Stored;
use crate::conditions::values::{custom_value, told};
use crate::config::{Config, config};
use crate::context::FILL;
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::json::Held;
use crate::rules::perform::chain;
use autocrm_core::conditions::{Facts, Field, Value};
use autocrm_core::rules::Rule;
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;

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

/// The name under which the change of a restricted field is kept.
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
                // The change of a restricted field is an event of its own.
                let (column, change) = match &field {
                    Some(key) => (beside(key), json!([change[0].get(key), change[1].get(key)])),
                    None => (column.clone(), change.clone()),
                };
                // Changed twice in one transaction: from the first value to the last.
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
                // Changes of restricted fields are not among the others.
                None if self.config.sight.is_restricted(key) => return None,
                None => custom_value(change("custom")?.get(key)),
            },
            _ => return None,
        })
    }
}

/// A rule that fires, and why. All who read the ticket read the reason, so it leaves out what not all may see.
pub fn speaking(config: &Config, rule: &Rule, facts: &dyn Facts) -> Json {
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
