//! Redaction of a stored answer: the words of a message in the JSON with which a repeated request is answered. What it
//! holds decides, not which request it answered: a ticket, a message, an excerpt, a filled template.

use super::redact::{self, BLOCK};
use crate::pause::pause;
use serde_json::{Map, Value};

/// Keys whose values people have written.
const TEXTS: [&str; 5] = [
    "body_text",
    "body_html",
    "text",
    "description",
    "description_html",
];
/// Characters of a message in a list that shows how it begins.
const EXCERPT: usize = 280;

/// A message of a ticket that was redacted.
#[derive(Debug, Clone, Copy)]
pub struct Redacted<'a> {
    pub ticket: i64,
    pub message: i64,
    /// Removed wherever they stand: the words, or all of the message.
    pub words: &'a str,
    /// The message as it has become.
    pub text: &'a str,
    pub html: Option<&'a str>,
    /// Whether the ticket's description has become the same.
    pub description: bool,
}

impl Redacted<'_> {
    /// Whether the answer holds the ticket, or something of it.
    pub fn is_in(&self, answer: &Value) -> bool {
        match answer {
            Value::Array(items) => items.iter().any(|item| self.is_in(item)),
            Value::Object(map) => {
                has(map, "ticket_id", self.ticket)
                    || self.is_ticket(map)
                    || map.values().any(|value| self.is_in(value))
            }
            _ => false,
        }
    }

    /// Takes the words out of an answer; whether it has changed.
    pub fn remove_from(&self, answer: &mut Value) -> bool {
        self.remove("", answer)
    }

    fn remove(&self, key: &str, value: &mut Value) -> bool {
        match value {
            Value::String(text) => {
                let without = self.without(key, text);
                let found = without.is_some();
                if let Some(without) = without {
                    *text = without;
                }
                found
            }
            Value::Array(items) => {
                let mut found = false;
                for item in items {
                    found |= self.remove(key, item);
                }
                found
            }
            Value::Object(map) => {
                let mut found = self.rewrite(map);
                for (key, value) in map.iter_mut() {
                    found |= self.remove(key, value);
                }
                found
            }
            _ => false,
        }
    }

    /// The message itself and, with it, the description become what they are now: an answer from before an edit, and
    /// an excerpt that ends within the words, do not hold the words as they were given.
    fn rewrite(&self, map: &mut Map<String, Value>) -> bool {
        let html = || self.html.map_or(Value::Null, Value::from);
        let mut now = Vec::new();
        if self.is_message(map) {
            let excerpt: String = self.text.chars().take(EXCERPT).collect();
            now.push(("body_text", Value::from(self.text)));
            now.push(("body_html", html()));
            now.push(("quote_from", Value::Null));
            now.push(("text", Value::from(excerpt)));
        }
        if self.description && self.is_ticket(map) {
            now.push(("description", Value::from(self.text)));
            now.push(("description_html", html()));
        }
        let mut found = false;
        for (key, to) in now {
            if let Some(value) = map.get_mut(key).filter(|value| **value != to) {
                *value = to;
                found = true;
            }
        }
        found
    }

    fn is_message(&self, map: &Map<String, Value>) -> bool {
        has(map, "id", self.message) && has(map, "ticket_id", self.ticket)
    }

    fn is_ticket(&self, map: &Map<String, Value>) -> bool {
        has(map, "id", self.ticket) && map.contains_key("subject")
    }

    /// `None` when the text does not hold the words. What the API has said itself, such as a status or a time, stays.
    fn without(&self, key: &str, text: &str) -> Option<String> {
        pause();
        let blank = |c: char| c.is_whitespace() || c == BLOCK;
        if self.words.chars().all(blank) || !TEXTS.contains(&key) && is_symbol(text) {
            return None;
        }
        if key.ends_with("html") {
            redact::html(text, self.words)
        } else {
            redact::text(text, self.words)
        }
    }
}

fn has(map: &Map<String, Value>, key: &str, id: i64) -> bool {
    map.get(key).and_then(Value::as_i64) == Some(id)
}

fn is_symbol(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-:.+TZ".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::Redacted;
    use serde_json::{Value, json};

    const WORDS: Redacted<'_> = Redacted {
        ticket: 7,
        message: 12,
        words: "kwyz",
        text: "It is ▇▇▇▇",
        html: None,
        description: false,
    };

    fn without(redacted: Redacted<'_>, answer: &Value) -> (bool, Value) {
        let mut answer = answer.clone();
        let changed = redacted.remove_from(&mut answer);
        (changed, answer)
    }

    #[test]
    fn words_go_wherever_the_answer_holds_them() {
        let ticket = json!({"id": 7, "subject": "Card", "status": "open", "description": "My kwyz card", "description_html": "<p>My kw<b>yz</b> card</p>"});
        let (changed, answer) = without(
            WORDS,
            &json!({"ticket": ticket, "changes": {"custom": [null, {"note": ["A kwyz"]}]}}),
        );
        assert!(changed);
        assert_eq!(
            answer,
            json!({
                "ticket": {"id": 7, "subject": "Card", "status": "open", "description": "My ▇▇▇▇ card", "description_html": "<p>My ▇▇<b>▇▇</b> card</p>"},
                "changes": {"custom": [null, {"note": ["A ▇▇▇▇"]}]}
            })
        );
    }

    #[test]
    fn the_message_becomes_what_it_is_now_even_where_its_words_are_cut_off() {
        let answer = json!({"messages": [
            {"id": 12, "ticket_id": 7, "text": "It is kw", "quotes": false},
            {"id": 13, "ticket_id": 7, "text": "It was", "quotes": false},
        ]});
        let (changed, answer) = without(WORDS, &answer);
        assert!(changed);
        assert_eq!(answer["messages"][0]["text"], "It is ▇▇▇▇");
        assert_eq!(answer["messages"][1]["text"], "It was");
    }

    #[test]
    fn all_of_a_message_goes_with_the_description_that_it_was() {
        let whole = Redacted {
            words: "It is kwyz",
            text: "▇▇▇▇▇▇▇▇",
            description: true,
            ..WORDS
        };
        let (_, answer) = without(
            whole,
            &json!({"id": 7, "subject": "Card", "description": "Before an edit", "description_html": "<p>It is</p>"}),
        );
        assert_eq!(
            answer,
            json!({"id": 7, "subject": "Card", "description": "▇▇▇▇▇▇▇▇", "description_html": null})
        );
        let (_, preview) = without(
            whole,
            &json!({"message": {"kind": "note", "body_text": "You wrote: It is kwyz."}}),
        );
        assert_eq!(preview["message"]["body_text"], "You wrote: ▇▇▇▇▇▇▇▇▇▇.");
    }

    #[test]
    fn what_the_api_says_and_other_records_stay() {
        for answer in [
            json!({"id": 7, "subject": "x", "status": "kwyz", "created_at": "2026-01-31T09:00:00Z"}),
            json!({"id": 12, "body_text": "A macro"}),
            json!({"id": 12, "ticket_id": 8, "body_text": "Another"}),
        ] {
            assert_eq!(without(WORDS, &answer), (false, answer));
        }
        let empty = Redacted { words: "", ..WORDS };
        let link = json!({"description_html": "<a href=\"https://x.test\">x</a>"});
        assert_eq!(without(empty, &link), (false, link));
    }

    #[test]
    fn an_answer_concerns_the_ticket_that_it_holds() {
        assert!(WORDS.is_in(&json!({"ticket": {"id": 7, "subject": "x"}})));
        assert!(WORDS.is_in(&json!([{"ticket_id": 7}])));
        assert!(!WORDS.is_in(&json!({"id": 7, "name": "A macro"})));
        assert!(!WORDS.is_in(&json!({"id": 8, "subject": "x"})));
    }
}
