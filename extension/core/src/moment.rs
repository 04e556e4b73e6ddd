//! Dates and points in time, read from text and brought to one form: `2026-09-05`, and UTC with the digits that a
//! second has. Instants are compared, never texts.
//!
//! The only user of chrono beside the oracle in the tests of business time: jiff, which counts business time, ends in
//! the year 9999, and timestamps of Postgres do not.

use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use std::fmt::Write;

/// Microseconds from 1970, the epoch of Unix, to 2000, the epoch of Postgres.
pub const POSTGRES_EPOCH: i64 = 946_684_800_000_000;
/// Days from the year 1, the epoch of chrono, to 1970.
const CHRONO_EPOCH: i32 = 719_163;

/// `2026-9-5` as `2026-09-05`; `None` for what is no date of the years 1 to 9999.
pub fn date(text: &str) -> Option<String> {
    parse_date(text).map(|date| date.format("%Y-%m-%d").to_string())
}

/// Days since 1970 of a date that is written with all its digits, as `2026-09-05` is.
pub fn day(text: &str) -> Option<i64> {
    let date = parse_date(text).filter(|_| text.len() == 10)?;
    Some(i64::from(date.num_days_from_ce() - CHRONO_EPOCH))
}

fn parse_date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let mut next = |longest: usize| {
        let part = parts.next()?;
        let digits =
            (1..=longest).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    // A year of two digits is ambiguous.
    let whole = parts.next().is_none() && text.find('-') == Some(4) && year > 0;
    whole
        .then(|| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day))
        .flatten()
}

/// `2026-09-05T10:00:00+02:00` as `2026-09-05T08:00:00Z`.
pub fn instant(text: &str) -> Option<String> {
    Some(written(micros_of_instant(text)?)? + "Z")
}

/// Microseconds since 1970 of a point in time with a zone, in the years 1 to 9999 of UTC.
pub fn micros_of_instant(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|at| at.to_utc())
        .filter(|at| (1..=9999).contains(&at.year()))
        .map(|at| at.timestamp_micros())
}

/// Microseconds since 1970 of a point in time with a zone, or of the beginning of a date in UTC.
pub fn micros(text: &str) -> Option<i64> {
    // Nearly every text is neither, which these two bytes show.
    if !text.as_bytes().first().is_some_and(u8::is_ascii_digit)
        || text.as_bytes().get(4) != Some(&b'-')
    {
        return None;
    }
    micros_of_instant(text).or_else(|| {
        let midnight = parse_date(text)?.and_hms_opt(0, 0, 0)?;
        Some(midnight.and_utc().timestamp_micros())
    })
}

/// The instant as a text whose bytes are in the order of instants; a date is the beginning of its day in UTC.
pub fn key(text: &str) -> Option<String> {
    written(micros(text)?)
}

fn written(micros: i64) -> Option<String> {
    let at =
        DateTime::from_timestamp_micros(micros).filter(|at| (1..=9999).contains(&at.year()))?;
    let second = at.format("%Y-%m-%dT%H:%M:%S");
    Some(match at.nanosecond() / 1000 {
        0 => second.to_string(),
        fraction => format!("{second}.{fraction:06}"),
    })
}

/// A timestamptz (microseconds since 2000, UTC) as ISO 8601 in UTC; the infinities as Postgres names them. `None`
/// after the year 262142, where chrono ends.
pub fn timestamptz(micros: i64) -> Option<String> {
    let mut out = String::new();
    write_timestamptz(&mut out, micros).then_some(out)
}

/// Appends a timestamptz to a text; `false`, and nothing appended, where `timestamptz` is `None`.
pub fn write_timestamptz(out: &mut String, micros: i64) -> bool {
    if micros == i64::MAX || micros == i64::MIN {
        out.push_str(if micros > 0 { "infinity" } else { "-infinity" });
        return true;
    }
    let Some(at) = DateTime::from_timestamp_micros(micros.saturating_add(POSTGRES_EPOCH)) else {
        return false;
    };
    let _ = write!(
        out,
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    );
    let fraction = at.timestamp_subsec_micros();
    if fraction > 0 {
        let digits = format!("{fraction:06}");
        out.push('.');
        out.push_str(digits.trim_end_matches('0'));
    }
    out.push_str("+00:00");
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_have_one_form() {
        for (given, wanted) in [
            ("2026-9-5", Some("2026-09-05")),
            ("2026-09-05", Some("2026-09-05")),
            ("2024-2-29", Some("2024-02-29")),
            ("2023-02-29", None),
            ("26-9-5", None),
            ("2026- 9- 5", None),
            ("+2026-9-5", None),
            ("2026-09-05 ", None),
            ("2026-09", None),
            ("0000-01-01", None),
            ("12026-01-01", None),
            ("2026-09-05T00:00:00Z", None),
            ("tomorrow", None),
        ] {
            assert_eq!(date(given).as_deref(), wanted, "{given}");
        }
        for (given, wanted) in [
            ("2026-09-05", Some(20_701)),
            ("1970-01-01", Some(0)),
            ("0001-01-01", Some(-719_162)),
            ("2026-9-5", None),
            ("+026-09-05", None),
            ("2026-09- 5", None),
        ] {
            assert_eq!(day(given), wanted, "{given}");
        }
    }

    #[test]
    fn points_in_time_are_told_in_utc() {
        for (given, wanted) in [
            ("2026-09-05T10:00:00+02:00", Some("2026-09-05T08:00:00Z")),
            ("2026-09-05t08:00:00z", Some("2026-09-05T08:00:00Z")),
            (
                "2026-01-01T00:30:00.500+01:00",
                Some("2025-12-31T23:30:00.500000Z"),
            ),
            ("2026-01-01T00:00:00.000Z", Some("2026-01-01T00:00:00Z")),
            ("2026-01-01T00:00:00", None),
            ("2026-01-01", None),
            ("0001-01-01T00:00:00+02:00", None),
            ("infinity", None),
        ] {
            assert_eq!(instant(given).as_deref(), wanted, "{given}");
        }
        assert_eq!(
            micros("2026-09-05T10:00:00+02:00"),
            micros("2026-09-05T08:00:00Z")
        );
        assert!(micros("2026-9-5") < micros("2026-09-05T00:00:01Z"));
        assert_eq!(micros("a word"), None);
    }

    proptest! {
        #[test]
        fn the_one_form_stays_as_it_is(text in "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,8})?(Z|[+-][0-9]{2}:[0-9]{2}))?") {
            if let Some(one) = instant(&text) {
                prop_assert_eq!(instant(&one), Some(one.clone()));
                prop_assert_eq!(micros(&one), micros(&text));
            }
            if let Some(one) = date(&text) {
                prop_assert_eq!(date(&one), Some(one.clone()));
            }
        }
    }
}
