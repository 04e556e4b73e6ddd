//! Evaluation: a condition holds for a ticket or does not; it is never unknown. An absent value is a value of its
//! own, so that a negation never fails on it.

use super::condition::{CURRENT_USER, Check, Condition, HOUR, Literal, Test};
use super::facts::{Facts, Value};
use super::field::Field;
use crate::moment;

impl Condition {
    /// Whether the ticket meets this condition. An empty `all` holds, an empty `any` does not.
    pub fn holds(&self, facts: &dyn Facts) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(facts)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(facts)),
            Self::None(parts) => !parts.iter().any(|part| part.holds(facts)),
            Self::Test(test) => test.holds(facts),
        }
    }

    /// Whether the condition holds where this one field is known and nothing else: `None` when that
    /// depends on the rest.
    pub fn decided_by(&self, field: &Field, value: &Value<'_>, facts: &dyn Facts) -> Option<bool> {
        let decided = |parts: &[Self], ends: bool| {
            let mut open = false;
            for part in parts {
                match part.decided_by(field, value, facts) {
                    Some(holds) if holds == ends => return Some(ends),
                    Some(_) => {}
                    None => open = true,
                }
            }
            (!open).then_some(!ends)
        };
        match self {
            Self::All(parts) => decided(parts, false),
            Self::Any(parts) => decided(parts, true),
            Self::None(parts) => decided(parts, true).map(|any| !any),
            Self::Test(test) => {
                (test.field == *field).then(|| test.negated != test.matches(value, facts))
            }
        }
    }
}

impl Test {
    pub(super) fn holds(&self, facts: &dyn Facts) -> bool {
        let value = facts.get(&self.field);
        let matches = match (&self.field, &self.check) {
            (Field::HoursSince(_), check) if !matches!(check, Check::Present) => {
                self.elapsed(&value, facts).is_some_and(|micros| {
                    let limit = |literal: &Literal| literal.micros().unwrap_or(i64::MAX);
                    match check {
                        Check::Less(most) => micros < limit(most),
                        Check::Greater(least) => micros > limit(least),
                        Check::Between(low, high) => micros >= limit(low) && micros <= limit(high),
                        _ => false,
                    }
                })
            }
            _ => self.matches(&value, facts),
        };
        self.negated != matches
    }

    /// Microseconds since the field's moment: by the clock, or whole seconds of a schedule.
    fn elapsed(&self, value: &Value<'_>, facts: &dyn Facts) -> Option<i64> {
        let Value::Time(from) = value else {
            return None;
        };
        match &self.schedule {
            None => Some(facts.now().saturating_sub(*from)),
            Some(name) => facts
                .business_seconds(name, *from)
                .map(|seconds| seconds.saturating_mul(1_000_000)),
        }
    }

    /// The value that the test compares, for explanations: hours rather than the moment they are counted from.
    pub(super) fn value<'a>(&self, facts: &'a dyn Facts) -> Value<'a> {
        let value = facts.get(&self.field);
        if !matches!(self.field, Field::HoursSince(_)) {
            return value;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "hours need no more than 52 bits"
        )]
        self.elapsed(&value, facts)
            .map_or(Value::Absent, |micros| Value::Number(micros as f64 / HOUR))
    }

    pub(super) fn matches(&self, value: &Value<'_>, facts: &dyn Facts) -> bool {
        match &self.check {
            Check::Present => !matches!(value, Value::Absent),
            Check::In(options) => options.iter().any(|option| {
                self.equal(value, option) || self.is_current_user(option, value, facts)
            }),
            Check::Contains(part) => text(value, |text| text.to_lowercase().contains(part)),
            Check::StartsWith(part) => text(value, |text| text.to_lowercase().starts_with(part)),
            Check::EndsWith(part) => text(value, |text| text.to_lowercase().ends_with(part)),
            Check::Words(pattern, _) | Check::Matches(pattern) => {
                text(value, |text| pattern.is_match(text))
            }
            Check::Less(limit) => self
                .order(value, limit, facts)
                .is_some_and(std::cmp::Ordering::is_lt),
            Check::Greater(limit) => self
                .order(value, limit, facts)
                .is_some_and(std::cmp::Ordering::is_gt),
            Check::Between(low, high) => {
                self.order(value, low, facts)
                    .is_some_and(std::cmp::Ordering::is_ge)
                    && self
                        .order(value, high, facts)
                        .is_some_and(std::cmp::Ordering::is_le)
            }
            Check::Before(when) => {
                matches!(value, Value::Time(at) if *at < when.resolve(facts.now()))
            }
            Check::After(when) => {
                matches!(value, Value::Time(at) if *at > when.resolve(facts.now()))
            }
            Check::Open(schedule) => facts.is_open(schedule).unwrap_or(false),
            Check::Changed => facts.before(&self.field).is_some_and(|old| old != *value),
            Check::ChangedTo(options) => facts.before(&self.field).is_some_and(|old| {
                old != *value && options.iter().any(|option| self.equal(value, option))
            }),
            Check::ChangedFrom(options) => facts.before(&self.field).is_some_and(|old| {
                old != *value && options.iter().any(|option| self.equal(&old, option))
            }),
            Check::IncludesAll(wanted) => wanted.iter().all(|one| includes(value, one)),
            Check::IncludesAny(wanted) => wanted.iter().any(|one| includes(value, one)),
        }
    }

    /// Whether an option means the current user, and the value is that user.
    fn is_current_user(&self, option: &Literal, value: &Value<'_>, facts: &dyn Facts) -> bool {
        let meant = matches!(option, Literal::Text(text) if text == CURRENT_USER);
        meant
            && self.field == Field::Assignee
            && facts
                .current_user()
                .is_some_and(|id| equal(value, &Literal::Text(id.to_string())))
    }

    /// Values of custom fields that are points in time are equal when they are the same instant.
    fn equal(&self, value: &Value<'_>, literal: &Literal) -> bool {
        equal(value, literal)
            || self.field.is_custom() && matches!(instants(value, literal), Some((a, b)) if a == b)
    }

    fn order(
        &self,
        value: &Value<'_>,
        limit: &Literal,
        facts: &dyn Facts,
    ) -> Option<std::cmp::Ordering> {
        match (value, limit) {
            (Value::Text(a), Literal::Text(b)) if self.field == Field::Priority => facts
                .priority_weight(a)?
                .partial_cmp(&facts.priority_weight(b)?),
            (Value::Number(a), Literal::Number(b)) => a.partial_cmp(b),
            (Value::Text(a), Literal::Text(b)) => match instants(value, limit) {
                Some((a, b)) if self.field.is_custom() => Some(a.cmp(&b)),
                _ => Some(a.to_lowercase().as_str().cmp(b)),
            },
            _ => None,
        }
    }
}

/// Both sides as microseconds, when both are points in time.
fn instants(value: &Value<'_>, literal: &Literal) -> Option<(i64, i64)> {
    match (value, literal) {
        (Value::Text(a), Literal::Text(b)) => {
            let b = moment::micros(b)?;
            Some((moment::micros(a)?, b))
        }
        _ => None,
    }
}

fn text(value: &Value<'_>, test: impl Fn(&str) -> bool) -> bool {
    matches!(value, Value::Text(text) if test(text))
}

fn equal(value: &Value<'_>, literal: &Literal) -> bool {
    match (value, literal) {
        (Value::Text(a), Literal::Text(b)) => a.to_lowercase() == *b,
        #[expect(
            clippy::float_cmp,
            reason = "both sides were written by people, not computed"
        )]
        (Value::Number(a), Literal::Number(b)) => a == b,
        (Value::Bool(a), Literal::Bool(b)) => a == b,
        _ => false,
    }
}

fn includes(value: &Value<'_>, wanted: &str) -> bool {
    matches!(value, Value::List(items) if items.iter().any(|item| item.to_lowercase() == wanted))
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse_conditions;
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};
    use std::borrow::Cow;

    struct Ticket(Json);

    impl Facts for Ticket {
        fn get(&self, field: &Field) -> Value<'_> {
            let name = match field {
                Field::Subject => "subject",
                Field::Priority => "priority",
                Field::Tags => "tags",
                Field::Custom(key) => key,
                _ => return Value::Absent,
            };
            match &self.0[name] {
                Json::String(text) => Value::Text(Cow::Borrowed(text)),
                Json::Number(n) => Value::Number(n.as_f64().unwrap_or_default()),
                Json::Bool(b) => Value::Bool(*b),
                Json::Array(items) => Value::List(
                    items
                        .iter()
                        .filter_map(Json::as_str)
                        .map(Cow::Borrowed)
                        .collect(),
                ),
                _ => Value::Absent,
            }
        }

        fn priority_weight(&self, key: &str) -> Option<f64> {
            ["low", "normal", "high", "urgent"]
                .iter()
                .position(|k| *k == key)
                .and_then(|i| u8::try_from(i).ok())
                .map(f64::from)
        }
    }

    fn holds(condition: Json, ticket: Json) -> bool {
        parse_conditions(&condition)
            .expect("parses")
            .holds(&Ticket(ticket))
    }

    #[test]
    fn words_are_found_between_boundaries_only() {
        let refund = json!({"field": "subject", "op": "contains_word", "value": "refund"});
        assert!(holds(
            refund.clone(),
            json!({"subject": "Please REFUND, now"})
        ));
        assert!(!holds(refund, json!({"subject": "nonrefundable"})));
    }

    #[test]
    fn priorities_compare_by_rank_not_by_spelling() {
        let above = json!({"field": "priority", "op": "greater", "value": "normal"});
        assert!(holds(above.clone(), json!({"priority": "high"})));
        assert!(!holds(above, json!({"priority": "low"})));
    }

    #[test]
    fn absence_is_explicit_and_never_breaks_a_negation() {
        assert!(holds(
            json!({"field": "custom.area", "op": "is_not", "value": "web"}),
            json!({})
        ));
        assert!(holds(
            json!({"none": [{"field": "tags", "op": "includes_any", "value": ["vip"]}]}),
            json!({})
        ));
        assert!(!holds(
            json!({"field": "custom.n", "op": "less", "value": 5}),
            json!({})
        ));
    }

    struct Moved {
        old: &'static str,
        new: &'static str,
        now: i64,
    }

    impl Facts for Moved {
        fn get(&self, field: &Field) -> Value<'_> {
            match field {
                Field::Status => Value::Text(Cow::Borrowed(self.new)),
                Field::CreatedAt | Field::HoursSince(_) => Value::Time(0),
                _ => Value::Absent,
            }
        }

        fn priority_weight(&self, _: &str) -> Option<f64> {
            None
        }

        fn before(&self, field: &Field) -> Option<Value<'_>> {
            (*field == Field::Status && !self.old.is_empty())
                .then_some(Value::Text(Cow::Borrowed(self.old)))
        }

        fn now(&self) -> i64 {
            self.now
        }

        fn is_open(&self, schedule: &str) -> Option<bool> {
            (schedule == "support").then_some(true)
        }

        fn business_seconds(&self, schedule: &str, from: i64) -> Option<i64> {
            (schedule == "support").then(|| (self.now - from) / 2_000_000)
        }
    }

    fn after_change(condition: Json, old: &'static str, new: &'static str) -> bool {
        let moved = Moved {
            old,
            new,
            now: 10 * 3_600_000_000,
        };
        parse_conditions(&condition).expect("parses").holds(&moved)
    }

    #[test]
    fn a_change_is_from_something_to_something_else() {
        let changed = json!({"field": "status", "op": "changed"});
        let to = json!({"field": "status", "op": "changed_to", "value": "solved"});
        let from = json!({"field": "status", "op": "changed_from", "value": ["new", "open"]});
        assert!(after_change(changed.clone(), "open", "solved"));
        assert!(after_change(to.clone(), "open", "Solved"));
        assert!(after_change(from, "open", "solved"));
        assert!(!after_change(to.clone(), "solved", "solved"), "stays");
        assert!(
            !after_change(to, "", "solved"),
            "a new ticket changed nothing"
        );
        assert!(!after_change(changed, "open", "open"));
    }

    #[test]
    fn hours_are_counted_by_the_clock_or_by_a_schedule() {
        let hours = |op: &str, value: i32| json!({"field": "hours_since.created", "op": op, "value": value});
        assert!(after_change(hours("greater", 9), "", "open"));
        assert!(!after_change(hours("greater", 10), "", "open"));
        let mut business = hours("less", 6);
        business["schedule"] = json!("Support");
        assert!(after_change(business.clone(), "", "open"), "five of ten");
        business["schedule"] = json!("gone");
        assert!(
            !after_change(business, "", "open"),
            "without a schedule there are no hours"
        );
        assert!(after_change(
            json!({"field": "created_at", "op": "before", "value": {"hours_ago": 9.5}}),
            "",
            "open"
        ));
        assert!(!after_change(
            json!({"field": "created_at", "op": "within_last", "value": 9.5}),
            "",
            "open"
        ));
        assert!(after_change(
            json!({"field": "created_at", "op": "before", "value": "2000-01-01T00:00:01Z"}),
            "",
            "open"
        ));
        assert!(after_change(
            json!({"field": "now", "op": "within_schedule", "value": "Support"}),
            "",
            "open"
        ));
    }

    proptest! {
        #[test]
        fn none_is_the_opposite_of_any(subject in ".{0,20}", word in "[a-z]{1,3}") {
            let test = json!({"field": "subject", "op": "contains", "value": word});
            let ticket = json!({"subject": subject});
            prop_assert_ne!(
                holds(json!({"any": [test.clone()]}), ticket.clone()),
                holds(json!({"none": [test]}), ticket)
            );
        }
    }
}
