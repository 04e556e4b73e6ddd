//! Which part of a file a request asks for (RFC 9110, section 14).

use http_range_header::{EndPosition, RangeUnsatisfiableError, StartPosition, parse_range_header};
use std::ops::Range;

#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// Also for a header that is not understood, or names several ranges: the whole file is always a right answer.
    Everything,
    Part(Range<u64>),
    /// No byte of the file: 416.
    Nothing,
}

/// The part of a file of `size` bytes that a `Range` header names.
pub fn asked(header: &str, size: u64) -> Asked {
    let parsed = match parse_range_header(header) {
        Ok(parsed) => parsed,
        Err(RangeUnsatisfiableError::ZeroSuffix) => return Asked::Nothing,
        Err(_) => return Asked::Everything,
    };
    let [range] = parsed.ranges.as_slice() else {
        return Asked::Everything;
    };
    let (start, end) = match (range.start, range.end) {
        (StartPosition::Index(from), EndPosition::Index(to)) if from > to => {
            return Asked::Everything;
        }
        (StartPosition::Index(from), EndPosition::Index(to)) => {
            (from, to.saturating_add(1).min(size))
        }
        (StartPosition::Index(from), EndPosition::LastByte) => (from, size),
        (StartPosition::FromLast(last), _) => (size.saturating_sub(last), size),
    };
    if start >= end {
        return Asked::Nothing;
    }
    Asked::Part(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_a_part_the_whole_or_nothing() {
        for (header, expected) in [
            ("bytes=0-3", Asked::Part(0..4)),
            ("bytes=5-", Asked::Part(5..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-99", Asked::Part(0..10)),
            ("bytes=8-99", Asked::Part(8..10)),
            ("bytes=10-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=3-1", Asked::Everything),
            ("bytes=0-1,4-5", Asked::Everything),
            ("lines=1-2", Asked::Everything),
            (
                "bytes=18446744073709551615-18446744073709551615",
                Asked::Nothing,
            ),
        ] {
            assert_eq!(asked(header, 10), expected, "{header}");
        }
    }
}
