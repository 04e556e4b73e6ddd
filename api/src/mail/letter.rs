//! An e-mail before it gets headers: its recipient, subject and both bodies.

#[derive(Debug, Clone)]
pub struct Letter {
    /// The left side of the Message-ID: the same at each attempt.
    pub token: String,
    pub to_name: String,
    pub to_email: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Mail programs group the e-mails about one ticket.
    pub ticket: Option<i64>,
    /// The page where the recipient turns such e-mails off.
    pub unsubscribe: Option<String>,
}
