//! `autocrm.simulate_routing()`: past tickets tried against a draft of the rules. Nothing is written.

use crate::conditions::check::check;
use crate::conditions::stored::Stored;
use crate::config::{Config, config};
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::{native, refuse};
use crate::pg::json::Held;
use autocrm_core::actions::{Action, parse_actions};
use autocrm_core::assign::{Agent, Arrival, Given, Strategy, gini, replay};
use autocrm_core::problem::Problem;
use autocrm_core::rules::{Rule, Rules};
use pgrx::prelude::*;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

/// More than a month of a busy desk; the answer says when there were more.
const MOST: usize = 50_000;
/// How many tickets are in memory at once, with all that rules may ask of them.
const AT_ONCE: i64 = 1_000;
const EXAMPLES: usize = 20;
/// Rules of a draft.
const MOST_RULES: usize = 1_000;
/// Characters of the name of a rule.
const NAME: usize = 200;

/// What really happened to a ticket when it came in.
struct Then {
    team: Option<i64>,
    assignee: Option<i64>,
}

// `select autocrm.simulate_routing('[{"name": "All to Tech", "actions": [{"set": "team", "value": "Tech"}]}]', now() - interval '30 days', now())`
native!(simulate_routing, pg_finfo_simulate_routing, |fcinfo| {
    let (draft, from, to): (
        Option<Json>,
        Option<TimestampWithTimeZone>,
        Option<TimestampWithTimeZone>,
    ) = args(fcinfo);
    let (Some(from), Some(to)) = (from, to) else {
        refuse(
            "There is nothing to simulate",
            &[Problem::new("from", "say from when to when")],
            "Give two points in time.",
        );
    };
    if !crate::identity::actor().is_admin() {
        crate::pg::error::fail(
            "TK403",
            "Only administrators simulate routing",
            None,
            Some("Ask an administrator."),
        );
    }
    let config = config();
    let rules = draft.map_or_else(rules_of_today, |json| draft_rules(&json));
    answer(
        fcinfo,
        Some(pgrx::JsonB(simulate(&config, &rules, from, to))),
    )
});

/// The rules that are in force, compiled once more: those of the cache belong to it.
fn rules_of_today() -> Rules {
    Rules::new(crate::config::rules::routing_rules())
}

/// A draft as an administrator writes it: rules in their order, each like a row of app.routing_rules.
fn draft_rules(json: &Json) -> Rules {
    let Some(list) = json.as_array() else {
        refuse(
            "The draft cannot be tried",
            &[Problem::new("rules", "must be a list of rules")],
            "Send the rules in their order.",
        );
    };
    if list.len() > MOST_RULES {
        let message = format!("has more than {MOST_RULES} rules");
        refuse(
            "The draft cannot be tried",
            &[Problem::new("rules", message)],
            "Send fewer rules.",
        );
    }
    let mut problems = Vec::new();
    let mut rules = Vec::new();
    for (i, item) in list.iter().enumerate() {
        let at = |problem: Problem| {
            Problem::new(format!("rules[{i}].{}", problem.path), problem.message)
        };
        if item["name"]
            .as_str()
            .is_some_and(|name| name.chars().nth(NAME).is_some())
        {
            let message = format!("must have at most {NAME} characters");
            problems.push(Problem::new(format!("rules[{i}].name"), message));
        }
        let nothing = json!({"all": []});
        let conditions = check(item.get("conditions").unwrap_or(&nothing));
        let actions = parse_actions(item.get("actions").unwrap_or(&json!([])));
        match (conditions, actions) {
            (Ok(conditions), Ok(actions)) => rules.push(Rule {
                id: i64::try_from(i).unwrap_or_default() + 1,
                name: item["name"].as_str().unwrap_or_default().to_owned(),
                conditions,
                actions,
                stop: item.get("stop").and_then(Json::as_bool).unwrap_or(true),
            }),
            (conditions, actions) => {
                problems.extend(conditions.err().unwrap_or_default().into_iter().map(at));
                problems.extend(actions.err().unwrap_or_default().into_iter().map(at));
            }
        }
    }
    if !problems.is_empty() {
        refuse(
            "The draft cannot be tried as it is",
            &problems,
            "Correct each part and try again.",
        );
    }
    Rules::new(rules)
}

fn agents() -> Vec<(Agent, String)> {
    db::rows(
        "select u.id, u.name, u.capacity,
                array(select m.team_id from app.memberships m where m.user_id = u.id),
                (select coalesce(jsonb_object_agg(k.skill_id, k.level), '{}') from app.agent_skills k where k.user_id = u.id)
           from app.users u
          where u.active and u.role in ('agent', 'admin')
            and exists (select from app.memberships m where m.user_id = u.id)
          order by u.id",
        &[],
        |row| {
            let skills: Option<Held> = row.get(5)?;
            let skills: Map<String, Json> = skills.and_then(|json| json.0.as_object().cloned()).unwrap_or_default();
            Ok((
                Agent {
                    id: row.get(1)?.unwrap_or_default(),
                    capacity: row.get(3)?.unwrap_or_default(),
                    teams: row.get::<Vec<i64>>(4)?.unwrap_or_default().into_iter().collect(),
                    skills: levels(&skills).into_iter().collect(),
                },
                row.get::<String>(2)?.unwrap_or_default(),
            ))
        },
    )
}

fn levels(skills: &Map<String, Json>) -> Vec<(i64, i32)> {
    skills
        .iter()
        .filter_map(|(id, level)| Some((id.parse().ok()?, i32::try_from(level.as_i64()?).ok()?)))
        .collect()
}

/// The first decision about each of these tickets, as its event told it.
fn history(tickets: &[Stored<'_>]) -> Vec<(i64, Then)> {
    let ids: Vec<i64> = tickets.iter().map(|ticket| ticket.id).collect();
    db::rows(
        "select e.ticket_id, (e.data ->> 'team_id')::bigint, (e.data ->> 'assignee_id')::bigint
           from app.events e
          where e.ticket_id = any ($1) and e.name = 'ticket.created'",
        &[ids.into()],
        |row| {
            Ok((
                row.get::<i64>(1)?.unwrap_or_default(),
                Then {
                    team: row.get(2)?,
                    assignee: row.get(3)?,
                },
            ))
        },
    )
}

/// What the rules say of one ticket: team, skills, whether anybody is to be given it.
struct Verdict<'a> {
    rule: Option<&'a str>,
    team: Option<i64>,
    skills: Vec<(i64, i32)>,
    weight: i32,
    strategy: Strategy,
    /// Where it may go when it follows the sun.
    sun: Vec<i64>,
    load: i32,
}

fn verdict<'a>(config: &Config, rules: &'a Rules, ticket: &Stored<'_>) -> Verdict<'a> {
    let decision = rules.decide(ticket);
    let mut verdict = Verdict {
        rule: decision.matched.first().map(|rule| rule.name.as_str()),
        team: None,
        skills: Vec::new(),
        weight: ticket
            .text("priority")
            .and_then(|key| config.priority_by_key(key))
            .map_or(0, |priority| priority.weight),
        strategy: Strategy::default(),
        sun: Vec::new(),
        load: 0,
    };
    let (mut strategy, mut priority) = (None, ticket.text("priority").map(str::to_owned));
    for action in decision.actions() {
        match action {
            Action::Team(name) => {
                verdict.team = config
                    .teams
                    .get(&name.to_lowercase())
                    .copied()
                    .or(verdict.team);
            }
            Action::Priority(key) => {
                if let Some(found) = config.priority_by_key(key) {
                    verdict.weight = found.weight;
                    priority = Some(key.clone());
                }
            }
            Action::RequireSkill(name, level) => {
                if let Some(id) = config.skills.get(&name.to_lowercase()) {
                    verdict.skills.push((*id, *level));
                }
            }
            Action::Balance(chosen, teams) => {
                strategy = Some(*chosen);
                verdict.sun = teams
                    .iter()
                    .filter_map(|name| config.teams.get(&name.to_lowercase()).copied())
                    .collect();
            }
            _ => {}
        }
    }
    verdict.team = verdict.team.or(verdict.sun.first().copied());
    verdict.strategy = strategy
        .or(verdict.team.map(|team| config.manner(team).strategy))
        .unwrap_or_default();
    let priority = priority.and_then(|key| config.priority_by_key(&key));
    verdict.load = config.load_of(
        priority.map(|priority| priority.id),
        ticket.text("channel").unwrap_or_default(),
    );
    verdict
}

/// What is kept of tickets whose rows have been let go.
#[derive(Default)]
struct Replayed<'a> {
    verdicts: Vec<Verdict<'a>>,
    arrivals: Vec<Arrival>,
    then: HashMap<i64, Then>,
    moved: usize,
    /// The first that would have gone to another team.
    examples: Vec<Json>,
    more: bool,
}

impl<'a> Replayed<'a> {
    /// Tickets made in a span of time, some of them in memory at once.
    fn between(
        config: &Config,
        rules: &'a Rules,
        from: TimestampWithTimeZone,
        to: TimestampWithTimeZone,
    ) -> Self {
        let mut replayed = Self::default();
        let mut after = (from, 0);
        let mut told = Instant::now();
        loop {
            let page = Stored::made_after(config, after, to, AT_ONCE);
            let Some((last, at)) = page
                .last()
                .and_then(|ticket| Some((ticket.id, ticket.created_at()?)))
            else {
                return replayed;
            };
            replayed.then.extend(history(&page));
            for ticket in page {
                if replayed.arrivals.len() >= MOST {
                    replayed.more = true;
                    return replayed;
                }
                pgrx::check_for_interrupts!();
                replayed.add(config, rules, &ticket.untouched());
            }
            after = (at, last);
            if told.elapsed() >= Duration::from_secs(10) {
                told = Instant::now();
                notice!("{} tickets are tried", replayed.arrivals.len());
            }
        }
    }

    fn add(&mut self, config: &Config, rules: &'a Rules, ticket: &Stored<'_>) {
        let verdict = verdict(config, rules, ticket);
        let micros = |at: Option<TimestampWithTimeZone>| at.map(TimestampWithTimeZone::into_inner);
        let at = micros(ticket.created_at()).unwrap_or_default();
        let was = self.then.get(&ticket.id).map(|then| then.team);
        if was.is_some_and(|was| was != verdict.team) {
            self.moved += 1;
            if self.examples.len() < EXAMPLES {
                let name = |team: Option<i64>| team.and_then(|id| config.team_name(id));
                self.examples.push(
                    json!({"ticket_id": ticket.id, "subject": ticket.text("subject"), "then": name(was.flatten()),
                           "now": name(verdict.team), "rule": verdict.rule}),
                );
            }
        }
        self.arrivals.push(Arrival {
            id: ticket.id,
            at,
            lasts: micros(ticket.solved_at()).map(|end| (end - at).max(0)),
            weight: verdict.weight,
            teams: match verdict.strategy {
                Strategy::FollowTheSun if !verdict.sun.is_empty() => verdict.sun.clone(),
                _ => verdict.team.into_iter().collect(),
            },
            strategy: verdict.strategy,
            load: verdict.load,
            skills: verdict.skills.clone(),
        });
        self.verdicts.push(verdict);
    }
}

fn simulate(
    config: &Config,
    rules: &Rules,
    from: TimestampWithTimeZone,
    to: TimestampWithTimeZone,
) -> Json {
    let Replayed {
        verdicts,
        arrivals,
        then,
        moved,
        examples,
        more,
    } = Replayed::between(config, rules, from, to);
    let people = agents();
    let agents: Vec<Agent> = people.iter().map(|(agent, _)| agent.clone()).collect();
    let given = replay(&arrivals, &agents);
    json!({
        "from": from, "to": to, "tickets": arrivals.len(), "more": more,
        "matched": verdicts.iter().filter(|v| v.rule.is_some()).count(),
        "rules": by_rule(rules, &verdicts),
        "teams": by_team(config, &arrivals, &then),
        "moved": {"tickets": moved, "first": examples},
        "waiting": waiting(&arrivals, &given),
        "load": load(&people, &given, &then),
        "uncovered_skills": uncovered(config, &arrivals, &agents),
    })
}

fn by_rule(rules: &Rules, verdicts: &[Verdict<'_>]) -> Vec<Json> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in verdicts.iter().filter_map(|verdict| verdict.rule) {
        *counts.entry(name).or_default() += 1;
    }
    rules
        .in_order()
        .iter()
        .map(|rule| {
            let count = counts.get(rule.name.as_str()).copied().unwrap_or_default();
            json!({"name": rule.name, "tickets": count})
        })
        .collect()
}

fn by_team(config: &Config, arrivals: &[Arrival], then: &HashMap<i64, Then>) -> Vec<Json> {
    let mut counts: BTreeMap<Option<&str>, (usize, usize)> = BTreeMap::new();
    for arrival in arrivals {
        crate::pg::interrupts();
        let was = then.get(&arrival.id).and_then(|then| then.team);
        let name = |team: Option<i64>| team.and_then(|id| config.team_name(id));
        counts.entry(name(was)).or_default().0 += 1;
        counts
            .entry(name(arrival.teams.first().copied()))
            .or_default()
            .1 += 1;
    }
    counts
        .into_iter()
        .map(|(team, (then, now))| json!({"team": team, "then": then, "now": now}))
        .collect()
}

/// Seconds that tickets would have waited for somebody with room; those of no team wait for nobody.
fn waiting(arrivals: &[Arrival], given: &[Given]) -> Json {
    let with_team = arrivals.iter().filter(|a| !a.teams.is_empty()).count();
    let mut seconds: Vec<i64> = given.iter().map(|g| g.waited / 1_000_000).collect();
    seconds.sort_unstable();
    let at = |share: usize| {
        seconds
            .get((seconds.len() * share / 100).min(seconds.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    };
    json!({
        "assigned": given.len(), "never_assigned": with_team - given.len(),
        "waited": seconds.iter().filter(|s| **s > 0).count(),
        "median_seconds": at(50), "p90_seconds": at(90), "longest_seconds": seconds.last().copied().unwrap_or_default(),
    })
}

/// How evenly: the Gini coefficient of tickets per slot, 0 when all agents had their share.
fn load(people: &[(Agent, String)], given: &[Given], then: &HashMap<i64, Then>) -> Json {
    let mut now: HashMap<i64, u32> = HashMap::new();
    for one in given {
        *now.entry(one.agent).or_default() += 1;
    }
    let mut was: HashMap<i64, u32> = HashMap::new();
    for agent in then.values().filter_map(|then| then.assignee) {
        *was.entry(agent).or_default() += 1;
    }
    let shares = |counts: &HashMap<i64, u32>| -> Vec<f64> {
        people
            .iter()
            .filter(|(agent, _)| agent.capacity > 0)
            .map(|(agent, _)| {
                f64::from(counts.get(&agent.id).copied().unwrap_or_default())
                    / f64::from(agent.capacity)
            })
            .collect()
    };
    let agents: Vec<Json> = people
        .iter()
        .map(|(agent, name)| {
            json!({"user_id": agent.id, "name": name, "then": was.get(&agent.id).unwrap_or(&0),
                   "now": now.get(&agent.id).unwrap_or(&0)})
        })
        .collect();
    json!({"gini_then": gini(&shares(&was)), "gini": gini(&shares(&now)), "agents": agents})
}

/// Skills that tickets of a team would have required and nobody in it has.
fn uncovered(config: &Config, arrivals: &[Arrival], agents: &[Agent]) -> Vec<Json> {
    let mut counts: BTreeMap<(i64, i64, i32), usize> = BTreeMap::new();
    for arrival in arrivals {
        let Some(team) = arrival.teams.first().copied() else {
            continue;
        };
        for (skill, level) in arrival.skills.iter().collect::<HashSet<_>>() {
            let covered = agents
                .iter()
                .any(|agent| agent.teams.contains(&team) && agent.has(&[(*skill, *level)]));
            if !covered {
                *counts.entry((team, *skill, *level)).or_default() += 1;
            }
        }
    }
    let skill_name = |id: i64| {
        config
            .skills
            .iter()
            .find_map(|(name, skill)| (*skill == id).then_some(name.as_str()))
    };
    counts
        .into_iter()
        .map(|((team, skill, level), tickets)| {
            json!({"team": config.team_name(team), "skill": skill_name(skill), "level": level, "tickets": tickets})
        })
        .collect()
}
