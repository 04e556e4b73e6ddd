//! A row of an answer as a JSON object. `requester.name` is the key `name` of an object `requester`; columns of a group
//! stand side by side, and a group whose first is NULL is null. `team@` is the id of a team, shown as it is configured:
//! a list joins no table of the configuration.

use crate::config::{Config, config};
use crate::identity::{Actor, actor};
use crate::pg::answer::Rows;
use crate::pg::error::fail;
use autocrm_core::json;
use pgrx::pg_sys;
use std::rc::Rc;

pub struct Columns {
    all: Vec<Column>,
    /// Only where a column needs them.
    desk: Option<Desk>,
}

struct Column {
    /// Its position in the row.
    at: usize,
    group: Option<String>,
    key: String,
    shown: Option<Shown>,
}

/// What the configuration says, and who asks.
struct Desk {
    config: Rc<Config>,
    actor: Rc<Actor>,
}

/// What an id is shown as.
#[derive(Debug, Clone, Copy)]
enum Shown {
    Status,
    StatusCategory,
    Priority,
    Team,
    Form,
}

impl Shown {
    fn of(name: &str) -> Self {
        match name {
            "status" => Self::Status,
            "status_category" => Self::StatusCategory,
            "priority" => Self::Priority,
            "team" => Self::Team,
            "form" => Self::Form,
            _ => fail("TK500", "A list names what is not configured", None, None),
        }
    }
}

/// The columns of an answer, by their names, without the first `skipped`.
pub fn columns(names: &[(String, pg_sys::Oid)], skipped: usize) -> Columns {
    let all: Vec<Column> = names
        .iter()
        .enumerate()
        .skip(skipped)
        .map(|(at, (name, _))| {
            let shown = name.strip_suffix('@');
            let (group, key) = match name.split_once('.') {
                Some((group, key)) => (Some(group.to_owned()), key),
                None => (None, shown.unwrap_or(name)),
            };
            Column {
                at,
                group,
                key: key.to_owned(),
                shown: shown.map(Shown::of),
            }
        })
        .collect();
    let desk = all
        .iter()
        .any(|column| column.shown.is_some())
        .then(|| Desk {
            config: config(),
            actor: actor(),
        });
    Columns { all, desk }
}

/// The row that was read last.
pub fn write(out: &mut String, columns: &Columns, row: &Rows<'_>) {
    out.push('{');
    let mut open: Option<&str> = None;
    let mut skip: Option<&str> = None;
    let mut first = true;
    for column in &columns.all {
        let group = column.group.as_deref();
        if open.is_some() && group != open {
            out.push('}');
            open = None;
        }
        if group.is_some() && group == skip {
            continue;
        }
        skip = None;
        if group == open {
            json::key(out, &column.key, first);
            first = false;
        } else if let Some(name) = group {
            json::key(out, name, first);
            first = false;
            if row.is_null(column.at) {
                out.push_str("null");
                skip = group;
                continue;
            }
            out.push('{');
            open = group;
            json::key(out, &column.key, true);
        }
        match (column.shown, &columns.desk) {
            (Some(shown), Some(desk)) => desk.write(out, shown, row.bigint(column.at)),
            _ => row.write(column.at, out),
        }
    }
    if open.is_some() {
        out.push('}');
    }
    out.push('}');
}

impl Desk {
    /// As the policies of these tables say: whoever reads tickets reads statuses and priorities; customers read no team,
    /// and the forms that are theirs.
    fn write(&self, out: &mut String, shown: Shown, id: Option<i64>) {
        let known = id.is_some_and(|id| match shown {
            Shown::Status => text(out, self.config.status(id).map(|status| &*status.key)),
            Shown::StatusCategory => {
                text(out, self.config.status(id).map(|status| &*status.category))
            }
            Shown::Priority => text(
                out,
                self.config.shown().priorities.get(&id).map(String::as_str),
            ),
            Shown::Team => self.team(out, id),
            Shown::Form => self.form(out, id),
        });
        if !known {
            out.push_str("null");
        }
    }

    fn team(&self, out: &mut String, id: i64) -> bool {
        let team = self.config.shown().teams.get(&id);
        let team = team.filter(|_| !self.actor.is_customer());
        if let Some((name, color)) = team {
            open(out, id, name);
            json::key(out, "color", false);
            json::string(out, color);
            out.push('}');
        }
        team.is_some()
    }

    fn form(&self, out: &mut String, id: i64) -> bool {
        let form = self.config.forms().get(&id).filter(|form| {
            !self.actor.is_customer()
                || form.active && form.shown_to.iter().any(|role| role == "customer")
        });
        if let Some(form) = form {
            open(out, id, &form.name);
            out.push('}');
        }
        form.is_some()
    }
}

fn text(out: &mut String, text: Option<&str>) -> bool {
    if let Some(text) = text {
        json::string(out, text);
    }
    text.is_some()
}

fn open(out: &mut String, id: i64, name: &str) {
    out.push_str("{\"id\":");
    out.push_str(&id.to_string());
    json::key(out, "name", false);
    json::string(out, name);
}
