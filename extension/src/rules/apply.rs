//! Actions of rules, applied to the row of a ticket that is about to be written.

use crate::conditions::desk::TYPES;
use crate::config::Config;
use crate::config::tags::tag_id;
use crate::pg::db;
use crate::pg::row::Row;
use autocrm_core::actions::Action;
use autocrm_core::assign::Strategy;
use serde_json::{Map, Value as Json, json};

/// A rule that names what is gone must not stop a customer's ticket: the explanation names it.
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
        // Messages are sent by `perform`; where none can be sent, the check of the rule has refused them.
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

/// The ids of these tags; those that do not exist yet are made.
fn tag_ids(names: &[String]) -> Vec<i64> {
    names
        .iter()
        .filter_map(|name| {
            tag_id(name).or_else(|| {
                db::run(
                    "insert into app.tags (name) values ($1) on conflict do nothing",
                    &[name.as_str().into()],
                );
                tag_id(name)
            })
        })
        .collect()
}
