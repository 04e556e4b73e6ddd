//! Outgoing e-mail. What is sent, when and how often is decided by the outbox (`sql/app/mail.sql`, `work/mail.rs`).

pub mod letter;
pub mod mailer;
pub mod notice;
