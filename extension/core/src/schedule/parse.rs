//! Schedules from their rows: parsed with every problem reported by its path.

use super::compiled::{Hours, Schedule};
use crate::moment;
use crate::problem::Problem;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The row of a schedule as the administrator wrote it.
#[derive(Debug, Clone, Copy)]
pub struct Definition<'a> {
    /// An IANA name such as `Europe/Berlin`.
    pub time_zone: &'a str,
    /// `[{"day": "mon", "from": "09:00", "to": "17:00"}]`; past midnight when `to` is not after `from`.
    pub weekly: &'a Value,
    /// `["2026-12-25"]`
    pub holidays: &'a Value,
    /// `[{"date": "2026-12-24", "intervals": [{"from": "09:00", "to": "12:00"}]}]`
    pub exceptions: &'a Value,
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Entries of a list: every backend reads all schedules.
const MOST: usize = 4000;

impl Schedule {
    /// Compiles a schedule, or reports every problem of its definition.
    pub fn compile(definition: &Definition<'_>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let zone = zone(definition.time_zone, &mut problems);
        let mut weekly: [Vec<Hours>; 7] = Default::default();
        for (path, entry) in objects(
            "weekly",
            definition.weekly,
            &["day", "from", "to"],
            &mut problems,
        ) {
            let day = day_of_week(&path, entry, &mut problems);
            let hours = hours(&path, entry, &mut problems);
            if let (Some(day), Some(hours)) = (day, hours) {
                weekly[day].push(hours);
            }
        }
        for hours in &mut weekly {
            hours.sort_unstable();
        }
        let mut special: BTreeMap<i64, Vec<Hours>> = BTreeMap::new();
        for (i, value) in list("holidays", definition.holidays, &mut problems)
            .iter()
            .enumerate()
        {
            if let Some(day) = date(&format!("holidays[{i}]"), value, &mut problems) {
                special.insert(day, Vec::new());
            }
        }
        for (day, hours) in exceptions(definition.exceptions, &mut problems) {
            special.insert(day, hours);
        }
        match zone {
            Some(zone) if problems.is_empty() => Ok(Self {
                zone,
                weekly,
                special: special.into_iter().collect(),
            }),
            _ => Err(problems),
        }
    }
}

/// The built-in time zone database: a machine's own may be old, or missing.
fn zones() -> &'static TimeZoneDatabase {
    static ZONES: OnceLock<TimeZoneDatabase> = OnceLock::new();
    ZONES.get_or_init(TimeZoneDatabase::bundled)
}

fn zone(name: &str, problems: &mut Vec<Problem>) -> Option<TimeZone> {
    let found = zones().get(name).ok();
    match found.as_ref().and_then(TimeZone::iana_name) {
        Some(known) if known == name => found,
        Some(known) => {
            problems.push(Problem::new(
                "time_zone",
                format!("'{name}' is written {known}"),
            ));
            None
        }
        None => {
            problems.push(Problem::new(
                "time_zone",
                format!("'{name}' is not a time zone such as Europe/Berlin"),
            ));
            None
        }
    }
}

fn list<'a>(path: &str, value: &'a Value, problems: &mut Vec<Problem>) -> &'a [Value] {
    match value.as_array() {
        Some(items) if items.len() <= MOST => items,
        Some(items) => {
            problems.push(Problem::new(
                path,
                format!("has {} entries, {MOST} are allowed", items.len()),
            ));
            &[]
        }
        None => {
            problems.push(Problem::new(path, "must be a list"));
            &[]
        }
    }
}

/// The objects of a list, with their paths; anything else in it is a problem, and so is an unknown key.
fn objects<'a>(
    path: &str,
    value: &'a Value,
    known: &[&str],
    problems: &mut Vec<Problem>,
) -> Vec<(String, &'a Map<String, Value>)> {
    let mut found = Vec::new();
    for (i, item) in list(path, value, problems).iter().enumerate() {
        let path = format!("{path}[{i}]");
        let Some(object) = item.as_object() else {
            problems.push(Problem::new(
                path,
                format!("must be an object with {}", known.join(", ")),
            ));
            continue;
        };
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            problems.push(Problem::new(
                format!("{path}.{key}"),
                format!("is not known here; one of {}", known.join(", ")),
            ));
        }
        found.push((path, object));
    }
    found
}

fn exceptions(value: &Value, problems: &mut Vec<Problem>) -> BTreeMap<i64, Vec<Hours>> {
    let mut found = BTreeMap::new();
    let nothing = Value::Null;
    for (path, entry) in objects("exceptions", value, &["date", "intervals"], problems) {
        let day = date(
            &format!("{path}.date"),
            entry.get("date").unwrap_or(&nothing),
            problems,
        );
        let intervals = entry.get("intervals").unwrap_or(&nothing);
        let mut that_day = Vec::new();
        let inside = format!("{path}.intervals");
        for (path, interval) in objects(&inside, intervals, &["from", "to"], problems) {
            that_day.extend(hours(&path, interval, problems));
        }
        that_day.sort_unstable();
        if day.is_some_and(|day| found.insert(day, that_day).is_some()) {
            problems.push(Problem::new(
                format!("{path}.date"),
                "is the date of an earlier exception; put all intervals of a day into one",
            ));
        }
    }
    found
}

fn day_of_week(
    path: &str,
    entry: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> Option<usize> {
    let day = entry.get("day").and_then(Value::as_str);
    let found = DAYS.iter().position(|known| Some(*known) == day);
    if found.is_none() {
        problems.push(Problem::new(
            format!("{path}.day"),
            format!("must be one of {}", DAYS.join(", ")),
        ));
    }
    found
}

fn hours(path: &str, entry: &Map<String, Value>, problems: &mut Vec<Problem>) -> Option<Hours> {
    let mut time = |key: &str, latest: u16, example: &str| {
        let minutes = entry
            .get(key)
            .and_then(Value::as_str)
            .and_then(minutes)
            .filter(|m| *m <= latest);
        if minutes.is_none() {
            problems.push(Problem::new(
                format!("{path}.{key}"),
                format!("must be a time of day such as {example}"),
            ));
        }
        minutes
    };
    let (from, to) = (
        time("from", 1439, "09:00"),
        time("to", 1440, "17:00, or 24:00 for the end of the day"),
    );
    let (from, to) = (from?, to?);
    if from == to {
        problems.push(Problem::new(
            format!("{path}.to"),
            "must differ from `from`; a whole day is 00:00 to 24:00",
        ));
        return None;
    }
    Some(Hours {
        from,
        to: if to < from { to + 1440 } else { to },
    })
}

/// `HH:MM` as minutes, up to 24:00.
fn minutes(text: &str) -> Option<u16> {
    let &[a, b, b':', c, d] = text.as_bytes() else {
        return None;
    };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
    let (hour, minute) = (digit(a)? * 10 + digit(b)?, digit(c)? * 10 + digit(d)?);
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= 1440).then_some(minutes)
}

/// `YYYY-MM-DD` as days since 1970.
fn date(path: &str, value: &Value, problems: &mut Vec<Problem>) -> Option<i64> {
    let found = value.as_str().and_then(moment::day);
    if found.is_none() {
        problems.push(Problem::new(path, "must be a date such as 2026-12-25"));
    }
    found
}
