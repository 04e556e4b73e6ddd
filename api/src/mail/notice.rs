//! What a notification, or a digest of some, says. Values are text in both forms: in HTML they are escaped.

use super::{Letter, Mailer};
use serde::Deserialize;
use std::fmt::Write;

/// A mail as `app.compose_mail` answers it.
#[derive(Debug, Deserialize)]
pub struct Notice {
    pub id: i64,
    pub attempt: i32,
    kind: String,
    token: String,
    name: String,
    email: String,
    tickets: Vec<Ticket>,
}

#[derive(Debug, Deserialize)]
struct Ticket {
    id: i64,
    subject: String,
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    kind: String,
    actor: Option<String>,
    message_kind: Option<String>,
    text: Option<String>,
}

impl Item {
    fn headline(&self) -> String {
        let note = self.message_kind.as_deref() == Some("note");
        let Some(actor) = &self.actor else {
            return match self.kind.as_str() {
                "assigned" => "Assigned to you",
                "team_unassigned" => "Waits for somebody of your team",
                "mentioned" => "You were mentioned",
                _ if note => "A new internal note",
                _ => "A new reply",
            }
            .to_owned();
        };
        match self.kind.as_str() {
            "assigned" => format!("{actor} assigned this to you"),
            "team_unassigned" => format!("Waits for somebody of your team, by {actor}"),
            "mentioned" if note => format!("{actor} mentioned you in an internal note"),
            "mentioned" => format!("{actor} mentioned you"),
            _ if note => format!("{actor} wrote an internal note"),
            _ => format!("{actor} replied"),
        }
    }
}

impl Notice {
    pub fn letter(self, mailer: &Mailer) -> Letter {
        let settings = format!("{}/settings/notifications", mailer.desk);
        let digest = self.kind == "digest";
        let subject = match self.tickets.as_slice() {
            [ticket] if !digest => format!("[#{}] {}", ticket.id, ticket.subject),
            tickets => {
                let count: usize = tickets.iter().map(|ticket| ticket.items.len()).sum();
                format!(
                    "{} on {}",
                    some(count, "unread notification"),
                    some(tickets.len(), "ticket")
                )
            }
        };
        let (mut text, mut html) = (String::new(), String::new());
        for ticket in &self.tickets {
            let address = format!("{}/tickets/{}", mailer.desk, ticket.id);
            // Writing to a String cannot fail.
            let _ = write!(
                text,
                "#{} {}\n{address}\n",
                ticket.id,
                ticket.subject.trim()
            );
            let _ = write!(
                html,
                "<h3 style=\"margin:24px 0 4px\"><a href=\"{}\">#{} {}</a></h3>",
                escaped(&address),
                ticket.id,
                escaped(&ticket.subject)
            );
            for item in &ticket.items {
                let headline = item.headline();
                let _ = write!(text, "\n{headline}\n");
                let _ = write!(
                    html,
                    "<p style=\"margin:12px 0 4px\">{}</p>",
                    escaped(&headline)
                );
                if let Some(said) = item
                    .text
                    .as_deref()
                    .map(str::trim)
                    .filter(|said| !said.is_empty())
                {
                    let _ = write!(text, "\n{said}\n");
                    let _ = write!(
                        html,
                        "<blockquote style=\"margin:4px 0;padding-left:12px;border-left:3px solid #ccc;white-space:pre-wrap\">{}</blockquote>",
                        escaped(said)
                    );
                }
            }
            text.push('\n');
        }
        let _ = write!(text, "-- \nWhat you are told of, and how: {settings}\n");
        let html = format!(
            "<!DOCTYPE html><html><body style=\"font:14px sans-serif\">{html}<p style=\"margin-top:32px;color:#777\"><a href=\"{}\">What you are told of, and how</a></p></body></html>",
            escaped(&settings)
        );
        Letter {
            token: self.token,
            to_name: self.name,
            to_email: self.email,
            subject,
            text,
            html,
            ticket: if digest {
                None
            } else {
                self.tickets.first().map(|ticket| ticket.id)
            },
            unsubscribe: Some(settings),
        }
    }
}

fn some(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
