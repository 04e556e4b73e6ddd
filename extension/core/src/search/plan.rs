//! Terms to SQL. Values become ids, times or quoted literals here; no text of the question reaches SQL raw.

use super::parse::{Filter, Kind, Op, Term, example, parse, problem};
use super::text::composed;
use crate::POSTGRES_EPOCH;
use crate::problem::Problem;
use crate::routing::{Domain, Field, Shape, Value, check_conditions};
use serde_json::{Value as Json, json};
use std::fmt::Write;

/// The desk that is asked, and who asks.
pub trait Desk: Domain {
    /// The shape of a custom field that the caller may see.
    fn custom(&self, key: &str) -> Option<Shape>;
    fn me(&self) -> Option<i64>;
    /// Ids of people by e-mail address, or by a part of their name, as far as the caller may know them.
    fn people(&self, text: &str) -> Vec<i64>;
    /// Ids of organizations by a part of their name.
    fn organizations(&self, text: &str) -> Vec<i64>;
}

/// Something to look for in texts.
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
    /// A predicate over `app.tickets t`; `true` when nothing limits it, `false` when nothing is asked for.
    pub filter: String,
    /// The question is the number of one ticket and nothing else.
    pub jump: Option<i64>,
}

/// Reads a question for this desk, or tells everything that is wrong with it.
pub fn plan(text: &str, desk: &dyn Desk) -> Result<Plan, Vec<Problem>> {
    let text = composed(text);
    let terms = parse(&text)?;
    let nothing = terms.is_empty();
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
        let mut look = |text: String, phrase, prefix| {
            words.push(Words {
                text,
                phrase,
                prefix,
                negated,
            });
        };
        let sql = match term.kind {
            Kind::Word { text, prefix } => {
                look(text, false, prefix);
                continue;
            }
            Kind::Phrase(text) => {
                look(text, true, false);
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
        filter: if nothing {
            "false".into()
        } else if filters.is_empty() {
            "true".into()
        } else {
            filters.join(" and ")
        },
        jump,
    })
}

type Answer = Result<String, Vec<Problem>>;

fn predicate(filter: &Filter, at: usize, desk: &dyn Desk) -> Answer {
    let field = filter.field.as_str();
    let compared = filter.op != Op::Is;
    let ordered = matches!(
        field,
        "priority" | "created" | "updated" | "solved" | "replied"
    ) || field.starts_with("custom.");
    if compared && !ordered {
        let message = format!("{field} has no order; write {}", example(field));
        return Err(vec![problem(at, message)]);
    }
    if compared && filter.values.len() > 1 {
        let message = "is one value too many; only one can be compared with";
        return Err(vec![problem(filter.values[1].0, message)]);
    }
    match field {
        "is" => each(filter, |value| is(value, desk)),
        "status" => chosen(filter, &Field::Status, "t.status_id", desk),
        "priority" => chosen(filter, &Field::Priority, "t.priority_id", desk),
        "type" => chosen(filter, &Field::Type, "t.type", desk),
        "channel" => chosen(filter, &Field::Channel, "t.channel", desk),
        "team" => chosen(filter, &Field::Team, "t.team_id", desk),
        "tag" => each(filter, |value| {
            Ok(format!(
                "t.tag_ids && {}",
                array(&desk.tags(&value.to_lowercase()))
            ))
        }),
        "assignee" => each(filter, |value| match value.to_lowercase().as_str() {
            "none" => Ok("t.assignee_id is null".into()),
            _ => Ok(format!(
                "t.assignee_id = any ({})",
                array(&who(value, desk))
            )),
        }),
        "requester" => each(filter, |value| {
            Ok(format!(
                "t.requester_id = any ({})",
                array(&who(value, desk))
            ))
        }),
        "organization" => each(filter, |value| {
            Ok(format!(
                "t.organization_id = any ({})",
                array(&desk.organizations(value))
            ))
        }),
        "language" => asked(filter, "language", desk),
        "created" => each(filter, |value| time("t.created_at", filter.op, value)),
        "updated" => each(filter, |value| time("t.updated_at", filter.op, value)),
        "solved" => each(filter, |value| time("t.solved_at", filter.op, value)),
        "replied" => each(filter, |value| time("t.first_reply_at", filter.op, value)),
        custom => asked(filter, custom, desk),
    }
}

/// Any of the values; a problem stands where its value does.
fn each(filter: &Filter, write: impl Fn(&str) -> Result<String, String>) -> Answer {
    let mut parts = Vec::new();
    let mut problems = Vec::new();
    for (at, value) in &filter.values {
        match write(value) {
            Ok(sql) => parts.push(sql),
            Err(message) => problems.push(problem(*at, message)),
        }
    }
    if problems.is_empty() {
        Ok(format!("({})", parts.join(" or ")))
    } else {
        Err(problems)
    }
}

fn is(value: &str, desk: &dyn Desk) -> Result<String, String> {
    Ok(match value.to_lowercase().as_str() {
        "unassigned" => "t.assignee_id is null".into(),
        "assigned" => "t.assignee_id is not null".into(),
        "mine" => format!("t.assignee_id = any ({})", array(&who("me", desk))),
        "active" => "t.solved_at is null".into(),
        "solved" | "done" => "t.solved_at is not null".into(),
        "answered" => "t.first_reply_at is not null".into(),
        "unanswered" => "t.first_reply_at is null".into(),
        _ => {
            return Err(format!(
                "'{value}' is nothing a ticket can be; choose one of unassigned, assigned, mine, active, solved, answered, unanswered"
            ));
        }
    })
}

fn who(value: &str, desk: &dyn Desk) -> Vec<i64> {
    if value.eq_ignore_ascii_case("me") {
        desk.me().into_iter().collect()
    } else {
        desk.people(value)
    }
}

/// What a desk has few of: names become ids, as conditions match them.
fn chosen(filter: &Filter, field: &Field, column: &str, desk: &dyn Desk) -> Answer {
    let choices = desk.choices(field).unwrap_or_default();
    let name = |value: &Value<'_>| match value {
        Value::Text(text) => text.to_lowercase(),
        _ => String::new(),
    };
    let mut fitting: Vec<&str> = Vec::new();
    let mut none = false;
    let mut problems = Vec::new();
    for (at, value) in &filter.values {
        let wanted = value.to_lowercase();
        if wanted == "none" && filter.field == "team" {
            none = true;
            continue;
        }
        if !choices.iter().any(|(_, known)| name(known) == wanted) {
            let mut known: Vec<String> = choices.iter().map(|(_, known)| name(known)).collect();
            known.sort_unstable();
            known.truncate(30);
            problems.push(problem(
                *at,
                format!(
                    "there is no {} '{value}'; choose one of {}",
                    filter.field,
                    known.join(", ")
                ),
            ));
            continue;
        }
        let limit = desk.priority_weight(&wanted).unwrap_or_default();
        fitting.extend(choices.iter().filter_map(|(sql, known)| {
            let known = name(known);
            let weight = || desk.priority_weight(&known).unwrap_or_default();
            let fits = match filter.op {
                Op::Is => known == wanted,
                Op::Less => weight() < limit,
                Op::LessOrEqual => weight() <= limit,
                Op::Greater => weight() > limit,
                Op::GreaterOrEqual => weight() >= limit,
            };
            fits.then_some(sql.as_str())
        }));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let listed = if fitting.is_empty() {
        "false".to_owned()
    } else {
        format!("{column} in ({})", fitting.join(", "))
    };
    Ok(if none {
        format!("({listed} or {column} is null)")
    } else {
        listed
    })
}

const DAY: i64 = 86_400_000_000;

/// A day (UTC) is all of it: `>` begins when it has ended. A point in time is meant exactly.
fn time(column: &str, op: Op, value: &str) -> Result<String, String> {
    let day = chrono::NaiveDate::parse_from_str(value, "%Y-%m-%d")
        .ok()
        // Neither 2026-1-5 nor +2026-01-05.
        .filter(|_| value.len() == 10)
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .map(|at| at.and_utc());
    let (from, to) = match (day, chrono::DateTime::parse_from_rfc3339(value)) {
        (Some(day), _) => (day.timestamp_micros(), day.timestamp_micros() + DAY),
        (None, Ok(at)) => (at.timestamp_micros(), at.timestamp_micros() + 1),
        (None, Err(_)) => {
            return Err(format!(
                "'{value}' is not a day such as 2026-01-31, nor a time such as 2026-01-31T09:00:00Z"
            ));
        }
    };
    // Years that Postgres could not read.
    if !(-62_135_596_800_000_000..253_402_300_800_000_000).contains(&to) {
        return Err(format!("'{value}' lies outside of the years 1 to 9999"));
    }
    let at = |micros: i64| {
        let mut text = String::new();
        crate::json::timestamp(&mut text, micros - POSTGRES_EPOCH);
        format!("timestamptz '{}'", text.trim_matches('"'))
    };
    Ok(match op {
        Op::Is => format!("({column} >= {} and {column} < {})", at(from), at(to)),
        Op::Less => format!("{column} < {}", at(from)),
        Op::LessOrEqual => format!("{column} < {}", at(to)),
        Op::Greater => format!("{column} >= {}", at(to)),
        Op::GreaterOrEqual => format!("{column} >= {}", at(from)),
    })
}

/// Asked in the language of conditions, which knows the types of custom fields.
fn asked(filter: &Filter, name: &str, desk: &dyn Desk) -> Answer {
    let shape = match name.strip_prefix("custom.") {
        Some(key) => desk.custom(key),
        None => Some(Shape::Choice),
    };
    let mut parts = Vec::new();
    let mut problems = Vec::new();
    for (at, value) in &filter.values {
        let (op, negated) = match (filter.op, shape) {
            (Op::Is, Some(Shape::List)) => ("includes_any", false),
            (Op::Is, Some(Shape::Text)) => ("contains", false),
            (Op::Is, _) => ("is", false),
            (Op::Less, Some(Shape::Time)) => ("before", false),
            (Op::Greater, Some(Shape::Time)) => ("after", false),
            (Op::Less, _) => ("less", false),
            (Op::Greater, _) => ("greater", false),
            (Op::LessOrEqual, _) => ("greater", true),
            (Op::GreaterOrEqual, _) => ("less", true),
        };
        let literal = match (shape, value.as_str()) {
            (Some(Shape::Number), text) => text
                .parse::<f64>()
                .ok()
                .filter(|n| n.is_finite())
                .map_or_else(|| json!(text), |n| json!(n)),
            (Some(Shape::Boolean), "true" | "yes") => json!(true),
            (Some(Shape::Boolean), "false" | "no") => json!(false),
            (Some(Shape::List), text) => json!([text]),
            (_, text) => json!(text),
        };
        match condition(name, op, &literal, desk) {
            // What is absent is neither less nor more.
            Ok(sql) if negated => {
                let present = condition(name, "present", &Json::Null, desk).unwrap_or_default();
                parts.push(format!("(not ({sql}) and {present})"));
            }
            Ok(sql) => parts.push(sql),
            Err(messages) => problems.extend(messages.into_iter().map(|m| problem(*at, m))),
        }
    }
    if problems.is_empty() {
        Ok(format!("({})", parts.join(" or ")))
    } else {
        Err(problems)
    }
}

fn condition(name: &str, op: &str, value: &Json, desk: &dyn Desk) -> Result<String, Vec<String>> {
    let mut test = json!({"field": name, "op": op});
    if op != "present" {
        test["value"] = value.clone();
    }
    let told = |problems: Vec<Problem>| problems.into_iter().map(|p| p.message).collect();
    check_conditions(&test, &|key| desk.custom(key))
        .map_err(told)?
        .to_sql(desk)
        .map_err(told)
}

fn array(ids: &[i64]) -> String {
    let mut list = String::from("'{");
    for (i, id) in ids.iter().enumerate() {
        let _ = write!(list, "{}{id}", if i > 0 { "," } else { "" });
    }
    list + "}'::bigint[]"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::Facts;
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
            "q[8]: there is no status 'opne'; choose one of new, open, solved",
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
