//! Hours laid out in time: wall clock to instants, day after day, as far as somebody asks.

use super::{DAY, EARLIEST, Hours, LATEST, MINUTE, Schedule};
use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneFollowingTransitions};

/// More than any clock was ever put forward or back.
const LEAP: i64 = 2 * DAY;

/// A stretch of time in which the zone keeps its offset from UTC.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: i64,
    until: i64,
    offset: i64,
}

/// The zone's spans from some instant on, found as they are needed.
struct Clock<'a> {
    spans: Vec<Span>,
    /// Spans before this one are over for every time that is still asked for.
    current: usize,
    following: TimeZoneFollowingTransitions<'a>,
}

impl<'a> Clock<'a> {
    fn new(zone: &'a TimeZone, since: i64) -> Self {
        let since = timestamp(since);
        let first = Span {
            from: i64::MIN / 2,
            until: i64::MAX,
            offset: micros(zone.to_offset(since).seconds()),
        };
        Self {
            spans: vec![first],
            current: 0,
            following: zone.following(since),
        }
    }

    /// Has the spans ready that a wall time can lie in. Asked for in rising order.
    fn reach(&mut self, wall: i64) {
        while let Some(last) = self.spans.last_mut()
            && last.from.saturating_add(last.offset) <= wall + 2 * LEAP
            && last.until == i64::MAX
        {
            let Some(change) = self.following.next() else {
                break;
            };
            let (at, offset) = (
                change.timestamp().as_microsecond(),
                micros(change.offset().seconds()),
            );
            if offset != last.offset {
                last.until = at;
                self.spans.push(Span {
                    from: at,
                    until: i64::MAX,
                    offset,
                });
            }
        }
        while self.current + 1 < self.spans.len() {
            let span = self.spans[self.current];
            if span.until + span.offset > wall - LEAP {
                break;
            }
            self.current += 1;
        }
    }

    /// The first instant at which the clock reads `wall` or later.
    fn first(&self, wall: i64) -> i64 {
        self.spans[self.current..]
            .iter()
            .map(|span| (span.from.max(wall - span.offset), span.until))
            .find_map(|(at, until)| (at < until).then_some(at))
            .unwrap_or(i64::MAX)
    }

    /// The last instant before which the clock reads earlier than `wall`.
    fn last(&self, wall: i64) -> i64 {
        self.spans[self.current..]
            .iter()
            .rev()
            .map(|span| (span.from, span.until.min(wall - span.offset)))
            .find_map(|(from, at)| (from < at).then_some(at))
            .unwrap_or(i64::MIN)
    }
}

fn micros(seconds: i32) -> i64 {
    i64::from(seconds) * super::SECOND
}

fn timestamp(at: i64) -> Timestamp {
    Timestamp::from_microsecond(at.clamp(EARLIEST, LATEST)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// When a schedule is open, in order and without overlaps; neighbours may touch. Covers everything that
/// reaches into the time asked for, and may begin before it and end after it.
pub(super) struct Pieces<'a> {
    schedule: &'a Schedule,
    clock: Clock<'a>,
    day: i64,
    last_day: i64,
    hours: &'a [Hours],
    special: usize,
    /// Where the last piece ended: hours that overlap are told once.
    told: i64,
}

impl<'a> Pieces<'a> {
    pub fn new(schedule: &'a Schedule, from: i64, until: i64) -> Self {
        let from = from.clamp(EARLIEST, LATEST);
        // Hours that began the day before may still last, and a day of the calendar may be left out.
        let day = (from - LEAP).div_euclid(DAY) - 1;
        let mut pieces = Self {
            schedule,
            clock: Clock::new(&schedule.zone, (day - 2) * DAY),
            day: day - 1,
            last_day: day,
            hours: &[],
            special: schedule.special.partition_point(|(at, _)| *at < day),
            told: i64::MIN,
        };
        pieces.extend(until);
        pieces
    }

    /// Goes on to this instant at least.
    pub fn extend(&mut self, until: i64) {
        let last = until.clamp(EARLIEST, LATEST).div_euclid(DAY) + 1;
        self.last_day = self.last_day.max(last);
    }

    fn next_day(&mut self) -> Option<()> {
        if self.day >= self.last_day {
            return None;
        }
        self.day += 1;
        crate::pause::pause();
        self.hours = match self.schedule.special.get(self.special) {
            Some((day, hours)) if *day == self.day => {
                self.special += 1;
                hours
            }
            // Day 0 was a Thursday.
            _ => &self.schedule.weekly[usize::try_from((self.day + 3).rem_euclid(7)).unwrap_or(0)],
        };
        self.clock.reach(self.day * DAY);
        Some(())
    }
}

impl Iterator for Pieces<'_> {
    type Item = (i64, i64);

    fn next(&mut self) -> Option<(i64, i64)> {
        loop {
            let Some((hours, rest)) = self.hours.split_first() else {
                self.next_day()?;
                continue;
            };
            self.hours = rest;
            let midnight = self.day * DAY;
            let from = self.clock.first(midnight + i64::from(hours.from) * MINUTE);
            let until = self.clock.last(midnight + i64::from(hours.to) * MINUTE);
            let from = from.max(self.told);
            if from < until {
                self.told = until;
                return Some((from, until));
            }
        }
    }
}
