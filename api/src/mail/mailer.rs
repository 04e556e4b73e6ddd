//! The mailer: gives a letter its headers and hands it to the SMTP server.

use super::letter::Letter;
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

/// Marks the e-mail as automatic, so that no auto-responder answers it.
const AUTOMATIC: [(&str, &str); 2] = [
    ("Auto-Submitted", "auto-generated"),
    ("X-Auto-Response-Suppress", "All"),
];

/// Why a letter was not sent, and whether another attempt would help.
#[derive(Debug)]
pub struct Refused {
    reason: String,
    /// This letter will never be accepted.
    pub is_final: bool,
    /// The server was not reached, or refuses the log-in: the next letter would fail as well.
    pub is_down: bool,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Refused {
    fn letter(reason: impl ToString) -> Self {
        Self {
            reason: reason.to_string(),
            is_final: true,
            is_down: false,
        }
    }

    fn server(reason: impl ToString) -> Self {
        Self {
            reason: reason.to_string(),
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
                // Only some servers take an address beyond ASCII: the next letter may go out nevertheless.
                if error.is_client() && !letter.to_email.is_ascii() {
                    return Err(Refused {
                        reason: chain(&error),
                        is_final: false,
                        is_down: false,
                    });
                }
                let code: Option<u16> = error.status().map(Into::into);
                Err(match code {
                    // The log-in is refused, or the server is not ready: this letter is not the cause.
                    None | Some(421 | 530 | 534 | 535 | 538) => Refused::server(chain(&error)),
                    Some(code) => Refused {
                        reason: chain(&error),
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

/// An error with its chain of causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let cause = inner.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
        source = inner.source();
    }
    text
}

/// One line of a header: characters that break lines or change the reading direction become blanks.
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
