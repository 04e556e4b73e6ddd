//! The tests of business time by example.

use super::business::HORIZON;
use super::compiled::{DAY, LATEST};
use super::{Definition, Schedule, coverage};
use chrono::DateTime;
use proptest::prelude::*;
use serde_json::{Value, json};

pub(super) fn compile(zone: &str, weekly: Value, holidays: Value, exceptions: Value) -> Schedule {
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
    // The second before an instant is -1 from its first microsecond to its last.
    let noon = at("2026-01-05T12:00:00Z");
    assert_eq!(office.business_seconds(noon, noon - 1), -1);
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
        nights.business_seconds(noon - DAY, noon)
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
        Some(now + 365 * DAY)
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
    assert_eq!(nobody.uncovered, [(monday, monday + 7 * DAY)]);
    let everybody = coverage(None, &[None, Some(&early)], monday, 168);
    assert!(everybody.uncovered.is_empty() && everybody.hours[8].agents == 2);
}

proptest! {
    #[test]
    fn no_json_and_no_instant_makes_it_panic(text in ".{0,12}", at in any::<i64>(), seconds in any::<i64>()) {
        let value = json!([text, {"day": text, "from": text, "to": text}, {"date": text, "intervals": text}]);
        let definition = Definition { time_zone: &text, weekly: &value, holidays: &value, exceptions: &value };
        prop_assert!(Schedule::compile(&definition).is_err());
        let weekend = weekly("Africa/Casablanca", json!([{"day": "sat", "from": "22:00", "to": "03:00"}]));
        let _ = (weekend.is_open(at), weekend.next_open(at), weekend.closes_at(at));
        let near = at.clamp(LATEST - HORIZON, LATEST);
        let _ = (weekend.add_business(near, seconds), weekend.business(near, at.clamp(near, LATEST)));
    }
}
