//! A SQL file as its statements, each with its line: what psql does when it reads one.

use tokio_postgres::error::ErrorPosition;

/// Statements that are not empty, with the line (from 1) on which each begins.
pub fn split(sql: &str) -> Vec<(usize, &str)> {
    let bytes = sql.as_bytes();
    let mut out = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        at = match bytes[at] {
            b';' => {
                push(sql, start, at + 1, &mut out);
                start = at + 1;
                at + 1
            }
            b'\'' | b'"' => after_quote(bytes, at),
            b'-' if bytes.get(at + 1) == Some(&b'-') => after(sql, at, "\n"),
            b'/' if bytes.get(at + 1) == Some(&b'*') => after(sql, at + 2, "*/"),
            b'$' => match dollar_tag(&sql[at..]) {
                Some(tag) => after(sql, at + tag.len(), tag),
                None => at + 1,
            },
            _ => at + 1,
        };
    }
    push(sql, start, bytes.len(), &mut out);
    out
}

/// Keeps what is more than blanks and comments.
fn push<'a>(sql: &'a str, start: usize, end: usize, out: &mut Vec<(usize, &'a str)>) {
    let mut text = &sql[start..end];
    loop {
        text = text.trim_start();
        if text.starts_with("--") {
            text = text.split_once('\n').map_or("", |(_, rest)| rest);
        } else {
            break;
        }
    }
    if text.is_empty() || text == ";" {
        return;
    }
    let begins = end - text.len();
    let line = sql[..begins].matches('\n').count() + 1;
    out.push((line, text));
}

/// Past the closing quote; a doubled one is part of the text, and simply opens the next.
fn after_quote(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    bytes[at + 1..]
        .iter()
        .position(|byte| *byte == quote)
        .map_or(bytes.len(), |found| at + found + 2)
}

fn after(sql: &str, from: usize, end: &str) -> usize {
    sql[from..]
        .find(end)
        .map_or(sql.len(), |found| from + found + end.len())
}

/// `$$` or `$tag$` at the beginning of a text.
fn dollar_tag(text: &str) -> Option<&str> {
    let end = text[1..].find('$')? + 1;
    let name = &text[1..end];
    let fits = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    fits.then(|| &text[..=end])
}

/// How many lines of the statement stand before the place that the error names.
pub fn lines_before(statement: &str, error: &tokio_postgres::Error) -> usize {
    match error.as_db_error().and_then(|db| db.position()) {
        Some(ErrorPosition::Original(at)) => statement
            .chars()
            .take((*at as usize).saturating_sub(1))
            .filter(|c| *c == '\n')
            .count(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn semicolons_inside_texts_bodies_and_comments_end_nothing() {
        let sql = "-- one; two\nselect ';', \"a;b\", 'it''s;';\n\n/* x; */ do $$ begin; end $$;\ncreate function f() as $f$ select '$$;' $f$;\nselect $1;";
        let found = split(sql);
        assert_eq!(
            found.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
            [2, 4, 5, 6]
        );
        assert!(found[1].1.ends_with("end $$;"));
        assert!(found[2].1.ends_with("$f$;"));
    }

    #[test]
    fn what_is_only_comment_is_no_statement() {
        assert_eq!(split("-- nothing\n;\n  -- more\n"), []);
    }
}
