//! What is wrong as a word with its values, beside the text in English, for clients that speak another language. The
//! database and the extension write the text alone; this is the one place that knows its forms.

use std::collections::BTreeMap;

/// The first form that a text has names its reason; `{most}` stands for a value.
const FORMS: &[(&str, &str)] = &[
    ("required", "is required"),
    ("required", "must not be null"),
    (
        "required_on_create",
        "is required when a ticket is created, and stays so",
    ),
    ("required_on_create", "is required when a ticket is created"),
    ("required_on_solve", "is required when a ticket is solved"),
    (
        "required_on_solve",
        "is required of a ticket that is solved",
    ),
    ("empty", "must not be empty"),
    ("empty", "is empty; write something before sending"),
    ("too_long", "must have at most {most} characters"),
    (
        "too_long",
        "is {length} characters long, {most} are allowed",
    ),
    ("too_short", "must have at least {least} characters"),
    ("length", "must have {least} to {most} characters"),
    ("too_many", "must have at most {most} entries"),
    ("too_big", "must have at most {most} bytes"),
    ("file_too_big", "a file has at most {most} bytes here"),
    ("below", "{value} is below the minimum of {least}"),
    ("above", "{value} is above the maximum of {most}"),
    ("not_text", "must be a text"),
    ("not_text", "must be text"),
    ("not_switch", "must be true or false"),
    ("not_whole", "must be a whole number"),
    ("not_whole", "must be a whole number or null"),
    ("not_number", "must be a number"),
    ("not_date", "must be a date such as {example}"),
    ("not_time", "must be a time with zone such as {example}"),
    ("not_time", "must be a point in time such as {example}"),
    ("not_time_zone", "must be a time zone such as {example}"),
    ("not_email", "must be an e-mail address such as {example}"),
    ("not_url", "must be a web address such as {example}"),
    (
        "not_tags",
        "must be a list of words without blanks or commas, each of at most {most} characters",
    ),
    ("not_one_of", "must be one of {allowed}"),
    ("unknown", "is not known here; one of {allowed}"),
    ("unknown_field", "is not a field of this desk"),
    ("out_of_range", "is outside of what is allowed"),
    ("wrong", "is wrong"),
    (
        "unseen_by",
        "{name} cannot see this ticket, so cannot follow it",
    ),
    (
        "unseen_by",
        "{name} cannot see this ticket; move it to a team of theirs first, or mention somebody who can",
    ),
    (
        "unseen_by_team",
        "nobody of the team {name} can see this ticket; move the ticket to a team of theirs first",
    ),
    ("unseen", "there is no {what} {id} that you can see"),
    ("not_agent", "{id} is not an active agent"),
    (
        "cannot_follow",
        "{next} cannot follow {now}; allowed: {allowed}",
    ),
    (
        "stays_closed",
        "a closed ticket stays closed; open a new one that refers to it",
    ),
    ("closed", "is not closed; write on it, or reopen it"),
    (
        "not_option",
        "'{value}' is not an option; choose one of {allowed}",
    ),
    (
        "unknown_filter",
        "'{value}' is not a field; did you mean {nearest}? choose one of {fields}, custom.<key>, or put it in quotes to look for the text",
    ),
    (
        "unknown_filter",
        "'{value}' is not a field; choose one of {fields}, custom.<key>, or put it in quotes to look for the text",
    ),
    (
        "unknown_value",
        "there is no {field} '{value}'; did you mean {nearest}? choose one of {allowed}",
    ),
    (
        "unknown_value",
        "there is no {field} '{value}'; choose one of {allowed}",
    ),
    (
        "unknown_state",
        "'{value}' is nothing a ticket can be; did you mean {nearest}? choose one of {allowed}",
    ),
    (
        "unknown_state",
        "'{value}' is nothing a ticket can be; choose one of {allowed}",
    ),
    (
        "no_variable",
        "there is no variable '{value}'; did you mean {nearest}? one of {allowed}",
    ),
    (
        "no_variable",
        "there is no variable '{value}'; one of {allowed}",
    ),
    (
        "not_day",
        "'{value}' is not a day such as 2026-01-31, nor a time such as 2026-01-31T09:00:00Z",
    ),
    (
        "out_of_years",
        "'{value}' lies outside of the years 1 to 9999",
    ),
    ("no_order", "{field} has no order; write {example}"),
    (
        "value_missing",
        "{field} needs a value right behind it, such as {example}",
    ),
    (
        "one_value",
        "is one value too many; only one can be compared with",
    ),
    (
        "quote_open",
        "this quote is not closed; write another \" where the phrase ends",
    ),
    (
        "too_many_parts",
        "is one part too many; a question has at most {most}",
    ),
    (
        "question_too_long",
        "the question is longer than {most} characters; shorten it",
    ),
    ("merged", "was merged into ticket {ticket}; write there"),
    ("switched_off", "'{name}' is switched off"),
    (
        "no_value",
        "there is nothing to put in place of {names}; fill in the value, give the variable a fallback as in {example}, or apply the macro with send = false and write the message yourself",
    ),
    ("undo_too_late", "it ended more than 10 minutes ago"),
    ("wrong_log_in", "E-mail address or password is wrong"),
    ("not_author", "Only the person who wrote a message edits it"),
    ("no_edits", "Messages are not edited at this desk"),
    (
        "edit_too_late",
        "A message can be edited for {minutes} minutes, and this one is older",
    ),
    ("exists", "There is one like this already"),
    (
        "in_use",
        "This refers to something that does not exist, or something still refers to it",
    ),
];

/// The values at the places of a form, when a text has it.
fn values(form: &str, text: &str) -> Option<BTreeMap<String, String>> {
    let (mut form, mut text) = (form, text);
    let mut found = BTreeMap::new();
    while let Some((before, after)) = form.split_once('{') {
        let (name, tail) = after.split_once('}')?;
        text = text.strip_prefix(before)?;
        let end = match tail.split_once('{') {
            Some((between, _)) => text.find(between)?,
            // The last value ends where the text ends as the form does.
            None => text.strip_suffix(tail)?.len(),
        };
        let (value, rest) = text.split_at(end);
        found.insert(name.to_owned(), value.to_owned());
        (form, text) = (tail, rest);
    }
    (form == text).then_some(found)
}

/// The reason that a text tells, and its values.
pub fn reason(text: &str) -> (Option<String>, BTreeMap<String, String>) {
    FORMS
        .iter()
        .find_map(|(word, form)| Some((Some((*word).to_owned()), values(form, text)?)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (Option<String>, Vec<(String, String)>) {
        let (word, values) = reason(text);
        (word, values.into_iter().collect())
    }

    #[test]
    fn a_text_names_its_reason_with_its_values() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            told("must have at most 200 characters"),
            (Some("too_long".into()), vec![pair("most", "200")])
        );
        assert_eq!(
            told("must have 1 to 500 characters"),
            (
                Some("length".into()),
                vec![pair("least", "1"), pair("most", "500")]
            )
        );
        assert_eq!(
            told("999 is above the maximum of 120"),
            (
                Some("above".into()),
                vec![pair("most", "120"), pair("value", "999")]
            )
        );
        assert_eq!(
            told("there is no status 'opne'; did you mean open? choose one of new, open"),
            (
                Some("unknown_value".into()),
                vec![
                    pair("allowed", "new, open"),
                    pair("field", "status"),
                    pair("nearest", "open"),
                    pair("value", "opne"),
                ]
            )
        );
        assert_eq!(
            told("is required when a ticket is solved").0.as_deref(),
            Some("required_on_solve")
        );
        // A name that reads like the text around it.
        assert_eq!(
            told("'it' is switched off' is switched off").1,
            [pair("name", "it' is switched off")]
        );
    }

    #[test]
    fn any_other_text_has_no_reason() {
        for text in [
            "",
            "must have at most",
            "must be five digits",
            "is required!",
        ] {
            assert_eq!(told(text), (None, Vec::new()), "{text}");
        }
    }

    #[test]
    fn no_form_hides_behind_another() {
        for (word, form) in FORMS {
            let found = reason(&form.replace(['{', '}'], ""));
            assert_eq!(found.0.as_deref(), Some(*word), "{form}");
        }
    }
}
