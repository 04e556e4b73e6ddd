//! Business time: whether a schedule is open, when it opens and closes, and how much of its time passes.

use super::compiled::{DAY, EARLIEST, SECOND, Schedule};
use super::pieces::Pieces;

/// How far changes are looked for: a schedule that does not open within two years counts as never open.
pub const HORIZON: i64 = 731 * DAY;

impl Schedule {
    pub(super) fn pieces(&self, from: i64, until: i64) -> Pieces<'_> {
        Pieces::new(self, from, until)
    }

    pub fn is_open(&self, at: i64) -> bool {
        self.pieces(at, at)
            .any(|(from, until)| from <= at && at < until)
    }

    /// `at` itself while open; `None` when it does not open within two years.
    pub fn next_open(&self, at: i64) -> Option<i64> {
        self.pieces(at, at.saturating_add(HORIZON))
            .find(|(_, until)| *until > at)
            .map(|(from, _)| from.max(at))
    }

    /// When the hours end in which `at` lies; `None` while closed, or when they last for two years and more.
    pub fn closes_at(&self, at: i64) -> Option<i64> {
        let limit = at.saturating_add(HORIZON);
        let mut pieces = self.pieces(at, limit);
        let (_, mut end) = pieces.find(|(from, until)| *from <= at && at < *until)?;
        for (from, until) in pieces {
            if from > end {
                break;
            }
            end = until;
        }
        (end < limit).then_some(end)
    }

    /// Business time between two instants, in microseconds; negative when `to` comes first.
    pub fn business(&self, from: i64, to: i64) -> i64 {
        if to < from {
            return -self.business(to, from);
        }
        self.pieces(from, to)
            .map(|(start, end)| (end.min(to) - start.max(from)).max(0))
            .sum()
    }

    /// The same in whole seconds that have begun and ended, rounded down before `from` too: the count changes at
    /// each full second and at no other instant.
    pub fn business_seconds(&self, from: i64, to: i64) -> i64 {
        self.business(from, to).div_euclid(SECOND)
    }

    /// The instant by which this much business time has passed since `from`: the first such, or going back
    /// (negative) the last. `None` when it is not reached, for want of hours within any two years.
    pub fn add_business(&self, from: i64, seconds: i64) -> Option<i64> {
        let wanted = seconds.checked_mul(SECOND)?;
        match wanted {
            0 => Some(from),
            1.. => self.after(from, wanted),
            _ => self.back(from, wanted.checked_neg()?),
        }
    }

    /// The same to the microsecond, for more than nothing.
    pub fn after(&self, from: i64, micros: i64) -> Option<i64> {
        let mut left = micros;
        let mut pieces = self.pieces(from, from.saturating_add(HORIZON));
        while let Some((start, end)) = pieces.next() {
            let start = start.max(from);
            if end - start >= left {
                return Some(start + left);
            }
            left -= (end - start).max(0);
            pieces.extend(end.saturating_add(HORIZON));
        }
        None
    }

    /// Looks back in windows that grow, until one holds enough; then walks that one forward.
    fn back(&self, from: i64, wanted: i64) -> Option<i64> {
        let (mut window, mut found) = (8 * DAY, 0);
        let mut since = from;
        while found < wanted {
            let earlier = since.saturating_sub(window).max(EARLIEST);
            let more = self.business(earlier, since);
            if earlier == since || (more == 0 && window >= HORIZON) {
                return None;
            }
            (since, found) = (earlier, found + more);
            window = (window * 2).min(HORIZON);
        }
        let mut surplus = found - wanted;
        for (start, end) in self.pieces(since, from) {
            let (start, end) = (start.max(since), end.min(from));
            if end - start > surplus {
                return Some(start + surplus);
            }
            surplus -= (end - start).max(0);
        }
        None
    }
}
