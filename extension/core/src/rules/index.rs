//! The index of rules by what they need. Most rules cannot match a ticket without one of a few values or words;
//! looking these up leaves a handful of rules to evaluate, however many there are.

use super::needs::{Cut, is_word};
use super::rule::{Decision, Rule};
use crate::conditions::{Facts, Field, Value};
use aho_corasick::AhoCorasick;
use std::collections::HashMap;

/// Rules in their order, indexed by their needs.
#[derive(Debug, Default)]
pub struct Rules {
    ordered: Vec<Rule>,
    /// Positions of the rules without needs, which any ticket may match.
    always: Vec<usize>,
    needed: HashMap<(Field, Cut), HashMap<String, Vec<usize>>>,
    parts: Vec<Parts>,
}

/// All the parts that rules need in one field.
#[derive(Debug)]
struct Parts {
    field: Field,
    automaton: AhoCorasick,
    /// The positions of the rules that need a pattern, by the pattern's number.
    rules: Vec<Vec<usize>>,
}

impl Parts {
    /// `None` when there are more than an automaton holds: then their rules are evaluated for every ticket.
    fn new(field: Field, needles: &HashMap<String, Vec<usize>>) -> Option<Self> {
        let automaton = AhoCorasick::new(needles.keys()).ok()?;
        Some(Self {
            field,
            automaton,
            rules: needles.values().cloned().collect(),
        })
    }

    fn look_up(&self, value: &Value<'_>, worth: &mut Vec<usize>) {
        if let Value::Text(text) = value {
            for found in self.automaton.find_overlapping_iter(&text.to_lowercase()) {
                worth.extend(&self.rules[found.pattern().as_usize()]);
            }
        }
    }
}

impl Rules {
    pub fn new(rules: Vec<Rule>) -> Self {
        let mut index = Self::default();
        for (at, rule) in rules.iter().enumerate() {
            let Some(needs) = rule.conditions.needs() else {
                index.always.push(at);
                continue;
            };
            for need in needs {
                let positions = index
                    .needed
                    .entry((need.field, need.cut))
                    .or_default()
                    .entry(need.value)
                    .or_default();
                if positions.last() != Some(&at) {
                    positions.push(at);
                }
            }
        }
        index.ordered = rules;
        index.needed.retain(|(field, cut), needles| {
            if *cut != Cut::Parts {
                return true;
            }
            match Parts::new(field.clone(), needles) {
                Some(parts) => index.parts.push(parts),
                None => index.always.extend(needles.values().flatten()),
            }
            false
        });
        index
    }

    pub fn in_order(&self) -> &[Rule] {
        &self.ordered
    }

    /// Whether any rule compares this field, so that others need not be fetched.
    pub fn ask(&self, field: &Field) -> bool {
        self.ordered.iter().any(|rule| rule.conditions.asks(field))
    }

    /// Evaluates the rules that can match, in their order, until one matches that stops.
    pub fn decide(&self, facts: &dyn Facts) -> Decision<'_> {
        let mut worth: Vec<usize> = self.always.clone();
        for ((field, cut), rules) in &self.needed {
            look_up(&facts.get(field), *cut, rules, &mut worth);
        }
        for parts in &self.parts {
            parts.look_up(&facts.get(&parts.field), &mut worth);
        }
        worth.sort_unstable();
        worth.dedup();
        Decision::of(worth.into_iter().map(|at| &self.ordered[at]), facts)
    }
}

fn look_up(
    value: &Value<'_>,
    cut: Cut,
    rules: &HashMap<String, Vec<usize>>,
    worth: &mut Vec<usize>,
) {
    let mut take = |key: &str| worth.extend(rules.get(key).into_iter().flatten());
    match (value, cut) {
        (Value::Text(text), Cut::Whole) => take(&text.to_lowercase()),
        (Value::List(items), Cut::Whole) => {
            for item in items {
                take(&item.to_lowercase());
            }
        }
        (Value::Text(text), Cut::Words) => words(text, take),
        _ => {}
    }
}

/// The words of a text. Two characters outside ASCII read as ASCII letters when case is ignored, and a
/// pattern would find them.
fn words(text: &str, mut take: impl FnMut(&str)) {
    let mut word = String::new();
    for c in text.chars() {
        match c {
            'ſ' => word.push('s'),
            '\u{212A}' => word.push('k'),
            c if is_word(c) => word.push(c.to_ascii_lowercase()),
            _ if word.is_empty() => {}
            _ => {
                take(&word);
                word.clear();
            }
        }
    }
    if !word.is_empty() {
        take(&word);
    }
}

#[cfg(test)]
mod tests {
    use super::super::rule::decide;
    use super::*;
    use crate::conditions::parse_conditions;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};
    use std::borrow::Cow;

    struct Ticket {
        subject: String,
        channel: String,
        tags: Vec<String>,
    }

    impl Facts for Ticket {
        fn get(&self, field: &Field) -> Value<'_> {
            match field {
                Field::Subject => Value::Text(Cow::Borrowed(&self.subject)),
                Field::Channel => Value::Text(Cow::Borrowed(&self.channel)),
                Field::Tags if !self.tags.is_empty() => Value::List(
                    self.tags
                        .iter()
                        .map(|tag| Cow::Borrowed(tag.as_str()))
                        .collect(),
                ),
                _ => Value::Absent,
            }
        }

        fn priority_weight(&self, _: &str) -> Option<f64> {
            None
        }
    }

    fn test() -> impl Strategy<Value = Json> {
        let word = prop::sample::select(vec!["kiss", "a", "b_1", "is it", "é", "Ask"]);
        let op = prop::sample::select(vec![
            "contains_word",
            "contains",
            "is",
            "is_not",
            "starts_with",
            "ends_with",
            "not_contains",
        ]);
        prop_oneof![
            (op, word.clone())
                .prop_map(|(op, word)| json!({"field": "subject", "op": op, "value": word})),
            prop::collection::vec(word.clone(), 1..3).prop_map(
                |words| json!({"field": "subject", "op": "contains_word", "value": words})
            ),
            (
                prop::sample::select(vec!["includes_any", "includes_all", "includes_none"]),
                prop::collection::vec(word, 1..3)
            )
                .prop_map(|(op, tags)| json!({"field": "tags", "op": op, "value": tags})),
            prop::sample::select(vec!["Email", "chat"])
                .prop_map(|c| json!({"field": "channel", "op": "is", "value": c})),
        ]
    }

    fn condition() -> impl Strategy<Value = Json> {
        test().prop_recursive(3, 12, 3, |inner| {
            (
                prop::sample::select(vec!["all", "any", "none"]),
                prop::collection::vec(inner, 0..3),
            )
                .prop_map(|(group, parts)| json!({group: parts}))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn what_one_field_decides_is_so_on_every_ticket_with_that_value(
            condition in condition(),
            subject in prop::sample::select(vec!["kiss", "a b_1", "is it", "é", ""]),
            channel in prop::sample::select(vec!["email", "chat"]),
            tags in prop::collection::vec(prop::sample::select(vec!["kiss", "A", "É"]), 0..3),
        ) {
            let ticket = Ticket {
                subject: subject.into(),
                channel: channel.into(),
                tags: tags.into_iter().map(Into::into).collect(),
            };
            let condition = parse_conditions(&condition).expect("parses");
            let channel = Value::Text(Cow::Borrowed(channel));
            if let Some(decided) = condition.decided_by(&Field::Channel, &channel, &ticket) {
                prop_assert_eq!(decided, condition.holds(&ticket));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn the_index_decides_as_trying_every_rule_does(
            conditions in prop::collection::vec((condition(), any::<bool>()), 1..8),
            words in prop::collection::vec(prop::sample::select(vec!["kiss", "A", "b_1", "is", "it", "é", "ask", "ſ", "²", "\u{212A}iſs", "-"]), 0..5),
            glue in prop::sample::select(vec![" ", "", "-", "é"]),
            channel in prop::sample::select(vec!["email", "chat"]),
            tags in prop::collection::vec(prop::sample::select(vec!["kiss", "A", "É"]), 0..3),
        ) {
            let rules = || conditions.iter().enumerate().map(|(i, (condition, stop))| Rule {
                id: i64::try_from(i).unwrap_or_default(),
                name: String::new(),
                conditions: parse_conditions(condition).expect("parses"),
                actions: Vec::new(),
                stop: *stop,
            }).collect::<Vec<_>>();
            let ticket = Ticket {
                subject: words.join(glue),
                channel: channel.into(),
                tags: tags.into_iter().map(str::to_owned).collect(),
            };
            let (all, index) = (rules(), Rules::new(rules()));
            let ids = |decision: &Decision<'_>| decision.matched.iter().map(|rule| rule.id).collect::<Vec<_>>();
            let naive = decide(&all, &ticket);
            let quick = index.decide(&ticket);
            prop_assert_eq!(ids(&naive), ids(&quick));
            prop_assert!(quick.tried <= naive.tried);
        }
    }
}
