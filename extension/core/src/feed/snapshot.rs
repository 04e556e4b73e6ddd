//! Snapshots of transactions, as Postgres' `pg_snapshot`, and how they are written as bytes.

use std::fmt;

/// The transactions that had ended: those below `xmax` without the running ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    xmin: u64,
    xmax: u64,
    /// Ascending, each from `xmin` up to below `xmax`.
    running: Vec<u64>,
}

impl Snapshot {
    /// `None` where Postgres would not make it.
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

    /// With this transaction as running too: Postgres leaves out the one that takes the snapshot.
    #[must_use]
    pub fn without(mut self, own: u64) -> Self {
        if own < self.xmax
            && let Err(index) = self.running.binary_search(&own)
        {
            self.running.insert(index, own);
            self.xmin = self.xmin.min(own);
        }
        self
    }

    /// The union with the snapshot that sees everything below `horizon`.
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

    /// Only what is below the oldest running one: all of that had ended.
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

    /// With every number higher by so much.
    #[must_use]
    pub fn shifted(mut self, by: u64) -> Self {
        self.xmin = self.xmin.saturating_add(by);
        self.xmax = self.xmax.saturating_add(by);
        for xid in &mut self.running {
            *xid = xid.saturating_add(by);
        }
        self
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put(out, self.xmin);
        put(out, self.xmax - self.xmin);
        put(out, self.running.len() as u64);
        let mut before = self.xmin;
        for xid in &self.running {
            put(out, xid - before);
            before = *xid;
        }
    }

    pub(super) fn read(from: &mut &[u8]) -> Option<Self> {
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
        for (index, xid) in self.running.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub fn snapshot() -> impl Strategy<Value = Snapshot> {
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
}
