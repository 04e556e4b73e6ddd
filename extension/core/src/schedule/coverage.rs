//! Coverage: how many agents of a team are on shift in each hour, and when it is open without any.

use super::compiled::{HOUR, Schedule};

/// One hour. Of an hour in which the team is open for a part, only that part counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    pub from: i64,
    /// Whether the team is open at any moment of it.
    pub open: bool,
    /// The fewest agents on shift at any moment.
    pub agents: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    pub hours: Vec<Hour>,
    /// When the team is open and nobody is on shift, to the microsecond.
    pub uncovered: Vec<(i64, i64)>,
}

/// The next `hours` hours from `from` on. No schedule: open, or on shift, always.
pub fn coverage(
    team: Option<&Schedule>,
    agents: &[Option<&Schedule>],
    from: i64,
    hours: u16,
) -> Coverage {
    let until = from.saturating_add(i64::from(hours) * HOUR);
    let open = times(team, from, until);
    // Stretches in which the number of agents stays as it is.
    let mut changes: Vec<(i64, isize)> = agents
        .iter()
        .flat_map(|agent| times(*agent, from, until))
        .flat_map(|(start, end)| [(start, 1), (end, -1)])
        .collect();
    changes.extend([(from, 0), (until, 0)]);
    changes.sort_unstable();
    let mut on_shift = 0_isize;
    let mut stretches = Vec::new();
    for pair in changes.windows(2) {
        on_shift += pair[0].1;
        if pair[0].0 < pair[1].0 {
            stretches.push((pair[0].0, pair[1].0, usize::try_from(on_shift).unwrap_or(0)));
        }
    }

    let hours = (0..i64::from(hours))
        .map(|n| {
            let (start, end) = (from + n * HOUR, from + (n + 1) * HOUR);
            let open: Vec<(i64, i64)> = within(&open, start, end).collect();
            let counted = if open.is_empty() {
                vec![(start, end)]
            } else {
                open.clone()
            };
            let agents = stretches
                .iter()
                .filter(|(a, b, _)| counted.iter().any(|(start, end)| a < end && start < b))
                .map(|(.., agents)| *agents)
                .min()
                .unwrap_or(0);
            Hour {
                from: start,
                open: !open.is_empty(),
                agents,
            }
        })
        .collect();

    let mut uncovered: Vec<(i64, i64)> = Vec::new();
    for (start, end, _) in stretches.iter().filter(|(.., agents)| *agents == 0) {
        for (start, end) in within(&open, *start, *end) {
            match uncovered.last_mut() {
                Some(last) if last.1 == start => last.1 = end,
                _ => uncovered.push((start, end)),
            }
        }
    }
    Coverage { hours, uncovered }
}

fn times(schedule: Option<&Schedule>, from: i64, until: i64) -> Vec<(i64, i64)> {
    match schedule {
        Some(schedule) => within(
            &schedule.pieces(from, until).collect::<Vec<_>>(),
            from,
            until,
        )
        .collect(),
        None => vec![(from, until)],
    }
}

fn within(
    times: &[(i64, i64)],
    from: i64,
    until: i64,
) -> impl Iterator<Item = (i64, i64)> + use<'_> {
    times
        .iter()
        .map(move |(start, end)| ((*start).max(from), (*end).min(until)))
        .filter(|(start, end)| start < end)
}
