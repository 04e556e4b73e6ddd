//! Templates of replies and notes: `Hello {{requester.first_name | "there"}}`, and parts that depend:
//! `{{#if ticket.priority == "urgent"}}…{{else}}…{{/if}}`. Read once with every mistake at its place; a
//! rendering runs nothing, calls nothing, looks at each piece at most once and ends at a limit.

use crate::problem::Problem;
use std::borrow::Cow;

/// Characters of a template.
pub const LONGEST: usize = 20_000;
/// Characters of what comes of it.
pub const OUTPUT: usize = 100_000;
/// Conditional parts inside each other.
const DEPTH: usize = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value {
        /// `None`: only the fallback, a text in quotes.
        name: Option<String>,
        fallback: String,
    },
    If {
        test: Test,
        then: Vec<Piece>,
        otherwise: Vec<Piece>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Test {
    name: String,
    /// The value compared with; without one, whether there is any.
    value: Option<String>,
    negated: bool,
}

/// What a template may name: the fixed ones and the keys of custom fields.
pub struct Variables<'a> {
    pub fixed: &'a [&'a str],
    /// `None`: any key, when a template that was checked once is used and a field may be gone.
    pub custom: Option<&'a [String]>,
}

impl Variables<'_> {
    fn knows(&self, name: &str) -> bool {
        match name.strip_prefix("ticket.custom.") {
            Some(key) => self
                .custom
                .is_none_or(|keys| keys.iter().any(|known| known == key)),
            None => self.fixed.contains(&name),
        }
    }

    fn names(&self) -> String {
        let keys = self.custom.unwrap_or_default();
        let custom = keys.iter().map(|key| format!("ticket.custom.{key}"));
        let all: Vec<String> = self
            .fixed
            .iter()
            .map(|name| (*name).to_owned())
            .chain(custom.take(20))
            .collect();
        all.join(", ")
    }
}

struct Reader<'a> {
    path: &'a str,
    variables: &'a Variables<'a>,
    problems: Vec<Problem>,
}

/// An open `{{#if}}`: where it began, its test, what came before `{{else}}`, and whether that was met.
struct Open {
    at: usize,
    test: Test,
    then: Option<Vec<Piece>>,
    before: Vec<Piece>,
}

/// Reads a template, or tells everything that is wrong with it, each at `path[character from 1]`.
pub fn parse(path: &str, text: &str, variables: &Variables<'_>) -> Result<Template, Vec<Problem>> {
    if text.chars().count() > LONGEST {
        let message = format!("is longer than {LONGEST} characters");
        return Err(vec![Problem::new(path, message)]);
    }
    let mut reader = Reader {
        path,
        variables,
        problems: Vec::new(),
    };
    let mut open: Vec<Open> = Vec::new();
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        if start > 0 {
            pieces.push(Piece::Text(rest[..start].to_owned()));
        }
        // Byte offsets of slices of one text; places are told in characters.
        let offset = text.len() - rest.len() + start;
        let at = text[..offset].chars().count() + 1;
        let Some(inside) = closed(&rest[start + 2..]) else {
            reader.tell(at, "is not closed; write }} where it ends");
            rest = "";
            break;
        };
        rest = &rest[start + 2 + inside.len() + 2..];
        match inside.trim() {
            "else" => match open.last_mut() {
                Some(part) if part.then.is_none() => {
                    part.then = Some(std::mem::take(&mut pieces));
                }
                Some(_) => reader.tell(at, "is a second {{else}} of the same {{#if}}"),
                None => reader.tell(at, "has no {{#if}} before it"),
            },
            "/if" => match open.pop() {
                Some(part) => {
                    let last = std::mem::replace(&mut pieces, part.before);
                    let (then, otherwise) = match part.then {
                        Some(then) => (then, last),
                        None => (last, Vec::new()),
                    };
                    pieces.push(Piece::If {
                        test: part.test,
                        then,
                        otherwise,
                    });
                }
                None => reader.tell(at, "has no {{#if}} before it"),
            },
            word => {
                if let Some(test) = word.strip_prefix("#if") {
                    if open.len() >= DEPTH {
                        reader.tell(at, format!("is nested deeper than {DEPTH} parts"));
                        return Err(reader.problems);
                    }
                    let test = reader.test(at, test);
                    open.push(Open {
                        at,
                        test,
                        then: None,
                        before: std::mem::take(&mut pieces),
                    });
                } else if let Some(piece) = reader.value(at, word) {
                    pieces.push(piece);
                }
            }
        }
    }
    for part in &open {
        reader.tell(part.at, "is not closed; write {{/if}} where it ends");
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    if reader.problems.is_empty() {
        Ok(Template(pieces))
    } else {
        Err(reader.problems)
    }
}

/// Meets each variable with what it is compared with; what is answered takes the place of that. `None` when
/// nothing was answered, or the text is none that could be read to its end.
pub fn rewrite(
    text: &str,
    visit: &mut dyn FnMut(&str, Option<&str>) -> Option<String>,
) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let inside = closed(&rest[start + 2..])?;
        out.push_str(&rest[..start + 2]);
        rest = &rest[start + 2 + inside.len()..];
        let new = if let Some(test) = inside.trim().strip_prefix("#if") {
            let (name, value) = match test.split_once("!=").or_else(|| test.split_once("==")) {
                Some((name, value)) => (name, literal(value)),
                None => (test.trim().trim_start_matches("not "), None),
            };
            // A quotation mark ends the text, so no name with one can be written here.
            visit(name.trim(), value)
                .filter(|new| !new.contains('"'))
                .zip(value)
        } else {
            let name = inside.split('|').next().unwrap_or_default();
            visit(name.trim(), None);
            None
        };
        match new {
            Some((new, old)) => {
                changed = true;
                out.push_str(&inside.replacen(&format!("\"{old}\""), &format!("\"{new}\""), 1));
            }
            None => out.push_str(inside),
        }
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// What stands before the closing braces that are outside of quotes.
fn closed(text: &str) -> Option<&str> {
    let mut quoted = false;
    let mut last = ' ';
    for (i, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '}' if last == '}' && !quoted => return Some(&text[..i - 1]),
            _ => {}
        }
        last = c;
    }
    None
}

/// A text in quotes and nothing else.
fn literal(text: &str) -> Option<&str> {
    text.trim()
        .strip_prefix('"')?
        .strip_suffix('"')
        .filter(|inner| !inner.contains('"'))
}

impl Reader<'_> {
    fn tell(&mut self, at: usize, message: impl Into<String>) {
        self.problems
            .push(Problem::new(format!("{}[{at}]", self.path), message));
    }

    fn variable(&mut self, at: usize, name: &str) {
        if !self.variables.knows(name) {
            let message = format!(
                "there is no variable '{name}'; one of {}",
                self.variables.names()
            );
            self.tell(at, message);
        }
    }

    /// `requester.name`, `requester.name | "there"` or `"text"`.
    fn value(&mut self, at: usize, inside: &str) -> Option<Piece> {
        if let Some(text) = literal(inside) {
            return Some(Piece::Value {
                name: None,
                fallback: text.to_owned(),
            });
        }
        let (name, fallback) = match inside.split_once('|') {
            Some((name, fallback)) => (name.trim(), Some(fallback)),
            None => (inside, None),
        };
        let fallback = match fallback.map(literal) {
            Some(Some(text)) => text,
            Some(None) => {
                self.tell(
                    at,
                    "needs a text in quotes behind |, such as {{requester.first_name | \"there\"}}",
                );
                return None;
            }
            None => "",
        };
        self.variable(at, name);
        Some(Piece::Value {
            name: Some(name.to_owned()),
            fallback: fallback.to_owned(),
        })
    }

    /// `name`, `not name`, `name == "value"` or `name != "value"`.
    fn test(&mut self, at: usize, inside: &str) -> Test {
        let inside = inside.trim();
        let (name, value, negated) = if let Some((name, value)) = inside.split_once("!=") {
            (name, Some(value), true)
        } else if let Some((name, value)) = inside.split_once("==") {
            (name, Some(value), false)
        } else if let Some(name) = inside.strip_prefix("not ") {
            (name, None, true)
        } else {
            (inside, None, false)
        };
        let name = name.trim();
        self.variable(at, name);
        let text = value.and_then(literal);
        if value.is_some() && text.is_none() {
            self.tell(
                at,
                "compares with a text in quotes, such as {{#if ticket.priority == \"urgent\"}}",
            );
        }
        Test {
            name: name.to_owned(),
            value: text.map(str::to_lowercase),
            negated,
        }
    }
}

/// What a variable stands for: how its reader is shown it, what it is called in the desk's own words where that
/// differs, and whether `{{#if name}}` holds. What is absent, an empty text or list, and false do not; 0 does, since
/// it is a number that somebody gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub shown: String,
    pub raw: Option<String>,
    pub holds: bool,
}

impl From<String> for Found {
    fn from(shown: String) -> Self {
        Self {
            holds: !shown.trim().is_empty(),
            shown,
            raw: None,
        }
    }
}

impl Found {
    /// A comparison may say what is shown, or the desk's own word for it: labels change, and templates stay.
    fn is(&self, wanted: &str) -> bool {
        self.shown.to_lowercase() == wanted
            || self
                .raw
                .as_ref()
                .is_some_and(|raw| raw.to_lowercase() == wanted)
    }
}

impl Template {
    /// Fills the template. `values` answers a variable, nothing when it is absent; `html` escapes what it answers.
    pub fn render(&self, values: &dyn Fn(&str) -> Option<Found>, html: bool) -> String {
        let mut out = Output {
            text: String::new(),
            room: OUTPUT,
        };
        fill(&self.0, values, html, &mut out);
        out.text
    }
}

struct Output {
    text: String,
    room: usize,
}

impl Output {
    fn push(&mut self, text: &str) {
        for c in text.chars().take(self.room) {
            self.text.push(c);
            self.room -= 1;
        }
    }

    /// All of it or nothing: an entity is never cut.
    fn entity(&mut self, entity: &str) {
        if entity.len() <= self.room {
            self.push(entity);
        } else {
            self.room = 0;
        }
    }
}

fn fill(pieces: &[Piece], values: &dyn Fn(&str) -> Option<Found>, html: bool, out: &mut Output) {
    let find = |name: &str| values(name).filter(|found| !found.shown.trim().is_empty());
    for piece in pieces {
        if out.room == 0 {
            return;
        }
        match piece {
            Piece::Text(text) => out.push(text),
            Piece::Value { name, fallback } => {
                let value = name
                    .as_deref()
                    .and_then(find)
                    .map_or(Cow::Borrowed(fallback.as_str()), |found| {
                        Cow::Owned(found.shown)
                    });
                if !html {
                    out.push(&value);
                    continue;
                }
                for c in value.chars() {
                    match c {
                        '&' => out.entity("&amp;"),
                        '<' => out.entity("&lt;"),
                        '>' => out.entity("&gt;"),
                        '"' => out.entity("&quot;"),
                        '\'' => out.entity("&#39;"),
                        c => out.push(c.encode_utf8(&mut [0; 4])),
                    }
                }
            }
            Piece::If {
                test,
                then,
                otherwise,
            } => {
                let found = find(&test.name);
                let holds = match &test.value {
                    Some(wanted) => found.is_some_and(|found| found.is(wanted)),
                    None => found.is_some_and(|found| found.holds),
                };
                let chosen = if holds == test.negated {
                    otherwise
                } else {
                    then
                };
                fill(chosen, values, html, out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FIXED: [&str; 3] = ["requester.first_name", "ticket.priority", "ticket.subject"];

    fn read(text: &str) -> Result<Template, Vec<Problem>> {
        let custom = ["area", "vip", "blank"].map(str::to_owned);
        parse(
            "body",
            text,
            &Variables {
                fixed: &FIXED,
                custom: Some(&custom),
            },
        )
    }

    fn values(name: &str) -> Option<Found> {
        match name {
            "ticket.custom.area" => Some(Found {
                shown: "Billing & tax".into(),
                raw: Some("billing".into()),
                holds: true,
            }),
            "ticket.custom.vip" => Some(Found {
                shown: "no".into(),
                raw: Some("false".into()),
                holds: false,
            }),
            "requester.first_name" => Some(String::from("Ada").into()),
            "ticket.subject" => {
                Some(String::from("<b>\"Tom\" & 'Jerry'</b> {{ticket.priority}}").into())
            }
            "ticket.custom.blank" => Some(String::from("  ").into()),
            _ => None,
        }
    }

    fn rendered(text: &str, html: bool) -> String {
        read(text).expect("parses").render(&values, html)
    }

    #[test]
    fn values_fallbacks_and_parts_are_filled_in() {
        for (text, wanted) in [
            ("Hello {{requester.first_name}}!", "Hello Ada!"),
            (
                "{{ticket.priority}}|{{ticket.priority | \"none\"}}",
                "|none",
            ),
            (
                "{{ ticket.custom.blank | \"some }} area\" }}",
                "some }} area",
            ),
            ("{{\"{{\"}}", "{{"),
            ("{{#if ticket.priority}}a{{else}}b{{/if}}", "b"),
            ("{{#if not ticket.priority}}a{{/if}}", "a"),
            ("{{#if requester.first_name == \"ADA\"}}yes{{/if}}", "yes"),
            (
                "{{#if requester.first_name != \"ada\"}}x{{else}}{{#if ticket.priority}}y{{else}}z{{/if}}{{/if}}",
                "z",
            ),
            ("a { b } }} c", "a { b } }} c"),
            ("{{ticket.custom.area}}", "Billing & tax"),
            (
                "{{#if ticket.custom.area == \"billing\"}}a{{/if}}{{#if ticket.custom.area == \"Billing & Tax\"}}b{{/if}}",
                "ab",
            ),
            (
                "{{#if ticket.custom.vip}}a{{else}}{{ticket.custom.vip | \"unknown\"}}{{/if}}",
                "no",
            ),
            ("{{#if ticket.custom.vip == \"false\"}}a{{/if}}", "a"),
            ("{{#if not ticket.custom.vip}}a{{/if}}", "a"),
        ] {
            assert_eq!(rendered(text, false), wanted, "{text}");
        }
    }

    #[test]
    fn in_html_a_value_is_text_and_never_read_again() {
        assert_eq!(
            rendered("<p>{{ticket.subject}}</p>", true),
            "<p>&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt; {{ticket.priority}}</p>"
        );
    }

    #[test]
    fn every_mistake_is_told_at_its_place_with_what_fits() {
        let told: Vec<String> = read(
            "ä {{requester.nmae}} {{else}} {{/if}} {{ticket.priority | there}} {{#if ticket.custom.gone == urgent}}x{{else}}{{else}}",
        )
        .expect_err("is wrong")
        .iter()
        .map(ToString::to_string)
        .collect();
        for (got, wanted) in told.iter().zip([
            "body[3]: there is no variable 'requester.nmae'; one of requester.first_name, ticket.priority, ticket.subject, ticket.custom.area, ticket.custom.vip, ticket.custom.blank",
            "body[22]: has no {{#if}} before it",
            "body[31]: has no {{#if}} before it",
            "body[39]: needs a text in quotes",
            "body[67]: there is no variable 'ticket.custom.gone'",
            "body[67]: compares with a text in quotes",
            "body[112]: is a second {{else}}",
            "body[67]: is not closed; write {{/if}}",
        ]) {
            assert!(got.starts_with(wanted), "{got}");
        }
        assert_eq!(told.len(), 8, "{told:?}");
        assert_eq!(read("a {{b").expect_err("is open")[0].path, "body[3]");
    }

    #[test]
    fn depth_length_and_output_are_bounded() {
        let nested = |n: usize| "{{#if ticket.subject}}".repeat(n) + "x" + &"{{/if}}".repeat(n);
        assert_eq!(rendered(&nested(DEPTH), false), "x");
        assert!(read(&nested(DEPTH + 1)).is_err());
        assert!(read(&"x".repeat(LONGEST + 1)).is_err());
        let many = read(&"{{ticket.subject}}".repeat(1000)).expect("parses");
        let long = |_: &str| Some(Found::from("&".repeat(1000)));
        assert!(many.render(&long, true).chars().count() <= OUTPUT);
        assert_eq!(many.render(&long, false).chars().count(), OUTPUT);
    }

    #[test]
    fn naughty_strings_are_text_as_templates_and_as_values() {
        for naughty in crate::hostile::strings() {
            if let Ok(template) = read(&naughty) {
                let _ = template.render(&values, true);
            }
            let template = read("<p>{{ticket.subject | \"\"}}</p>").expect("parses");
            let html = template.render(&|_| Some(Found::from(naughty.clone())), true);
            let inner = &html[3..html.len() - 4];
            assert!(!inner.contains(['<', '>', '"', '\'']), "{html}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,80}") {
            if let Ok(template) = read(&text) {
                let _ = template.render(&values, true);
            }
        }

        #[test]
        fn pieces_of_the_language_in_any_order_do_not_break_it(
            parts in prop::collection::vec(prop::sample::select(vec![
                "{{", "}}", "#if ", "else", "/if", "not ", "==", "!=", "|", "\"", "ticket.priority", "ticket.custom.", " ", "é", "x", "{{/if}}",
                "{{#if ticket.subject}}", "{{else}}"
            ]), 0..40)
        ) {
            if let Ok(template) = read(&parts.concat()) {
                let _ = template.render(&values, false);
            }
        }

        #[test]
        fn text_without_braces_comes_back_as_it_was(text in "[^{]{0,200}") {
            prop_assert_eq!(rendered(&text, true), text);
        }
    }
}
