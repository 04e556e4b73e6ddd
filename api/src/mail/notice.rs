//! The letter of a notification or of a digest, as text and as HTML.

use super::letter::Letter;
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

const FOOTER: &str = "What you are told of, and how";

/// A notification or digest as `app.compose_mail` answers it.
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

impl Ticket {
    fn address(&self, desk: &str) -> String {
        format!("{desk}/tickets/{}", self.id)
    }
}

impl Item {
    /// The text of its message, if there is any.
    fn quote(&self) -> Option<&str> {
        let text = self.text.as_deref()?.trim();
        (!text.is_empty()).then_some(text)
    }

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
    /// `desk`: the address of the desk, without a slash at its end.
    pub fn letter(self, desk: &str) -> Letter {
        let settings = format!("{desk}/settings/notifications");
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
        Letter {
            token: self.token,
            to_name: self.name,
            to_email: self.email,
            subject,
            text: text(&self.tickets, desk, &settings),
            html: html(&self.tickets, desk, &settings).into_string(),
            ticket: if digest {
                None
            } else {
                self.tickets.first().map(|ticket| ticket.id)
            },
            unsubscribe: Some(settings),
        }
    }
}

fn text(tickets: &[Ticket], desk: &str, settings: &str) -> String {
    let mut parts = Vec::new();
    for ticket in tickets {
        let subject = ticket.subject.trim();
        parts.push(format!(
            "#{} {subject}\n{}\n",
            ticket.id,
            ticket.address(desk)
        ));
        for item in &ticket.items {
            parts.push(format!("\n{}\n", item.headline()));
            parts.extend(item.quote().map(|quote| format!("\n{quote}\n")));
        }
        parts.push("\n".to_owned());
    }
    parts.push(format!("-- \n{FOOTER}: {settings}\n"));
    parts.concat()
}

fn html(tickets: &[Ticket], desk: &str, settings: &str) -> Markup {
    html! {
        (DOCTYPE)
        html {
            body style="font:14px sans-serif" {
                @for ticket in tickets {
                    h3 style="margin:24px 0 4px" {
                        a href=(ticket.address(desk)) { "#" (ticket.id) " " (ticket.subject) }
                    }
                    @for item in &ticket.items {
                        p style="margin:12px 0 4px" { (item.headline()) }
                        @if let Some(quote) = item.quote() {
                            blockquote style="margin:4px 0;padding-left:12px;border-left:3px solid #ccc;white-space:pre-wrap" {
                                (quote)
                            }
                        }
                    }
                }
                p style="margin-top:32px;color:#777" {
                    a href=(settings) { (FOOTER) }
                }
            }
        }
    }
}

fn some(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_text_in_both_forms() {
        let notice: Notice = serde_json::from_value(serde_json::json!({
            "id": 1, "attempt": 1, "kind": "notification", "token": "t", "name": "Bob", "email": "bob@acme.test",
            "tickets": [{"id": 7, "subject": "<i>Help</i> ", "items": [
                {"kind": "mentioned", "actor": "Ada", "text": " <b>look</b> & \"answer\" "},
                {"kind": "assigned", "text": null},
            ]}],
        }))
        .expect("a notice");
        let letter = notice.letter("https://desk.acme.test");
        assert_eq!(letter.subject, "[#7] <i>Help</i> ");
        assert_eq!(
            letter.text,
            "#7 <i>Help</i>\nhttps://desk.acme.test/tickets/7\n\nAda mentioned you\n\n<b>look</b> & \"answer\"\n\n\
             Assigned to you\n\n-- \nWhat you are told of, and how: https://desk.acme.test/settings/notifications\n"
        );
        assert!(
            letter
                .html
                .starts_with("<!DOCTYPE html><html><body style=\"font:14px sans-serif\"><h3 ")
        );
        for part in [
            "<a href=\"https://desk.acme.test/tickets/7\">#7 &lt;i&gt;Help&lt;/i&gt; </a></h3>",
            "white-space:pre-wrap\">&lt;b&gt;look&lt;/b&gt; &amp; &quot;answer&quot;</blockquote>",
            "<p style=\"margin:12px 0 4px\">Assigned to you</p>",
            "<a href=\"https://desk.acme.test/settings/notifications\">What you are told of, and how</a></p></body></html>",
        ] {
            assert!(letter.html.contains(part), "{part} in {}", letter.html);
        }
    }
}
