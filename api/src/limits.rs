//! Counts per minute, kept in memory by each process for itself: the requests of an API key, and the refusals of a
//! caller that went to the audit.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_mins(1);

#[derive(Debug, Clone, Copy)]
struct Window {
    began: Instant,
    limit: u32,
    sent: u32,
}

/// The state of a key after a request was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub limit: u32,
    pub remaining: u32,
    /// Seconds until the whole limit is free again
    pub reset: u64,
    pub refused: bool,
}

#[derive(Debug, Default)]
pub struct Limits {
    windows: Mutex<HashMap<String, Window>>,
    pub refusals: Refusals,
}

/// How many refusals of a caller were recorded in the audit within the minute.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<String, (Instant, u32)>>);

impl Refusals {
    /// Rows in the audit for one caller and minute.
    const MOST: u32 = 30;

    /// The suffix of the next refusal's reason; `None` when it is not to be recorded.
    pub fn note(&self, caller: &str) -> Option<&'static str> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get(caller) {
            Some((began, count)) if began.elapsed() < WINDOW => {
                match Self::MOST.checked_sub(*count) {
                    None | Some(0) => None,
                    Some(1) => Some(" (further refusals within the minute are not recorded)"),
                    Some(_) => Some(""),
                }
            }
            _ => Some(""),
        }
    }

    pub fn count(&self, caller: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|_, (began, _)| began.elapsed() < WINDOW);
        counts
            .entry(caller.to_owned())
            .or_insert((Instant::now(), 0))
            .1 += 1;
    }
}

impl Limits {
    /// Counts one request; `None` when the key has no window and its limit must be read.
    pub fn count(&self, key: &str, now: Instant) -> Option<Standing> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.get_mut(key)?;
        let age = now.saturating_duration_since(window.began);
        if age >= WINDOW {
            return None;
        }
        let refused = window.sent >= window.limit;
        window.sent += u32::from(!refused);
        Some(Standing {
            limit: window.limit,
            remaining: window.limit - window.sent,
            reset: WINDOW.saturating_sub(age).as_secs() + 1,
            refused,
        })
    }

    /// Opens a minute for a key, unless another request of it just did.
    pub fn open(&self, key: &str, limit: u32, now: Instant) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows.retain(|_, window| now.saturating_duration_since(window.began) < WINDOW);
        windows.entry(key.to_owned()).or_insert(Window {
            began: now,
            limit,
            sent: 0,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, Standing, WINDOW};
    use std::time::Instant;

    #[test]
    fn a_key_gets_its_limit_in_each_minute_and_no_more() {
        let limits = Limits::default();
        let start = Instant::now();
        assert_eq!(limits.count("k", start), None);
        limits.open("k", 2, start);
        let left = |at| limits.count("k", at).map(|s| (s.remaining, s.refused));
        assert_eq!(left(start), Some((1, false)));
        assert_eq!(left(start), Some((0, false)));
        assert_eq!(left(start), Some((0, true)));
        assert_eq!(left(start + WINDOW), None, "the next minute asks anew");
        limits.open("k", 5, start + WINDOW);
        assert_eq!(
            limits.count("k", start + WINDOW),
            Some(Standing {
                limit: 5,
                remaining: 4,
                reset: 61,
                refused: false
            })
        );
    }
}
