//! What tests throw at the desk, made here by fixed rules: strings that break software, and a day of arrivals.
//! Where collections of other people's data lie beside the checkout (`../shared/data`, or `AUTOCRM_SHARED_DATA`),
//! they are used too; nothing needs them.

use crate::hostile::{Dice, strings};
use std::path::PathBuf;

/// The folder of shared data, when there is one.
pub fn shared(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("AUTOCRM_SHARED_DATA")
        .map_or_else(|| crate::root().join("../shared/data"), PathBuf::from);
    Some(folder.join(name)).filter(|path| path.exists())
}

/// The strings of `hostile`, and those of the shared collection where that is.
pub fn hostile() -> Vec<String> {
    let mut all = strings();
    if let Some(file) = shared("security/naughty-strings.json") {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        all.extend(serde_json::from_str::<Vec<String>>(&text).unwrap_or_default());
    }
    all.into_iter().collect()
}

/// A day at a service desk: the minute of the day at which each ticket comes, in their order, and for how many
/// minutes it stays open; `None` for one that is not solved that month. Nights are quiet, the morning is busiest,
/// most tickets outlast the day.
pub fn day_of_arrivals(seed: u64) -> Vec<(u64, Option<u64>)> {
    const AN_HOUR: [u64; 24] = [
        2, 0, 3, 1, 1, 2, 1, 8, 41, 43, 51, 62, 36, 35, 50, 32, 12, 6, 3, 2, 1, 1, 1, 1,
    ];
    let mut dice = Dice::new(seed);
    let mut day = Vec::new();
    for (hour, expected) in (0..).zip(AN_HOUR) {
        // As many as on a usual day, give or take a fifth.
        let some = expected * (80 + dice.below(41)) / 100;
        for _ in 0..some {
            let minute = hour * 60 + dice.below(60);
            // From minutes to months, each order of magnitude about as often.
            let scale = [10, 100, 1_500, 3_000, 9_000, 20_000, 40_000, 100_000]
                [usize::try_from(dice.below(8)).unwrap_or_default()];
            let open = (dice.below(30) > 0).then(|| 3 + dice.below(scale));
            day.push((minute, open));
        }
    }
    day.sort_unstable();
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_many_and_the_same_each_time() {
        assert!(hostile().len() > 500, "{}", hostile().len());
        assert_eq!(hostile(), hostile());
        let day = day_of_arrivals(1);
        assert_eq!(day, day_of_arrivals(1));
        assert!((300..500).contains(&day.len()), "{}", day.len());
        let ends_that_day = day
            .iter()
            .filter(|(_, open)| open.is_some_and(|open| open < 600))
            .count();
        assert!((40..200).contains(&ends_that_day), "{ends_that_day}");
    }
}
