//! The fields of the search language: their names, an example of each, and the name nearest to a wrong one.

/// The fields before `:`, `<` or `>`, beside `custom.<key>`.
pub(super) const FIELDS: [&str; 15] = [
    "is",
    "status",
    "priority",
    "type",
    "channel",
    "team",
    "assignee",
    "tag",
    "requester",
    "organization",
    "language",
    "created",
    "updated",
    "solved",
    "replied",
];

/// The name of a field that has several.
pub(super) fn canonical(field: &str) -> &str {
    match field {
        "tags" => "tag",
        "org" => "organization",
        "lang" => "language",
        "created_at" => "created",
        "updated_at" => "updated",
        "solved_at" => "solved",
        other => other,
    }
}

pub(super) fn example(field: &str) -> &'static str {
    match field {
        "is" => "is:unassigned",
        "status" => "status:open",
        "priority" => "priority:>=high",
        "type" => "type:incident",
        "channel" => "channel:email",
        "team" => "team:billing",
        "assignee" => "assignee:me",
        "tag" => "tag:vip",
        "requester" => "requester:ada@example.com",
        "organization" => "organization:\"Acme Ltd\"",
        "language" => "language:de",
        "created" => "created>2026-01-31",
        "updated" => "updated>2026-01-31",
        "solved" => "solved<2026-01-31",
        "replied" => "replied>2026-01-31",
        _ => "custom.area:api",
    }
}

/// `did you mean open? ` with the name nearest to a wrong one; empty when more than a third of its letters differ.
/// One slip is forgiven in short names too.
pub(super) fn did_you_mean<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let slips = (wrong.chars().count() / 3).max(1);
    names
        .into_iter()
        .map(|name| (distance(name, wrong), name))
        .min_by_key(|(steps, _)| *steps)
        .filter(|(steps, _)| *steps <= slips)
        .map(|(_, name)| format!("did you mean {name}? "))
        .unwrap_or_default()
}

/// How many letters to add, drop, change or swap with their neighbour. Of long words only the first 100 count.
pub fn distance(a: &str, b: &str) -> usize {
    let first = |text: &str| text.chars().take(100).collect::<String>();
    strsim::osa_distance(&first(a), &first(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_was_probably_meant_is_offered_and_none_that_is_far() {
        let statuses = ["closed", "new", "on_hold", "open", "solved"];
        for (wrong, hint) in [
            ("opne", "did you mean open? "),
            ("on-hold", "did you mean on_hold? "),
            ("x", ""),
            ("elsewhere", ""),
        ] {
            assert_eq!(did_you_mean(wrong, statuses), hint, "{wrong}");
        }
        assert_eq!(did_you_mean("staus", FIELDS), "did you mean status? ");
        assert_eq!(did_you_mean("hi", FIELDS), "");
    }

    #[test]
    fn a_slip_of_the_finger_is_one_step() {
        for (a, b, steps) in [
            ("refund", "refund", 0),
            ("refnud", "refund", 1),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("cart", "card", 1),
        ] {
            assert_eq!(distance(a, b), steps, "{a} {b}");
        }
    }
}
