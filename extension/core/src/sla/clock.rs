//! One clock: what has run so far, and when its target runs out.

use super::metric::Metric;
use serde::{Deserialize, Serialize};

const SECOND: i64 = 1_000_000;
/// A clock that was paused more often keeps its last intervals; the first ones become one of the same length.
const MOST_SPANS: usize = 200;

/// Time of the desk's schedules, in microseconds since 1970.
pub trait Hours {
    /// How much of the schedule's time lies between two instants.
    fn business(&self, schedule: i64, from: i64, to: i64) -> i64;
    /// When so much of it has passed since an instant; `None` when it is not reached.
    fn after(&self, schedule: i64, from: i64, micros: i64) -> Option<i64>;
}

/// A target as it applies to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub policy: i64,
    pub version: i64,
    pub seconds: i64,
    /// Whose hours count; `None`: every hour does.
    pub schedule: Option<i64>,
    /// Percent of the target after which a breach is near.
    pub near: Option<i64>,
}

impl Target {
    /// Whether another one asks for the same.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        Self {
            version: other.version,
            ..*self
        } == *other
    }
}

/// A metric of a ticket in one cycle. Instants are microseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pub metric: Metric,
    /// Counts the cycles of the metric, from 1.
    pub instance: i32,
    pub started: i64,
    /// The intervals in which it ran until it was paused.
    pub ran: Vec<(i64, i64)>,
    /// Since when it has been running; `None` while it is paused.
    pub since: Option<i64>,
    pub target: Option<Target>,
    /// Since when the target applies: it is not breached before.
    pub applied: i64,
    /// When a breach is near, and when the target runs out; `None` while that is not known, as in a pause.
    pub near: Option<i64>,
    pub due: Option<i64>,
    pub near_told: Option<i64>,
    pub breached: Option<i64>,
    pub fulfilled: Option<i64>,
    /// Began since the ticket was stored.
    #[serde(skip)]
    pub(super) fresh: bool,
    /// Was paused or resumed since the ticket was stored, which changes when it is due.
    #[serde(skip)]
    pub(super) moved: bool,
    /// Differs from what was stored.
    #[serde(skip)]
    pub(super) dirty: bool,
}

impl Clock {
    pub(super) fn new(metric: Metric, instance: i32, at: i64) -> Self {
        Self {
            metric,
            instance,
            started: at,
            ran: Vec::new(),
            since: None,
            target: None,
            applied: at,
            near: None,
            due: None,
            near_told: None,
            breached: None,
            fulfilled: None,
            fresh: true,
            moved: true,
            dirty: true,
        }
    }

    /// The intervals in which it ran, and since when it has been running.
    pub fn spans(&self) -> (Vec<(i64, i64)>, Option<i64>) {
        let mut ran = self.ran.clone();
        match (self.since, self.fulfilled) {
            (Some(since), Some(end)) => {
                ran.extend((since < end).then_some((since, end)));
                (ran, None)
            }
            (since, _) => (ran, since),
        }
    }

    /// What has run in whole seconds of the target's hours, until it was last paused or has ended.
    pub fn elapsed_seconds(&self, hours: &dyn Hours) -> i64 {
        let (ran, _) = self.spans();
        let micros: i64 = ran
            .iter()
            .map(|(from, to)| self.between(*from, *to, hours))
            .sum();
        micros / SECOND
    }

    fn between(&self, from: i64, to: i64, hours: &dyn Hours) -> i64 {
        match self.target.and_then(|target| target.schedule) {
            Some(schedule) => hours.business(schedule, from, to),
            None => to - from,
        }
    }

    fn after(&self, from: i64, micros: i64, hours: &dyn Hours) -> Option<i64> {
        match self.target.and_then(|target| target.schedule) {
            Some(schedule) => hours.after(schedule, from, micros),
            None => from.checked_add(micros),
        }
    }

    /// The first instant by which the clock has run for so long, if it goes on as it does now.
    fn reached(&self, micros: i64, hours: &dyn Hours) -> Option<i64> {
        let mut left = micros;
        for (from, to) in &self.ran {
            let ran = self.between(*from, *to, hours);
            if ran >= left {
                return self.after(*from, left, hours);
            }
            left -= ran;
        }
        self.after(self.since?, left, hours)
    }

    /// Computes when the target runs out. A breached clock keeps the moment that it had.
    pub(super) fn reckon(&mut self, hours: &dyn Hours) {
        if self.breached.is_some() {
            return;
        }
        let before = (self.near, self.due);
        (self.near, self.due) = match self.target {
            None => (None, None),
            Some(target) => {
                let whole = target.seconds * SECOND;
                let near = target
                    .near
                    .and_then(|percent| self.reached((whole / 100 * percent).max(1), hours));
                (near, self.reached(whole, hours))
            }
        };
        self.dirty |= before != (self.near, self.due);
    }

    /// When a breach is near, and when it happens: not before the target applies.
    pub(super) fn limits(&self) -> (Option<i64>, Option<i64>) {
        if self.target.is_none() || self.breached.is_some() {
            return (None, None);
        }
        let due = self.due.map(|due| due.max(self.applied));
        let near = self
            .near
            .map(|near| near.max(self.applied))
            .filter(|near| self.near_told.is_none() && due.is_none_or(|due| *near < due));
        (near, due)
    }

    /// Lets it run or pauses it; answers whether that is a change.
    pub(super) fn run(&mut self, on: bool, at: i64) -> bool {
        match (self.since, on) {
            (None, true) => self.since = Some(at),
            (Some(since), false) => {
                self.since = None;
                if since < at {
                    self.ran.push((since, at));
                }
                if self.ran.len() > MOST_SPANS {
                    let (from, to) = self.ran.remove(0);
                    self.ran[0].0 -= to - from;
                }
            }
            _ => return false,
        }
        self.moved = true;
        self.dirty = true;
        true
    }
}
