//! Macros: the check of one when its row is written, and the filling of a template.

use crate::cache::config;
use crate::db;
use crate::error::{native, refuse};
use crate::identity::{actor, answer};
use crate::routing::strangers;
use crate::trigger::{Trigger, done, trigger};
use autocrm_core::fields::{Moment, validate};
use autocrm_core::problem::Problem;
use autocrm_core::routing::{Action, parse_actions};
use autocrm_core::template::{Variables, parse};
use pgrx::pg_sys;
use serde_json::{Map, Value};

/// What a template may name besides `ticket.custom.<key>`; `api._template_values` fills them.
const VARIABLES: [&str; 23] = [
    "ticket.id",
    "ticket.subject",
    "ticket.description",
    "ticket.status",
    "ticket.priority",
    "ticket.type",
    "ticket.channel",
    "ticket.language",
    "ticket.tags",
    "ticket.team",
    "ticket.created_at",
    "ticket.solved_at",
    "requester.name",
    "requester.first_name",
    "requester.email",
    "organization.name",
    "assignee.name",
    "assignee.first_name",
    "assignee.email",
    "agent.name",
    "agent.first_name",
    "agent.email",
    "agent.phone",
];

trigger!(tg_macros__check, pg_finfo_tg_macros__check, check);

/// Refuses a macro that could not be used. A private one without an owner is its maker's.
fn check(trigger: &Trigger) -> pg_sys::Datum {
    let Some(mut row) = trigger.new_row() else {
        return done();
    };
    if row.text("scope").as_deref() == Some("private") && row.get::<i64>("owner_id").is_none() {
        row.set("owner_id", actor().user_id);
    }
    let mut problems = scope(&row);
    match parse_actions(&row.json("actions").unwrap_or_default()) {
        Ok(actions) => problems.extend(unusable(&actions)),
        Err(more) => problems.extend(more),
    }
    let kind = row.text("message_kind");
    let (text, html) = (row.text("body_text"), row.text("body_html"));
    let config = config();
    let hidden = config.sight.hidden(actor().role.as_deref());
    let keys = config.fields.iter().map(|field| &field.key);
    let custom: Vec<String> = keys.filter(|key| !hidden.contains(key)).cloned().collect();
    let variables = Variables {
        fixed: &VARIABLES,
        custom: Some(&custom),
    };
    for (path, body) in [("body_text", &text), ("body_html", &html)] {
        let Some(body) = body else { continue };
        if let Err(more) = parse(path, body, &variables) {
            problems.extend(more);
        }
        if kind.is_none() {
            let message = "needs a message_kind, reply or note";
            problems.push(Problem::new(path, message));
        }
    }
    match (kind.as_deref(), &text, &html) {
        (Some(_), None, None) => {
            let message = "has nothing to say; give body_text or body_html";
            problems.push(Problem::new("message_kind", message));
        }
        (_, Some(_), Some(_)) => {
            let message = "stands beside body_text; give one of them";
            problems.push(Problem::new("body_html", message));
        }
        _ => {}
    }
    if !problems.is_empty() {
        refuse(
            &format!(
                "The macro '{}' cannot be saved as it is",
                row.text("name").unwrap_or_default()
            ),
            &problems,
            "Correct each part and save the macro again.",
        );
    }
    row.into_datum()
}

fn scope(row: &crate::row::Row) -> Vec<Problem> {
    let (team, owner) = (row.get::<i64>("team_id"), row.get::<i64>("owner_id"));
    let told = |path: &str, message: &str| vec![Problem::new(path, message)];
    match row.text("scope").as_deref() {
        Some("team") if team.is_none() => told("team_id", "is missing; say whose macro it is"),
        Some("private") if owner.is_none() => told("owner_id", "is missing; nobody acts"),
        Some("team") if owner.is_some() => told("owner_id", "belongs to private macros"),
        Some("private") if team.is_some() => told("team_id", "belongs to macros of a team"),
        Some("shared") if team.is_some() || owner.is_some() => told(
            "scope",
            "a shared macro has no team and no owner; say team or private",
        ),
        _ => Vec::new(),
    }
}

/// What the actions name and this desk does not have, or what only routing can do.
fn unusable(actions: &[Action]) -> Vec<Problem> {
    let config = config();
    let mut problems = strangers(actions);
    for (i, action) in actions.iter().enumerate() {
        let mut tell = |key: &str, message: String| {
            problems.push(Problem::new(format!("actions[{i}].{key}"), message));
        };
        match action {
            Action::Balance(..) => tell(
                "balance",
                "belongs to routing rules; a macro says assign".into(),
            ),
            Action::PreferSkill(..) => tell(
                "prefer_skill",
                "belongs to routing rules; a macro requires a skill".into(),
            ),
            Action::Message(kind, _) => tell(
                kind,
                "belongs to triggers; a macro has a message of its own".into(),
            ),
            Action::Assign(to) if to != "me" && to != "none" => {
                let agent = db::run(
                    "select from app.users where lower(email) = lower($1) and active and role in ('agent', 'admin')",
                    &[to.as_str().into()],
                );
                if agent == 0 {
                    let message =
                        format!("there is no agent '{to}'; give an e-mail address, me or none");
                    tell("assign", message);
                }
            }
            Action::Custom(key, value) => {
                let values = Map::from_iter([(key.clone(), value.clone())]);
                for problem in validate(&config.fields, &values, None, Moment::Update) {
                    tell("value", problem.message);
                }
            }
            Action::AddTags(names) => {
                for name in names {
                    let missing = db::run(
                        "select from app.tag_settings s
                          where s.closed and not exists (select from app.tags t where lower(t.name) = lower($1))",
                        &[name.as_str().into()],
                    );
                    if missing > 0 {
                        let message =
                            format!("there is no tag '{name}', and the list of tags is closed");
                        tell("add_tags", message);
                    }
                }
            }
            _ => {}
        }
    }
    problems
}

/// `requester.name` inside `{"requester": {"name": "Ada"}}`.
fn look_up(values: &Value, name: &str) -> Option<String> {
    let found = if let Some(key) = name.strip_prefix("ticket.custom.") {
        values.get("ticket")?.get("custom")?.get(key)?
    } else {
        let (of, what) = name.split_once('.')?;
        values.get(of)?.get(what)?
    };
    match found {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(
            items
                .iter()
                .map(|item| {
                    item.as_str()
                        .map_or_else(|| item.to_string(), str::to_owned)
                })
                .collect::<Vec<_>>()
                .join(", "),
        ),
        other => Some(other.to_string()),
    }
}

// `select autocrm.render_template('Hello {{requester.name | "there"}}', '{}', false)  -- Hello there`
native!(render_template, pg_finfo_render_template, |fcinfo| {
    // SAFETY: declared STRICT with text, jsonb and boolean.
    let (text, values, html) = unsafe {
        (
            pgrx::fcinfo::pg_getarg::<String>(fcinfo, 0).unwrap_or_default(),
            pgrx::fcinfo::pg_getarg::<pgrx::JsonB>(fcinfo, 1)
                .map(|json| json.0)
                .unwrap_or_default(),
            pgrx::fcinfo::pg_getarg::<bool>(fcinfo, 2).unwrap_or_default(),
        )
    };
    let variables = Variables {
        fixed: &VARIABLES,
        custom: None,
    };
    let template = parse("template", &text, &variables).unwrap_or_else(|problems| {
        refuse(
            "The template cannot be used as it is",
            &problems,
            "Correct each part.",
        )
    });
    answer(
        fcinfo,
        Some(template.render(&|name| look_up(&values, name), html)),
    )
});
