//! Skill sets: the skills that a ticket requires or, for a time, prefers, as arrays of numbers.

use serde_json::{Map, Value as Json};

const MINUTE: i64 = 60_000_000;

/// A skill at a level as one number, so that a set of them is an array.
fn code(skill: i64, level: i64) -> i64 {
    skill.saturating_mul(8).saturating_add(level)
}

/// The skill sets of a ticket at one time.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Required skills, and preferred ones whose time is not over.
    pub now: Vec<i64>,
    /// All required and preferred skills: an agent who has them is still the better choice.
    pub best: Vec<i64>,
    /// The end of the next preference.
    pub relax_at: Option<i64>,
}

/// From `{"7": 3}` (required) and `{"9": {"level": 2, "until": 15}}` (preferred for 15 minutes) by skill id.
pub fn wanted(
    required: &Map<String, Json>,
    preferred: &Map<String, Json>,
    created: i64,
    now: i64,
) -> Wanted {
    let skill = |key: &str| key.parse::<i64>().ok();
    let mut wanted = Wanted::default();
    for (key, level) in required {
        if let (Some(skill), Some(level)) = (skill(key), level.as_i64()) {
            wanted.now.push(code(skill, level.clamp(1, 5)));
        }
    }
    wanted.best.clone_from(&wanted.now);
    for (key, preference) in preferred {
        let Some(skill) = skill(key) else { continue };
        let code = code(skill, preference["level"].as_i64().unwrap_or(1).clamp(1, 5));
        let minutes = preference["until"].as_i64().unwrap_or(0);
        let until = created.saturating_add(minutes.saturating_mul(MINUTE));
        wanted.best.push(code);
        if until > now {
            wanted.now.push(code);
            wanted.relax_at = Some(wanted.relax_at.map_or(until, |at| at.min(until)));
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_preferred_skill_is_wanted_for_its_time_and_a_required_one_for_ever() {
        let required = json!({"7": 3}).as_object().cloned().unwrap_or_default();
        let preferred = json!({"9": {"level": 2, "until": 15}, "4": {"level": 1, "until": 0}});
        let preferred = preferred.as_object().cloned().unwrap_or_default();
        let mut early = wanted(&required, &preferred, 0, 14 * MINUTE);
        early.best.sort_unstable();
        assert_eq!(early.now, [59, 74]);
        assert_eq!(early.best, [33, 59, 74]);
        assert_eq!(early.relax_at, Some(15 * MINUTE));
        let late = wanted(&required, &preferred, 0, 15 * MINUTE);
        assert_eq!((late.now, late.relax_at), (vec![59], None));
    }

    #[test]
    fn a_time_beyond_all_times_is_the_last_one() {
        let none = Map::new();
        let preferred =
            json!({"9": {"level": 2, "until": i64::MAX}, "5": {"level": 1, "until": i64::MIN}});
        let preferred = preferred.as_object().cloned().unwrap_or_default();
        let found = wanted(&none, &preferred, 5, 10);
        assert_eq!((found.now, found.relax_at), (vec![74], Some(i64::MAX)));
    }
}
