//! The hash chain of the audit log: each seal digests its rows together with the previous seal, so that a changed,
//! removed or inserted row breaks every digest from there on.

use sha2::{Digest, Sha256};

/// A digest of rows in their order.
#[derive(Debug)]
pub struct Seal(Sha256);

impl Seal {
    /// Starts from the digest of the seal before, empty for the first.
    pub fn after(previous: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(previous);
        Self(hasher)
    }

    /// Adds one row. Its length goes in first: two rows never read as one.
    pub fn add(&mut self, row: &str) {
        self.0.update((row.len() as u64).to_be_bytes());
        self.0.update(row.as_bytes());
    }

    /// Adds one row by its digest, so that the row itself may be erased.
    pub fn add_digest(&mut self, digest: &[u8]) {
        self.0.update((digest.len() as u64).to_be_bytes());
        self.0.update(digest);
    }

    pub fn finish(self) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}

/// The digest that replaces a row whose values are erased.
pub fn row_digest(row: &str) -> Vec<u8> {
    Sha256::digest(row.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn digest(previous: &[u8], rows: &[String]) -> Vec<u8> {
        let mut seal = Seal::after(previous);
        for row in rows {
            seal.add(row);
        }
        seal.finish()
    }

    proptest! {
        #[test]
        fn any_change_shows(rows in prop::collection::vec(".{0,20}", 1..10), at in any::<prop::sample::Index>()) {
            let whole = digest(b"before", &rows);
            let mut changed = rows.clone();
            changed[at.index(rows.len())].push('x');
            prop_assert_ne!(&whole, &digest(b"before", &changed));
            let mut shorter = rows.clone();
            shorter.remove(at.index(rows.len()));
            prop_assert_ne!(&whole, &digest(b"before", &shorter));
            prop_assert_ne!(&whole, &digest(b"other", &rows));
        }
    }
}
