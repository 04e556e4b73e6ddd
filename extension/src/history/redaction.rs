//! Redaction of a message. The only way past the append-only history, and so one act: rights, message, ticket, audit rows
//! and kept answers in one call, and an audit row that records it without the words.

use crate::context;
use crate::history::audit;
use crate::history::events;
use crate::history::seals;
use crate::identity::actor;
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::{fail, native, refuse};
use autocrm_core::html::answer::Redacted;
use autocrm_core::html::{redact, text_and_quote};
use autocrm_core::problem::Problem;
use serde_json::{Map, Value, json};

/// Most characters of the text that one redaction removes.
const MOST_WORDS: usize = 1_000;

// `select autocrm.redact_message(12, '4711')  -- NULL instead of words: the whole message`
native!(redact_message, pg_finfo_redact_message, |fcinfo| {
    let (id, words): (i64, Option<String>) = args(fcinfo);
    if words
        .as_deref()
        .is_some_and(|words| words.chars().nth(MOST_WORDS).is_some())
    {
        refuse(
            "This cannot be redacted",
            &[Problem::new(
                "words",
                format!("has more than {MOST_WORDS} characters"),
            )],
            "Redact one part after the other.",
        );
    }
    run(id, words.as_deref());
    answer(fcinfo, Some(true))
});

struct Message {
    ticket: i64,
    kind: String,
    text: String,
    html: Option<String>,
    /// Whether the message opens its ticket: then it is the ticket's description as well.
    opening: bool,
}

struct Body {
    text: String,
    html: Option<String>,
}

impl Body {
    /// `None` when the message does not contain the words.
    fn without(text: &str, html: Option<&str>, words: Option<&str>) -> Option<Self> {
        let Some(words) = words else {
            return Some(Self {
                text: redact::BLOCK.to_string().repeat(8),
                html: None,
            });
        };
        if let Some(html) = html {
            let html = redact::html(html, words)?;
            return Some(Self {
                text: text_and_quote(&html).0,
                html: Some(html),
            });
        }
        Some(Self {
            text: redact::text(text, words)?,
            html: None,
        })
    }
}

fn run(id: i64, words: Option<&str>) {
    let visible = db::rows_as_caller(
        "select m.id from app.messages m where m.id = $1",
        &[id.into()],
        |row| row.get::<i64>(1),
    );
    if visible.is_empty() {
        fail(
            "TK404",
            &format!("There is no message {id} that you can see"),
            None,
            Some("Check the id; it may belong to a ticket of a team that you are not in."),
        );
    }
    let actor = actor();
    let may = actor.api_key_id.is_none()
        && db::run(
            "select from app.users where id = $1 and active and (role = 'admin' or role = 'agent' and may_redact)",
            &[actor.user_id.into()],
        ) > 0;
    if !may {
        fail(
            "TK403",
            "You may not redact messages",
            None,
            Some("Ask an administrator to do it, or to let you."),
        );
    }
    let Some(message) = locked(id) else {
        return;
    };
    let body = Body::without(&message.text, message.html.as_deref(), words);
    let Some(body) = body else {
        refuse(
            "Nothing was redacted",
            &[Problem::new("text", "does not stand in this message")],
            "Give the words as the message's text shows them.",
        );
    };
    let _redaction = context::redact();
    let (_, quote_from) = body
        .html
        .as_deref()
        .map_or((String::new(), None), text_and_quote);
    db::run(
        "update app.messages
            set body_text = $2, body_html = $3, quote_from = $4, redacted_at = autocrm.now() where id = $1",
        &[
            id.into(),
            body.text.as_str().into(),
            body.html.as_deref().into(),
            quote_from.and_then(|n| i32::try_from(n).ok()).into(),
        ],
    );
    if message.opening {
        description(message.ticket, words);
    }
    // The values that rules found in it, in their explanations.
    db::run(
        "update app.rule_firings set explanation = jsonb_build_object('redacted', true)
          where ticket_id = $1 and explanation::text ~ '\"(message\\.text|description)\"'",
        &[message.ticket.into()],
    );
    kept_answers(id, &message, &body, words);
    erase(id, &message, words.is_none());
    events::write(
        "message.redacted",
        message.ticket,
        Some(id),
        &json!({"kind": message.kind}),
    );
}

/// The message as it is once nobody else writes it.
fn locked(id: i64) -> Option<Message> {
    db::rows(
        "select m.ticket_id, m.kind::text, m.body_text, m.body_html,
                m.created_at = t.created_at and m.id = (
                  select min(o.id) from app.messages o where o.ticket_id = t.id and o.created_at = t.created_at)
           from app.messages m
           join app.tickets t on t.id = m.ticket_id
          where m.id = $1
            for update of m",
        &[id.into()],
        |row| {
            Ok(Message {
                ticket: row.get(1)?.unwrap_or_default(),
                kind: row.get(2)?.unwrap_or_default(),
                text: row.get(3)?.unwrap_or_default(),
                html: row.get(4)?,
                opening: row.get(5)?.unwrap_or_default(),
            })
        },
    )
    .into_iter()
    .next()
}

fn description(ticket: i64, words: Option<&str>) {
    let found = db::rows(
        "select description, description_html from app.tickets where id = $1 for update",
        &[ticket.into()],
        |row| {
            Ok((
                row.get::<String>(1)?.unwrap_or_default(),
                row.get::<String>(2)?,
            ))
        },
    );
    for (text, html) in found {
        if let Some(body) = Body::without(&text, html.as_deref(), words) {
            db::run(
                "update app.tickets set description = $2, description_html = $3 where id = $1",
                &[ticket.into(), body.text.into(), body.html.into()],
            );
        }
    }
}

/// Stored answers that a repeated Idempotency-Key would return, whatever was asked. One that cannot be read is deleted:
/// nobody could say that it is free of the words.
fn kept_answers(id: i64, message: &Message, body: &Body, words: Option<&str>) {
    let redacted = Redacted {
        ticket: message.ticket,
        message: id,
        words: words.unwrap_or(&message.text),
        text: &body.text,
        html: body.html.as_deref(),
        description: message.opening && words.is_none(),
    };
    let path = format!("/api/tickets/{}", message.ticket);
    let mut kept = Vec::new();
    db::each_row(
        "select actor_id, key, operation, response::text from app.idempotency_keys
          where response is not null
            and (operation ~ ('/tickets/' || $1::text || '(/|$)') or response::text ~ ('[^0-9]' || $1::text || '[^0-9]'))",
        &[message.ticket.into()],
        |row| {
            let (actor, key) = (row.get::<i64>(1)?, row.get::<String>(2)?);
            let operation: String = row.get(3)?.unwrap_or_default();
            let response: String = row.get(4)?.unwrap_or_default();
            let about = operation
                .split_once(path.as_str())
                .is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with('/'));
            match serde_json::from_str::<Value>(&response) {
                Ok(mut answer) => {
                    if (about || redacted.is_in(&answer)) && redacted.remove_from(&mut answer) {
                        kept.push((actor, key, Some(answer.to_string())));
                    }
                }
                Err(_) => kept.push((actor, key, None)),
            }
            Ok(())
        },
    );
    for (actor, key, answer) in kept {
        if let Some(answer) = answer {
            db::run(
                "update app.idempotency_keys set response = $3::json where actor_id = $1 and key = $2",
                &[actor.into(), key.into(), answer.into()],
            );
        } else {
            db::run(
                "delete from app.idempotency_keys where actor_id = $1 and key = $2",
                &[actor.into(), key.into()],
            );
        }
    }
}

/// Erases the words from the audit, and records which rows changed.
fn erase(id: i64, message: &Message, whole: bool) {
    seals::make_erasable();
    let act = audit::next_act();
    let mut erased = seals::erase("messages", &id.to_string(), act);
    if message.opening {
        erased.append(&mut seals::erase(
            "tickets",
            &message.ticket.to_string(),
            act,
        ));
    }
    let changes = Map::from_iter([
        (
            "redacted".to_owned(),
            json!([null, if whole { "message" } else { "words" }]),
        ),
        ("erased".to_owned(), json!([null, erased])),
    ]);
    audit::write_redaction(act, "messages", &id.to_string(), &changes);
}
