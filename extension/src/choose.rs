//! Who gets a ticket: the next agent of a team in its strategy's order, read from an index and locked.

use crate::clock;
use crate::db;
use crate::places::{self, Seat};
use autocrm_core::balance::{Strategy, Wanted, share};

/// What a ticket asks for.
#[derive(Debug)]
pub struct Need {
    /// In the order in which they are asked when they are equal.
    pub teams: Vec<i64>,
    pub strategy: Strategy,
    pub load: i32,
    pub wanted: Wanted,
    /// From whom a person took it away.
    pub not_user: Option<i64>,
}

/// An agent, locked, who fits; nothing is counted yet.
pub struct Chosen {
    pub team: i64,
    pub seat: Seat,
}

/// Whoever waits for a lock tries again this often before the ticket is left to wait.
const PATIENCE: usize = 50;

// The places are as the snapshot has them; the agent's own row is checked again under its lock.
macro_rules! next {
    // Of all places, in the order of an index.
    (all, $order:literal, $lock:literal) => {
        next!("app.places p", $order, $lock)
    };
    // Of the first of them: there a common skill is soon met, and a rare one soon given up.
    (first, $order:literal, $lock:literal) => {
        next!(
            concat!(
                "(select * from app.places p
                   where p.team_id = $1 and p.free > 0 and p.free >= $2
                     and (p.next_at is null or p.next_at <= $3) and (p.until_at is null or p.until_at > $3)
                   order by ",
                $order,
                " limit 200) p"
            ),
            $order,
            $lock
        )
    };
    // Of those who have the rarest of the skills.
    (skilled, $order:literal, $lock:literal) => {
        next!(
            "app.agent_skills k
               join app.places p on p.user_id = k.user_id
                and k.skill_id = (
                  select w / 8 from unnest($4) w
                   order by (select count(*) from (
                     select from app.agent_skills n where n.skill_id = w / 8 and n.level >= w % 8 limit 500) n)
                   limit 1)",
            $order,
            $lock
        )
    };
    ($from:expr, $order:literal, $lock:literal) => {
        concat!(
            "select l.user_id
               from ",
            $from,
            "
               join app.agent_loads l on l.user_id = p.user_id
              where p.team_id = $1 and p.free > 0 and p.free >= $2
                and (p.next_at is null or p.next_at <= $3) and (p.until_at is null or p.until_at > $3)
                and p.skills @> $4 and p.user_id <> $5 and p.user_id > $6
                and l.available and l.capacity - l.load >= $2
              order by ",
            $order,
            " limit 1 ",
            $lock
        )
    };
}

/// Where the next one is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Among {
    All,
    First,
    Skilled,
}

/// The first of a team, with an id above `above`, who fits; with `lock` the first of them whom nobody else is
/// giving a ticket right now.
fn next(
    team: i64,
    need: &Need,
    skills: &[i64],
    by: Strategy,
    lock: bool,
    above: i64,
) -> Option<i64> {
    if skills.is_empty() {
        return search(Among::All, team, need, skills, by, lock, above);
    }
    // The levels of several skills, added up, are in the order of no index.
    let first = (by != Strategy::MostSkilled)
        .then(|| search(Among::First, team, need, skills, by, lock, above))
        .flatten();
    first.or_else(|| search(Among::Skilled, team, need, skills, by, lock, above))
}

fn search(
    among: Among,
    team: i64,
    need: &Need,
    skills: &[i64],
    by: Strategy,
    lock: bool,
    above: i64,
) -> Option<i64> {
    macro_rules! locked {
        ($among:tt, $order:literal) => {
            if lock {
                next!($among, $order, "for no key update of l skip locked")
            } else {
                next!($among, $order, "")
            }
        };
    }
    macro_rules! ordered {
        ($among:tt) => {
            match by {
                Strategy::RoundRobin => locked!($among, "p.turn, p.user_id"),
                _ => locked!($among, "p.share, p.user_id"),
            }
        };
    }
    let sql = match (among, by) {
        (Among::Skilled, Strategy::MostSkilled) => locked!(
            skilled,
            "(select count(*) from unnest(p.skills) s where s / 8 in (select w / 8 from unnest($4) w)) desc, p.share, p.user_id"
        ),
        (Among::All, _) => ordered!(all),
        (Among::First, _) => ordered!(first),
        (Among::Skilled, _) => ordered!(skilled),
    };
    let args = [
        team.into(),
        need.load.into(),
        clock::now().into(),
        skills.to_vec().into(),
        need.not_user.unwrap_or(0).into(),
        above.into(),
    ];
    if among == Among::Skilled {
        let found = db::rows(sql, &args, |row| row.get::<i64>(1));
        return found.into_iter().flatten().next();
    }
    db::first_by_index(sql, &args)
}

/// The first who fits and is free of locks, checked once more now that they are ours.
fn take_free(team: i64, need: &Need, skills: &[i64], by: Strategy) -> Option<Chosen> {
    for _ in 0..PATIENCE {
        let user = next(team, need, skills, by, true, 0)?;
        places::note_lock(user);
        if let Some(seat) = places::read(user)
            && seat.fits(team, need.load, skills, places::now())
        {
            return Some(Chosen { team, seat });
        }
    }
    None
}

fn by_strategy(need: &Need, skills: &[i64]) -> Option<Chosen> {
    match (need.strategy, skills) {
        (Strategy::None, _) => None,
        (Strategy::FollowTheSun, _) => {
            // The least loaded of each team, then the least loaded of those.
            let mut firsts: Vec<(i32, i64)> = need
                .teams
                .iter()
                .filter_map(|team| {
                    let user = next(*team, need, skills, Strategy::LeastLoaded, false, 0)?;
                    let seat = places::read(user)?;
                    Some((share(seat.load, seat.capacity), *team))
                })
                .collect();
            firsts.sort_by_key(|(share, _)| *share);
            firsts
                .into_iter()
                .find_map(|(_, team)| take_free(team, need, skills, Strategy::LeastLoaded))
        }
        // One skill: its levels from the top, each in the order of an index.
        (Strategy::MostSkilled, [skill]) => {
            let (skill, least) = (skill / 8, skill % 8);
            (least..=5).rev().find_map(|level| {
                take_free(
                    *need.teams.first()?,
                    need,
                    &[skill * 8 + level],
                    Strategy::LeastLoaded,
                )
            })
        }
        (Strategy::MostSkilled, []) => {
            take_free(*need.teams.first()?, need, skills, Strategy::LeastLoaded)
        }
        (strategy, _) => take_free(*need.teams.first()?, need, skills, strategy),
    }
}

/// Chooses and locks. Agents whom another session is giving a ticket right now are passed over at first, so
/// that sessions rarely wait for each other's commit; when only such are left, they are waited for, as long as
/// they come after everybody whom this transaction holds: else waiting could go round in a circle.
pub fn choose(need: &Need) -> Option<Chosen> {
    let relaxed = need.wanted.best != need.wanted.now;
    let found = if relaxed {
        by_strategy(need, &need.wanted.best)
    } else {
        None
    };
    found
        .or_else(|| by_strategy(need, &need.wanted.now))
        .or_else(|| wait_for_one(need))
}

fn wait_for_one(need: &Need) -> Option<Chosen> {
    if need.strategy == Strategy::None {
        return None;
    }
    let skills = &need.wanted.now;
    for _ in 0..PATIENCE {
        let above = places::highest_held();
        let (team, user) = need.teams.iter().find_map(|team| {
            let user = next(*team, need, skills, need.strategy, false, above)?;
            Some((*team, user))
        })?;
        if let Some(seat) = places::lock(user)
            && seat.fits(team, need.load, skills, places::now())
        {
            return Some(Chosen { team, seat });
        }
    }
    None
}
