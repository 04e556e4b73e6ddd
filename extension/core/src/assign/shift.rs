//! The shift of an agent, within which tickets are assigned to them.

/// The present shift, or the next one. A limit that no schedule sets is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shift {
    pub from: Option<i64>,
    pub until: Option<i64>,
}

impl Shift {
    /// Whether the next one has to be looked up.
    pub fn is_over(self, now: i64) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}
