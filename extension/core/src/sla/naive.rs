//! The oracle of clocks: every cycle is found in the whole history at once, and its time is counted minute by minute.

use super::metric::{Category, Metric};
use super::ticket::{Moment, Speaker};

/// A cycle as the oracle sees it; in minutes of the window.
#[derive(Debug, PartialEq, Eq)]
pub struct Cycle {
    pub metric: Metric,
    pub instance: i32,
    pub started: usize,
    pub near: Option<usize>,
    pub breached: Option<usize>,
    pub fulfilled: Option<usize>,
}

/// A target in minutes, and whether only open minutes count.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub minutes: usize,
    pub business: bool,
}

/// The category of the status in each minute; `None` before the ticket was created.
fn categories(moments: &[Moment], end: usize) -> Vec<Option<Category>> {
    (0..end)
        .map(|minute| {
            let before = moments
                .iter()
                .filter(|m| m.at <= i64::try_from(minute).expect("small"));
            before.filter_map(|m| m.category).next_back()
        })
        .collect()
}

/// Half-open stretches of minutes in which the ticket was not solved.
fn stretches(categories: &[Option<Category>]) -> Vec<(usize, Option<usize>)> {
    let mut found: Vec<(usize, Option<usize>)> = Vec::new();
    for (minute, category) in categories.iter().enumerate() {
        let open = category
            .is_some_and(|category| !matches!(category, Category::Solved | Category::Closed));
        let inside = found.last().is_some_and(|(_, end)| end.is_none());
        match (open, inside) {
            (true, false) => found.push((minute, None)),
            (false, true) => found.last_mut().expect("inside").1 = Some(minute),
            _ => {}
        }
    }
    found
}

/// The cycles of a history whose moments are minutes, until the end of the window.
pub fn cycles(
    moments: &[Moment],
    end: usize,
    open: &[bool],
    wish: impl Fn(Metric, usize) -> Option<Wish>,
    near: usize,
) -> Vec<Cycle> {
    let categories = categories(moments, end);
    let stretches = stretches(&categories);
    let created = categories
        .iter()
        .position(Option::is_some)
        .expect("created");
    let minute = |m: &Moment| usize::try_from(m.at).expect("in the window");
    let is_open = |at: usize| {
        stretches
            .iter()
            .any(|(from, to)| *from <= at && to.is_none_or(|to| at < to))
    };
    // Every message that came while the ticket was not solved, in order.
    let said: Vec<(usize, Speaker)> = moments
        .iter()
        .filter(|m| minute(m) < end && is_open(minute(m)))
        .flat_map(|m| m.spoke.iter().map(move |speaker| (minute(m), *speaker)))
        .collect();
    let mut spans: Vec<(Metric, usize, Option<usize>)> = Vec::new();
    for (from, to) in &stretches {
        for metric in [Metric::RequesterWait, Metric::AgentWork, Metric::Resolution] {
            spans.push((metric, *from, *to));
        }
        let within: Vec<(usize, Speaker)> = said
            .iter()
            .copied()
            .filter(|(at, _)| from <= at && to.is_none_or(|to| *at < to))
            .collect();
        let staff = |after: usize| {
            within[after..]
                .iter()
                .find(|(_, speaker)| *speaker == Speaker::Staff)
                .map(|(at, _)| *at)
        };
        let first = *from == created;
        if first {
            spans.push((Metric::FirstReply, *from, staff(0).or(*to)));
        }
        for (i, (at, speaker)) in within.iter().enumerate() {
            match speaker {
                Speaker::Staff => {
                    for metric in [Metric::PeriodicUpdate, Metric::PausableUpdate] {
                        spans.push((metric, *at, staff(i + 1).or(*to)));
                    }
                }
                // The first that is not answered, behind the first reply.
                Speaker::Requester => {
                    let before = within[..i].last().map(|(_, speaker)| *speaker);
                    if before == Some(Speaker::Staff) || before.is_none() && !first {
                        spans.push((Metric::NextReply, *at, staff(i + 1).or(*to)));
                    }
                }
            }
        }
    }
    let mut counts: Vec<Metric> = Vec::new();
    let mut found = Vec::new();
    for (metric, started, fulfilled) in spans {
        counts.push(metric);
        let instance = counts.iter().filter(|known| **known == metric).count();
        let mut cycle = Cycle {
            metric,
            instance: i32::try_from(instance).expect("few"),
            started,
            near: None,
            breached: None,
            fulfilled,
        };
        // Minutes that count, of the calendar and of business.
        let mut ran = [0, 0];
        let last = fulfilled.unwrap_or(end);
        for (at, is_open) in open.iter().enumerate().take(last + 1).skip(started) {
            if let Some(Wish { minutes, business }) = wish(metric, at) {
                let so_far = ran[usize::from(business)];
                if so_far >= minutes {
                    cycle.breached = Some(at);
                    break;
                }
                if so_far >= minutes * near / 100 && cycle.near.is_none() {
                    cycle.near = Some(at);
                }
            }
            let runs = categories
                .get(at)
                .copied()
                .flatten()
                .is_some_and(|category| match metric {
                    Metric::RequesterWait | Metric::PausableUpdate => category != Category::Pending,
                    Metric::AgentWork => matches!(category, Category::New | Category::Open),
                    _ => true,
                });
            if runs {
                ran[0] += 1;
                ran[1] += usize::from(*is_open);
            }
        }
        found.push(cycle);
    }
    found.sort_by_key(|cycle| (cycle.metric, cycle.instance));
    found
}
