//! Places in the log of events. A reader does not remember a number but a snapshot: which transactions it has read.
//! It then asks for what is visible now and was not then, so that nobody waits for a transaction that is still open
//! and none is missed that commits late. A cursor is such a snapshot as text, opaque to whoever keeps it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;

/// Longer ones were never given out: some twenty thousand transactions open at once.
const LONGEST: usize = 64 * 1024;
const VERSION: u8 = 1;

/// Which transactions had ended: those below `xmax` but for the ones that were running. As Postgres' `pg_snapshot`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    xmin: u64,
    xmax: u64,
    /// Ascending, each from `xmin` up to below `xmax`.
    running: Vec<u64>,
}

impl Snapshot {
    /// `None` for one that Postgres would not make.
    #[must_use]
    pub fn new(xmin: u64, xmax: u64, running: Vec<u64>) -> Option<Self> {
        let ascending = running.windows(2).all(|pair| pair[0] < pair[1]);
        let within = running.first().is_none_or(|first| *first >= xmin)
            && running.last().is_none_or(|last| *last < xmax);
        (xmin <= xmax && xmin > 0 && i64::try_from(xmax).is_ok() && ascending && within).then_some(
            Self {
                xmin,
                xmax,
                running,
            },
        )
    }

    #[must_use]
    pub fn xmin(&self) -> u64 {
        self.xmin
    }

    #[must_use]
    pub fn xmax(&self) -> u64 {
        self.xmax
    }

    #[must_use]
    pub fn running(&self) -> &[u64] {
        &self.running
    }

    /// Whether this transaction had ended.
    #[must_use]
    pub fn sees(&self, xid: u64) -> bool {
        xid < self.xmax && (xid < self.xmin || self.running.binary_search(&xid).is_err())
    }

    /// Whether everything that the earlier one sees is seen here too.
    #[must_use]
    pub fn covers(&self, earlier: &Self) -> bool {
        self.xmax >= earlier.xmax
            && self
                .running
                .iter()
                .all(|xid| *xid >= earlier.xmax || !earlier.sees(*xid))
    }

    /// The transactions that were running then and are seen in the later one.
    #[must_use]
    pub fn ended_in(&self, later: &Self) -> Vec<u64> {
        let ended = self.running.iter().copied();
        ended.filter(|xid| later.sees(*xid)).collect()
    }

    /// The same with this transaction as running. Postgres does not list the one that asks.
    #[must_use]
    pub fn without(mut self, own: u64) -> Self {
        if own < self.xmax
            && let Err(place) = self.running.binary_search(&own)
        {
            self.running.insert(place, own);
            self.xmin = self.xmin.min(own);
        }
        self
    }

    /// What this one and the one that sees all below `horizon` see together.
    #[must_use]
    pub fn and_below(&self, horizon: u64) -> Self {
        let mut running = self.running.clone();
        running.retain(|xid| *xid >= horizon);
        Self {
            xmin: self.xmin.max(horizon.min(self.xmax)),
            xmax: self.xmax.max(horizon),
            running,
        }
        .tightened()
    }

    /// Only what is below the oldest that was running: all of that had ended for sure.
    #[must_use]
    pub fn up_to_horizon(&self) -> Self {
        Self {
            xmin: self.xmin,
            xmax: self.xmin,
            running: Vec::new(),
        }
    }

    fn tightened(mut self) -> Self {
        self.xmin = self.running.first().copied().unwrap_or(self.xmax);
        self
    }

    /// Every number moved up.
    #[must_use]
    pub fn shifted(mut self, by: u64) -> Self {
        self.xmin = self.xmin.saturating_add(by);
        self.xmax = self.xmax.saturating_add(by);
        for xid in &mut self.running {
            *xid = xid.saturating_add(by);
        }
        self
    }

    fn write(&self, out: &mut Vec<u8>) {
        put(out, self.xmin);
        put(out, self.xmax - self.xmin);
        put(out, self.running.len() as u64);
        let mut before = self.xmin;
        for xid in &self.running {
            put(out, xid - before);
            before = *xid;
        }
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        let xmin = take(from)?;
        let xmax = xmin.checked_add(take(from)?)?;
        let count = usize::try_from(take(from)?).ok()?;
        if count > from.len() {
            return None;
        }
        let mut running = Vec::with_capacity(count);
        let mut before = xmin;
        for _ in 0..count {
            before = before.checked_add(take(from)?)?;
            running.push(before);
        }
        Self::new(xmin, xmax, running)
    }
}

/// As Postgres writes one: `xmin:xmax:running,…`.
impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.xmin, self.xmax)?;
        for (place, xid) in self.running.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            write!(f, "{comma}{xid}")?;
        }
        Ok(())
    }
}

/// Seven bits a byte, the lowest first.
fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

fn take(from: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        let part = u64::from(byte & 0x7F);
        // The tenth byte has room for one bit.
        if shift == 63 && part > 1 {
            return None;
        }
        value |= part << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// Within a page: everything of `within` up to the event `id` of the transaction `xid` has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub within: Snapshot,
    pub xid: u64,
    pub id: u64,
}

/// How far a reader has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Whose log: another cluster's, another database's or a restored one's has another.
    pub log: u64,
    pub seen: Snapshot,
    pub place: Option<Place>,
}

/// Why a text is no cursor that can be gone on from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// No feed ever gave it out.
    Malformed,
    /// An earlier version gave it out, in numbers that no longer say enough.
    Outdated,
}

impl Cursor {
    /// What all cursors into one page have in common; `.xid.id` of an event makes it that event's.
    #[must_use]
    pub fn prefix(log: u64, seen: &Snapshot, within: &Snapshot) -> String {
        let mut bytes = head(log, seen);
        within.write(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// # Errors
    /// When the text is none, or one of an earlier version.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        if text.len() > LONGEST {
            return Err(Unreadable::Malformed);
        }
        if is_outdated(text) {
            return Err(Unreadable::Outdated);
        }
        Self::read(text).ok_or(Unreadable::Malformed)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let bytes = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        let (version, rest) = bytes.split_first()?;
        let (log, mut rest) = rest.split_first_chunk::<8>()?;
        let seen = Snapshot::read(&mut rest)?;
        let place = match (parts.next(), parts.next()) {
            (Some(xid), Some(id)) => Some(Place {
                within: Snapshot::read(&mut rest)?,
                xid: number(xid)?,
                id: number(id)?,
            }),
            (None, None) => None,
            _ => return None,
        };
        let whole = *version == VERSION && rest.is_empty() && parts.next().is_none();
        whole.then_some(Self {
            log: u64::from_be_bytes(*log),
            seen,
            place,
        })
    }
}

/// Those of earlier versions: `transaction.id`.
fn is_outdated(text: &str) -> bool {
    matches!(text.split_once('.'), Some((xid, id)) if number(xid).is_some() && number(id).is_some())
}

/// Digits alone, as a bigint holds them.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.len() <= 19 && text.bytes().all(|b| b.is_ascii_digit());
    let value = digits.then(|| text.parse::<u64>().ok()).flatten()?;
    i64::try_from(value).is_ok().then_some(value)
}

fn head(log: u64, seen: &Snapshot) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    bytes.extend(log.to_be_bytes());
    seen.write(&mut bytes);
    bytes
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            None => f.write_str(&URL_SAFE_NO_PAD.encode(head(self.log, &self.seen))),
            Some(place) => write!(
                f,
                "{}.{}.{}",
                Self::prefix(self.log, &self.seen, &place.within),
                place.xid,
                place.id
            ),
        }
    }
}

/// The transaction of an event, from its cursor.
#[must_use]
pub fn transaction_of(cursor: &str) -> Option<u64> {
    let mut parts = cursor.rsplit('.');
    parts.next().and_then(number)?;
    parts.next().and_then(number)
}

/// Whose log this is: `what` names the cluster, its timeline, the database and the table.
#[must_use]
pub fn log(what: [u64; 4]) -> u64 {
    use sha2::{Digest, Sha256};
    let bytes: Vec<u8> = what.iter().flat_map(|part| part.to_be_bytes()).collect();
    let digest = Sha256::digest(&bytes);
    digest
        .iter()
        .take(8)
        .fold(0, |all, byte| all << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn snapshot() -> impl Strategy<Value = Snapshot> {
        (
            1_u64..1 << 40,
            proptest::collection::btree_set(0_u64..200, 0..40),
            0_u64..50,
        )
            .prop_map(|(xmin, running, more)| {
                let running: Vec<u64> = running.into_iter().map(|xid| xmin + xid).collect();
                let xmax = running.last().map_or(xmin, |last| last + 1) + more;
                Snapshot::new(xmin, xmax, running).expect("a snapshot")
            })
    }

    proptest! {
        #[test]
        fn a_cursor_is_read_as_it_was_written(log: u64, seen in snapshot(), within in snapshot(), xid in 0_u64..1 << 62, id in 0_u64..1 << 62) {
            for place in [None, Some(Place { within, xid, id })] {
                let cursor = Cursor { log, seen: seen.clone(), place };
                prop_assert_eq!(Cursor::parse(&cursor.to_string()), Ok(cursor));
            }
        }

        #[test]
        fn hostile_cursors_are_refused_and_never_panic(text in "[A-Za-z0-9_.-]{0,80}") {
            let _ = Cursor::parse(&text);
        }

        #[test]
        fn what_two_snapshots_see_together_is_what_either_sees(one in snapshot(), below in -60_i64..260) {
            let horizon = one.xmin().saturating_add_signed(below).max(1);
            let both = one.and_below(horizon);
            for xid in one.xmin().saturating_sub(70)..one.xmax().max(horizon) + 70 {
                prop_assert_eq!(both.sees(xid), one.sees(xid) || xid < horizon, "{} of {} and {}", xid, one, horizon);
            }
            prop_assert!(both.covers(&one));
        }

        #[test]
        fn one_covers_another_when_it_sees_all_that_the_other_sees(one in snapshot(), other in snapshot()) {
            let all = (1..300).map(|n| other.xmin() + n - 50).filter(|xid| other.sees(*xid)).all(|xid| one.sees(xid));
            if one.covers(&other) {
                prop_assert!(all);
            }
        }
    }

    #[test]
    fn the_transaction_that_asks_counts_as_running() {
        let snapshot = Snapshot::new(10, 20, vec![12]).expect("a snapshot");
        assert!(snapshot.sees(15));
        let own = snapshot.without(15);
        assert!(!own.sees(15) && !own.sees(12) && own.sees(14));
        assert_eq!(own.to_string(), "10:20:12,15");
    }

    #[test]
    fn cursors_of_earlier_versions_are_known_as_such() {
        assert_eq!(Cursor::parse("4711.12"), Err(Unreadable::Outdated));
        assert_eq!(Cursor::parse("4711"), Err(Unreadable::Malformed));
        assert_eq!(Cursor::parse(""), Err(Unreadable::Malformed));
        assert_eq!(Cursor::parse("1'; drop table"), Err(Unreadable::Malformed));
    }

    #[test]
    fn hundreds_of_open_transactions_make_a_cursor_of_some_hundred_letters() {
        let running: Vec<u64> = (0..400).map(|n| 5_000_000_000 + n * 3).collect();
        let seen = Snapshot::new(5_000_000_000, 5_000_002_000, running).expect("a snapshot");
        let cursor = Cursor {
            log: 7,
            seen: seen.clone(),
            place: Some(Place {
                within: seen,
                xid: 5_000_001_999,
                id: 77_000_000,
            }),
        };
        assert!(
            cursor.to_string().len() < 1300,
            "{}",
            cursor.to_string().len()
        );
    }

    #[test]
    fn the_transaction_of_an_event_stands_in_its_cursor() {
        let seen = Snapshot::new(7, 9, vec![7]).expect("a snapshot");
        let prefix = Cursor::prefix(1, &seen, &seen);
        assert_eq!(transaction_of(&format!("{prefix}.8.41")), Some(8));
        assert_eq!(transaction_of(&prefix), None);
    }
}
