//! Broken constraints in the desk's words: what a row is refused with that breaks one, over HTTP and at a SQL prompt
//! alike. Postgres' own error names the constraint, which says nothing to who wrote the row. Most names follow a
//! convention that carries the words (`tickets_external_id_max_255`, `users_email_key`); the others are listed here.

use crate::problem::Problem;

/// An error of class 23, as Postgres tells it.
#[derive(Debug, Clone, Copy)]
pub struct Broken<'a> {
    pub code: &'a str,
    pub table: &'a str,
    pub column: &'a str,
    pub constraint: &'a str,
    /// Of a foreign key: the row names one that is not there. Otherwise others still refer to the row.
    pub names_none: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    /// As in HTTP.
    pub status: u16,
    pub message: String,
    /// Where, and what would fit; `None` for a constraint that has no words.
    pub problem: Option<Problem>,
    pub hint: &'static str,
}

const CORRECT: &str = "Correct it and send the request again; nothing was saved.";

const TAKEN: &str = "is taken by another";

/// Constraint, path and message where the name does not give them.
const LISTED: &[(&str, &str, &str)] = &[
    ("agent_skills_pkey", "skill_id", "is theirs already"),
    (
        "channel_loads_pkey",
        "channel",
        "has a load already; change it",
    ),
    (
        "customer_notes_pinned_organization_key",
        "pinned",
        "another note of this organization is pinned",
    ),
    (
        "customer_notes_pinned_user_key",
        "pinned",
        "another note of this person is pinned",
    ),
    (
        "digest_preferences_pkey",
        "user_id",
        "has chosen already; change that",
    ),
    (
        "drafts_ticket_id_author_id_kind_key",
        "kind",
        "there is a draft of this kind already; change it",
    ),
    (
        "followers_ticket_id_user_id_key",
        "user_id",
        "follows this ticket already",
    ),
    ("idempotency_keys_pkey", "key", TAKEN),
    ("memberships_pkey", "user_id", "is in this team already"),
    (
        "mentions_message_id_user_id_key",
        "user_id",
        "is mentioned in this message already",
    ),
    (
        "notification_preferences_pkey",
        "kind",
        "has been chosen already; change that",
    ),
    (
        "notifications_user_id_event_id_key",
        "event_id",
        "is told already",
    ),
    ("object_fields_object_type_id_key_key", "key", TAKEN),
    (
        "object_records_object_type_id_external_key_key",
        "external_key",
        TAKEN,
    ),
    ("settings_pkey", "singleton", "there is one row of settings"),
    (
        "status_transitions_team_id_from_status_id_to_status_id_key",
        "to_status_id",
        "is allowed from there already",
    ),
    (
        "tag_settings_pkey",
        "singleton",
        "there is one row of settings",
    ),
    (
        "ticket_form_fields_pkey",
        "custom_field_id",
        "is in this form already",
    ),
    (
        "ticket_forms_default_key",
        "is_default",
        "another form is the default",
    ),
    (
        "ticket_links_kind_ticket_id_other_id_key",
        "ticket_id",
        "is linked like this already",
    ),
    ("ticket_links_merged_idx", "ticket_id", "was merged already"),
    (
        "ticket_links_one_key",
        "kind",
        "is there already: a ticket is an incident of one problem and a child of one ticket",
    ),
    (
        "tickets_balancing_check",
        "balancing",
        "must be one of least_loaded, round_robin, most_skilled, follow_the_sun, none",
    ),
    ("tickets_external_key", "external_id", TAKEN),
    (
        "tickets_subject_check",
        "subject",
        "must have 1 to 500 characters",
    ),
];

/// Hints to constraints for which the general one is wrong. They say nothing of the row that is there, which whoever
/// reads them may not see; that there is one cannot be kept from them.
const HINTS: &[(&str, &str)] = &[
    (
        "object_fields_object_type_id_key_key",
        "Each key is one field of its type: use another.",
    ),
    (
        "object_records_object_type_id_external_key_key",
        "Each external key is one record of its type: use another, or change the record that has it.",
    ),
    (
        "status_transitions_team_id_from_status_id_to_status_id_key",
        "Nothing is left to do.",
    ),
    (
        "customer_notes_pinned_user_key",
        "Another note was pinned at the same moment; send the request again.",
    ),
    (
        "customer_notes_pinned_organization_key",
        "Another note was pinned at the same moment; send the request again.",
    ),
    (
        "ticket_forms_default_key",
        "Another form became the default at the same moment; send the request again.",
    ),
    (
        "tickets_external_key",
        "Use another external id, or change the ticket that has it.",
    ),
    (
        "ticket_links_kind_ticket_id_other_id_key",
        "Nothing is left to do.",
    ),
    (
        "ticket_links_one_key",
        "Link them as related, or have the link that there is removed by somebody who sees both of its tickets.",
    ),
];

/// What the error says to who wrote the row.
pub fn words(broken: &Broken<'_>) -> Words {
    let (status, message, hint) = match broken.code {
        "23502" => {
            let column = if broken.column.is_empty() {
                "a value"
            } else {
                broken.column
            };
            (
                422,
                format!("{column} is required"),
                "Give it a value and send the request again; nothing was saved.",
            )
        }
        "23503" | "23001" => (
            409,
            "This refers to something that does not exist, or something still refers to it".into(),
            "Check the ids; what is still in use can be deactivated instead of removed.",
        ),
        "23514" => (422, "A value is outside of what is allowed".into(), CORRECT),
        // 23505, and exclusion constraints.
        _ => (
            409,
            "There is one like this already".into(),
            "Use another name, key, e-mail address or external id.",
        ),
    };
    let listed = HINTS
        .iter()
        .find(|(constraint, _)| *constraint == broken.constraint);
    let hint = listed.map_or(hint, |(_, hint)| hint);
    Words {
        status,
        message,
        problem: problem(broken).map(|(path, message)| Problem::new(path, message)),
        hint,
    }
}

fn problem(broken: &Broken<'_>) -> Option<(String, String)> {
    if broken.code == "23502" {
        return (!broken.column.is_empty())
            .then(|| (broken.column.to_owned(), "is required".to_owned()));
    }
    if ["23001", "23503"].contains(&broken.code) && !broken.names_none {
        let others = parent(broken.table).replace('_', " ");
        return (!others.is_empty()).then(|| ("id".into(), format!("{others} still refer to it")));
    }
    let listed = LISTED
        .iter()
        .find(|(constraint, ..)| *constraint == broken.constraint);
    if let Some((_, path, message)) = listed {
        return Some(((*path).to_owned(), (*message).to_owned()));
    }
    let name = broken
        .constraint
        .strip_prefix(parent(broken.table))?
        .strip_prefix('_')?;
    match broken.code {
        "23503" => Some((
            name.strip_suffix("_fkey")?.to_owned(),
            "there is none of this id".to_owned(),
        )),
        "23505" if name == "pkey" => Some(("id".to_owned(), TAKEN.to_owned())),
        "23505" => Some((name.strip_suffix("_key")?.to_owned(), TAKEN.to_owned())),
        "23514" => limit(name),
        _ => None,
    }
}

/// A constraint that limits one column: its name carries the column and the limit.
fn limit(name: &str) -> Option<(String, String)> {
    if let Some(path) = name.strip_suffix("_check") {
        return Some((path.to_owned(), OUTSIDE.to_owned()));
    }
    let (rest, most) = name.rsplit_once('_')?;
    let (path, kind) = rest.rsplit_once('_')?;
    let message = match kind {
        "max" => format!("must have at most {most} characters"),
        "most" => format!("must have at most {most} entries"),
        "bytes" => format!("must have at most {most} bytes"),
        _ => return None,
    };
    Some((path.to_owned(), message))
}

/// Of a check that nobody has put into words; a test finds those of tables that people write.
pub const OUTSIDE: &str = "is outside of what is allowed";

/// A partition's constraints have the names of its table's.
fn parent(table: &str) -> &str {
    table
        .trim_end_matches(|c: char| c.is_ascii_digit() || c == '_')
        .trim_end_matches("_default")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(code: &str, table: &str, column: &str, constraint: &str) -> String {
        let broken = Broken {
            code,
            table,
            column,
            constraint,
            names_none: true,
        };
        words(&broken)
            .problem
            .map_or_else(String::new, |problem| problem.to_string())
    }

    #[test]
    fn a_constraint_has_words_by_its_name_or_by_the_list() {
        for (code, table, column, constraint, problem) in [
            ("23502", "tags", "name", "", "name: is required"),
            (
                "23505",
                "tags",
                "",
                "tags_name_key",
                "name: is taken by another",
            ),
            ("23505", "tags", "", "tags_pkey", "id: is taken by another"),
            (
                "23505",
                "memberships",
                "",
                "memberships_pkey",
                "user_id: is in this team already",
            ),
            (
                "23503",
                "messages_2026_11",
                "",
                "messages_ticket_id_fkey",
                "ticket_id: there is none of this id",
            ),
            (
                "23514",
                "views",
                "",
                "views_columns_most_100",
                "columns: must have at most 100 entries",
            ),
            (
                "23514",
                "views",
                "",
                "views_name_max_100",
                "name: must have at most 100 characters",
            ),
            (
                "23514",
                "views",
                "",
                "views_name_bytes_100",
                "name: must have at most 100 bytes",
            ),
            (
                "23514",
                "views",
                "",
                "views_sort_check",
                "sort: is outside of what is allowed",
            ),
            ("23505", "views", "", "another", ""),
            ("23P01", "views", "", "views_excl", ""),
        ] {
            assert_eq!(told(code, table, column, constraint), problem);
        }
    }

    #[test]
    fn what_others_still_refer_to_names_them() {
        for table in ["object_records", "messages_default"] {
            let broken = Broken {
                code: "23503",
                table,
                column: "",
                constraint: "x",
                names_none: false,
            };
            let told = words(&broken);
            assert_eq!(told.status, 409);
            let problem = told.problem.expect("words");
            assert!(problem.message.ends_with(" still refer to it"));
            assert!(!problem.message.contains('_'), "{}", problem.message);
        }
    }
}
