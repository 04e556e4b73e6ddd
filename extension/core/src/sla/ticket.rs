//! A ticket's clocks as its history goes on.

use super::clock::{Clock, Hours};
use super::metric::{Category, Metric};
use super::policy::InForce;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who wrote a message that all may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    Requester,
    Staff,
}

/// What one transaction did to a ticket: the status comes before the messages, so that a reply that solves a ticket
/// begins nothing anew, and an answer of the requester that reopens one begins what follows on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moment {
    pub at: i64,
    pub category: Option<Category>,
    pub spoke: Vec<Speaker>,
}

/// What happened to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happening {
    /// It begins, or goes on after a pause.
    Activated,
    /// Another target applies to it, or the same with other hours.
    Applied,
    Paused,
    NearBreach,
    Breached,
    Fulfilled,
}

impl Happening {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Activated => "activated",
            Self::Applied => "applied",
            Self::Paused => "paused",
            Self::NearBreach => "near_breach",
            Self::Breached => "breached",
            Self::Fulfilled => "fulfilled",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    pub at: i64,
    pub happening: Happening,
    pub metric: Metric,
    pub instance: i32,
    /// Whether the clock had a target then.
    had_target: bool,
}

/// A ticket's open clocks, stored between the moments of its history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The last moment: transactions that wait for each other may begin in another order than they end.
    at: i64,
    category: Option<Category>,
    /// Cycles that have begun.
    counts: BTreeMap<Metric, i32>,
    clocks: Vec<Clock>,
    #[serde(skip)]
    ended: Vec<Clock>,
    #[serde(skip)]
    events: Vec<Event>,
}

/// Those that end with the ticket alone, and begin anew when it is reopened.
const WHOLE: [Metric; 3] = [Metric::RequesterWait, Metric::AgentWork, Metric::Resolution];
const REPLIES: [Metric; 2] = [Metric::FirstReply, Metric::NextReply];
const UPDATES: [Metric; 2] = [Metric::PeriodicUpdate, Metric::PausableUpdate];

impl Ticket {
    pub fn category(&self) -> Option<Category> {
        self.category
    }

    pub fn at(&self) -> i64 {
        self.at
    }

    /// Takes the next moment in. The first one brings the status with which the ticket was created.
    pub fn advance(&mut self, moment: &Moment, hours: &dyn Hours) {
        let at = moment.at.max(self.at);
        self.settle(at);
        self.at = at;
        let was = self.category;
        let Some(category) = moment.category.or(was) else {
            return;
        };
        self.category = Some(category);
        if category.is_done() {
            self.end(|_| true, at);
            return;
        }
        for i in 0..self.clocks.len() {
            self.run(i, at, hours);
        }
        match was {
            None => {
                self.begin(&[Metric::FirstReply], at, hours);
                self.begin(&WHOLE, at, hours);
            }
            Some(was) if was.is_done() => self.begin(&WHOLE, at, hours),
            Some(_) => {}
        }
        for speaker in &moment.spoke {
            match speaker {
                Speaker::Staff => {
                    self.end(
                        |metric| REPLIES.contains(&metric) || UPDATES.contains(&metric),
                        at,
                    );
                    self.begin(&UPDATES, at, hours);
                }
                Speaker::Requester => {
                    if !self
                        .clocks
                        .iter()
                        .any(|clock| REPLIES.contains(&clock.metric))
                    {
                        self.begin(&[Metric::NextReply], at, hours);
                    }
                }
            }
        }
    }

    /// A ticket that was answered before its history begins, as an imported one: nobody waits for the first reply.
    pub fn was_answered(&mut self) {
        self.clocks
            .retain(|clock| clock.metric != Metric::FirstReply);
        self.events
            .retain(|event| event.metric != Metric::FirstReply);
    }

    /// Applies the targets of the policy that holds now; `None`: none does. What has breached or has ended before stays.
    pub fn apply(&mut self, now: i64, policy: Option<InForce<'_>>, hours: &dyn Hours) {
        let now = now.max(self.at);
        let mut events = Vec::new();
        for clock in self.clocks.iter_mut().chain(&mut self.ended) {
            if clock.breached.is_some() {
                continue;
            }
            let wanted = policy.and_then(|policy| policy.target(clock.metric));
            let since = policy.map_or(now, |policy| policy.since);
            if let Some(end) = clock.fulfilled {
                if clock.target.is_none() && clock.fresh && end >= since {
                    clock.target = wanted;
                    clock.applied = clock.started.max(since);
                    clock.reckon(hours);
                }
                continue;
            }
            let (before, due) = (clock.target, clock.due);
            let same = match (&before, &wanted) {
                (None, None) => true,
                (Some(before), Some(wanted)) => before.is_like(wanted),
                _ => false,
            };
            clock.dirty |= before != wanted;
            clock.target = wanted;
            if !same {
                clock.applied = if clock.fresh && before.is_none() {
                    clock.started.max(since)
                } else {
                    now
                };
            }
            clock.reckon(hours);
            if clock.near.is_none_or(|near| near > now) && clock.near_told.is_some() {
                clock.near_told = None;
                clock.dirty = true;
            }
            let told = if same {
                (!clock.moved && due != clock.due).then_some(now)
            } else {
                // An event of its own, where `activated` does not say it.
                (!clock.fresh || clock.started < clock.applied).then_some(clock.applied)
            };
            events.extend(told.map(|at| Event {
                // Also where a target no longer applies.
                had_target: before.is_some(),
                ..event(clock, Happening::Applied, at)
            }));
        }
        self.events.append(&mut events);
        self.settle(now);
    }

    /// Notes which clocks are breached, or nearly, by some moment.
    fn settle(&mut self, now: i64) {
        for clock in self.clocks.iter_mut().chain(&mut self.ended) {
            let upto = clock.fulfilled.unwrap_or(now);
            let (near, due) = clock.limits();
            if let Some(at) = near.filter(|at| *at <= upto) {
                clock.near_told = Some(at);
                clock.dirty = true;
                self.events.push(event(clock, Happening::NearBreach, at));
            }
            if let Some(at) = due.filter(|at| *at <= upto) {
                clock.breached = Some(at);
                clock.dirty = true;
                self.events.push(event(clock, Happening::Breached, at));
            }
        }
    }

    /// When time alone will change a clock next.
    pub fn check_at(&self) -> Option<i64> {
        self.clocks
            .iter()
            .flat_map(|clock| <[Option<i64>; 2]>::from(clock.limits()))
            .flatten()
            .min()
    }

    /// When the first of its targets runs out, or has run out while nobody has met it.
    pub fn next_breach(&self) -> Option<i64> {
        self.clocks
            .iter()
            .filter(|clock| clock.target.is_some())
            .filter_map(|clock| clock.breached.or(clock.due))
            .min()
    }

    /// The clocks that differ from what was stored, and what happened to those that have a target, in order.
    pub fn take(&mut self) -> (Vec<Clock>, Vec<(Event, Clock)>) {
        let all: Vec<Clock> = self
            .clocks
            .iter()
            .cloned()
            .chain(self.ended.drain(..))
            .collect();
        let mut events: Vec<(Event, Clock)> = self
            .events
            .drain(..)
            .filter_map(|event| {
                let clock = all.iter().find(|clock| {
                    (clock.metric, clock.instance) == (event.metric, event.instance)
                })?;
                let told = event.had_target || clock.target.is_some() && event.at >= clock.applied;
                told.then(|| (event, clock.clone()))
            })
            .collect();
        // In the order of time; of one moment as they came.
        events.sort_by_key(|(event, _)| event.at);
        for clock in &mut self.clocks {
            (clock.fresh, clock.moved, clock.dirty) = (false, false, false);
        }
        let changed = all.into_iter().filter(|clock| clock.dirty).collect();
        (changed, events)
    }

    fn begin(&mut self, metrics: &[Metric], at: i64, hours: &dyn Hours) {
        for metric in metrics {
            let count = self.counts.entry(*metric).or_default();
            *count += 1;
            self.clocks.push(Clock::new(*metric, *count, at));
            self.run(self.clocks.len() - 1, at, hours);
        }
    }

    /// Lets a clock run or pauses it, as its category says.
    fn run(&mut self, i: usize, at: i64, hours: &dyn Hours) {
        let clock = &mut self.clocks[i];
        let on = self
            .category
            .is_some_and(|category| clock.metric.runs_in(category));
        if clock.run(on, at) {
            clock.reckon(hours);
            let happening = if on {
                Happening::Activated
            } else {
                Happening::Paused
            };
            self.events.push(event(clock, happening, at));
        }
    }

    fn end(&mut self, which: impl Fn(Metric) -> bool, at: i64) {
        let (ended, open): (Vec<Clock>, Vec<Clock>) = std::mem::take(&mut self.clocks)
            .into_iter()
            .partition(|clock| which(clock.metric));
        self.clocks = open;
        for mut clock in ended {
            clock.fulfilled = Some(at);
            clock.dirty = true;
            self.events.push(event(&clock, Happening::Fulfilled, at));
            self.ended.push(clock);
        }
    }
}

fn event(clock: &Clock, happening: Happening, at: i64) -> Event {
    Event {
        at,
        happening,
        metric: clock.metric,
        instance: clock.instance,
        had_target: clock.target.is_some(),
    }
}
