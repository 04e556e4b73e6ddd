//! The check of a macro when its row is written.

use crate::identity::actor;
use crate::pg::db;
use crate::pg::row::Row;
use crate::pg::trigger::{self, Trigger, trigger};
use crate::rules::check::{strangers, unfit};
use crate::rules::templates::{self, Reader};
use autocrm_core::actions::{Action, parse_actions};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;

trigger!(tg_macros__check, pg_finfo_tg_macros__check, check);

/// Refuses a macro that could not be used. A private one without an owner belongs to its author.
fn check(trigger: &Trigger) -> pg_sys::Datum {
    trigger::check(trigger, |row| {
        let problems = problems(row);
        (
            format!("The macro '{}'", row.text("name").unwrap_or_default()),
            problems,
        )
    })
}

fn problems(row: &mut Row) -> Vec<Problem> {
    if row.text("scope").as_deref() == Some("private") && row.get::<i64>("owner_id").is_none() {
        row.set("owner_id", actor().user_id);
    }
    let mut problems = scope(row);
    match parse_actions(&row.json("actions").unwrap_or_default()) {
        Ok(actions) => problems.extend(unusable(&actions)),
        Err(more) => problems.extend(more),
    }
    let kind = row.text("message_kind");
    let (text, html) = (row.text("body_text"), row.text("body_html"));
    for (path, body) in [("body_text", &text), ("body_html", &html)] {
        let Some(body) = body else { continue };
        if !db::is_owner() {
            problems.extend(templates::problems(path, body, Reader::Agent));
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
    problems
}

fn scope(row: &Row) -> Vec<Problem> {
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

/// Names in the actions that do not exist on this desk, and actions that only routing can do.
fn unusable(actions: &[Action]) -> Vec<Problem> {
    // The desk writes macros when a name changes: the rest of the macro was checked when it was saved.
    if db::is_owner() {
        return Vec::new();
    }
    let mut problems = strangers(actions);
    problems.extend(unfit(actions));
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
                    "select from app.users where lower(email) = lower(normalize($1)) and active and role in ('agent', 'admin')",
                    &[to.as_str().into()],
                );
                if agent == 0 {
                    let message =
                        format!("there is no agent '{to}'; give an e-mail address, me or none");
                    tell("assign", message);
                }
            }
            Action::AddTags(names) => {
                for name in names {
                    let missing = db::run(
                        "select from app.tag_settings s
                          where s.closed and not exists (select from app.tags t where lower(t.name) = lower(normalize($1)))",
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
