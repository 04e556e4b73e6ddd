//! The fields of the search language: their names, an example of each, and the nearest name to a wrong one.

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

/// The name nearest to a wrong one, when a slip or two are between them.
pub(super) fn nearest(wrong: &str) -> Option<&'static str> {
    FIELDS
        .into_iter()
        .map(|name| (distance(name, wrong), name))
        .min_by_key(|(steps, _)| *steps)
        .filter(|(steps, _)| *steps <= 2)
        .map(|(_, name)| name)
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
