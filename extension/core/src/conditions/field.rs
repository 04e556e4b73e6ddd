//! The fields of a ticket that a condition can test: their names, their shapes, and which of them keep an old value
//! to compare with.

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
    /// The form with which the ticket was made, by name.
    Form,
    Tags,
    Language,
    RequesterEmail,
    RequesterName,
    RequesterLocale,
    Organization,
    /// The latest reply or note; the description while there is none.
    MessageText,
    MessageKind,
    MessageAuthor,
    /// The event that a trigger is evaluated for: created, updated, replied, noted.
    Event,
    CreatedAt,
    UpdatedAt,
    FirstReplyAt,
    SolvedAt,
    /// When the first target of the ticket's SLA runs out, or has run out unmet.
    NextBreachAt,
    HoursSince(Moment),
    /// The time of the evaluation, to ask whether a schedule is open.
    Now,
    Custom(String),
    OrganizationCustom(String),
}

/// What hours are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    Created,
    Updated,
    Status,
    Assigned,
    RequesterReply,
    Solved,
    /// Negative until it comes.
    NextBreach,
}

/// The shape of a field decides which operators fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Text,
    Choice,
    Ordered,
    /// A custom field's date, and its point in time: texts, compared by the instant.
    Date,
    Instant,
    Number,
    Hours,
    Boolean,
    Time,
    List,
    Now,
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
    ("form", Field::Form),
    ("tags", Field::Tags),
    ("language", Field::Language),
    ("requester.email", Field::RequesterEmail),
    ("requester.name", Field::RequesterName),
    ("requester.locale", Field::RequesterLocale),
    ("organization", Field::Organization),
    ("message.text", Field::MessageText),
    ("message.kind", Field::MessageKind),
    ("message.author", Field::MessageAuthor),
    ("event", Field::Event),
    ("created_at", Field::CreatedAt),
    ("updated_at", Field::UpdatedAt),
    ("first_reply_at", Field::FirstReplyAt),
    ("solved_at", Field::SolvedAt),
    ("next_breach_at", Field::NextBreachAt),
    ("hours_since.created", Field::HoursSince(Moment::Created)),
    ("hours_since.updated", Field::HoursSince(Moment::Updated)),
    ("hours_since.status", Field::HoursSince(Moment::Status)),
    ("hours_since.assigned", Field::HoursSince(Moment::Assigned)),
    (
        "hours_since.requester_reply",
        Field::HoursSince(Moment::RequesterReply),
    ),
    ("hours_since.solved", Field::HoursSince(Moment::Solved)),
    (
        "hours_since.next_breach",
        Field::HoursSince(Moment::NextBreach),
    ),
    ("now", Field::Now),
];

impl Field {
    pub fn parse(name: &str) -> Option<Self> {
        let key = |prefix| name.strip_prefix(prefix).filter(|key| !key.is_empty());
        if let Some(key) = key("custom.") {
            return Some(Self::Custom(key.to_owned()));
        }
        if let Some(key) = key("organization.custom.") {
            return Some(Self::OrganizationCustom(key.to_owned()));
        }
        NAMED
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, field)| field.clone())
    }

    /// The name used in conditions.
    pub fn name(&self) -> &str {
        match self {
            Self::Custom(key) | Self::OrganizationCustom(key) => key,
            other => NAMED
                .iter()
                .find_map(|(name, field)| (field == other).then_some(*name))
                .unwrap_or_default(),
        }
    }

    /// Every field with its name, but for the custom ones.
    pub fn all() -> impl Iterator<Item = (&'static str, &'static Self)> {
        NAMED.iter().map(|(name, field)| (*name, field))
    }

    /// Whether the old value is kept too, so that a change can be tested.
    pub fn changes(&self) -> bool {
        matches!(
            self,
            Self::Subject
                | Self::Status
                | Self::Priority
                | Self::Type
                | Self::Team
                | Self::Assignee
                | Self::Form
                | Self::Organization
                | Self::Custom(_)
        )
    }

    /// A desk's own field, of the ticket or of its organization.
    pub fn is_custom(&self) -> bool {
        matches!(self, Self::Custom(_) | Self::OrganizationCustom(_))
    }

    /// The names to offer when one is wrong.
    pub fn names() -> String {
        let mut names: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
        names.extend(["custom.<key>", "organization.custom.<key>"]);
        names.join(", ")
    }

    pub fn shape(&self) -> Shape {
        match self {
            Self::Subject
            | Self::Description
            | Self::RequesterEmail
            | Self::RequesterName
            | Self::MessageText => Shape::Text,
            Self::Priority => Shape::Ordered,
            Self::Tags => Shape::List,
            Self::CreatedAt
            | Self::UpdatedAt
            | Self::FirstReplyAt
            | Self::SolvedAt
            | Self::NextBreachAt => Shape::Time,
            Self::HoursSince(_) => Shape::Hours,
            Self::Now => Shape::Now,
            Self::Custom(_) | Self::OrganizationCustom(_) => Shape::Any,
            _ => Shape::Choice,
        }
    }
}
