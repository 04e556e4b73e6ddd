//! Erasure of personal data, for the functions of schema app that retain and erase: what happened to which row stays in
//! the history, and its values go. The chain of seals holds, since each masked row keeps the digest of what it was.

use crate::context;
use crate::history::{audit, seals};
use crate::pg::call::{answer, args};
use crate::pg::error::native;
use crate::pg::json::Held;
use autocrm_core::html::redact;
use serde_json::{Map, Value, json};

/// Audit rows that one act masks: the row of the act lists them all.
const AT_ONCE: usize = 200;

// `select autocrm.erasing(true)`: in this subtransaction values are erased.
native!(erasing, pg_finfo_erasing, |fcinfo| {
    let (on,): (bool,) = args(fcinfo);
    context::erase(on);
    answer(fcinfo, Some(on))
});

type Texts = Vec<Option<String>>;

fn given(list: Option<Texts>) -> Option<Vec<String>> {
    list.map(|list| list.into_iter().flatten().collect())
}

// `select autocrm.erase_audit('erasures', '1', '{12,13}', null, '{ada lovelace}')`
native!(erase_audit, pg_finfo_erase_audit, |fcinfo| {
    let (table, key, ids, columns, words): (
        String,
        String,
        Vec<Option<i64>>,
        Option<Texts>,
        Option<Texts>,
    ) = args(fcinfo);
    let ids: Vec<i64> = ids.into_iter().flatten().collect();
    let (columns, words) = (given(columns), given(words));
    let _redaction = context::redact();
    seals::make_erasable();
    let mut count = 0;
    for ids in ids.chunks(AT_ONCE) {
        let act = audit::next_act();
        let erased = seals::mask(ids, columns.as_deref(), words.as_deref(), act);
        if erased.is_empty() {
            continue;
        }
        count += erased.len();
        let changes = Map::from_iter([
            ("redacted".to_owned(), json!([null, "values"])),
            ("erased".to_owned(), json!([null, Value::Object(erased)])),
        ]);
        audit::write_redaction(act, &table, &key, &changes);
    }
    answer(fcinfo, i64::try_from(count).ok())
});

// `select autocrm.redact_words('Dear Ada', '{ada}', false)  -- Dear ▇▇▇`
native!(redact_words, pg_finfo_redact_words, |fcinfo| {
    let (mut body, words, html): (String, Vec<Option<String>>, bool) = args(fcinfo);
    for words in words.iter().flatten() {
        let without = if html {
            redact::html_any_case(&body, words)
        } else {
            redact::text_any_case(&body, words)
        };
        body = without.unwrap_or(body);
    }
    answer(fcinfo, Some(body))
});

// `select autocrm.redact_json('{"note": "Dear Ada"}', '{ada}')  -- {"note": "Dear ▇▇▇"}`
native!(redact_json, pg_finfo_redact_json, |fcinfo| {
    let (Held(json), words): (Held, Texts) = args(fcinfo);
    let words: Vec<String> = words.into_iter().flatten().collect();
    answer(fcinfo, Some(pgrx::JsonB(without(json, &words))))
});

/// A number that is one of the words goes altogether; keys stay, they are the desk's.
fn without(json: Value, words: &[String]) -> Value {
    let redacted = |text: String| {
        words.iter().fold(text, |text, words| {
            redact::text_any_case(&text, words).unwrap_or(text)
        })
    };
    match json {
        Value::String(text) => Value::String(redacted(text)),
        Value::Number(number) if words.iter().any(|words| number.to_string() == *words) => {
            Value::Null
        }
        Value::Array(items) => items.into_iter().map(|item| without(item, words)).collect(),
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(key, value)| (key, without(value, words)))
                .collect(),
        ),
        other => other,
    }
}
