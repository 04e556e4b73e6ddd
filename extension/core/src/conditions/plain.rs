//! A condition over the columns of a ticket's row, for native code that reads rows itself. It is resolved for the desk
//! as its SQL is, so that both find the same tickets; what needs more than the row has no such form.

use super::condition::{CURRENT_USER, Check, Condition, Literal, Test, When};
use super::domain::Domain;
use super::field::Field;
use super::sql::moment_column;
use serde_json::Value as Json;
use std::ops::RangeInclusive;

#[derive(Debug, PartialEq)]
pub enum Plain<'a> {
    All(Vec<Self>),
    Any(Vec<Self>),
    None(Vec<Self>),
    /// A column holds one of these ids or words, or nothing where `absent` is set.
    OneOf {
        column: &'static str,
        values: Vec<String>,
        absent: bool,
    },
    Present(&'static str),
    /// A point in time is within these, in microseconds since 2000-01-01 UTC.
    Within(&'static str, RangeInclusive<i64>),
    /// There is one of these tags.
    Tagged(Vec<i64>),
    HasTags,
    /// A test of any text in a column, or of a custom field of this key: the JSON that `autocrm.test` takes.
    Text(&'static str, &'a Json),
    Custom(&'a str, &'a Json),
}

/// No instant is within it.
const NEVER: RangeInclusive<i64> = RangeInclusive::new(1, 0);

impl Condition {
    /// This condition for rows of the desk, as `me` sees them; `None` when more than the row is needed.
    pub fn plain(&self, domain: &dyn Domain, me: Option<i64>) -> Option<Plain<'_>> {
        Some(match self {
            Self::All(parts) => Plain::All(cheapest_first(parts, domain, me)?),
            Self::Any(parts) => Plain::Any(cheapest_first(parts, domain, me)?),
            Self::None(parts) => Plain::None(cheapest_first(parts, domain, me)?),
            Self::Test(test) => test.plain(domain, me)?,
        })
    }
}

/// Ids and times are compared before tags are read, and these before values of any shape.
fn cheapest_first<'a>(
    parts: &'a [Condition],
    domain: &dyn Domain,
    me: Option<i64>,
) -> Option<Vec<Plain<'a>>> {
    let parts = parts.iter().map(|part| part.plain(domain, me));
    let mut parts = parts.collect::<Option<Vec<_>>>()?;
    parts.sort_by_key(cost);
    Some(parts)
}

fn cost(plain: &Plain<'_>) -> u8 {
    match plain {
        Plain::All(parts) | Plain::Any(parts) | Plain::None(parts) => {
            parts.iter().map(cost).max().unwrap_or_default()
        }
        Plain::OneOf { .. } | Plain::Present(_) | Plain::Within(..) => 0,
        Plain::Tagged(_) | Plain::HasTags => 1,
        Plain::Text(..) | Plain::Custom(..) => 2,
    }
}

impl Test {
    fn plain(&self, domain: &dyn Domain, me: Option<i64>) -> Option<Plain<'_>> {
        if self.asks_change() {
            return None;
        }
        if let Some(choices) = domain.choices(&self.field) {
            let (fitting, absent) = self.fitting(&choices, domain);
            return Some(Plain::OneOf {
                column: column_name(self.choice_column()),
                values: fitting
                    .into_iter()
                    .map(|sql| sql.trim_matches('\'').to_owned())
                    .collect(),
                absent,
            });
        }
        let tags =
            |names: &[String]| -> Vec<i64> { names.iter().flat_map(|n| domain.tags(n)).collect() };
        let plain = match (&self.field, &self.check) {
            (Field::Tags, Check::IncludesAny(names)) => Plain::Tagged(tags(names)),
            (Field::Tags, Check::IncludesAll(names)) => Plain::All(
                names
                    .iter()
                    .map(|name| Plain::Tagged(domain.tags(name)))
                    .collect(),
            ),
            (Field::Tags, Check::Present) => Plain::HasTags,
            (Field::Assignee, Check::Present) => Plain::Present("assignee_id"),
            (Field::Assignee, Check::In(options)) => Plain::OneOf {
                column: "assignee_id",
                values: people(options, me),
                absent: false,
            },
            (field, check) => match moment_column(field) {
                Some(column) => self.within(column_name(column), check, domain.now())?,
                // What is negated in the value's own test is not negated again.
                None => return self.by_value(domain),
            },
        };
        Some(if self.negated {
            Plain::None(vec![plain])
        } else {
            plain
        })
    }

    fn within(&self, column: &'static str, check: &Check, now: i64) -> Option<Plain<'_>> {
        let before = |at: i64| at.checked_sub(1).map_or(NEVER, |last| i64::MIN..=last);
        let after = |at: i64| at.checked_add(1).map_or(NEVER, |first| first..=i64::MAX);
        let at = |when: &When| when.resolve(now);
        let ago = |limit: &Literal| limit.micros().map(|micros| now.saturating_sub(micros));
        let range = match check {
            Check::Present => return Some(Plain::Present(column)),
            // Hours of a schedule are counted by the schedule.
            _ if self.schedule.is_some() => return None,
            Check::Before(when) => before(at(when)),
            Check::After(when) => after(at(when)),
            Check::Less(limit) => after(ago(limit)?),
            Check::Greater(limit) => before(ago(limit)?),
            Check::Between(low, high) => ago(high)?..=ago(low)?,
            _ => return None,
        };
        Some(Plain::Within(column, range))
    }

    fn by_value(&self, domain: &dyn Domain) -> Option<Plain<'_>> {
        match &self.field {
            Field::Subject => Some(Plain::Text("subject", &self.source)),
            Field::Language => Some(Plain::Text("language", &self.source)),
            Field::Custom(key) if domain.is_in_row(key) => Some(Plain::Custom(key, &self.source)),
            _ => None,
        }
    }
}

fn column_name(column: &'static str) -> &'static str {
    column.strip_prefix("t.").unwrap_or(column)
}

fn people(options: &[Literal], me: Option<i64>) -> Vec<String> {
    options
        .iter()
        .filter_map(|option| match option {
            Literal::Text(text) if text == CURRENT_USER => me.map(|id| id.to_string()),
            Literal::Text(text) => {
                let known = text.parse::<i64>().is_ok_and(|id| id.to_string() == *text);
                known.then(|| text.clone())
            }
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::facts::{Facts, Value};
    use super::super::parse::parse_conditions;
    use super::*;
    use serde_json::json;
    use std::borrow::Cow;

    struct Desk;

    impl Facts for Desk {
        fn get(&self, _: &Field) -> Value<'_> {
            Value::Absent
        }

        fn priority_weight(&self, key: &str) -> Option<f64> {
            Some(if key == "low" { 1.0 } else { 2.0 })
        }

        fn now(&self) -> i64 {
            10 * 3_600_000_000
        }
    }

    impl Domain for Desk {
        fn choices(&self, field: &Field) -> Option<Vec<(String, Value<'_>)>> {
            let list = |names: &[(&str, &'static str)]| {
                names
                    .iter()
                    .map(|(id, name)| ((*id).to_owned(), Value::Text(Cow::Borrowed(*name))))
                    .collect()
            };
            match field {
                Field::Priority => Some(list(&[("1", "low"), ("2", "high")])),
                Field::Team => Some(list(&[("7", "Billing"), ("8", "Tech")])),
                _ => None,
            }
        }

        fn tags(&self, name: &str) -> Vec<i64> {
            if name == "vip" { vec![3] } else { Vec::new() }
        }

        fn schedule(&self, _: &str) -> Option<i64> {
            None
        }

        fn is_in_row(&self, key: &str) -> bool {
            key != "margin"
        }
    }

    fn plain(condition: &Json) -> Option<String> {
        let condition = parse_conditions(condition).expect("parses");
        condition
            .plain(&Desk, Some(9))
            .map(|plain| format!("{plain:?}"))
    }

    #[test]
    fn a_condition_over_the_row_has_a_plain_form() {
        for (condition, wanted) in [
            (
                json!({"field": "team", "op": "is_not", "value": "billing"}),
                r#"OneOf { column: "team_id", values: ["8"], absent: true }"#,
            ),
            (
                json!({"field": "priority", "op": "greater", "value": "low"}),
                r#"OneOf { column: "priority_id", values: ["2"], absent: false }"#,
            ),
            (
                json!({"field": "assignee", "op": "in", "value": ["current_user", "7", "07", "x"]}),
                r#"OneOf { column: "assignee_id", values: ["9", "7"], absent: false }"#,
            ),
            (
                json!({"field": "tags", "op": "includes_none", "value": ["vip", "gone"]}),
                "None([Tagged([3])])",
            ),
            (
                json!({"field": "hours_since.updated", "op": "greater", "value": 4}),
                r#"Within("updated_at", -9223372036854775808..=21599999999)"#,
            ),
            (
                json!({"field": "hours_since.solved", "op": "between", "value": [1, 4]}),
                r#"Within("solved_at", 21600000000..=32400000000)"#,
            ),
        ] {
            assert_eq!(plain(&condition).as_deref(), Some(wanted), "{condition}");
        }
        let parts = json!({"all": [
            {"field": "custom.area", "op": "is", "value": "api"}, {"field": "tags", "op": "present"},
            {"field": "assignee", "op": "absent"}]});
        assert_eq!(
            plain(&parts).as_deref(),
            Some(
                r#"All([None([Present("assignee_id")]), HasTags, Custom("area", Object {"field": String("custom.area"), "op": String("is"), "value": String("api")})])"#
            )
        );
    }

    #[test]
    fn what_stands_beside_the_row_has_none() {
        for condition in [
            json!({"field": "requester.email", "op": "present"}),
            json!({"field": "message.text", "op": "contains", "value": "x"}),
            json!({"field": "custom.margin", "op": "present"}),
            json!({"field": "hours_since.created", "op": "less", "value": 1, "schedule": "Support"}),
            json!({"field": "now", "op": "within_schedule", "value": "Support"}),
            json!({"any": [{"field": "tags", "op": "present"}, {"field": "organization", "op": "absent"}]}),
        ] {
            assert_eq!(plain(&condition), None, "{condition}");
        }
    }
}
