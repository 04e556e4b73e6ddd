//! Filters on times: `created>2026-01-31`.

use super::terms::Op;
use crate::moment::{POSTGRES_EPOCH, day, micros_of_instant, timestamptz};

const DAY: i64 = 86_400_000_000;
/// Its timestamps have a fifth digit, which is not read back.
const YEAR_10000: i64 = 253_402_300_800_000_000;

/// The comparison of a column with a day (UTC), which is all of it: `>` begins at its end; or with a point in time.
pub(super) fn time(column: &str, op: Op, value: &str) -> Result<String, String> {
    let of_day = day(value).map(|day| (day * DAY, (day + 1) * DAY));
    let of_instant = || micros_of_instant(value).map(|at| (at, at + 1));
    let Some((from, to)) = of_day.or_else(of_instant) else {
        return Err(format!(
            "'{value}' is not a day such as 2026-01-31, nor a time such as 2026-01-31T09:00:00Z"
        ));
    };
    if to >= YEAR_10000 {
        return Err(format!("'{value}' lies outside of the years 1 to 9999"));
    }
    let at = |micros: i64| {
        let text = timestamptz(micros - POSTGRES_EPOCH).unwrap_or_default();
        format!("timestamptz '{text}'")
    };
    Ok(match op {
        Op::Is => format!("({column} >= {} and {column} < {})", at(from), at(to)),
        Op::Less => format!("{column} < {}", at(from)),
        Op::LessOrEqual => format!("{column} < {}", at(to)),
        Op::Greater => format!("{column} >= {}", at(to)),
        Op::GreaterOrEqual => format!("{column} >= {}", at(from)),
    })
}
