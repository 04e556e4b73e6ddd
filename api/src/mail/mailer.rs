//! E-mail going out: a letter becomes a message with the right headers and is handed to the SMTP server.
//! What is sent, when and how often is the outbox's business (`sql/app/outbox.sql`, `work/mail.rs`).

mod notices;

pub use notices::Notice;

use crate::config::Config;
use anyhow::{Context, Result, bail};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::fmt;
use std::time::Duration;

/// One command of the conversation with the server.
const PATIENCE: Duration = Duration::from_secs(20);
/// All of it; shorter than the lease of `app.take_mail`.
const LONGEST: Duration = Duration::from_mins(2);
/// Characters of a subject or a name.
const LINE: usize = 200;

/// The desk's own programs write it and nobody answers it, so that no auto-responder does either.
const AUTOMATIC: [(&str, &str); 2] = [
    ("Auto-Submitted", "auto-generated"),
    ("X-Auto-Response-Suppress", "All"),
];

/// What is sent to one recipient.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The left side of the Message-ID: the same at each attempt.
    pub token: String,
    pub to_name: String,
    pub to_email: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Mails about one ticket stand together.
    pub ticket: Option<i64>,
    /// Where the recipient ends such mails.
    pub unsubscribe: Option<String>,
}

/// Why a letter did not go out, and whether another attempt would help.
#[derive(Debug)]
pub struct Refused {
    told: String,
    /// This letter will never be taken.
    pub is_final: bool,
    /// The server was not reached, or does not let us in: the next letter would fare no better.
    pub is_down: bool,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told)
    }
}

impl Refused {
    fn letter(told: impl ToString) -> Self {
        Self {
            told: told.to_string(),
            is_final: true,
            is_down: false,
        }
    }

    fn server(told: impl ToString) -> Self {
        Self {
            told: told.to_string(),
            is_final: false,
            is_down: true,
        }
    }
}

#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Address of the desk, without a slash at its end.
    pub desk: String,
    host: String,
}

impl Mailer {
    /// `None` when no SMTP server is set: then nothing is sent.
    pub fn new(config: &Config) -> Result<Option<Self>> {
        let Some(url) = config.smtp_url.as_deref().filter(|url| !url.is_empty()) else {
            return Ok(None);
        };
        let (Some(from), Some(desk)) = (&config.mail_from, &config.public_url) else {
            bail!("AUTOCRM_SMTP_URL needs AUTOCRM_MAIL_FROM and AUTOCRM_PUBLIC_URL beside it");
        };
        let from: Mailbox = from
            .parse()
            .context("AUTOCRM_MAIL_FROM must be like: Help Desk <desk@example.com>")?;
        let desk = desk.trim_end_matches('/').to_owned();
        let host = desk
            .strip_prefix("https://")
            .or_else(|| desk.strip_prefix("http://"))
            .and_then(|rest| rest.split(['/', ':']).next())
            .filter(|host| !host.is_empty())
            .context("AUTOCRM_PUBLIC_URL must be like https://desk.example.com")?
            .to_owned();
        // The error of the parser is left out: it may hold the password.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .ok()
            .context("AUTOCRM_SMTP_URL must be like smtps://user:password@mail.example.com or smtp://mail.example.com:587?tls=required")?
            .timeout(Some(PATIENCE))
            .build();
        Ok(Some(Self {
            transport,
            from,
            desk,
            host,
        }))
    }

    pub async fn send(&self, letter: &Letter) -> Result<(), Refused> {
        let message = self.message(letter).map_err(Refused::letter)?;
        match tokio::time::timeout(LONGEST, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                let code: Option<u16> = error.status().map(Into::into);
                Err(match code {
                    // Our log-in is refused, or the server is not ready: no fault of this letter.
                    None | Some(421 | 530 | 534 | 535 | 538) => Refused::server(chain(&error)),
                    Some(code) => Refused {
                        told: chain(&error),
                        is_final: code >= 500,
                        is_down: false,
                    },
                })
            }
            Err(_) => Err(Refused::server("the mail server takes too long")),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message> {
        let address: Address = letter
            .to_email
            .parse()
            .context("the recipient's address cannot be used")?;
        let name = line(&letter.to_name);
        let mut builder = Message::builder()
            .message_id(Some(format!("<{}@{}>", letter.token, self.host)))
            .from(self.from.clone())
            .to(Mailbox::new((!name.is_empty()).then_some(name), address))
            .subject(line(&letter.subject));
        for (name, value) in AUTOMATIC {
            builder = builder.raw_header(raw(name, value));
        }
        if let Some(ticket) = letter.ticket {
            let root = format!("<ticket-{ticket}@{}>", self.host);
            builder = builder.in_reply_to(root.clone()).references(root);
        }
        if let Some(address) = &letter.unsubscribe {
            builder = builder.raw_header(raw("List-Unsubscribe", &format!("<{address}>")));
        }
        Ok(builder.multipart(MultiPart::alternative_plain_html(
            letter.text.clone(),
            letter.html.clone(),
        ))?)
    }
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_told = inner.to_string();
        if !told.contains(&inner_told) {
            told = format!("{told}: {inner_told}");
        }
        source = inner.source();
    }
    told
}

/// One line of a header: whatever breaks lines, or turns the reading direction around, is a blank.
fn line(text: &str) -> String {
    let blank = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text: String = text
        .chars()
        .map(|c| if blank(c) { ' ' } else { c })
        .collect();
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(LINE)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(
            line("Hi\r\nBcc: all@example.com\u{2028}\0\u{202e}x "),
            "Hi Bcc: all@example.com x"
        );
        assert_eq!(line(&"ä".repeat(300)).chars().count(), 200);
    }
}
