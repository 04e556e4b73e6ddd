//! Templates of macros, triggers and automations: the variables that one may name, and rendering.

use crate::config::config;
use crate::identity::actor;
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::{native, refuse};
use crate::pg::json::Held;
use autocrm_core::problem::Problem;
use autocrm_core::template::{Found, Variables, parse};
use serde_json::Value;

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

/// The reader of the filled template, who decides which variables it may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// An agent who applies a macro, sees the text and is responsible for it.
    Agent,
    /// The staff, by a note of a rule: fields that some of them may not see are left out.
    Staff,
    /// The customer, by a reply of a rule, which nobody checks: fields that customers may not see are refused.
    Public,
}

impl Reader {
    pub fn of_rule(message_kind: &str) -> Self {
        if message_kind == "note" {
            Self::Staff
        } else {
            Self::Public
        }
    }

    fn fixed(self) -> Vec<&'static str> {
        VARIABLES
            .into_iter()
            .filter(|name| match self {
                Self::Agent => true,
                Self::Staff => !name.starts_with("agent."),
                Self::Public => {
                    !name.starts_with("agent.")
                        && !matches!(*name, "ticket.tags" | "assignee.email")
                }
            })
            .collect()
    }

    fn custom(self) -> Vec<String> {
        if self == Self::Public {
            return db::rows(
                "select key from app.custom_fields where 'customer' = any (visible_to) order by id",
                &[],
                |row| row.get::<String>(1),
            )
            .into_iter()
            .flatten()
            .collect();
        }
        let config = config();
        let role = actor().role.clone();
        let hidden = config.sight.hidden(role.as_deref());
        let keys = config.fields.iter().map(|field| &field.key);
        keys.filter(|key| match self {
            Self::Agent => !hidden.contains(key),
            _ => !config.sight.is_restricted(key),
        })
        .cloned()
        .collect()
    }
}

/// What is wrong with a template, each with its position.
pub fn problems(path: &str, text: &str, reader: Reader) -> Vec<Problem> {
    let (fixed, custom) = (reader.fixed(), reader.custom());
    let variables = Variables {
        fixed: &fixed,
        custom: Some(&custom),
    };
    parse(path, text, &variables).err().unwrap_or_default()
}

/// A template filled for a ticket by a rule. A field that no longer exists, or that its readers may not see, is absent.
pub fn for_ticket(ticket: i64, text: &str, reader: Reader) -> String {
    if !text.contains("{{") {
        return text.to_owned();
    }
    let kind = if reader == Reader::Staff {
        "note"
    } else {
        "reply"
    };
    let values = db::rows(
        "select api._template_values($1, $2)",
        &[ticket.into(), kind.into()],
        |row| row.get::<Held>(1),
    );
    let values = values.into_iter().flatten().next().map(|json| json.0);
    let keys = reader.custom();
    let find = |name: &str| match name.strip_prefix("ticket.custom.") {
        Some(key) if !keys.iter().any(|known| known == key) => None,
        _ => look_up(values.as_ref()?, name),
    };
    let fixed = reader.fixed();
    render(text, &fixed, &find, false)
}

fn render(text: &str, fixed: &[&str], find: &dyn Fn(&str) -> Option<Found>, html: bool) -> String {
    let variables = Variables {
        fixed,
        custom: None,
    };
    let template = parse("template", text, &variables).unwrap_or_else(|problems| {
        refuse(
            "The template cannot be used as it is",
            &problems,
            "Correct each part.",
        )
    });
    template.render(find, html)
}

/// `requester.name` inside `{"requester": {"name": "Ada"}}`, as `{"shown": {"requester.name": …}}` says that it is
/// shown to whoever reads it.
fn look_up(values: &Value, name: &str) -> Option<Found> {
    let found = if let Some(key) = name.strip_prefix("ticket.custom.") {
        values.get("ticket")?.get("custom")?.get(key)?
    } else {
        let (of, what) = name.split_once('.')?;
        values.get(of)?.get(what)?
    };
    let (raw, said) = match found {
        Value::Null => return None,
        Value::Bool(flag) => (
            flag.to_string(),
            if *flag { "yes" } else { "no" }.to_owned(),
        ),
        Value::String(text) => (text.clone(), text.clone()),
        Value::Array(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| {
                    item.as_str()
                        .map_or_else(|| item.to_string(), str::to_owned)
                })
                .collect();
            (items.join(", "), items.join(", "))
        }
        other => (other.to_string(), other.to_string()),
    };
    let shown = values
        .get("shown")
        .and_then(|shown| shown.get(name)?.as_str())
        .map_or(said, str::to_owned);
    Some(Found {
        holds: *found != Value::Bool(false) && !shown.trim().is_empty(),
        raw: (raw != shown).then_some(raw),
        shown,
    })
}

// `select autocrm.render_template('Hello {{requester.name | "there"}}', '{}', false)  -- Hello there`
native!(render_template, pg_finfo_render_template, |fcinfo| {
    let (text, values, html): (String, Value, bool) = args(fcinfo);
    let find = |name: &str| look_up(&values, name);
    answer(fcinfo, Some(render(&text, &VARIABLES, &find, html)))
});
