//! Limits of a ticket's columns, checked before anything else reads them, and the normal form of its texts.

use crate::config::Config;
use crate::config::tags::unknown_tags;
use crate::pg::clock::{self, PLAUSIBLE};
use crate::pg::row::Row;
use autocrm_core::nfc::{nfc, nfc_object};
use autocrm_core::problem::Problem;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

/// Characters.
const TEXTS: [(&str, usize); 2] = [("external_id", 255), ("language", 35)];
/// Bytes.
const BODIES: [(&str, usize); 2] = [("description", 4_000_000), ("description_html", 4_000_000)];
const TAGS: usize = 500;
const SUBJECT: usize = 500;
/// For which a skill may be preferred: a year.
const MINUTES: i64 = 366 * 24 * 60;
/// Times that administrators may bring along from another desk.
const TIMES: [&str; 5] = [
    "created_at",
    "updated_at",
    "first_reply_at",
    "solved_at",
    "closed_at",
];
const OBJECTS: [&str; 3] = ["custom", "required_skills", "preferred_skills"];

/// What is wrong with the columns that were given or changed.
pub fn problems(config: &Config, row: &Row, old: Option<&Row>) -> Vec<Problem> {
    let given = |column: &str| {
        !row.is_absent(column) && old.is_none_or(|old| !row.same_column(old, column))
    };
    let mut problems = Vec::new();
    let subject = row.text("subject").unwrap_or_default();
    if (old.is_none() || given("subject"))
        && (subject.trim().is_empty() || subject.chars().count() > SUBJECT)
    {
        problems.push(Problem::new(
            "subject",
            format!("must have 1 to {SUBJECT} characters"),
        ));
    }
    for (column, most) in TEXTS {
        if given(column)
            && row
                .text(column)
                .is_some_and(|text| text.chars().count() > most)
        {
            problems.push(Problem::new(
                column,
                format!("must have at most {most} characters"),
            ));
        }
    }
    for (column, most) in BODIES {
        if given(column) && row.text(column).is_some_and(|text| text.len() > most) {
            problems.push(Problem::new(
                column,
                format!("must have at most {most} bytes"),
            ));
        }
    }
    if given("tag_ids") {
        match row.plain_ids("tag_ids") {
            None => problems.push(Problem::new(
                "tag_ids",
                "must be a plain list of ids of tags",
            )),
            Some(tags) if tags.len() > TAGS => {
                problems.push(Problem::new(
                    "tag_ids",
                    format!("must have at most {TAGS} entries"),
                ));
            }
            // The id of a deleted tag stays until the list is changed without it.
            Some(tags) => problems.extend(
                unknown_tags(&tags)
                    .into_iter()
                    .filter(|id| !old.is_some_and(|old| old.ids("tag_ids").contains(id)))
                    .map(|id| Problem::new("tag_ids", format!("there is no tag {id}"))),
            ),
        }
    }
    for column in TIMES {
        if given(column) && !row.get(column).is_some_and(clock::is_plausible) {
            problems.push(Problem::new(column, PLAUSIBLE));
        }
    }
    for column in OBJECTS {
        if given(column) && !row.is_object(column) {
            problems.push(Problem::new(column, "must be a JSON object"));
        } else if column != "custom" && given(column) {
            problems.extend(skill_problems(config, row, column));
        }
    }
    problems
}

/// Skills by id: a level each where they are required, an object with it where they are preferred.
fn skill_problems(config: &Config, row: &Row, column: &str) -> Vec<Problem> {
    let is_level = |value: &Value| value.as_i64().is_some_and(|level| (1..=5).contains(&level));
    let is_time = |value: &Value| {
        value
            .as_i64()
            .is_some_and(|minutes| (0..=MINUTES).contains(&minutes))
    };
    let mut problems = Vec::new();
    for (id, value) in row.object(column) {
        let path = format!("{column}.{id}");
        if !config.skills.values().any(|known| known.to_string() == id) {
            problems.push(Problem::new(path, "is not the id of a skill"));
        } else if column == "required_skills" && !is_level(&value) {
            problems.push(Problem::new(path, "must be a level from 1 to 5"));
        } else if column == "preferred_skills"
            && !(value.get("level").is_some_and(is_level) && value.get("until").is_none_or(is_time))
        {
            problems.push(Problem::new(
                path,
                "must be such as {\"level\": 2, \"until\": 15}: a level from 1 to 5, and minutes, at most a year",
            ));
        }
    }
    problems
}

/// Subject and custom values that were given or changed, in one form of Unicode, and each tag once.
pub fn normalise(row: &mut Row, old: Option<&Row>) {
    let given = |column: &str| old.is_none_or(|old| !row.same_column(old, column));
    let (subject, tags, custom) = (given("subject"), given("tag_ids"), given("custom"));
    if subject
        && let Some(text) = row.text("subject")
        && let Cow::Owned(composed) = nfc(&text)
    {
        row.set("subject", Some(composed));
    }
    if tags {
        let (ids, mut seen) = (row.ids("tag_ids"), HashSet::new());
        let once: Vec<i64> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
        if once.len() < ids.len() {
            row.set("tag_ids", Some(once));
        }
    }
    if custom && let Some(composed) = nfc_object(&row.object("custom")) {
        row.set_text("custom", &Value::Object(composed).to_string());
    }
}
