//! What a condition may ask about a ticket.

use std::borrow::Cow;

/// A field by the name used in conditions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Field {
    Subject,
    Description,
    Status,
    Priority,
    Type,
    Channel,
    Team,
    Assignee,
    Tags,
    Language,
    RequesterEmail,
    RequesterName,
    Organization,
    Custom(String),
}

/// The kinds of fields decide which operators fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Text,
    Choice,
    Ordered,
    List,
    Any,
}

const NAMED: &[(&str, Field)] = &[
    ("subject", Field::Subject),
    ("description", Field::Description),
    ("status", Field::Status),
    ("priority", Field::Priority),
    ("type", Field::Type),
    ("channel", Field::Channel),
    ("team", Field::Team),
    ("assignee", Field::Assignee),
    ("tags", Field::Tags),
    ("language", Field::Language),
    ("requester.email", Field::RequesterEmail),
    ("requester.name", Field::RequesterName),
    ("organization", Field::Organization),
];

impl Field {
    pub fn parse(name: &str) -> Option<Self> {
        if let Some(key) = name.strip_prefix("custom.") {
            return (!key.is_empty()).then(|| Self::Custom(key.to_owned()));
        }
        NAMED
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, field)| field.clone())
    }

    /// The name used in conditions.
    pub fn name(&self) -> &str {
        match self {
            Self::Custom(key) => key,
            other => NAMED
                .iter()
                .find_map(|(name, field)| (field == other).then_some(*name))
                .unwrap_or_default(),
        }
    }

    /// The names to offer when one is wrong.
    pub fn names() -> String {
        let mut names: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
        names.push("custom.<key>");
        names.join(", ")
    }

    pub fn shape(&self) -> Shape {
        match self {
            Self::Subject | Self::Description | Self::RequesterEmail | Self::RequesterName => {
                Shape::Text
            }
            Self::Priority => Shape::Ordered,
            Self::Tags => Shape::List,
            Self::Custom(_) => Shape::Any,
            _ => Shape::Choice,
        }
    }
}

/// A field's value; `Absent` is a value of its own, so that a negation never breaks on it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    Absent,
    Text(Cow<'a, str>),
    Number(f64),
    Bool(bool),
    List(Vec<Cow<'a, str>>),
}

/// A ticket as conditions see it.
pub trait Facts {
    fn get(&self, field: &Field) -> Value<'_>;
    /// The rank of a priority key, for `greater` and `less`.
    fn priority_weight(&self, key: &str) -> Option<f64>;
}
