//! What must never be possible, tried.

mod access;
mod analyst;
mod as_of;
mod catalog;
mod constraints;
mod conversation;
mod history;
mod hostile;
mod html;
mod matrix;
mod prompt;
mod stealing;
mod stopping;
mod tampering;
