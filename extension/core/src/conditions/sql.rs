//! A condition as a SQL predicate over `app.tickets t` with the meaning of its evaluation. A field of few values
//! (status, priority, team) is evaluated here for each of them and becomes a list of ids that an index can find;
//! times and tags become comparisons; the rest is left to the native code, row by row.

use super::condition::{CURRENT_USER, Check, Condition, Literal, Test, When};
use super::domain::Domain;
use super::facts::Value;
use super::field::{Field, Moment};
use crate::moment;
use crate::problem::Problem;
use std::fmt::Write;

impl Condition {
    /// The predicate, or the tests that have none.
    pub fn to_sql(&self, domain: &dyn Domain) -> Result<String, Vec<Problem>> {
        let mut problems = Vec::new();
        let sql = self.write(domain, "conditions", &mut problems);
        if problems.is_empty() {
            Ok(sql)
        } else {
            Err(problems)
        }
    }

    fn write(&self, domain: &dyn Domain, path: &str, problems: &mut Vec<Problem>) -> String {
        let (group, parts) = match self {
            Self::All(parts) => ("all", parts),
            Self::Any(parts) => ("any", parts),
            Self::None(parts) => ("none", parts),
            Self::Test(test) => {
                return test.to_sql(domain).unwrap_or_else(|message| {
                    problems.push(Problem::new(path, message));
                    String::new()
                });
            }
        };
        let mut parts: Vec<String> = parts
            .iter()
            .enumerate()
            .map(|(i, part)| part.write(domain, &format!("{path}.{group}[{i}]"), problems))
            .collect();
        // Postgres evaluates them in this order: whatever costs more than a comparison comes last.
        parts.sort_by_key(|part| part.contains("autocrm.test(") || part.contains("business_"));
        match (group, parts.is_empty()) {
            ("any", true) => "false".into(),
            (_, true) => "true".into(),
            ("all", false) => format!("({})", parts.join(" and ")),
            ("any", false) => format!("({})", parts.join(" or ")),
            (_, false) => format!("not ({})", parts.join(" or ")),
        }
    }
}

impl Test {
    /// Never NULL: an absent value makes the test false, and its negation true.
    fn to_sql(&self, domain: &dyn Domain) -> Result<String, String> {
        if self.asks_change() {
            return Err("asks about a change; a list of tickets has none".into());
        }
        if let Some(choices) = domain.choices(&self.field) {
            return Ok(self.one_of(&choices, domain));
        }
        let plain = match (&self.field, &self.check) {
            (_, Check::Open(name)) => match domain.schedule(name) {
                Some(id) => format!("autocrm.is_open({id}, autocrm.now())"),
                None => "false".into(),
            },
            (Field::Tags, Check::IncludesAny(names)) => {
                let ids: Vec<i64> = names.iter().flat_map(|name| domain.tags(name)).collect();
                overlaps(&ids)
            }
            (Field::Tags, Check::IncludesAll(names)) => {
                let each: Vec<String> = names
                    .iter()
                    .map(|name| overlaps(&domain.tags(name)))
                    .collect();
                format!("({})", each.join(" and "))
            }
            (Field::Tags, Check::Present) => "t.tag_ids <> '{}'".into(),
            (Field::Assignee, Check::Present) => "t.assignee_id is not null".into(),
            (Field::Assignee, Check::In(options)) => assignees(options),
            (field, check) => match (moment_column(field), check) {
                (Some(column), Check::Present) => format!("{column} is not null"),
                (Some(column), Check::Before(when)) => compare(column, "<", *when),
                (Some(column), Check::After(when)) => compare(column, ">", *when),
                (Some(column), check) => self.hours(column, check, domain)?,
                (None, _) => return Ok(self.natively(domain)),
            },
        };
        Ok(if self.negated {
            format!("not ({plain})")
        } else {
            plain
        })
    }

    /// The test evaluated for every value of the field: the ids of those for which it holds.
    fn one_of(&self, choices: &[(String, Value<'_>)], domain: &dyn Domain) -> String {
        let column = self.choice_column();
        let (fitting, absent) = self.fitting(choices, domain);
        let listed = if fitting.is_empty() {
            "false".to_owned()
        } else {
            let among = format!("{column} in ({})", fitting.join(", "));
            match self.field {
                // NULL and false is false, and unlike coalesce() an index can find it.
                Field::Team | Field::Form => format!("({among} and {column} is not null)"),
                _ => among,
            }
        };
        if absent {
            format!("({listed} or {column} is null)")
        } else {
            listed
        }
    }

    /// Which values the test holds for, as SQL writes them, and whether it holds where there is none.
    pub(super) fn fitting<'a>(
        &self,
        choices: &'a [(String, Value<'_>)],
        domain: &dyn Domain,
    ) -> (Vec<&'a str>, bool) {
        let fitting = choices
            .iter()
            .filter(|(_, value)| self.negated != self.matches(value, domain))
            .map(|(sql, _)| sql.as_str())
            .collect();
        (
            fitting,
            self.negated != self.matches(&Value::Absent, domain),
        )
    }

    /// The column of a field that has choices.
    pub(super) fn choice_column(&self) -> &'static str {
        match self.field {
            Field::Status => "t.status_id",
            Field::Priority => "t.priority_id",
            Field::Team => "t.team_id",
            Field::Form => "t.form_id",
            Field::Type => "t.type",
            _ => "t.channel",
        }
    }

    /// Hours since a moment, by the clock or in a schedule.
    fn hours(&self, column: &str, check: &Check, domain: &dyn Domain) -> Result<String, String> {
        let limits = match check {
            Check::Less(limit) => vec![("<", limit)],
            Check::Greater(limit) => vec![(">", limit)],
            Check::Between(low, high) => vec![(">=", low), ("<=", high)],
            _ => return Err("does not fit hours".into()),
        };
        let mut parts = Vec::new();
        for (op, limit) in limits {
            let micros = limit.micros().ok_or("must be a number of hours")?;
            parts.push(match &self.schedule {
                None => {
                    let op = match op {
                        "<" => ">",
                        ">" => "<",
                        ">=" => "<=",
                        _ => ">=",
                    };
                    ago(column, op, micros)
                }
                Some(name) => match domain.schedule(name) {
                    Some(id) => format!(
                        "coalesce(autocrm.business_seconds({column}, autocrm.now(), {id}) * 1000000 {op} {micros}, false)"

                    ),
                    None => "false".into(),
                },
            });
        }
        Ok(format!("({})", parts.join(" and ")))
    }
}

/// The column of a field that is a time, or counts hours since one.
pub(super) fn moment_column(field: &Field) -> Option<&'static str> {
    Some(match field {
        Field::CreatedAt | Field::HoursSince(Moment::Created) => "t.created_at",
        Field::UpdatedAt | Field::HoursSince(Moment::Updated) => "t.updated_at",
        Field::FirstReplyAt => "t.first_reply_at",
        Field::SolvedAt | Field::HoursSince(Moment::Solved) => "t.solved_at",
        Field::NextBreachAt | Field::HoursSince(Moment::NextBreach) => "t.next_breach_at",
        Field::HoursSince(Moment::Status) => "t.status_at",
        Field::HoursSince(Moment::Assigned) => "t.assigned_at",
        Field::HoursSince(Moment::RequesterReply) => "t.requester_replied_at",
        _ => return None,
    })
}

fn compare(column: &str, op: &str, when: When) -> String {
    match when {
        When::HoursAgo(_) => ago(column, op, when.resolve(0).saturating_neg()),
        When::At(micros) => {
            let at = moment::timestamptz(micros).unwrap_or_default();
            known(column, op, &format!("timestamptz '{at}'"))
        }
    }
}

/// The database computes the moment, so that one text serves at any time; not in a sub-select, whose result the
/// planner could not estimate.
fn ago(column: &str, op: &str, micros: i64) -> String {
    let then = format!("autocrm.now() - interval '{micros} microseconds'");
    known(column, op, &then)
}

/// A comparison that is false for NULL, and that an index can find.
fn known(column: &str, op: &str, value: &str) -> String {
    match column {
        "t.created_at" | "t.updated_at" => format!("{column} {op} {value}"),
        _ => format!("({column} {op} {value} and {column} is not null)"),
    }
}

fn assignees(options: &[Literal]) -> String {
    let mut ids: Vec<String> = Vec::new();
    for option in options {
        let Literal::Text(text) = option else {
            continue;
        };
        if text == CURRENT_USER {
            // Without a current user: no user has the id 0.
            ids.push("(select coalesce(autocrm.actor_id(), 0))".into());
        } else if text.parse::<i64>().is_ok_and(|id| id.to_string() == *text) {
            ids.push(text.clone());
        }
    }
    if ids.is_empty() {
        return "false".into();
    }
    format!(
        "(t.assignee_id in ({}) and t.assignee_id is not null)",
        ids.join(", ")
    )
}

fn overlaps(ids: &[i64]) -> String {
    if ids.is_empty() {
        return "false".into();
    }
    let mut list = String::new();
    for (i, id) in ids.iter().enumerate() {
        let _ = write!(list, "{}{id}", if i > 0 { "," } else { "" });
    }
    format!("t.tag_ids && '{{{list}}}'::bigint[]")
}

#[cfg(test)]
mod tests {
    use super::super::facts::Facts;
    use super::super::parse::parse_conditions;
    use super::*;
    use serde_json::{Value as Json, json};
    use std::borrow::Cow;

    struct Desk;

    impl Facts for Desk {
        fn get(&self, _: &Field) -> Value<'_> {
            Value::Absent
        }

        fn priority_weight(&self, key: &str) -> Option<f64> {
            Some(if key == "low" { 1.0 } else { 2.0 })
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
    }

    fn sql(condition: &Json) -> String {
        parse_conditions(condition)
            .expect("parses")
            .to_sql(&Desk)
            .expect("a predicate")
    }

    #[test]
    fn what_is_absent_is_part_of_every_negation() {
        assert_eq!(
            sql(&json!({"field": "team", "op": "is_not", "value": "billing"})),
            "((t.team_id in (8) and t.team_id is not null) or t.team_id is null)"
        );
        assert_eq!(
            sql(&json!({"field": "priority", "op": "greater", "value": "low"})),
            "t.priority_id in (2)"
        );
        assert_eq!(
            sql(&json!({"field": "tags", "op": "includes_none", "value": ["vip", "gone"]})),
            "not (t.tag_ids && '{3}'::bigint[])"
        );
    }

    #[test]
    fn whoever_looks_and_the_hour_are_asked_of_the_database_so_that_one_text_serves_all() {
        assert_eq!(
            sql(
                &json!({"field": "assignee", "op": "in", "value": ["current_user", "7", "07", "x"]})
            ),
            "(t.assignee_id in ((select coalesce(autocrm.actor_id(), 0)), 7) and t.assignee_id is not null)"
        );
        assert_eq!(
            sql(&json!({"field": "hours_since.solved", "op": "less", "value": 1})),
            "((t.solved_at > autocrm.now() - interval '3600000000 microseconds' and t.solved_at is not null))"
        );
    }

    #[test]
    fn what_costs_more_than_a_comparison_is_tried_last() {
        let text = sql(&json!({"all": [
            {"field": "subject", "op": "contains", "value": "x"}, {"field": "priority", "op": "is", "value": "low"}]}));
        assert!(
            text.starts_with("(t.priority_id in (1) and autocrm.test("),
            "{text}"
        );
    }

    #[test]
    fn a_condition_may_be_decided_by_the_status_alone() {
        let decided = |condition: Json, status: &str| {
            parse_conditions(&condition).expect("parses").decided_by(
                &Field::Status,
                &Value::Text(Cow::Owned(status.into())),
                &Desk,
            )
        };
        let open = json!({"field": "status", "op": "not_in", "value": ["solved", "closed"]});
        let mine = json!({"field": "assignee", "op": "is", "value": "current_user"});
        let both = json!({"all": [mine, open]});
        assert_eq!(decided(both.clone(), "solved"), Some(false));
        assert_eq!(decided(both.clone(), "open"), None);
        assert_eq!(decided(json!({"none": [both]}), "solved"), Some(true));
        assert_eq!(decided(json!({"any": [open, mine]}), "open"), Some(true));
        assert_eq!(decided(json!({"any": [open, mine]}), "closed"), None);
        assert_eq!(decided(json!({"all": []}), "closed"), Some(true));
    }

    #[test]
    fn a_value_cannot_leave_its_quotes() {
        let text = sql(&json!({"field": "subject", "op": "contains", "value": "it's \\ $1"}));
        assert_eq!(
            text,
            r#"autocrm.test(to_jsonb(t.subject), E'{"field":"subject","op":"contains","value":"it''s \\\\ $1"}'::jsonb)"#
        );
    }

    #[test]
    fn a_change_is_nothing_that_a_list_could_be_asked_for() {
        let problems = parse_conditions(&json!({"all": [{"field": "status", "op": "changed"}]}))
            .expect("parses")
            .to_sql(&Desk)
            .expect_err("no predicate");
        assert_eq!(problems[0].path, "conditions.all[0]");
    }
}
