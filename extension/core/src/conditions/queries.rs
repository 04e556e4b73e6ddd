//! What a condition refers to, so that its caller fetches that and nothing else.

use super::condition::{Check, Condition, Test};
use super::field::Field;

impl Condition {
    /// The schedules that tests refer to, in lower case.
    pub fn schedules(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter().flat_map(Self::schedules).collect()
            }
            Self::Test(test) => match (&test.schedule, &test.check) {
                (Some(name), _) | (None, Check::Open(name)) => vec![name],
                _ => Vec::new(),
            },
        }
    }

    /// Whether any test compares with the old value of a field.
    pub fn asks_changes(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter().any(Self::asks_changes)
            }
            Self::Test(test) => test.asks_change(),
        }
    }

    /// Whether any test compares this field.
    pub fn asks(&self, field: &Field) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter().any(|part| part.asks(field))
            }
            Self::Test(test) => test.field == *field,
        }
    }
}

impl Test {
    /// Whether it compares with the old value of its field.
    pub(super) fn asks_change(&self) -> bool {
        matches!(
            self.check,
            Check::Changed | Check::ChangedTo(_) | Check::ChangedFrom(_)
        )
    }
}
