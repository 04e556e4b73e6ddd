//! How the columns of a file become the fields of a ticket. A map is JSON; see docs/import/ for whole ones.

use anyhow::{Context, Result};
use chrono::NaiveDateTime;
use serde::Deserialize;
use serde_json::{Map as Object, Value, json};
use std::collections::HashMap;
use std::path::Path;

type Row = (u64, Result<csv::StringRecord, String>);

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
                let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
                serde_json::from_str(&text).with_context(|| format!("{} is not a map", path.display()))?
            }
            // Without a map, the columns are named like the fields.
            None => Self {
                source: String::new(),
                fields: ["subject", "description", "priority", "status", "type", "channel", "external_id", "requester.name", "requester.email"]
                    .map(|name| (name.to_owned(), From::Column(name.to_owned())))
                    .into(),
                tags: vec!["tags".into()],
                unknown: None,
                unescape: false,
                history_of: None,
            },
        };
        if map.source.is_empty() {
            map.source = file.file_name().and_then(|n| n.to_str()).unwrap_or("import").to_owned();
        }
        Ok(map)
    }

    /// Of several rows about one ticket, the last lands; the others say why they do not.
    pub fn collapse(&self, headers: &csv::StringRecord, mut rows: Vec<Row>) -> Vec<Row> {
        let Some(at) = self.history_of.as_ref().and_then(|name| headers.iter().position(|h| h == name)) else {
            return rows;
        };
        let mut last: HashMap<String, u64> = HashMap::new();
        for (number, row) in &rows {
            if let Ok(row) = row {
                last.insert(row.get(at).unwrap_or_default().to_owned(), *number);
            }
        }
        for (number, row) in &mut rows {
            let newer = row.as_ref().ok().and_then(|r| last.get(r.get(at).unwrap_or_default())).copied();
            if let Some(newer) = newer.filter(|newer| newer != number) {
                *row = Err(format!("an earlier state of the ticket in row {newer}"));
            }
        }
        rows
    }

    /// The body for `api.create_ticket`.
    pub fn ticket(&self, headers: &csv::StringRecord, row: &csv::StringRecord, number: u64) -> Result<Value, String> {
        let cell = |name: &str| -> Option<String> {
            let at = headers.iter().position(|h| h.trim() == name)?;
            let text = row.get(at)?.trim();
            let text = if self.unescape { text.replace("\\n", "\n") } else { text.to_owned() };
            (!text.is_empty() && Some(&text) != self.unknown.as_ref()).then_some(text)
        };
        let mut body = Object::new();
        let mut custom = Object::new();
        let mut requester = Object::new();
        for (field, from) in &self.fields {
            let Some(value) = from.value(&cell)? else {
                continue;
            };
            if let Some(key) = field.strip_prefix("custom.") {
                let typed = value.parse::<i64>().map_or_else(|_| Value::String(value), Value::from);
                custom.insert(key.to_owned(), typed);
            } else if let Some(key) = field.strip_prefix("requester.") {
                requester.insert(key.to_owned(), Value::String(value));
            } else {
                body.insert(field.clone(), Value::String(value));
            }
        }
        let mut tags: Vec<String> = self.tags.iter().filter_map(|name| cell(name)).flat_map(|cell| words(&cell)).collect();
        tags.dedup();
        if !tags.is_empty() {
            body.insert("tags".into(), json!(tags));
        }
        if !custom.is_empty() {
            body.insert("custom".into(), Value::Object(custom));
        }
        if requester.is_empty() {
            requester.insert("email".into(), json!("unknown@import.invalid"));
            requester.insert("name".into(), json!("Unknown requester"));
        }
        body.insert("requester".into(), Value::Object(requester));
        body.entry("channel").or_insert(json!("import"));
        body.entry("external_id").or_insert_with(|| json!(format!("{}#{number}", self.source)));
        Ok(Value::Object(body))
    }
}

fn words(cell: &str) -> Vec<String> {
    cell.split([',', ';'])
        .map(|tag| tag.trim().to_lowercase().split_whitespace().collect::<Vec<_>>().join("-"))
        .filter(|tag| !tag.is_empty())
        .collect()
}

impl From {
    fn value(&self, cell: &dyn Fn(&str) -> Option<String>) -> Result<Option<String>, String> {
        match self {
            Self::Column(name) => Ok(cell(name)),
            Self::Rule { column, values, default, time, prefix } => {
                let value = column.as_ref().and_then(|name| cell(name));
                let value = match value {
                    Some(value) if values.is_empty() => Some(value),
                    Some(value) => values.get(&value).cloned().or_else(|| default.clone()),
                    None => None,
                };
                let Some(value) = value.or_else(|| default.clone()) else {
                    return Ok(None);
                };
                if let Some(format) = time {
                    let at = NaiveDateTime::parse_from_str(&value, format)
                        .map_err(|_| format!("'{value}' is not a time written as {format}"))?;
                    return Ok(Some(at.and_utc().to_rfc3339()));
                }
                Ok(Some(prefix.as_ref().map_or(value.clone(), |prefix| format!("{prefix}{value}"))))
            }
        }
    }
}
