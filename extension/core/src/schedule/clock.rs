//! A zone's clock: the instants at which it reads a wall time, across its changes of offset.

use super::compiled::{DAY, EARLIEST, LATEST, SECOND};
use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneFollowingTransitions};

/// More than any clock was ever put forward or back.
pub(super) const LEAP: i64 = 2 * DAY;

/// A stretch of time in which the zone keeps its offset from UTC.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: i64,
    until: i64,
    offset: i64,
}

/// The zone's spans from some instant on, found as they are needed.
pub(super) struct Clock<'a> {
    spans: Vec<Span>,
    /// Spans before this one are over for every wall time to come.
    current: usize,
    following: TimeZoneFollowingTransitions<'a>,
}

impl<'a> Clock<'a> {
    pub fn new(zone: &'a TimeZone, since: i64) -> Self {
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

    /// Finds the spans in which a wall time can lie. Called with rising wall times.
    pub fn reach(&mut self, wall: i64) {
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
    pub fn first(&self, wall: i64) -> i64 {
        self.spans[self.current..]
            .iter()
            .map(|span| (span.from.max(wall - span.offset), span.until))
            .find_map(|(at, until)| (at < until).then_some(at))
            .unwrap_or(i64::MAX)
    }

    /// The last instant before which the clock reads earlier than `wall`.
    pub fn last(&self, wall: i64) -> i64 {
        self.spans[self.current..]
            .iter()
            .rev()
            .map(|span| (span.from, span.until.min(wall - span.offset)))
            .find_map(|(from, at)| (from < at).then_some(at))
            .unwrap_or(i64::MIN)
    }
}

fn micros(seconds: i32) -> i64 {
    i64::from(seconds) * SECOND
}

fn timestamp(at: i64) -> Timestamp {
    Timestamp::from_microsecond(at.clamp(EARLIEST, LATEST)).unwrap_or(Timestamp::UNIX_EPOCH)
}
