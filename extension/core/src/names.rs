//! References by name: the teams, statuses, tags … that conditions, actions and templates of a row refer to. They are
//! found by the field that holds them, never by their text, so that a team and a tag of one name are not confused; the
//! same walk replaces one when its row is renamed.

use crate::conditions::Field;
use crate::template;
use serde_json::{Map, Value as Json};

/// The type of the row, or of the value, that a name refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Team,
    Status,
    Priority,
    Form,
    Tag,
    Organization,
    Schedule,
    Skill,
    Email,
    /// By id.
    User,
    /// A custom field by its key.
    Field,
    /// A custom field that a view shows to those who may see it.
    Column,
    /// `key=value`: a value that a custom field is compared with or set to.
    Option,
}

const KINDS: [(Kind, &str); 13] = [
    (Kind::Team, "team"),
    (Kind::Status, "status"),
    (Kind::Priority, "priority"),
    (Kind::Form, "form"),
    (Kind::Tag, "tag"),
    (Kind::Organization, "organization"),
    (Kind::Schedule, "schedule"),
    (Kind::Skill, "skill"),
    (Kind::Email, "email"),
    (Kind::User, "user"),
    (Kind::Field, "field"),
    (Kind::Column, "column"),
    (Kind::Option, "option"),
];

impl Kind {
    pub fn as_str(self) -> &'static str {
        KINDS
            .iter()
            .find_map(|(kind, name)| (*kind == self).then_some(*name))
            .unwrap_or_default()
    }

    pub fn parse(name: &str) -> Option<Self> {
        KINDS
            .iter()
            .find_map(|(kind, known)| (*known == name).then_some(*kind))
    }
}

/// One name in a row. `sets`: an action sets it, and fails when it is gone; a condition that refers to it no longer
/// holds then.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    pub kind: Kind,
    pub name: String,
    pub sets: bool,
}

/// Called with every name; the result, if any, replaces it.
type Visit<'a> = &'a mut dyn FnMut(Kind, &str, bool) -> Option<String>;

/// The names in a row (`conditions`, `actions`, `body_text`, `visible_when`, `columns` …), each once.
pub fn names_in(row: &Map<String, Json>) -> Vec<Name> {
    let mut names = Vec::new();
    visit(&mut row.clone(), &mut |kind, name, sets| {
        names.push(Name {
            kind,
            name: name.to_owned(),
            sets,
        });
        None
    });
    names.sort_unstable();
    names.dedup();
    names
}

/// Replaces one name in a row.
pub fn rename_in(row: &mut Map<String, Json>, of: Kind, from: &str, to: &str) {
    let from = from.to_lowercase();
    visit(row, &mut |kind, name, _| {
        (kind == of && name.to_lowercase() == from).then(|| to.to_owned())
    });
}

fn visit(row: &mut Map<String, Json>, visit: Visit<'_>) {
    for (column, value) in row {
        match (column.as_str(), value) {
            ("conditions", value) => conditions(value, visit),
            ("actions", Json::Array(actions)) => {
                for item in actions {
                    action(item, visit);
                }
            }
            ("targets", Json::Array(targets)) => {
                for priority in targets
                    .iter_mut()
                    .filter_map(|target| target.get_mut("priority"))
                {
                    name(priority, Kind::Priority, false, visit);
                }
            }
            ("body_text" | "body_html", value) => text(value, visit),
            ("visible_when", Json::Object(when)) => visible_when(when, visit),
            ("columns", Json::Array(columns)) => {
                for column in columns {
                    custom(column.as_str(), Kind::Column, visit);
                }
            }
            ("body", Json::Object(body)) => bulk(body, visit),
            ("sort" | "group_by", value) => custom(value.as_str(), Kind::Field, visit),
            _ => {}
        }
    }
}

/// `-custom.area`, as views name columns and orders.
fn custom(column: Option<&str>, kind: Kind, visit: Visit<'_>) {
    let key = column.and_then(|name| name.trim_start_matches('-').strip_prefix("custom."));
    if let Some(key) = key {
        visit(kind, key, false);
    }
}

fn visible_when(when: &mut Map<String, Json>, visit: Visit<'_>) {
    let Some(key) = when.get("field").and_then(Json::as_str).map(str::to_owned) else {
        return;
    };
    visit(Kind::Field, &key, false);
    if let Some(values) = when.get_mut("in") {
        options(values, &key, false, visit);
    }
}

fn conditions(json: &mut Json, visit: Visit<'_>) {
    let Some(object) = json.as_object_mut() else {
        return;
    };
    if !object.contains_key("field") {
        for group in ["all", "any", "none"] {
            if let Some(Json::Array(parts)) = object.get_mut(group) {
                for part in parts {
                    conditions(part, visit);
                }
            }
        }
        return;
    }
    if let Some(schedule) = object.get_mut("schedule") {
        name(schedule, Kind::Schedule, false, visit);
    }
    let op = object.get("op").and_then(Json::as_str).unwrap_or_default();
    // A part of a text is no name.
    let whole = !matches!(
        op,
        "contains" | "not_contains" | "contains_word" | "starts_with" | "ends_with" | "matches"
    );
    let field = object
        .get("field")
        .and_then(Json::as_str)
        .and_then(Field::parse);
    let kind = match field {
        Some(Field::Team) => Kind::Team,
        Some(Field::Status) => Kind::Status,
        Some(Field::Priority) => Kind::Priority,
        Some(Field::Form) => Kind::Form,
        Some(Field::Tags) => Kind::Tag,
        Some(Field::Organization) => Kind::Organization,
        Some(Field::RequesterEmail) => Kind::Email,
        Some(Field::Assignee) => Kind::User,
        Some(Field::Now) => Kind::Schedule,
        Some(Field::Custom(key)) => {
            visit(Kind::Field, &key, false);
            if let Some(value) = object.get_mut("value").filter(|_| whole) {
                options(value, &key, false, visit);
            }
            return;
        }
        _ => return,
    };
    if let Some(value) = object.get_mut("value").filter(|_| whole) {
        match value {
            Json::Array(items) => list(items, |item| name(item, kind, false, visit)),
            one => name(one, kind, false, visit),
        }
    }
}

fn action(item: &mut Json, visit: Visit<'_>) {
    let Some(object) = item.as_object_mut() else {
        return;
    };
    if let Some(field) = object.get("set").and_then(Json::as_str) {
        let kind = match field {
            "team" => Kind::Team,
            "status" => Kind::Status,
            "priority" => Kind::Priority,
            "form" => Kind::Form,
            other => {
                if let Some(key) = other.strip_prefix("custom.").map(str::to_owned) {
                    visit(Kind::Field, &key, true);
                    if let Some(value) = object.get_mut("value") {
                        options(value, &key, true, visit);
                    }
                }
                return;
            }
        };
        if let Some(value) = object.get_mut("value") {
            name(value, kind, true, visit);
        }
        return;
    }
    for (key, value) in object {
        let kind = match key.as_str() {
            // A tag that is gone is created again, so that an action never fails without it.
            "add_tags" | "remove_tags" => Kind::Tag,
            "teams" => Kind::Team,
            "require_skill" | "prefer_skill" => Kind::Skill,
            "assign" if !matches!(value.as_str(), Some("me" | "none")) => Kind::Email,
            "reply" | "note" => {
                text(value, visit);
                continue;
            }
            _ => continue,
        };
        match value {
            Json::Array(items) => list(items, |item| name(item, kind, true, visit)),
            one => name(one, kind, true, visit),
        }
    }
}

/// What a bulk job does to each ticket.
fn bulk(body: &mut Map<String, Json>, visit: Visit<'_>) {
    for (key, value) in body {
        match (key.as_str(), value) {
            ("add_tags" | "remove_tags", Json::Array(items)) => {
                list(items, |item| name(item, Kind::Tag, true, visit));
            }
            ("changes", Json::Object(changes)) => {
                for (column, value) in changes {
                    match (column.as_str(), value) {
                        ("status", value) => name(value, Kind::Status, true, visit),
                        ("priority", value) => name(value, Kind::Priority, true, visit),
                        ("tags", Json::Array(items)) => {
                            list(items, |item| name(item, Kind::Tag, true, visit));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn name(value: &mut Json, kind: Kind, sets: bool, visit: Visit<'_>) {
    if let Json::String(text) = value
        && !(kind == Kind::User && text.as_str() == "current_user")
        && let Some(new) = visit(kind, text, sets)
    {
        *text = new;
    }
}

fn options(value: &mut Json, key: &str, sets: bool, visit: Visit<'_>) {
    match value {
        Json::Array(items) => list(items, |item| option(item, key, sets, visit)),
        one => option(one, key, sets, visit),
    }
}

fn option(value: &mut Json, key: &str, sets: bool, visit: Visit<'_>) {
    let (text, number) = match &*value {
        Json::String(text) => (text.clone(), false),
        Json::Number(number) => (number.to_string(), true),
        _ => return,
    };
    let Some(new) = visit(Kind::Option, &format!("{key}={text}"), sets) else {
        return;
    };
    let Some(new) = new.strip_prefix(key).and_then(|new| new.strip_prefix('=')) else {
        return;
    };
    *value = match new.parse::<i64>() {
        Ok(id) if number => id.into(),
        _ => Json::String(new.to_owned()),
    };
}

/// Visits a list; two names that have become one are kept once.
fn list(items: &mut Vec<Json>, mut visit: impl FnMut(&mut Json)) {
    let before = items.clone();
    items.iter_mut().for_each(&mut visit);
    if *items == before {
        return;
    }
    let mut kept: Vec<Json> = Vec::with_capacity(items.len());
    let same = |a: &Json, b: &Json| match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => a.to_lowercase() == b.to_lowercase(),
        _ => a == b,
    };
    for item in items.drain(..) {
        if !kept.iter().any(|one| same(one, &item)) {
            kept.push(item);
        }
    }
    *items = kept;
}

fn text(value: &mut Json, visit: Visit<'_>) {
    let Json::String(text) = value else {
        return;
    };
    let new = template::rewrite(text, &mut |variable, compared| {
        if let Some(key) = variable.strip_prefix("ticket.custom.") {
            visit(Kind::Field, key, false);
            let new = visit(Kind::Option, &format!("{key}={}", compared?), false)?;
            return new.strip_prefix(key)?.strip_prefix('=').map(str::to_owned);
        }
        let kind = match variable {
            "ticket.team" => Kind::Team,
            "ticket.status" => Kind::Status,
            "ticket.priority" => Kind::Priority,
            "ticket.tags" => Kind::Tag,
            "organization.name" => Kind::Organization,
            "requester.email" | "assignee.email" | "agent.email" => Kind::Email,
            _ => return None,
        };
        visit(kind, compared?, false)
    });
    if let Some(new) = new {
        *text = new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(value: Json) -> Map<String, Json> {
        value.as_object().cloned().expect("an object")
    }

    fn rule() -> Map<String, Json> {
        row(json!({
            "name": "Billing",
            "conditions": {"all": [
                {"field": "team", "op": "is", "value": "billing"},
                {"field": "subject", "op": "is", "value": "Billing"},
                {"any": [{"field": "tags", "op": "includes_any", "value": ["billing", "vip"]}]},
                {"field": "hours_since.created", "op": "greater", "value": 3, "schedule": "Office"},
                {"field": "now", "op": "within_schedule", "value": "office"},
                {"field": "assignee", "op": "in", "value": ["7", "current_user"]},
                {"field": "requester.email", "op": "contains", "value": "ada@x"},
                {"field": "custom.area", "op": "in", "value": ["web", "mail"]},
            ]},
            "actions": [
                {"set": "team", "value": "Billing"}, {"set": "custom.owner", "value": 7},
                {"add_tags": ["Billing"]}, {"balance": "follow_the_sun", "teams": ["Billing", "Austin"]},
                {"require_skill": "German"}, {"assign": "ada@desk.test"}, {"assign": "me"},
                {"note": "{{#if ticket.team == \"billing\"}}Billing{{/if}} {{ticket.custom.margin}}"},
            ],
        }))
    }

    #[test]
    fn names_are_told_by_what_their_field_holds() {
        let told: Vec<String> = names_in(&rule())
            .iter()
            .map(|n| {
                format!(
                    "{}{} {}",
                    if n.sets { "+" } else { "" },
                    n.kind.as_str(),
                    n.name
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "+team Austin",
                "+team Billing",
                "team billing",
                "+tag Billing",
                "tag billing",
                "tag vip",
                "schedule Office",
                "schedule office",
                "+skill German",
                "+email ada@desk.test",
                "user 7",
                "field area",
                "field margin",
                "+field owner",
                "option area=mail",
                "option area=web",
                "+option owner=7",
            ]
        );
    }

    #[test]
    fn a_new_name_is_written_where_the_old_one_stood_and_nowhere_else() {
        let mut renamed = rule();
        rename_in(&mut renamed, Kind::Team, "BILLING", "Money");
        let conditions = &renamed["conditions"]["all"];
        assert_eq!(conditions[0]["value"], "Money");
        assert_eq!(conditions[1]["value"], "Billing");
        assert_eq!(conditions[2]["any"][0]["value"], json!(["billing", "vip"]));
        assert_eq!(renamed["actions"][0]["value"], "Money");
        assert_eq!(renamed["actions"][2], json!({"add_tags": ["Billing"]}));
        assert_eq!(renamed["actions"][3]["teams"], json!(["Money", "Austin"]));
        assert_eq!(
            renamed["actions"][7]["note"],
            "{{#if ticket.team == \"Money\"}}Billing{{/if}} {{ticket.custom.margin}}"
        );
        assert_eq!(renamed["name"], "Billing");
        let mut same = rule();
        rename_in(&mut same, Kind::Team, "Nobody", "Money");
        assert_eq!(same, rule());
    }

    #[test]
    fn a_bulk_job_names_what_it_sets() {
        let mut job = row(json!({"action": "update", "body": {
            "changes": {"status": "open", "priority": "high", "subject": "high", "team_id": 7},
            "add_tags": ["vip", "open"],
        }}));
        rename_in(&mut job, Kind::Status, "open", "busy");
        rename_in(&mut job, Kind::Priority, "high", "huge");
        rename_in(&mut job, Kind::Tag, "VIP", "gold");
        assert_eq!(
            job["body"],
            json!({
                "changes": {"status": "busy", "priority": "huge", "subject": "high", "team_id": 7},
                "add_tags": ["gold", "open"],
            })
        );
        assert!(names_in(&job).iter().all(|name| name.sets));
    }

    #[test]
    fn two_that_become_one_stand_once_and_numbers_stay_numbers() {
        let mut merged = rule();
        rename_in(&mut merged, Kind::Tag, "vip", "Billing");
        assert_eq!(
            merged["conditions"]["all"][2]["any"][0]["value"],
            json!(["billing"])
        );
        rename_in(&mut merged, Kind::Option, "owner=7", "owner=9");
        assert_eq!(merged["actions"][1]["value"], json!(9));
    }

    #[test]
    fn views_and_fields_name_fields() {
        let names = |value: Json| -> Vec<String> {
            names_in(&row(value))
                .into_iter()
                .map(|n| format!("{} {}", n.kind.as_str(), n.name))
                .collect()
        };
        assert_eq!(
            names(
                json!({"columns": ["id", "custom.area"], "sort": "-custom.due", "group_by": "team"})
            ),
            ["field due", "column area"]
        );
        assert_eq!(
            names(json!({"visible_when": {"field": "area", "in": ["web", 7]}})),
            ["field area", "option area=7", "option area=web"]
        );
        assert_eq!(
            names(
                json!({"targets": [{"metric": "resolution", "priority": "High"}, {"priority": null}, 7]})
            ),
            ["priority High"]
        );
        assert!(names(json!({"conditions": null, "actions": [7, {}], "visible_when": null, "body_text": null})).is_empty());
    }
}
