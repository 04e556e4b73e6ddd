//! The next instant at which a condition must be evaluated again although the ticket stays as it is: time alone
//! changes the result of a test then, and of none before.

use super::condition::{Check, Condition, Literal, Test, When};
use super::facts::{Facts, Value};
use super::field::Field;

const SECOND: i64 = 1_000_000;

/// Schedules, looked up for the time to come.
pub trait Calendar: Facts {
    /// When so many microseconds of the schedule have passed since a moment.
    fn add_business(&self, schedule: &str, from: i64, micros: i64) -> Option<i64>;
    /// When the schedule opens or closes next.
    fn next_turn(&self, schedule: &str) -> Option<i64>;
}

impl Condition {
    /// The next moment at which time may change the answer; `None` when only the ticket itself can.
    pub fn next_instant(&self, facts: &dyn Calendar) -> Option<i64> {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => parts
                .iter()
                .filter_map(|part| part.next_instant(facts))
                .min(),
            Self::Test(test) => test
                .instants(facts)
                .into_iter()
                .filter(|at| *at > facts.now())
                .min(),
        }
    }
}

impl Test {
    /// Both sides of each limit: where it is reached and where it is passed.
    fn instants(&self, facts: &dyn Calendar) -> Vec<i64> {
        let hours = matches!(self.field, Field::HoursSince(_));
        match (&self.check, facts.get(&self.field)) {
            (Check::Open(schedule), _) => facts.next_turn(schedule).into_iter().collect(),
            (Check::Before(when) | Check::After(when), Value::Time(from)) => {
                let at = match when {
                    When::At(at) => *at,
                    // "Before 24 hours ago" turns 24 hours after the moment.
                    ago @ When::HoursAgo(_) => from.saturating_sub(ago.resolve(0)),
                };
                vec![at, at.saturating_add(1)]
            }
            (Check::Less(limit) | Check::Greater(limit), Value::Time(from)) if hours => {
                self.around(limit, from, facts)
            }
            (Check::Between(low, high), Value::Time(from)) if hours => {
                let mut both = self.around(low, from, facts);
                both.extend(self.around(high, from, facts));
                both
            }
            _ => Vec::new(),
        }
    }

    /// Where so many hours since a moment are reached, and where they are passed.
    fn around(&self, limit: &Literal, from: i64, facts: &dyn Calendar) -> Vec<i64> {
        let Some(micros) = limit.micros() else {
            return Vec::new();
        };
        match &self.schedule {
            None => {
                let at = from.saturating_add(micros);
                vec![at, at.saturating_add(1)]
            }
            // Hours of a schedule are counted in whole seconds.
            Some(name) => {
                // No time of the schedule may lie before a moment to come: its count can be reached where the
                // schedule closes for the last time before it.
                let turn = (from > facts.now())
                    .then(|| facts.next_turn(name))
                    .flatten();
                [micros, micros.saturating_add(SECOND)]
                    .into_iter()
                    .filter_map(|micros| facts.add_business(name, from, micros))
                    .chain(turn)
                    .collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::Moment;
    use super::super::parse::parse_conditions;
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    const HOUR: i64 = 3_600_000_000;

    /// A ticket made at 0 and answered at 5.5 hours, looked at before or after; the schedule is open on even hours.
    struct Then(i64);

    impl Facts for Then {
        fn get(&self, field: &Field) -> Value<'_> {
            match field {
                Field::CreatedAt | Field::HoursSince(Moment::Created) => Value::Time(0),
                Field::HoursSince(Moment::RequesterReply) => Value::Time(11 * HOUR / 2),
                _ => Value::Absent,
            }
        }
        fn priority_weight(&self, _: &str) -> Option<f64> {
            None
        }
        fn now(&self) -> i64 {
            self.0
        }
        fn is_open(&self, _: &str) -> Option<bool> {
            Some(self.0.div_euclid(HOUR) % 2 == 0)
        }
        fn business_seconds(&self, _: &str, from: i64) -> Option<i64> {
            Some((open_until(self.0) - open_until(from)).div_euclid(1_000_000))
        }
    }

    fn open_until(at: i64) -> i64 {
        at.div_euclid(2 * HOUR) * HOUR + at.rem_euclid(2 * HOUR).min(HOUR)
    }

    impl Calendar for Then {
        fn add_business(&self, _: &str, from: i64, micros: i64) -> Option<i64> {
            if micros == 0 {
                return Some(from);
            }
            let target = open_until(from) + micros;
            let at = (target - 1).div_euclid(HOUR) * 2 * HOUR + (target - 1).rem_euclid(HOUR) + 1;
            Some(at)
        }
        fn next_turn(&self, _: &str) -> Option<i64> {
            Some((self.0.div_euclid(HOUR) + 1) * HOUR)
        }
    }

    fn test() -> impl Strategy<Value = Json> {
        let hours = 0i64..40;
        prop_oneof![
            (hours.clone(), prop::sample::select(vec!["less", "greater"]), prop::bool::ANY, prop::bool::ANY).prop_map(
                |(hours, op, business, reply)| {
                    let field = if reply { "hours_since.requester_reply" } else { "hours_since.created" };
                    let mut test = json!({"field": field, "op": op, "value": hours});
                    if business {
                        test["schedule"] = json!("even");
                    }
                    test
                }
            ),
            (hours.clone(), hours.clone()).prop_map(|(a, b)| {
                json!({"field": "hours_since.created", "op": "between", "value": [a.min(b), a.max(b)]})
            }),
            (hours, prop::sample::select(vec!["before", "after"]))
                .prop_map(|(hours, op)| json!({"field": "created_at", "op": op, "value": {"hours_ago": hours}})),
            Just(json!({"field": "now", "op": "within_schedule", "value": "even"})),
        ]
    }

    proptest! {
        /// Going from one instant to the next, no turn of the answer is missed on the way.
        #[test]
        fn between_two_instants_the_answer_stays(
            tests in prop::collection::vec(test(), 1..4),
            group in prop::sample::select(vec!["all", "any", "none"]),
            start in 0i64..50,
        ) {
            let condition = parse_conditions(&json!({group: tests})).expect("parses");
            let now = start * HOUR / 2;
            let until = condition.next_instant(&Then(now)).unwrap_or(now + 60 * HOUR).min(now + 60 * HOUR);
            let answer = condition.holds(&Then(now));
            // Every second round, and the last moment before the instant.
            let mut at = now;
            while at < until {
                prop_assert_eq!(condition.holds(&Then(at)), answer, "at {} of {}..{}", at, now, until);
                at += 977 * 1_000_000;
            }
            prop_assert_eq!(condition.holds(&Then(until - 1)), answer);
        }
    }
}
