//! How large the definition of a field may be. Checked when it is written: what was stored before stays.

use super::field::Definition;
use super::types::MAX_WORDING;
use crate::conditions::{LENGTH, VALUES};
use crate::problem::Problem;
use serde_json::Value;

/// Options of a dropdown or multiselect: whatever shows the field reads all of them.
const OPTIONS: usize = 1_000;
/// Characters of an option's value, and of its label.
const OPTION: usize = 200;
/// Characters of a regular expression.
const PATTERN: usize = 1_000;
/// Characters of a key, of a field or an object type.
const KEY: usize = 60;

/// What a definition has too much of.
pub fn excess(definition: &Definition<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let config = definition.config;
    texts(&mut problems, "config.pattern", &config["pattern"], PATTERN);
    texts(
        &mut problems,
        "config.message",
        &config["message"],
        MAX_WORDING,
    );
    let target = "object:".len() + KEY;
    texts(&mut problems, "config.target", &config["target"], target);
    let options = entries(&mut problems, "config.options", &config["options"], OPTIONS);
    for (i, option) in options.iter().enumerate() {
        for (path, text) in [
            ("", option),
            (".value", &option["value"]),
            (".label", &option["label"]),
        ] {
            texts(
                &mut problems,
                &format!("config.options[{i}]{path}"),
                text,
                OPTION,
            );
        }
    }
    if let Some(when) = definition.visible_when {
        problems.extend(excess_of_condition(when));
    }
    problems
}

/// What the condition under which a field is visible has too much of.
pub fn excess_of_condition(when: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    texts(&mut problems, "visible_when.field", &when["field"], KEY);
    let values = entries(&mut problems, "visible_when.in", &when["in"], VALUES);
    for (i, value) in values.iter().enumerate() {
        texts(
            &mut problems,
            &format!("visible_when.in[{i}]"),
            value,
            LENGTH,
        );
    }
    problems
}

fn texts(problems: &mut Vec<Problem>, path: &str, value: &Value, most: usize) {
    if value
        .as_str()
        .is_some_and(|text| text.chars().nth(most).is_some())
    {
        problems.push(Problem::new(
            path,
            format!("must have at most {most} characters"),
        ));
    }
}

/// The entries of a list that is not too long.
fn entries<'a>(
    problems: &mut Vec<Problem>,
    path: &str,
    value: &'a Value,
    most: usize,
) -> &'a [Value] {
    match value.as_array() {
        Some(list) if list.len() > most => {
            problems.push(Problem::new(
                path,
                format!("must have at most {most} entries"),
            ));
            &[]
        }
        Some(list) => list,
        None => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paths(config: &Value, when: Option<&Value>) -> Vec<String> {
        let definition = Definition {
            key: "f",
            kind: "dropdown",
            config,
            required_on_create: false,
            required_on_solve: false,
            default: None,
            visible_when: when,
        };
        excess(&definition)
            .into_iter()
            .map(|problem| problem.path)
            .collect()
    }

    #[test]
    fn everything_in_a_definition_has_a_limit() {
        let text = |most: usize| json!("x".repeat(most));
        let fits = json!({
            "options": vec![text(OPTION); OPTIONS], "pattern": text(PATTERN), "message": text(MAX_WORDING), "target": text(7 + KEY)
        });
        let when = json!({"field": text(KEY), "in": vec![text(LENGTH); VALUES]});
        assert!(paths(&fits, Some(&when)).is_empty());

        let many = json!({"options": vec!["x"; OPTIONS + 1], "pattern": text(PATTERN + 1), "message": text(MAX_WORDING + 1), "target": text(8 + KEY)});
        let when = json!({"field": text(KEY + 1), "in": vec![1; VALUES + 1]});
        assert_eq!(
            paths(&many, Some(&when)),
            [
                "config.pattern",
                "config.message",
                "config.target",
                "config.options",
                "visible_when.field",
                "visible_when.in"
            ]
        );
        let long =
            json!({"options": ["x", text(OPTION + 1), {"value": "v", "label": text(OPTION + 1)}]});
        let when = json!({"field": "f", "in": [text(LENGTH + 1)]});
        assert_eq!(
            paths(&long, Some(&when)),
            [
                "config.options[1]",
                "config.options[2].label",
                "visible_when.in[0]"
            ]
        );
    }
}
