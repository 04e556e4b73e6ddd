//! A compiled schedule: the hours of its weekdays and of its special days, in its time zone.

use jiff::tz::TimeZone;

pub(super) const SECOND: i64 = 1_000_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;
/// The instants that a schedule covers: the years 1 to 9998.
pub const EARLIEST: i64 = -62_135_596_800 * SECOND;
pub const LATEST: i64 = 253_370_764_800 * SECOND;

/// Hours of one day, in minutes of its wall time; past midnight `to` is above 1440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hours {
    pub from: u16,
    pub to: u16,
}

/// A schedule, compiled by `Schedule::compile`.
#[derive(Debug)]
pub struct Schedule {
    pub(super) zone: TimeZone,
    /// From Monday on.
    pub(super) weekly: [Vec<Hours>; 7],
    /// Days (since 1970) that differ from their weekday, in order: exceptions, and holidays with no hours.
    pub(super) special: Vec<(i64, Vec<Hours>)>,
}
