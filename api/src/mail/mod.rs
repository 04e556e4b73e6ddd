//! Outgoing e-mail. What is sent, when and how often is decided by the outbox (`sql/app/outbox.sql`, `work/mail.rs`).

pub mod letter;
pub mod mailer;
pub mod notice;
