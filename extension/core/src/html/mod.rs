//! The HTML of messages: made safe, read as plain text, searched for mentions and quotes, redacted.

pub mod answer;
pub mod bounds;
mod mentions;
pub mod quote;
pub mod redact;
mod sanitize;
mod text;
mod tokens;

pub use bounds::Excess;
pub use mentions::mentions;
pub use sanitize::sanitize;
pub use text::{text_and_quote, to_text};
