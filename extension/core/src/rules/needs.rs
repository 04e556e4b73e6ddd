//! Needs: the values or words of which a ticket must have at least one for a condition to hold. They are what rules
//! are indexed by.

use crate::conditions::{Check, Condition, Field, Literal, Test};

/// How a field's value is divided into keys of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Cut {
    /// The whole value, or each item of a list, in lower case.
    Whole,
    /// Runs of ASCII letters, digits and underscores, in lower case.
    Words,
    /// Anywhere inside the value, in lower case: one automaton finds all of them in one pass.
    Parts,
}

/// A key that the value of a field must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    pub field: Field,
    pub cut: Cut,
    pub value: String,
}

/// A character of a word, in texts and in needs.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl Condition {
    /// Needs of which a ticket must meet at least one; `None` when the condition may hold without any.
    pub(super) fn needs(&self) -> Option<Vec<Need>> {
        match self {
            Self::Test(test) => test.needs(),
            // One part's needs are needs of the whole: the shortest list is the most selective, and words
            // or tags select better than a channel or a status that half of all tickets share.
            Self::All(parts) => parts.iter().filter_map(Self::needs).min_by_key(|needs| {
                let common = needs
                    .iter()
                    .any(|need| need.cut == Cut::Whole && need.field != Field::Tags);
                (common, needs.len())
            }),
            Self::Any(parts) => {
                let needs: Option<Vec<Vec<Need>>> = parts.iter().map(Self::needs).collect();
                Some(needs?.into_iter().flatten().collect())
            }
            Self::None(_) => None,
        }
    }
}

impl Test {
    /// Needs of which a ticket must meet at least one for this test to hold.
    fn needs(&self) -> Option<Vec<Need>> {
        if self.negated {
            return None;
        }
        let need = |cut, value: &str| Need {
            field: self.field.clone(),
            cut,
            value: value.to_lowercase(),
        };
        // One instant is written in many ways, and a key is only one of them.
        if let Check::In(options) | Check::ChangedTo(options) = &self.check
            && self.field.is_custom()
            && options.iter().any(Literal::is_moment)
        {
            return None;
        }
        match &self.check {
            Check::In(options) | Check::ChangedTo(options) => options
                .iter()
                .map(|option| match option {
                    Literal::Text(text) => Some(need(Cut::Whole, text)),
                    _ => None,
                })
                .collect(),
            Check::Words(_, list) => list
                .iter()
                .map(|word| word.chars().all(is_word).then(|| need(Cut::Words, word)))
                .collect(),
            Check::Contains(part) | Check::StartsWith(part) | Check::EndsWith(part) => {
                Some(vec![need(Cut::Parts, part)])
            }
            Check::IncludesAny(tags) => {
                Some(tags.iter().map(|tag| need(Cut::Whole, tag)).collect())
            }
            Check::IncludesAll(tags) => tags.first().map(|tag| vec![need(Cut::Whole, tag)]),
            _ => None,
        }
    }
}
