//! How the columns of a file become the fields of a ticket. A map is JSON; see docs/import/ for whole ones.

use anyhow::{Context, Result, bail};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map as Object, Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// Name of a column → its index in a row.
pub type Columns = HashMap<String, usize>;

#[derive(Debug)]
pub enum Read {
    Good(csv::StringRecord),
    /// An earlier state of the ticket that another row brings.
    Earlier,
    Bad(String),
}

/// The ticket of a row, and the problems found so far.
#[derive(Debug)]
pub struct Ticket {
    /// The body for `api._import_ticket`.
    pub body: Value,
    /// The text of a first reply.
    pub reply: Option<String>,
    pub problems: Vec<String>,
}

/// The ids of the desk behind names in the file.
#[derive(Debug, Default)]
pub struct Names {
    /// Lower-case name → id
    pub teams: HashMap<String, i64>,
    /// Lower-case e-mail → id
    pub agents: HashMap<String, i64>,
    /// Lower-case name → id
    pub organizations: HashMap<String, i64>,
    /// Lower-case name → id
    pub forms: HashMap<String, i64>,
    /// Key → type
    pub fields: HashMap<String, String>,
    /// Keys of fields that point to tickets
    pub links: HashSet<String>,
}

/// The fields that a file can fill, besides `custom.<key>`.
pub const FIELDS: &[&str] = &[
    "external_id",
    "subject",
    "description",
    "description_html",
    "reply",
    "status",
    "priority",
    "type",
    "channel",
    "language",
    "team",
    "assignee",
    "organization",
    "form",
    "requester.name",
    "requester.email",
    "required_skills",
    "preferred_skills",
    "created_at",
    "updated_at",
    "first_reply_at",
    "solved_at",
    "closed_at",
];
const TIMES: [&str; 5] = [
    "created_at",
    "updated_at",
    "first_reply_at",
    "solved_at",
    "closed_at",
];

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Names the import; the file's name by default
    #[serde(default)]
    pub source: String,
    /// The encoding of the file, such as `windows-1252`; by default as its byte order mark says, or UTF-8
    #[serde(default)]
    pub encoding: Option<String>,
    /// The delimiter: one character, or `tab`; by default detected from the header
    #[serde(default)]
    pub delimiter: Option<String>,
    /// Field of a ticket → how to fill it; without any, columns are named like fields
    #[serde(default)]
    fields: BTreeMap<String, From>,
    /// Columns whose values become tags
    #[serde(default)]
    tags: Vec<String>,
    /// Columns that are skipped on purpose
    #[serde(default)]
    ignore: Vec<String>,
    /// This text means "unknown"
    #[serde(default)]
    unknown: Option<String>,
    /// `\n` written as two characters becomes a line break
    #[serde(default)]
    unescape: bool,
    /// Rows with the same value in this column are one ticket's history; the last one is its current state
    #[serde(default)]
    pub history_of: Option<String>,
    /// The file is an export of a desk: every cell is taken unchanged.
    #[serde(skip)]
    pub exact: bool,
}

#[derive(Debug)]
enum From {
    Column(String),
    Rule(Box<Rule>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    #[serde(default)]
    column: Option<String>,
    /// Another column, when the first is empty
    #[serde(default)]
    or: Option<String>,
    /// Value in the file → value of the field
    #[serde(default)]
    values: HashMap<String, String>,
    /// The value when the column is empty or its value is not in `values`
    #[serde(default)]
    default: Option<String>,
    /// The format of times, such as `%d-%m-%Y %H:%M`; taken as UTC
    #[serde(default)]
    time: Option<String>,
    /// Put in front, such as `INC-`
    #[serde(default)]
    prefix: Option<String>,
}

impl<'de> Deserialize<'de> for From {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(column) => Ok(Self::Column(column)),
            rule => serde_json::from_value(rule)
                .map(|rule| Self::Rule(Box::new(rule)))
                .map_err(Error::custom),
        }
    }
}

impl From {
    fn columns(&self) -> impl Iterator<Item = &String> {
        let (first, second) = match self {
            Self::Column(name) => (Some(name), None),
            Self::Rule(rule) => (rule.column.as_ref(), rule.or.as_ref()),
        };
        first.into_iter().chain(second)
    }
}

impl Map {
    /// The map, and its text as it was read.
    pub fn load(path: Option<&Path>, file: &Path) -> Result<(Self, Vec<u8>)> {
        let (mut map, text) = match path {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                let map: Self = serde_json::from_str(&text)
                    .with_context(|| format!("{} is not a map", path.display()))?;
                (map, text.into_bytes())
            }
            None => (Self::default(), Vec::new()),
        };
        if map.source.is_empty() {
            let name = file.file_name().and_then(|n| n.to_str());
            name.unwrap_or("import").clone_into(&mut map.source);
        }
        Ok((map, text))
    }

    /// How many of these columns the map names.
    pub fn wanted(&self, headers: &[String]) -> usize {
        let known = |name: &String| {
            if self.fields.is_empty() {
                is_field(name) || name == "tags"
            } else {
                self.columns().any(|(_, column)| column == name)
            }
        };
        headers.iter().filter(|name| known(name)).count()
    }

    /// Every column that the map names, with its use.
    fn columns(&self) -> impl Iterator<Item = (String, &String)> {
        self.fields
            .iter()
            .flat_map(|(field, from)| {
                from.columns()
                    .map(move |column| (format!("fields.{field}"), column))
            })
            .chain(self.tags.iter().map(|column| ("tags".to_owned(), column)))
            .chain(
                self.history_of
                    .iter()
                    .map(|column| ("history_of".to_owned(), column)),
            )
    }

    /// Resolves the map against the columns of a file and the fields of a desk; the columns that fill nothing. All
    /// problems are reported together.
    pub fn fit(
        &mut self,
        headers: &[String],
        names: &Names,
        empty: bool,
    ) -> Result<(Columns, Vec<String>)> {
        if self.fields.is_empty() {
            self.exact = crate::commands::export::COLUMNS
                .iter()
                .all(|name| headers.iter().any(|header| header == name));
            for header in headers {
                if is_field(header) && !self.ignore.contains(header) {
                    self.fields
                        .insert(header.clone(), From::Column(header.clone()));
                } else if header == "tags" && self.tags.is_empty() {
                    self.tags.push(header.clone());
                }
            }
        }
        let mut problems = Vec::new();
        for (field, from) in &self.fields {
            if let Some(key) = field.strip_prefix("custom.") {
                if !names.fields.contains_key(key) {
                    problems.push(format!(
                        "fields.{field}: the desk has no custom field '{key}'{}",
                        nearest(key, names.fields.keys().map(String::as_str))
                    ));
                }
            } else if !FIELDS.contains(&field.as_str()) {
                problems.push(format!(
                    "fields.{field}: is no field of a ticket{}; one of {}, custom.<key>",
                    nearest(field, FIELDS.iter().copied()),
                    FIELDS.join(", ")
                ));
            }
            if let From::Rule(rule) = from
                && rule.column.is_none()
                && rule.or.is_none()
                && rule.default.is_none()
            {
                problems.push(format!("fields.{field}: names neither column nor default"));
            }
        }
        let mut used = HashSet::new();
        let mut missing = false;
        for (place, column) in self.columns() {
            let found = headers.iter().filter(|header| *header == column.trim());
            match found.count() {
                1 => _ = used.insert(column.trim()),
                0 => {
                    missing = true;
                    problems.push(format!(
                        "{place}: the file has no column '{column}'{}",
                        nearest(column, headers.iter().map(String::as_str))
                    ));
                }
                many => problems.push(format!(
                    "{place}: the file has {many} columns '{column}'; name each differently"
                )),
            }
        }
        if !self.fields.contains_key("subject") {
            missing = true;
            problems.push("fields.subject: nothing tells the subject of a ticket".to_owned());
        }
        if missing {
            problems.push(format!("the file's columns are: {}", headers.join(", ")));
        }
        let left = headers
            .iter()
            .filter(|header| !header.is_empty() && !used.contains(header.as_str()))
            .filter(|header| !self.ignore.contains(header))
            .cloned()
            .collect();
        // A file without rows has nothing to lose.
        if !problems.is_empty() && !empty {
            bail!("{}\nNothing was imported.", problems.join("\n"));
        }
        let columns = headers
            .iter()
            .enumerate()
            .map(|(at, name)| (name.clone(), at))
            .collect();
        Ok((columns, left))
    }

    pub fn ticket(
        &self,
        columns: &Columns,
        row: &csv::StringRecord,
        default_id: impl FnOnce() -> String,
        names: &Names,
    ) -> Ticket {
        let cell = |name: &str| -> Option<String> {
            let text = row.get(*columns.get(name.trim())?)?;
            let text = if self.exact { text } else { text.trim() };
            let text = if self.unescape {
                text.replace("\\n", "\n")
            } else {
                text.to_owned()
            };
            (!text.is_empty() && Some(&text) != self.unknown.as_ref()).then_some(text)
        };
        let (mut body, mut cells, mut requester) = (Object::new(), Object::new(), Object::new());
        let (mut reply, mut problems) = (None, Vec::new());
        for (field, from) in &self.fields {
            let kind = field
                .strip_prefix("custom.")
                .and_then(|key| names.fields.get(key));
            let value = match from.value(&cell, kind.is_some_and(|kind| kind == "date")) {
                // Postgres stores none, and a text without it would be another text.
                Ok(Some(value)) if value.contains('\0') => {
                    problems.push(format!("{field}: holds a NUL character"));
                    continue;
                }
                Ok(Some(value)) => value,
                Ok(None) => continue,
                Err(problem) => {
                    problems.push(format!("{field}: {problem}"));
                    continue;
                }
            };
            if let Some(key) = field.strip_prefix("custom.") {
                cells.insert(key.to_owned(), Value::String(value));
            } else if let Some(key) = field.strip_prefix("requester.") {
                requester.insert(key.to_owned(), Value::String(value));
            } else if field == "reply" {
                reply = Some(value);
            } else if field.ends_with("_skills") {
                match serde_json::from_str::<Value>(&value) {
                    Ok(skills) => _ = body.insert(field.clone(), skills),
                    Err(_) => problems.push(format!("{field}: must be a JSON object of skills")),
                }
            } else if field == "organization" && self.exact {
                body.insert(field.clone(), Value::String(value));
            } else if TIMES.contains(&field.as_str())
                && value
                    .parse::<DateTime<Utc>>()
                    .is_ok_and(|at| at > Utc::now())
            {
                problems.push(format!("{field}: '{value}' has not come yet"));
            } else if field == "subject" && !self.exact {
                // A subject is one line; a long text, such as the body, is cut.
                let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
                body.insert(
                    field.clone(),
                    Value::String(line.chars().take(500).collect()),
                );
            } else if let Some((column, known)) = match field.as_str() {
                "team" => Some(("team_id", &names.teams)),
                "assignee" => Some(("assignee_id", &names.agents)),
                "organization" => Some(("organization_id", &names.organizations)),
                "form" => Some(("form_id", &names.forms)),
                _ => None,
            } {
                match known.get(&value.to_lowercase()) {
                    Some(id) => _ = body.insert(column.to_owned(), json!(id)),
                    None => problems.push(format!("{field}: there is no '{value}'")),
                }
            } else {
                body.insert(field.clone(), Value::String(value));
            }
        }
        let mut seen = HashSet::new();
        let tags = self.tags.iter().filter_map(|name| cell(name));
        let tags: Vec<String> = if self.exact {
            tags.flat_map(|cell| cell.split(',').map(str::to_owned).collect::<Vec<_>>())
                .collect()
        } else {
            tags.flat_map(|cell| words(&cell))
                .filter(|tag| seen.insert(tag.clone()))
                .collect()
        };
        if !tags.is_empty() {
            body.insert("tags".into(), json!(tags));
        }
        if !cells.is_empty() {
            body.insert("cells".into(), Value::Object(cells));
        }
        if !self.exact {
            requester = known_requester(requester);
        }
        body.insert("requester".into(), Value::Object(requester));
        body.entry("channel").or_insert(json!("import"));
        body.entry("external_id")
            .or_insert_with(|| json!(default_id()));
        body.insert("exact".into(), json!(self.exact));
        problems.sort();
        Ticket {
            body: Value::Object(body),
            reply,
            problems,
        }
    }
}

/// People without an address get one that can never receive mail, the same for the same name.
fn known_requester(mut requester: Object<String, Value>) -> Object<String, Value> {
    let name = requester
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or("Unknown requester")
        .to_owned();
    let local: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '.' })
        .collect();
    requester
        .entry("email")
        .or_insert_with(|| json!(format!("{}@import.invalid", local.trim_matches('.'))));
    requester.entry("name").or_insert(Value::String(name));
    requester
}

fn words(cell: &str) -> Vec<String> {
    cell.split([',', ';'])
        .map(|tag| {
            tag.trim()
                .to_lowercase()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join("-")
                .chars()
                .take(80)
                .collect::<String>()
        })
        .filter(|tag| !tag.is_empty())
        .collect()
}

fn is_field(name: &str) -> bool {
    FIELDS.contains(&name) || name.starts_with("custom.")
}

/// `; did you mean 'subject'?`, when one of the known names is close.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let plain = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let wanted = plain(name);
    known
        .map(|candidate| (strsim::levenshtein(&wanted, &plain(candidate)), candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= 1 + wanted.chars().count() / 3)
        .map_or_else(String::new, |(_, candidate)| {
            format!("; did you mean '{candidate}'?")
        })
}

impl From {
    /// The value for a row; for a field that holds days, only the day of a time.
    fn value(
        &self,
        cell: &dyn Fn(&str) -> Option<String>,
        is_day: bool,
    ) -> Result<Option<String>, String> {
        let rule = match self {
            Self::Column(name) => return Ok(cell(name)),
            Self::Rule(rule) => rule,
        };
        let value = match self.columns().find_map(|name| cell(name)) {
            Some(value) if rule.values.is_empty() => Some(value),
            Some(value) => Some(match rule.values.get(&value).or(rule.default.as_ref()) {
                Some(known) => known.clone(),
                None => return Err(format!("the map does not say what '{value}' means")),
            }),
            None => None,
        };
        let Some(value) = value else {
            return Ok(rule.default.clone());
        };
        if let Some(format) = &rule.time {
            let at = DateTime::parse_from_str(&value, format)
                .map(|at| at.naive_utc())
                .or_else(|_| NaiveDateTime::parse_from_str(&value, format))
                .or_else(|_| {
                    NaiveDate::parse_from_str(&value, format)
                        .map(|day| day.and_time(NaiveTime::MIN))
                })
                .map_err(|_| format!("'{value}' is not a time written as {format}"))?;
            return Ok(Some(if is_day {
                at.date().to_string()
            } else {
                at.and_utc().to_rfc3339()
            }));
        }
        Ok(Some(rule.prefix.as_ref().map_or(value.clone(), |prefix| {
            format!("{prefix}{value}")
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn refused(map: &str, columns: &[&str]) -> String {
        let mut map: Map = serde_json::from_str(map).expect("a map");
        map.fit(&headers(columns), &Names::default(), false)
            .expect_err("does not fit")
            .to_string()
    }

    #[test]
    fn a_column_that_is_not_there_is_told_with_the_nearest() {
        let told = refused(
            r#"{"fields": {"subject": "Ticket Subjct"}, "tags": ["Area"]}"#,
            &["Ticket Subject", "Body"],
        );
        assert!(
            told.contains(
                "fields.subject: the file has no column 'Ticket Subjct'; did you mean 'Ticket Subject'?"
            ),
            "{told}"
        );
        assert!(
            told.contains("tags: the file has no column 'Area'"),
            "{told}"
        );
        assert!(
            told.contains("the file's columns are: Ticket Subject, Body"),
            "{told}"
        );
    }

    #[test]
    fn a_field_that_is_none_and_one_that_nothing_fills_are_told() {
        let told = refused(
            r#"{"fields": {"subjekt": "a", "custom.area": "a", "status": {"column": null}}}"#,
            &["a"],
        );
        for expected in [
            "fields.subjekt: is no field of a ticket; did you mean 'subject'?",
            "fields.custom.area: the desk has no custom field 'area'",
            "fields.status: names neither column nor default",
            "fields.subject: nothing tells the subject",
        ] {
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn a_rule_with_a_word_that_is_none_is_no_map() {
        let map = serde_json::from_str::<Map>(r#"{"fields": {"subject": {"colum": "a"}}}"#);
        let told = map.expect_err("no map").to_string();
        assert!(told.contains("colum"), "{told}");
    }

    #[test]
    fn columns_that_nothing_comes_of_are_answered() {
        let mut map: Map = serde_json::from_str(r#"{"fields": {"subject": "a"}, "ignore": ["c"]}"#)
            .expect("a map");
        let (_, left) = map
            .fit(&headers(&["a", "b", "c"]), &Names::default(), false)
            .expect("fits");
        assert_eq!(left, ["b"]);
    }
}
