//! Mentions: the users and teams that a message addresses by `data-mention="user:7"`.

use super::tokens::{Token, attribute, is_void, tokens};
use crate::pause::pause;
use std::collections::HashSet;

/// The mentions of sanitised HTML, `user:7` or `team:3`, each once and without those in quotes.
pub fn mentions(html: &str) -> Vec<&str> {
    let (mut found, mut known) = (Vec::new(), HashSet::new());
    let mut inside = 0usize;
    for token in tokens(html) {
        pause();
        match token {
            Token::Open { name, raw } => {
                if inside > 0 || attribute(raw, "class").is_some() {
                    inside += usize::from(!is_void(name));
                } else if let Some(who) = attribute(raw, "data-mention").and_then(mention)
                    && known.insert(who)
                {
                    found.push(who);
                }
            }
            Token::Close { .. } => inside = inside.saturating_sub(1),
            Token::Text(_) => {}
        }
    }
    found
}

/// The value of `data-mention`, when it is a user or a team.
pub(super) fn mention(value: &str) -> Option<&str> {
    let (target, id) = value.split_once(':')?;
    let is_id = (1..=18).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    (matches!(target, "user" | "team") && is_id).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::super::sanitize;
    use super::*;

    #[test]
    fn only_what_is_written_now_mentions_somebody() {
        let html = sanitize(
            r#"<p><span data-mention="user:7">@Ada</span> <b data-mention="team:3">@Billing</b> <i data-mention="x">x</i>
               data-mention="user:5"</p><blockquote type="cite"><div><br><b data-mention="user:9">@Bob</b></div></blockquote><p data-mention="user:7"></p>"#,
        )
        .expect("is within bounds");
        assert_eq!(mentions(&html), ["user:7", "team:3"]);
    }
}
