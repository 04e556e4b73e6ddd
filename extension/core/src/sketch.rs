//! Quantile sketches after DDSketch: how many values fell into each of a fixed set of buckets, whose bounds grow by a
//! constant factor. A quantile is at most 1 % off. Sketches add up in any order, and what was added can be taken out
//! again: counts have a sign, and equal contents are equal bytes. So the sketches of roll-ups are the same whether they
//! were counted step by step or at once.

use std::collections::BTreeMap;

/// How far off a quantile may be, as a share of its value.
const ACCURACY: f64 = 0.01;
/// A bucket's upper bound over its lower one.
const GAMMA: f64 = (1.0 + ACCURACY) / (1.0 - ACCURACY);
/// Buckets on each side of 1: from 3e-10 to 3.5e9, which is 110 years of seconds. Values beyond are counted at the end.
const SIDE: i32 = 1100;
/// All buckets: 0 is for zero and below, and there is one for each from -1100 to 1100.
const MOST_BUCKETS: u16 = 2202;
const VERSION: u8 = 1;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch {
    /// Never 0.
    counts: BTreeMap<u16, i64>,
}

/// Why something is no sketch, or cannot be counted in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// Not written by `bytes`.
    Malformed,
    NotFinite,
    TooMany,
    /// More was taken out than put in.
    Negative,
}

impl Unusable {
    pub fn message(self) -> &'static str {
        match self {
            Self::Malformed => "is no sketch that this desk wrote",
            Self::NotFinite => "must be a finite number",
            Self::TooMany => "counts more values than a bigint holds",
            Self::Negative => "has more taken out than was put in",
        }
    }
}

fn bucket(value: f64) -> u16 {
    if value <= 0.0 {
        return 0;
    }
    // Within ±1100, so that nothing is cut off.
    let side = f64::from(SIDE);
    #[expect(clippy::cast_possible_truncation, reason = "clamped to ±1100")]
    let index = (value.ln() / GAMMA.ln()).ceil().clamp(-side, side) as i32;
    u16::try_from(index + SIDE + 1).unwrap_or(MOST_BUCKETS - 1)
}

/// The value whose distance to both bounds of the bucket is the same share of them.
fn value(bucket: u16) -> f64 {
    if bucket == 0 {
        return 0.0;
    }
    2.0 * GAMMA.powi(i32::from(bucket) - SIDE - 1) / (GAMMA + 1.0)
}

impl Sketch {
    /// Counts a value so many times; a negative number takes it out.
    pub fn add(&mut self, value: f64, times: i64) -> Result<(), Unusable> {
        if !value.is_finite() {
            return Err(Unusable::NotFinite);
        }
        self.count(bucket(value), times)
    }

    fn count(&mut self, bucket: u16, times: i64) -> Result<(), Unusable> {
        if times == 0 {
            return Ok(());
        }
        let count = self.counts.entry(bucket).or_default();
        *count = count.checked_add(times).ok_or(Unusable::TooMany)?;
        if *count == 0 {
            self.counts.remove(&bucket);
        }
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The value below which this share of all lies; `None` without any.
    pub fn quantile(&self, share: f64) -> Result<Option<f64>, Unusable> {
        let mut total = 0i64;
        for times in self.counts.values() {
            if *times < 0 {
                return Err(Unusable::Negative);
            }
            total = total.checked_add(*times).ok_or(Unusable::TooMany)?;
        }
        if total == 0 {
            return Ok(None);
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "a rank among very many is not exact"
        )]
        let rank = share.clamp(0.0, 1.0) * (total - 1) as f64;
        let mut below = 0i64;
        for (bucket, times) in &self.counts {
            below += times;
            #[expect(clippy::cast_precision_loss, reason = "as the rank")]
            if below as f64 > rank {
                return Ok(Some(value(*bucket)));
            }
        }
        Ok(self.counts.keys().next_back().map(|last| value(*last)))
    }

    /// A version, then for each bucket its distance from the one before and its count, as varints.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        let mut next = 0;
        for (bucket, times) in &self.counts {
            write(&mut out, u64::from(*bucket - next));
            write(&mut out, zigzag(*times));
            next = *bucket + 1;
        }
        out
    }

    pub fn parse(bytes: &[u8]) -> Result<Self, Unusable> {
        let mut sketch = Self::default();
        sketch.merge_bytes(bytes)?;
        Ok(sketch)
    }

    /// Adds a sketch as `bytes` wrote it, and takes nothing else.
    pub fn merge_bytes(&mut self, bytes: &[u8]) -> Result<(), Unusable> {
        let Some((&VERSION, mut rest)) = bytes.split_first() else {
            return Err(Unusable::Malformed);
        };
        let mut next = 0u64;
        while !rest.is_empty() {
            let bucket = next
                .checked_add(read(&mut rest)?)
                .filter(|bucket| *bucket < u64::from(MOST_BUCKETS))
                .ok_or(Unusable::Malformed)?;
            let times = unzigzag(read(&mut rest)?);
            if times == 0 {
                return Err(Unusable::Malformed);
            }
            let bucket = u16::try_from(bucket).map_err(|_| Unusable::Malformed)?;
            self.count(bucket, times)?;
            next = u64::from(bucket) + 1;
        }
        Ok(())
    }
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

fn write(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

fn read(rest: &mut &[u8]) -> Result<u64, Unusable> {
    let (mut number, mut shift) = (0u64, 0u32);
    loop {
        let (&byte, after) = rest.split_first().ok_or(Unusable::Malformed)?;
        *rest = after;
        let low = u64::from(byte & 0x7f);
        // Ten bytes hold 64 bits, and a last byte of 0 says nothing.
        if shift > 63 || shift == 63 && low > 1 || byte == 0 && shift > 0 {
            return Err(Unusable::Malformed);
        }
        number |= low << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[f64]) -> Sketch {
        let mut sketch = Sketch::default();
        for value in values {
            sketch.add(*value, 1).expect("finite");
        }
        sketch
    }

    fn values() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(prop_oneof![Just(0.0), 1e-9..1e9, 1.0..1e5], 0..300)
    }

    proptest! {
        #[test]
        fn a_quantile_is_at_most_a_hundredth_off(mut values in values(), share in 0.0..=1.0f64) {
            let found = of(&values).quantile(share).expect("counts of values");
            values.sort_by(f64::total_cmp);
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few values")]
            let exact = values.get((share * values.len().saturating_sub(1) as f64).floor() as usize);
            prop_assert_eq!(found.is_some(), exact.is_some());
            if let (Some(found), Some(exact)) = (found, exact) {
                prop_assert!((found - exact).abs() <= exact * ACCURACY * 1.000_001, "{} for {}", found, exact);
            }
        }

        #[test]
        fn sketches_add_up_in_any_order(a in values(), b in values(), c in values()) {
            let (a, b, c) = (of(&a), of(&b), of(&c));
            let sum = |parts: &[&Sketch]| {
                let mut sum = Sketch::default();
                for part in parts {
                    sum.merge_bytes(&part.bytes()).expect("few values");
                }
                sum
            };
            let left = sum(&[&sum(&[&a, &b]), &c]);
            prop_assert_eq!(&left, &sum(&[&a, &sum(&[&b, &c])]));
            prop_assert_eq!(left.bytes(), sum(&[&c, &b, &a]).bytes());
        }

        #[test]
        fn what_is_taken_out_was_never_there(kept in values(), gone in values()) {
            let mut sketch = of(&kept);
            for value in &gone {
                sketch.add(*value, 1).expect("finite");
            }
            for value in gone.iter().rev() {
                sketch.add(*value, -1).expect("finite");
            }
            prop_assert_eq!(sketch.bytes(), of(&kept).bytes());
        }

        #[test]
        fn bytes_are_read_back_and_are_few(values in values()) {
            let sketch = of(&values);
            let bytes = sketch.bytes();
            prop_assert!(bytes.len() <= 1 + usize::from(MOST_BUCKETS) * 12);
            prop_assert_eq!(Sketch::parse(&bytes), Ok(sketch));
        }

        /// Whatever is taken is what would be written.
        #[test]
        fn other_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(sketch) = Sketch::parse(&bytes) {
                prop_assert_eq!(sketch.bytes(), bytes);
            }
        }

        #[test]
        fn buckets_are_bounded(value in any::<f64>()) {
            let mut sketch = Sketch::default();
            match sketch.add(value, 1) {
                Ok(()) => prop_assert!(sketch.counts.keys().all(|bucket| *bucket < MOST_BUCKETS)),
                Err(error) => prop_assert!(error == Unusable::NotFinite && !value.is_finite()),
            }
        }
    }

    #[test]
    fn counts_do_not_overflow_and_are_not_negative_in_the_end() {
        let mut sketch = Sketch::default();
        sketch.add(7.0, i64::MAX).expect("fits");
        assert_eq!(sketch.add(7.0, 1), Err(Unusable::TooMany));
        sketch.add(9.0, 1).expect("fits");
        assert_eq!(sketch.quantile(0.5), Err(Unusable::TooMany));
        let mut sketch = Sketch::default();
        sketch.add(7.0, -1).expect("fits");
        assert_eq!(sketch.quantile(0.5), Err(Unusable::Negative));
        assert_eq!(Sketch::parse(&sketch.bytes()), Ok(sketch));
    }
}
