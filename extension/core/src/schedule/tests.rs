use super::{Definition, MINUTE, SECOND, Schedule, coverage};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::{Value, json};

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

fn compile(zone: &str, weekly: Value, holidays: Value, exceptions: Value) -> Schedule {
    Schedule::compile(&Definition {
        time_zone: zone,
        weekly: &weekly,
        holidays: &holidays,
        exceptions: &exceptions,
    })
    .unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn weekly(zone: &str, weekly: Value) -> Schedule {
    compile(zone, weekly, json!([]), json!([]))
}

fn office(zone: &str) -> Schedule {
    let days: Vec<Value> = ["mon", "tue", "wed", "thu", "fri"]
        .iter()
        .map(|day| json!({"day": day, "from": "09:00", "to": "17:00"}))
        .collect();
    weekly(zone, days.into())
}

fn at(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text)
        .expect("a time")
        .timestamp_micros()
}

fn written(at: Option<i64>) -> String {
    at.and_then(DateTime::from_timestamp_micros)
        .map_or_else(|| "never".to_owned(), |at| at.to_rfc3339())
}

#[test]
fn an_office_day_has_eight_hours_and_a_weekend_none() {
    let office = office("Europe/Berlin");
    let (monday, tuesday) = (at("2026-01-05T00:00:00Z"), at("2026-01-06T00:00:00Z"));
    assert_eq!(office.business_seconds(monday, tuesday), 8 * 3600);
    assert_eq!(office.business_seconds(tuesday, monday), -8 * 3600);
    assert_eq!(
        office.business_seconds(at("2026-01-03T00:00:00Z"), monday),
        0
    );
    assert_eq!(
        written(office.next_open(at("2026-01-09T16:00:00Z"))),
        "2026-01-12T08:00:00+00:00"
    );
    assert_eq!(
        written(office.closes_at(at("2026-01-09T15:59:59Z"))),
        "2026-01-09T16:00:00+00:00"
    );
    assert_eq!(office.closes_at(at("2026-01-09T16:00:00Z")), None);
    // Friday 16:30 local and an hour's work: half of it is left for Monday.
    let due = office.add_business(at("2026-01-09T15:30:00Z"), 3600);
    assert_eq!(written(due), "2026-01-12T08:30:00+00:00");
}

#[test]
fn hours_that_the_clock_skips_do_not_happen_and_those_it_repeats_count_twice() {
    let nights = weekly(
        "Europe/Berlin",
        json!([{"day": "sun", "from": "01:00", "to": "03:00"}]),
    );
    let count = |day: &str| {
        let noon = at(&format!("{day}T12:00:00Z"));
        nights.business_seconds(noon - super::DAY, noon)
    };
    assert_eq!(count("2026-03-22"), 2 * 3600);
    assert_eq!(count("2026-03-29"), 3600, "02:00 to 03:00 is left out");
    assert_eq!(count("2026-10-25"), 3 * 3600, "02:00 to 03:00 comes twice");

    let gap = weekly(
        "Europe/Berlin",
        json!([{"day": "sun", "from": "02:15", "to": "02:45"}]),
    );
    assert_eq!(
        written(gap.next_open(at("2026-03-23T00:00:00Z"))),
        "2026-04-05T00:15:00+00:00",
        "hours that lie in the gap alone wait for the next week"
    );
}

#[test]
fn a_day_that_the_calendar_leaves_out_has_no_hours() {
    // Samoa had no 30 December 2011.
    let friday = weekly(
        "Pacific/Apia",
        json!([{"day": "fri", "from": "09:00", "to": "17:00"}]),
    );
    let (before, after) = (at("2011-12-29T00:00:00Z"), at("2012-01-02T00:00:00Z"));
    assert_eq!(friday.business_seconds(before, after), 0);
}

#[test]
fn an_exception_beats_a_holiday_and_a_holiday_the_week() {
    let schedule = compile(
        "Europe/Berlin",
        json!([{"day": "thu", "from": "09:00", "to": "17:00"}, {"day": "fri", "from": "09:00", "to": "17:00"}]),
        json!(["2026-12-24", "2026-12-25"]),
        json!([{"date": "2026-12-24", "intervals": [{"from": "09:00", "to": "12:00"}]},
               {"date": "2026-12-26", "intervals": [{"from": "20:00", "to": "02:00"}]}]),
    );
    let count = |from: &str, to: &str| schedule.business_seconds(at(from), at(to));
    assert_eq!(
        count("2026-12-24T00:00:00Z", "2026-12-25T00:00:00Z"),
        3 * 3600
    );
    assert_eq!(count("2026-12-25T00:00:00Z", "2026-12-26T00:00:00Z"), 0);
    assert_eq!(
        count("2026-12-26T00:00:00Z", "2026-12-28T00:00:00Z"),
        6 * 3600
    );
}

#[test]
fn who_is_always_open_never_closes_and_who_never_is_has_no_due_time() {
    let all_week: Vec<Value> = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        .iter()
        .map(|day| json!({"day": day, "from": "00:00", "to": "24:00"}))
        .collect();
    let always = weekly("America/St_Johns", all_week.into());
    let now = at("2026-03-01T00:00:00Z");
    assert_eq!(always.closes_at(now), None);
    assert_eq!(always.next_open(now), Some(now));
    assert_eq!(
        always.add_business(now, 86_400 * 365),
        Some(now + 365 * super::DAY)
    );
    let never = weekly("UTC", json!([]));
    assert_eq!(never.next_open(now), None);
    assert_eq!(never.add_business(now, 1), None);
    assert_eq!(never.add_business(now, -1), None);
    assert_eq!(never.add_business(now, 0), Some(now));
    assert!(!never.is_open(now));
}

#[test]
fn everything_that_is_wrong_is_told_by_its_path() {
    let problems = Schedule::compile(&Definition {
        time_zone: "Europe/Bonn",
        weekly: &json!([{"day": "monday", "from": "9:00", "to": "24:30"}, 7, {"day": "tue", "from": "09:00", "to": "09:00", "till": 1}]),
        holidays: &json!(["2026-02-29", "25.12.2026"]),
        exceptions: &json!([{"date": "2026-12-24", "intervals": [{"from": "24:00", "to": "12:00"}]},
                            {"date": "2026-12-24", "intervals": []}, {"intervals": {}}]),
    })
    .expect_err("refused");
    let paths: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "time_zone",
            "weekly[1]",
            "weekly[2].till",
            "weekly[0].day",
            "weekly[0].from",
            "weekly[0].to",
            "weekly[2].to",
            "holidays[0]",
            "holidays[1]",
            "exceptions[0].intervals[0].from",
            "exceptions[1].date",
            "exceptions[2].date",
            "exceptions[2].intervals"
        ]
    );
    let spelled = Schedule::compile(&Definition {
        time_zone: "europe/berlin",
        weekly: &json!([]),
        holidays: &json!([]),
        exceptions: &json!([]),
    })
    .expect_err("refused");
    assert_eq!(
        spelled[0].to_string(),
        "time_zone: 'europe/berlin' is written Europe/Berlin"
    );
}

#[test]
fn coverage_tells_who_is_there_and_when_nobody_is() {
    let team = weekly(
        "UTC",
        json!([{"day": "mon", "from": "08:00", "to": "12:00"}]),
    );
    let early = weekly(
        "UTC",
        json!([{"day": "mon", "from": "08:00", "to": "10:15"}]),
    );
    let late = weekly(
        "UTC",
        json!([{"day": "mon", "from": "10:00", "to": "11:30"}]),
    );
    let monday = at("2026-01-05T00:00:00Z");
    let found = coverage(Some(&team), &[Some(&early), Some(&late)], monday, 24);
    let told: Vec<(bool, usize)> = found.hours[7..13]
        .iter()
        .map(|hour| (hour.open, hour.agents))
        .collect();
    assert_eq!(
        told,
        [
            (false, 0),
            (true, 1),
            (true, 1),
            (true, 1),
            (true, 0),
            (false, 0)
        ]
    );
    assert_eq!(
        found.uncovered,
        [(at("2026-01-05T11:30:00Z"), at("2026-01-05T12:00:00Z"))]
    );
    let nobody = coverage(None, &[], monday, 168);
    assert_eq!(nobody.uncovered, [(monday, monday + 7 * super::DAY)]);
    let everybody = coverage(None, &[None, Some(&early)], monday, 168);
    assert!(everybody.uncovered.is_empty() && everybody.hours[8].agents == 2);
}

// ------------------------------------------------- against another library, minute by minute

/// What a schedule says, apart from how the program reads it.
#[derive(Debug, Clone)]
struct Plan {
    zone: &'static str,
    /// Weekday from Monday, minutes of the day.
    weekly: Vec<(usize, u16, u16)>,
    /// Days after the start of the time looked at.
    holidays: Vec<u8>,
    exceptions: Vec<(u8, Vec<(u16, u16)>)>,
    /// Which of the zone's changes lies in the middle of it.
    change: usize,
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

fn plan() -> impl Strategy<Value = Plan> {
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

/// The days from 1995 to 2025 around which this zone changes its clock, by chrono-tz.
fn changes(zone: Tz) -> Vec<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(1995, 1, 1).expect("a date");
    let offset = |date: NaiveDate| {
        let noon = date.and_hms_opt(12, 0, 0).expect("noon");
        zone.from_utc_datetime(&noon).naive_local() - noon
    };
    let mut found: Vec<NaiveDate> = first
        .iter_days()
        .take(31 * 365)
        .filter(|date| offset(*date) != offset(*date + chrono::Days::new(1)))
        .collect();
    if found.is_empty() {
        found.push(first);
    }
    found
}

/// Open minutes of a window that begins at `start` (UTC), found by looking at each.
struct Naive {
    first: i64,
    open: Vec<bool>,
}

impl Naive {
    fn new(plan: &Plan, zone: Tz, start: NaiveDate) -> Self {
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

fn compiled(plan: &Plan, start: NaiveDate) -> Schedule {
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
        let changes = changes(zone);
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
            prop_assert!(plan.weekly.is_empty() || plan.zone == "Pacific/Apia", "{:?}", plan);
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

    #[test]
    fn no_json_and_no_instant_makes_it_panic(text in ".{0,12}", at in any::<i64>(), seconds in any::<i64>()) {
        let value = json!([text, {"day": text, "from": text, "to": text}, {"date": text, "intervals": text}]);
        let definition = Definition { time_zone: &text, weekly: &value, holidays: &value, exceptions: &value };
        prop_assert!(Schedule::compile(&definition).is_err());
        let weekend = weekly("Africa/Casablanca", json!([{"day": "sat", "from": "22:00", "to": "03:00"}]));
        let _ = (weekend.is_open(at), weekend.next_open(at), weekend.closes_at(at));
        let near = at.clamp(super::LATEST - super::HORIZON, super::LATEST);
        let _ = (weekend.add_business(near, seconds), weekend.business(near, at.clamp(near, super::LATEST)));
    }
}

#[test]
fn the_other_library_knows_the_same_changes() {
    // So that the comparison above is one of algorithms and not of two editions of the tz database.
    for name in ZONES {
        let zone: Tz = name.parse().expect("a zone");
        assert!(*name == "UTC" || !changes(zone).is_empty());
        for day in (0..31 * 365).step_by(5) {
            let noon: NaiveDateTime = NaiveDate::from_ymd_opt(1995, 1, 1)
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
