//! The pieces of time in which a schedule is open: hours by the wall clock as instants, day after day, as far as the
//! caller iterates.

use super::clock::{Clock, LEAP};
use super::compiled::{DAY, EARLIEST, Hours, LATEST, MINUTE, Schedule};
use crate::pause::pause;

/// In order and without overlaps; neighbours may touch. They cover all open time between two instants, and may begin
/// before the first and end after the second.
pub(super) struct Pieces<'a> {
    schedule: &'a Schedule,
    clock: Clock<'a>,
    day: i64,
    last_day: i64,
    hours: &'a [Hours],
    special: usize,
    /// The end of the last piece: hours that overlap are yielded once.
    yielded: i64,
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
            yielded: i64::MIN,
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
        pause();
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
            let from = from.max(self.yielded);
            if from < until {
                self.yielded = until;
                return Some((from, until));
            }
        }
    }
}
