//! The oracle of business time: another library, and no algorithm but to look at every minute.

use super::compiled::{MINUTE, SECOND, Schedule};
use super::tests::compile;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Zones with all kinds of changes: half an hour, two hours, a month's pause, a whole day left out.
const ZONES: &[&str] = &[
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Antarctica/Troll",
    "Europe/Dublin",
    "Asia/Tehran",
    "Asia/Gaza",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "America/Caracas",
    "Asia/Pyongyang",
    "Africa/Cairo",
    "America/Havana",
    "UTC",
];

/// A schedule as the oracle reads it.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub zone: &'static str,
    /// Weekday from Monday, minutes of the day.
    weekly: Vec<(usize, u16, u16)>,
    /// Days after the start of the time looked at.
    holidays: Vec<u8>,
    exceptions: Vec<(u8, Vec<(u16, u16)>)>,
    /// Which of the zone's changes lies in the middle of it.
    pub change: usize,
}

const WEEKS: i64 = 3;

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn interval() -> impl Strategy<Value = (u16, u16)> {
    // Quarters of hours around the changes of clocks are as likely as any minute of the day.
    let time = prop_oneof![
        (0u16..1440).boxed(),
        (0u16..24).prop_map(|q| q * 15).boxed()
    ];
    let end = prop_oneof![9 => time.clone().boxed(), 1 => Just(1440u16).boxed()];
    (time, end).prop_filter("two times", |(from, to)| from != to)
}

pub(crate) fn plan() -> impl Strategy<Value = Plan> {
    (
        prop::sample::select(ZONES),
        prop::collection::vec((0usize..7, interval()), 0..14),
        prop::collection::vec(0u8..21, 0..3),
        prop::collection::btree_map(0u8..21, prop::collection::vec(interval(), 0..3), 0..3),
        any::<prop::sample::Index>(),
    )
        .prop_map(|(zone, weekly, holidays, exceptions, change)| Plan {
            zone,
            weekly: weekly.into_iter().map(|(d, (f, t))| (d, f, t)).collect(),
            holidays,
            exceptions: exceptions.into_iter().collect(),
            change: change.index(1000),
        })
}

/// The wall time in minutes, by chrono-tz.
fn wall(zone: Tz, minute: i64) -> i64 {
    let utc = DateTime::from_timestamp(minute * 60, 0).expect("a time");
    utc.with_timezone(&zone)
        .naive_local()
        .and_utc()
        .timestamp()
        .div_euclid(60)
}

/// The days from 1985 to 2025 around which a zone changes its clock, by chrono-tz.
pub(crate) fn changes(zone: &str) -> &'static [NaiveDate] {
    static FOUND: OnceLock<HashMap<&str, Vec<NaiveDate>>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let parsed = |name: &&str| name.parse().expect("a zone");
        ZONES
            .iter()
            .map(|name| (*name, find_changes(parsed(name))))
            .collect()
    });
    &found[zone]
}

fn find_changes(zone: Tz) -> Vec<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(1985, 1, 1).expect("a date");
    let offset = |date: NaiveDate| {
        let noon = date.and_hms_opt(12, 0, 0).expect("noon");
        zone.from_utc_datetime(&noon).naive_local() - noon
    };
    let mut found: Vec<NaiveDate> = first
        .iter_days()
        .take(41 * 365)
        .filter(|date| offset(*date) != offset(*date + chrono::Days::new(1)))
        .collect();
    if found.is_empty() {
        found.push(first);
    }
    found
}

/// Open minutes of a window that begins at `start` (UTC), found by looking at each.
pub(crate) struct Naive {
    pub first: i64,
    pub open: Vec<bool>,
}

impl Naive {
    pub fn new(plan: &Plan, zone: Tz, start: NaiveDate) -> Self {
        // Some days more on either side, for hours that reach in.
        let first = start.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() / 60 - 4 * 1440;
        let length = (WEEKS * 7 + 8) * 1440;
        let walls: Vec<i64> = (0..length).map(|i| wall(zone, first + i)).collect();
        let mut open = vec![false; walls.len()];
        for n in -3..WEEKS * 7 + 3 {
            let date = start + chrono::TimeDelta::days(n);
            let today = u8::try_from(n).ok();
            let exception = plan.exceptions.iter().find(|(day, _)| Some(*day) == today);
            let hours: Vec<(u16, u16)> = if let Some((_, hours)) = exception {
                hours.clone()
            } else if today.is_some_and(|day| plan.holidays.contains(&day)) {
                Vec::new()
            } else {
                let weekday =
                    usize::try_from(date.weekday().num_days_from_monday()).expect("small");
                plan.weekly
                    .iter()
                    .filter(|(day, ..)| *day == weekday)
                    .map(|(_, from, to)| (*from, *to))
                    .collect()
            };
            let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() / 60;
            for (from, to) in hours {
                let until = if to < from { to + 1440 } else { to };
                let (from, until) = (midnight + i64::from(from), midnight + i64::from(until));
                let start = walls.iter().position(|wall| *wall >= from);
                let end = walls.iter().rposition(|wall| *wall < until);
                if let (Some(start), Some(end)) = (start, end)
                    && start <= end
                {
                    open[start..=end].fill(true);
                }
            }
        }
        Self { first, open }
    }
}

pub(crate) fn compiled(plan: &Plan, start: NaiveDate) -> Schedule {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let date = |n: u8| (start + chrono::TimeDelta::days(i64::from(n))).to_string();
    let hours = |from: u16, to: u16| json!({"from": clock(from), "to": clock(to)});
    compile(
        plan.zone,
        plan.weekly
            .iter()
            .map(|(day, from, to)| json!({"day": DAYS[*day], "from": clock(*from), "to": clock(*to)}))
            .collect(),
        plan.holidays.iter().map(|n| json!(date(*n))).collect(),
        plan.exceptions
            .iter()
            .map(|(n, each)| {
                let each: Vec<Value> = each.iter().map(|(f, t)| hours(*f, *t)).collect();
                json!({"date": date(*n), "intervals": each})
            })
            .collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn another_library_asked_minute_by_minute_says_the_same(
        plan in plan(), a in 0usize..30_240, b in 0usize..30_240, ago in 8i64..13
    ) {
        let zone: Tz = plan.zone.parse().expect("a zone");
        let changes = changes(plan.zone);
        let start = changes[plan.change % changes.len()] - chrono::TimeDelta::days(ago);
        let naive = Naive::new(&plan, zone, start);
        let schedule = compiled(&plan, start);
        let margin = 4 * 1440;
        let instant = |i: usize| (naive.first + i64::try_from(i).expect("small")) * MINUTE;
        let (a, b) = (a + margin, b + margin);

        let between = naive.open[a.min(b)..a.max(b)].iter().filter(|open| **open).count();
        let sign = if b < a { -60 } else { 60 };
        let counted = sign * i64::try_from(between).expect("small");
        prop_assert_eq!(schedule.business_seconds(instant(a), instant(b)), counted);

        prop_assert_eq!(schedule.is_open(instant(a)), naive.open[a]);
        let end = naive.open.len() - margin;
        let opens = naive.open[a..end].iter().position(|open| *open).map(|n| instant(a + n));
        let next = schedule.next_open(instant(a));
        prop_assert_eq!(next.filter(|at| *at < instant(end)), opens);
        if naive.open[a] {
            let closes = naive.open[a..end].iter().position(|open| !*open).map(|n| instant(a + n));
            prop_assert_eq!(schedule.closes_at(instant(a)).filter(|at| *at < instant(end)), closes);
        } else {
            prop_assert_eq!(schedule.closes_at(instant(a)), None);
        }
    }
}

proptest! {
    #[test]
    fn what_is_added_is_what_is_counted(plan in plan(), from in 0i64..2_000_000_000, seconds in -2_000_000i64..2_000_000) {
        let start = DateTime::from_timestamp(from, 0).expect("a time").date_naive();
        let schedule = compiled(&plan, start);
        let from = from * SECOND + 250_000;
        if let Some(due) = schedule.add_business(from, seconds) {
            prop_assert_eq!(schedule.business(from, due), seconds * SECOND);
            // Nothing nearer would do.
            if seconds != 0 {
                let nearer = due - seconds.signum();
                prop_assert!(schedule.business(from, nearer).abs() < seconds.abs() * SECOND);
            }
        } else {
            prop_assert!(plan.weekly.is_empty(), "{:?}", plan);
        }
    }

    #[test]
    fn time_adds_up(plan in plan(), mut at in prop::array::uniform3(0i64..2_000_000_000)) {
        at.sort_unstable();
        let [a, b, c] = at.map(|at| at * SECOND);
        let schedule = compiled(&plan, DateTime::from_timestamp(at[0], 0).expect("a time").date_naive());
        let (ab, bc, ac) = (schedule.business(a, b), schedule.business(b, c), schedule.business(a, c));
        prop_assert_eq!(ab + bc, ac);
        prop_assert!(0 <= ac && ac <= c - a);
    }
}

#[test]
fn the_other_library_knows_the_same_changes() {
    // So that the comparison above is one of algorithms and not of two editions of the tz database.
    let changing = ZONES.iter().filter(|name| changes(name).len() > 1);
    assert!(changing.count() >= 12);
    for name in ZONES {
        let zone: Tz = name.parse().expect("a zone");
        for day in (0..41 * 365).step_by(5) {
            let noon: NaiveDateTime = NaiveDate::from_ymd_opt(1985, 1, 1)
                .and_then(|date| (date + chrono::Days::new(day)).and_hms_opt(12, 0, 0))
                .expect("noon");
            let theirs = (zone.from_utc_datetime(&noon).naive_local() - noon).num_seconds();
            let instant = jiff::Timestamp::from_second(noon.and_utc().timestamp()).expect("a time");
            let ours = jiff::tz::TimeZone::get(name)
                .expect("a zone")
                .to_offset(instant)
                .seconds();
            assert_eq!(theirs, i64::from(ours), "{name} at {noon}");
        }
    }
}
