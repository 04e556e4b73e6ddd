//! How the columns of a file become the fields of a ticket. A map is JSON; see docs/import/ for whole ones.

use anyhow::{Context, Result};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::Deserialize;
use serde_json::{Map as Object, Value, json};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// A row of the file with its number, from 1.
pub type Row = (u64, Read);

#[derive(Debug)]
pub enum Read {
    Good(csv::StringRecord),
    /// An earlier state of the ticket that another row brings.
    Earlier,
    Bad(String),
}

/// What a row asks for, and what is wrong with it already.
#[derive(Debug)]
pub struct Ticket {
    /// The body for `api.create_ticket`.
    pub body: Value,
    /// A first answer.
    pub reply: Option<String>,
    pub problems: Vec<String>,
}

/// What names in the file stand for in the desk.
#[derive(Debug, Default)]
pub struct Names {
    /// Lower-case name → id
    pub teams: HashMap<String, i64>,
    /// Lower-case e-mail → id
    pub agents: HashMap<String, i64>,
    /// Lower-case name → id
    pub organizations: HashMap<String, i64>,
    /// Key → type
    pub fields: HashMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Names the import; the file's name by default
    #[serde(default)]
    pub source: String,
    /// Field of a ticket → how to fill it
    fields: HashMap<String, From>,
    /// Columns whose values become tags
    #[serde(default)]
    tags: Vec<String>,
    /// This text means "unknown"
    #[serde(default)]
    unknown: Option<String>,
    /// `\n` written as two characters becomes a line break
    #[serde(default)]
    unescape: bool,
    /// Rows with the same value in this column are one ticket's history; the last one tells how it stands
    #[serde(default)]
    history_of: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum From {
    Column(String),
    Rule {
        column: Option<String>,
        /// Another column, when the first is empty
        #[serde(default)]
        or: Option<String>,
        /// Value in the file → value of the field
        #[serde(default)]
        values: HashMap<String, String>,
        /// What to write when the column is empty or its value is not in `values`
        default: Option<String>,
        /// How times are written, such as `%d-%m-%Y %H:%M`; taken as UTC
        time: Option<String>,
        /// Put in front, such as `INC-`
        prefix: Option<String>,
    },
}

impl Map {
    pub fn load(path: Option<&Path>, file: &Path) -> Result<Self> {
        let mut map: Self = match path {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                serde_json::from_str(&text)
                    .with_context(|| format!("{} is not a map", path.display()))?
            }
            // Without a map, the columns are named like the fields.
            None => Self {
                source: String::new(),
                fields: [
                    "subject",
                    "description",
                    "reply",
                    "priority",
                    "status",
                    "type",
                    "channel",
                    "language",
                    "external_id",
                    "team",
                    "assignee",
                    "organization",
                    "requester.name",
                    "requester.email",
                ]
                .map(|name| (name.to_owned(), From::Column(name.to_owned())))
                .into(),
                tags: vec!["tags".into()],
                unknown: None,
                unescape: false,
                history_of: None,
            },
        };
        if map.source.is_empty() {
            let name = file.file_name().and_then(|n| n.to_str());
            name.unwrap_or("import").clone_into(&mut map.source);
        }
        Ok(map)
    }

    /// Of several rows about one ticket, the last lands; the others say why they do not.
    pub fn collapse(&self, headers: &csv::StringRecord, mut rows: Vec<Row>) -> Vec<Row> {
        let Some(at) = self
            .history_of
            .as_ref()
            .and_then(|name| headers.iter().position(|h| h == name))
        else {
            return rows;
        };
        let mut last: HashMap<String, u64> = HashMap::new();
        for (number, row) in &rows {
            if let Read::Good(row) = row {
                last.insert(row.get(at).unwrap_or_default().to_owned(), *number);
            }
        }
        for (number, row) in &mut rows {
            if matches!(row, Read::Good(r) if last.get(r.get(at).unwrap_or_default()) != Some(number))
            {
                *row = Read::Earlier;
            }
        }
        rows
    }

    pub fn ticket(
        &self,
        headers: &csv::StringRecord,
        row: &csv::StringRecord,
        number: u64,
        names: &Names,
    ) -> Ticket {
        let cell = |name: &str| -> Option<String> {
            let at = headers.iter().position(|h| h.trim() == name)?;
            let text = row.get(at)?.trim();
            let text = if self.unescape {
                text.replace("\\n", "\n")
            } else {
                text.to_owned()
            };
            // Postgres keeps no NUL in text.
            let text = text.replace('\0', "");
            (!text.is_empty() && Some(&text) != self.unknown.as_ref()).then_some(text)
        };
        let (mut body, mut custom, mut requester) = (Object::new(), Object::new(), Object::new());
        let (mut reply, mut problems) = (None, Vec::new());
        for (field, from) in &self.fields {
            let value = match from.value(&cell) {
                Ok(Some(value)) => value,
                Ok(None) => continue,
                Err(problem) => {
                    problems.push(format!("{field}: {problem}"));
                    continue;
                }
            };
            if let Some(key) = field.strip_prefix("custom.") {
                custom.insert(
                    key.to_owned(),
                    typed(names.fields.get(key).map_or("text", String::as_str), value),
                );
            } else if let Some(key) = field.strip_prefix("requester.") {
                requester.insert(key.to_owned(), Value::String(value));
            } else if field == "reply" {
                reply = Some(value);
            } else if field == "subject" {
                // A subject is one line; of a long text (the body, say) its beginning serves.
                let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
                body.insert(
                    field.clone(),
                    Value::String(line.chars().take(500).collect()),
                );
            } else if let Some((column, known)) = match field.as_str() {
                "team" => Some(("team_id", &names.teams)),
                "assignee" => Some(("assignee_id", &names.agents)),
                "organization" => Some(("organization_id", &names.organizations)),
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
        let tags = self
            .tags
            .iter()
            .filter_map(|name| cell(name))
            .flat_map(|cell| words(&cell));
        let tags: Vec<String> = tags.filter(|tag| seen.insert(tag.clone())).collect();
        if !tags.is_empty() {
            body.insert("tags".into(), json!(tags));
        }
        if !custom.is_empty() {
            body.insert("custom".into(), Value::Object(custom));
        }
        body.insert(
            "requester".into(),
            Value::Object(known_requester(requester)),
        );
        body.entry("channel").or_insert(json!("import"));
        body.entry("external_id")
            .or_insert_with(|| json!(format!("{}#{number}", self.source)));
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

/// A cell as the JSON that a field of this type takes; what does not fit stays text and is refused with the
/// same words as anywhere else.
fn typed(kind: &str, value: String) -> Value {
    match kind {
        "integer" => value
            .parse::<i64>()
            .map_or_else(|_| json!(value), Value::from),
        "decimal" => value
            .parse::<f64>()
            .map_or_else(|_| json!(value), Value::from),
        "boolean" => match value.to_lowercase().as_str() {
            "true" | "yes" | "1" => json!(true),
            "false" | "no" | "0" => json!(false),
            _ => json!(value),
        },
        "multiselect" => value
            .split([',', ';'])
            .map(|item| json!(item.trim()))
            .collect(),
        _ => json!(value),
    }
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

impl From {
    fn value(&self, cell: &dyn Fn(&str) -> Option<String>) -> Result<Option<String>, String> {
        match self {
            Self::Column(name) => Ok(cell(name)),
            Self::Rule {
                column,
                or,
                values,
                default,
                time,
                prefix,
            } => {
                let value = [column, or]
                    .into_iter()
                    .flatten()
                    .find_map(|name| cell(name));
                let value = match value {
                    Some(value) if values.is_empty() => Some(value),
                    Some(value) => Some(match values.get(&value).or(default.as_ref()) {
                        Some(known) => known.clone(),
                        None => return Err(format!("the map does not say what '{value}' means")),
                    }),
                    None => None,
                };
                let Some(value) = value else {
                    return Ok(default.clone());
                };
                if let Some(format) = time {
                    let at = NaiveDateTime::parse_from_str(&value, format)
                        .or_else(|_| {
                            NaiveDate::parse_from_str(&value, format)
                                .map(|day| day.and_time(NaiveTime::MIN))
                        })
                        .map_err(|_| format!("'{value}' is not a time written as {format}"))?;
                    return Ok(Some(at.and_utc().to_rfc3339()));
                }
                Ok(Some(prefix.as_ref().map_or(value.clone(), |prefix| {
                    format!("{prefix}{value}")
                })))
            }
        }
    }
}
