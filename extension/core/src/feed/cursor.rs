//! A cursor: how far a reader has come, as a text that is opaque to the reader.

use super::snapshot::Snapshot;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::fmt;

/// Bytes of a cursor: enough for twenty thousand open transactions.
const LONGEST: usize = 64 * 1024;
const VERSION: u8 = 1;

/// A position within a page: everything of `within` up to the event `id` of the transaction `xid` has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub within: Snapshot,
    pub xid: u64,
    pub id: u64,
}

/// How far a reader has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The identity of the log, from `log()`.
    pub log: u64,
    pub seen: Snapshot,
    pub place: Option<Place>,
}

/// Why a text is no cursor to continue from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// No feed made it.
    Malformed,
    /// An earlier version made it, without the snapshot that is needed now.
    Outdated,
}

impl Cursor {
    /// The part that all cursors into one page share; `.xid.id` of an event completes it.
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

/// Whether an earlier version made it: `transaction.id`.
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

/// The identity of a log by its cluster, timeline, database and table. A restored log has another one.
#[must_use]
pub fn log(origin: [u64; 4]) -> u64 {
    let bytes: Vec<u8> = origin.iter().flat_map(|part| part.to_be_bytes()).collect();
    let digest = Sha256::digest(&bytes);
    digest
        .iter()
        .take(8)
        .fold(0, |all, byte| all << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::super::snapshot::tests::snapshot;
    use super::*;
    use proptest::prelude::*;

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
