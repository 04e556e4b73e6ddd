//! The domain of conditions on this desk: choices of fields, tags, schedules, and the SQL of values.

use crate::conditions::values::weight;
use crate::config::Config;
use crate::pg::db;
use autocrm_core::conditions::{Domain, Facts, Field, Value, quote};
use std::borrow::Cow;

pub const TYPES: [&str; 4] = ["question", "incident", "problem", "task"];
const CHANNELS: [&str; 7] = ["web", "email", "api", "phone", "chat", "social", "import"];

/// The desk itself, for whom predicates are made.
pub struct Desk<'a>(pub &'a Config);

impl Facts for Desk<'_> {
    fn get(&self, _: &Field) -> Value<'_> {
        Value::Absent
    }

    fn priority_weight(&self, key: &str) -> Option<f64> {
        weight(self.0, key)
    }

    fn now(&self) -> i64 {
        crate::pg::clock::now().into_inner()
    }
}

/// Rows of id and name as choices.
fn named(sql: &'static str) -> Vec<(String, Value<'static>)> {
    db::rows(sql, &[], |row| {
        Ok((
            row.get::<i64>(1)?.unwrap_or_default().to_string(),
            Value::Text(Cow::Owned(row.get::<String>(2)?.unwrap_or_default())),
        ))
    })
}

impl Domain for Desk<'_> {
    fn choices(&self, field: &Field) -> Option<Vec<(String, Value<'_>)>> {
        fn text(name: &str) -> Value<'_> {
            Value::Text(Cow::Borrowed(name))
        }
        let words = |list: &'static [&'static str]| {
            list.iter()
                .map(|word| (format!("'{word}'"), text(word)))
                .collect()
        };
        match field {
            Field::Status => Some(
                self.0
                    .statuses
                    .iter()
                    .map(|s| (s.id.to_string(), text(&s.key)))
                    .collect(),
            ),
            Field::Priority => Some(named("select id, key from app.priorities")),
            Field::Team => Some(named("select id, name from app.teams")),
            Field::Form => Some(named("select id, name from app.ticket_forms")),
            Field::Type => Some(words(&TYPES)),
            Field::Channel => Some(words(&CHANNELS)),
            _ => None,
        }
    }

    fn tags(&self, name: &str) -> Vec<i64> {
        // The index uses the lower case of the database, conditions that of Unicode: the index finds candidates.
        db::rows(
            "select id, name from app.tags where lower(name) = lower(normalize($1))",
            &[name.into()],
            |row| {
                Ok((
                    row.get::<i64>(1)?.unwrap_or_default(),
                    row.get::<String>(2)?.unwrap_or_default(),
                ))
            },
        )
        .into_iter()
        .filter(|(_, tag)| tag.to_lowercase() == name)
        .map(|(id, _)| id)
        .collect()
    }

    fn schedule(&self, name: &str) -> Option<i64> {
        self.0.schedule_id(name)
    }

    /// Values of restricted fields are in another table with policies of its own; while values move, in either.
    fn value_of(&self, key: &str) -> String {
        let key_sql = quote(key);
        if self.0.sight.is_beside_row(key) {
            format!(
                "coalesce((select v.value from app.ticket_field_values v where v.ticket_id = t.id and v.field_key = {key_sql}), t.custom -> {key_sql})"
            )
        } else {
            format!("t.custom -> {key_sql}")
        }
    }

    fn is_indexed(&self, key: &str) -> bool {
        self.0.sight.is_indexed(key)
    }
}
