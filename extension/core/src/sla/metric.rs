//! What is measured, and in which categories of status it runs.

use serde::{Deserialize, Serialize};

/// What a clock measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    FirstReply,
    NextReply,
    PeriodicUpdate,
    PausableUpdate,
    RequesterWait,
    AgentWork,
    Resolution,
}

pub const METRICS: [(&str, Metric); 7] = [
    ("first_reply", Metric::FirstReply),
    ("next_reply", Metric::NextReply),
    ("periodic_update", Metric::PeriodicUpdate),
    ("pausable_update", Metric::PausableUpdate),
    ("requester_wait", Metric::RequesterWait),
    ("agent_work", Metric::AgentWork),
    ("resolution", Metric::Resolution),
];

/// The category of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    New,
    Open,
    Pending,
    OnHold,
    Solved,
    Closed,
}

impl Category {
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "new" => Self::New,
            "open" => Self::Open,
            "pending" => Self::Pending,
            "on_hold" => Self::OnHold,
            "solved" => Self::Solved,
            "closed" => Self::Closed,
            _ => return None,
        })
    }

    /// Whether all clocks have ended.
    pub fn is_done(self) -> bool {
        matches!(self, Self::Solved | Self::Closed)
    }
}

impl Metric {
    pub fn as_str(self) -> &'static str {
        METRICS
            .iter()
            .find_map(|(name, metric)| (*metric == self).then_some(*name))
            .unwrap_or_default()
    }

    pub fn parse(name: &str) -> Option<Self> {
        METRICS
            .iter()
            .find_map(|(known, metric)| (*known == name).then_some(*metric))
    }

    /// Whether its clock runs while a ticket that is not solved has a status of this category.
    pub(super) fn runs_in(self, category: Category) -> bool {
        match self {
            Self::PausableUpdate | Self::RequesterWait => category != Category::Pending,
            Self::AgentWork => matches!(category, Category::New | Category::Open),
            _ => true,
        }
    }
}
