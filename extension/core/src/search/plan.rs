//! The plan of a question: words for the full-text index, and a predicate over `app.tickets t`.

use super::desk::Desk;
use super::parse::parse;
use super::predicate::predicate;
use super::terms::{Kind, Term};
use super::text::composed;
use crate::problem::Problem;

/// A word or phrase for the full-text index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub text: String,
    pub phrase: bool,
    pub prefix: bool,
    pub negated: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub words: Vec<Words>,
    /// A predicate over `app.tickets t`; `true` without filters, `false` without any term.
    pub filter: String,
    /// The id, when the question is the number of one ticket and nothing else.
    pub jump: Option<i64>,
}

/// Plans a question for a desk, or reports every problem of it.
pub fn plan(text: &str, desk: &dyn Desk) -> Result<Plan, Vec<Problem>> {
    let text = composed(text);
    let terms = parse(&text)?;
    let is_empty = terms.is_empty();
    let mut problems = Vec::new();
    let mut words = Vec::new();
    let mut filters = Vec::new();
    let jump = match terms.as_slice() {
        [
            Term {
                negated: false,
                kind: Kind::Number(id),
                ..
            },
        ] => Some(*id),
        _ => None,
    };
    for term in terms {
        let negated = term.negated;
        let mut add = |text: String, phrase, prefix| {
            words.push(Words {
                text,
                phrase,
                prefix,
                negated,
            });
        };
        let sql = match term.kind {
            Kind::Word { text, prefix } => {
                add(text, false, prefix);
                continue;
            }
            Kind::Phrase(text) => {
                add(text, true, false);
                continue;
            }
            Kind::Number(id) => format!("t.id = {id}"),
            Kind::Filter(filter) => match predicate(&filter, term.at, desk) {
                Ok(sql) => sql,
                Err(more) => {
                    problems.extend(more);
                    continue;
                }
            },
        };
        filters.push(if negated {
            format!("not coalesce({sql}, false)")
        } else {
            sql
        });
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Plan {
        words,
        // Signs alone, such as an emoji, are in no document: they must not find everything.
        filter: if is_empty {
            "false".into()
        } else if filters.is_empty() {
            "true".into()
        } else {
            filters.join(" and ")
        },
        jump,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conditions::{Domain, Facts, Field, Shape, Value};
    use proptest::prelude::*;
    use std::borrow::Cow;

    struct Here;

    impl Facts for Here {
        fn get(&self, _: &Field) -> Value<'_> {
            Value::Absent
        }

        fn priority_weight(&self, key: &str) -> Option<f64> {
            [("low", 1.0), ("normal", 2.0), ("high", 3.0)]
                .into_iter()
                .find_map(|(name, weight)| (name == key).then_some(weight))
        }
    }

    impl Domain for Here {
        fn choices(&self, field: &Field) -> Option<Vec<(String, Value<'_>)>> {
            let list = |names: &[&'static str]| {
                names
                    .iter()
                    .zip(1..)
                    .map(|(n, i)| (i.to_string(), Value::Text(Cow::Borrowed(*n))))
                    .collect()
            };
            match field {
                Field::Status => Some(list(&["new", "open", "solved"])),
                Field::Priority => Some(list(&["low", "normal", "high"])),
                Field::Team => Some(list(&["Billing", "Tier 2"])),
                _ => None,
            }
        }

        fn tags(&self, name: &str) -> Vec<i64> {
            match name {
                "vip" => vec![3],
                "caf\u{e9}" => vec![4],
                _ => Vec::new(),
            }
        }

        fn schedule(&self, _: &str) -> Option<i64> {
            None
        }
    }

    impl Desk for Here {
        fn custom(&self, key: &str) -> Option<Shape> {
            match key {
                "seats" => Some(Shape::Number),
                "area" => Some(Shape::Choice),
                _ => None,
            }
        }

        fn me(&self) -> Option<i64> {
            Some(7)
        }

        fn people(&self, text: &str) -> Vec<i64> {
            if text == "ada@desk.test" {
                vec![9]
            } else {
                Vec::new()
            }
        }

        fn organizations(&self, _: &str) -> Vec<i64> {
            Vec::new()
        }
    }

    fn filter(text: &str) -> String {
        plan(text, &Here).expect("a plan").filter
    }

    #[test]
    fn names_become_ids_and_compose() {
        assert_eq!(filter("status:OPEN,new"), "t.status_id in (2, 1)");
        assert_eq!(filter("priority:>low"), "t.priority_id in (2, 3)");
        assert_eq!(filter("priority<=normal"), "t.priority_id in (1, 2)");
        assert_eq!(
            filter(r#"team:"tier 2",none assignee:me"#),
            "(t.team_id in (2) or t.team_id is null) and (t.assignee_id = any ('{7}'::bigint[]))"
        );
        assert_eq!(
            filter("-tag:vip requester:ada@desk.test"),
            "not coalesce((t.tag_ids && '{3}'::bigint[]), false) and (t.requester_id = any ('{9}'::bigint[]))"
        );
        assert_eq!(filter("tag:unheard"), "(t.tag_ids && '{}'::bigint[])");
    }

    #[test]
    fn a_day_is_all_of_it() {
        assert_eq!(
            filter("created>2026-01-31"),
            "(t.created_at >= timestamptz '2026-02-01T00:00:00+00:00')"
        );
        assert_eq!(
            filter("created:2026-01-31"),
            "((t.created_at >= timestamptz '2026-01-31T00:00:00+00:00' and t.created_at < timestamptz '2026-02-01T00:00:00+00:00'))"
        );
    }

    #[test]
    fn custom_fields_are_asked_as_conditions_ask_them() {
        assert_eq!(
            filter("custom.seats>=3"),
            r#"((not (autocrm.test(t.custom -> 'seats', '{"field":"custom.seats","op":"less","value":3.0}'::jsonb)) and autocrm.test(t.custom -> 'seats', '{"field":"custom.seats","op":"present"}'::jsonb)))"#
        );
        let told = plan("custom.seats:many custom.gone:1", &Here).expect_err("is wrong");
        assert_eq!(told[0].path, "q[14]");
        assert_eq!(told[0].message, "must be a number for this field");
        assert!(told[1].message.contains("there is no custom field 'gone'"));
    }

    #[test]
    fn a_question_without_anything_to_look_for_finds_nothing() {
        for text in [
            "\u{1f525}",
            "\u{1f525} -\u{1f525}",
            "!!! *",
            "\"...\"",
            "\u{200b}",
        ] {
            let plan = plan(text, &Here).expect("a plan");
            assert_eq!(
                (plan.words.len(), plan.filter.as_str()),
                (0, "false"),
                "{text}"
            );
        }
        assert_eq!(filter("\u{1f525} status:open"), "t.status_id in (2)");
    }

    #[test]
    fn names_meet_however_their_letters_are_put_together() {
        assert_eq!(filter("tag:cafe\u{301}"), "(t.tag_ids && '{4}'::bigint[])");
    }

    #[test]
    fn a_number_alone_is_a_jump() {
        assert_eq!(plan(" #42 ", &Here).expect("a plan").jump, Some(42));
        assert_eq!(plan("#42 refund", &Here).expect("a plan").jump, None);
        assert_eq!(filter("#42 refund"), "t.id = 42");
    }

    #[test]
    fn what_does_not_fit_is_told_where_it_stands_with_what_does() {
        let told: Vec<String> = plan(
            "status:opne team>billing created:soon is:happy priority:>low,high created>99999-01-01",
            &Here,
        )
        .expect_err("is wrong")
        .iter()
        .map(ToString::to_string)
        .collect();
        for (got, wanted) in told.iter().zip([
            "q[8]: there is no status 'opne'; did you mean open? choose one of new, open, solved",
            "q[13]: team has no order; write team:billing",
            "q[34]: 'soon' is not a day such as 2026-01-31",
            "q[42]: 'happy' is nothing a ticket can be; choose one of unassigned",
            "q[62]: is one value too many",
            "q[75]: '99999-01-01' ",
        ]) {
            assert!(got.starts_with(wanted), "{got}");
        }
        assert_eq!(told.len(), 6);
    }

    #[test]
    fn naughty_strings_are_searched_for_or_refused_and_never_panic() {
        for naughty in crate::hostile::strings() {
            for asked in [
                naughty.clone(),
                format!("custom.area:\"{naughty}\""),
                format!("requester:{naughty} -\"{naughty}\" team:{naughty}"),
                format!("created>{naughty}"),
            ] {
                if let Ok(plan) = plan(&asked, &Here) {
                    assert_eq!(plan.filter.matches('\'').count() % 2, 0, "{asked}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn no_question_panics_and_no_value_leaves_its_quotes(
            field in prop::sample::select(vec!["is", "status", "team", "tag", "assignee", "requester", "created", "custom.area", "custom.seats", "language"]),
            op in prop::sample::select(vec![":", ">", "<", ":>=", "<="]),
            value in "\\PC{0,20}",
        ) {
            if let Ok(plan) = plan(&format!("{field}{op}{value}"), &Here) {
                prop_assert_eq!(plan.filter.matches('\'').count() % 2, 0);
            }
        }
    }
}
