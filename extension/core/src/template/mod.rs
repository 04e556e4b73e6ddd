//! Templates of replies and notes: `Hello {{requester.first_name | "there"}}`, and conditional parts:
//! `{{#if ticket.priority == "urgent"}}…{{else}}…{{/if}}`. Parsed once with every mistake at its position; a
//! rendering runs no code, visits each piece at most once and ends at a limit.

mod parse;
mod render;
mod rewrite;
mod syntax;

#[cfg(test)]
mod tests;

pub use parse::{LONGEST, Variables, parse};
pub use render::{Found, OUTPUT};
pub use rewrite::rewrite;
pub use syntax::Template;
