//! The tests of clocks: by example, and against the oracle on random histories.

use super::naive::{Cycle, Wish, cycles};
use super::*;
use crate::schedule::Schedule;
use crate::schedule::naive::{Naive, Plan, changes, compiled, plan};
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::json;

const MINUTE: i64 = 60_000_000;
/// Minutes that a history takes: so much that it reaches from before a change of the clock to behind it.
const WINDOW: usize = 20 * 1440;

/// The one schedule of a test, where it has one.
struct Only(Option<Schedule>);

impl Hours for Only {
    fn business(&self, _: i64, from: i64, to: i64) -> i64 {
        self.0
            .as_ref()
            .map_or(to - from, |schedule| schedule.business(from, to))
    }

    fn after(&self, _: i64, from: i64, micros: i64) -> Option<i64> {
        match &self.0 {
            Some(schedule) => schedule.after(from, micros),
            None => Some(from + micros),
        }
    }
}

fn goal(metric: Metric, minutes: i64, business: bool) -> Goal {
    Goal {
        metric,
        priority: None,
        minutes,
        business,
    }
}

fn in_force(goals: &[Goal]) -> InForce<'_> {
    InForce {
        id: 1,
        version: 1,
        since: i64::MIN,
        goals,
        near: Some(50),
        priority: "normal",
        schedule: Some(1),
    }
}

fn moment(at: i64, category: Option<Category>, spoke: &[Speaker]) -> Moment {
    Moment {
        at,
        category,
        spoke: spoke.to_vec(),
    }
}

/// What clocks have come to, by metric and instance; later states of one clock replace earlier ones.
#[derive(Default)]
struct Written(Vec<Clock>);

impl Written {
    fn write(&mut self, ticket: &mut Ticket) -> Vec<(Event, Clock)> {
        let (clocks, events) = ticket.take();
        for clock in clocks {
            let same =
                |known: &Clock| (known.metric, known.instance) == (clock.metric, clock.instance);
            self.0.retain(|known| !same(known));
            self.0.push(clock);
        }
        events
    }
}

fn category() -> impl Strategy<Value = Category> {
    prop::sample::select(vec![
        Category::New,
        Category::Open,
        Category::Open,
        Category::Pending,
        Category::OnHold,
        Category::Solved,
    ])
}

fn speaker() -> impl Strategy<Value = Speaker> {
    prop::sample::select(vec![Speaker::Requester, Speaker::Staff])
}

/// A history in minutes of the window.
fn history() -> impl Strategy<Value = Vec<Moment>> {
    let rest = prop::collection::vec(
        (
            1usize..1500,
            prop::option::weighted(0.6, category()),
            prop::option::weighted(0.5, speaker()),
        ),
        0..14,
    );
    (0usize..3000, rest).prop_map(|(created, rest)| {
        let mut at = created;
        let mut moments = vec![moment(
            i64::try_from(at).expect("small"),
            Some(Category::New),
            &[],
        )];
        for (later, category, speaker) in rest {
            at += later;
            let said: Vec<Speaker> = speaker.into_iter().collect();
            moments.push(moment(i64::try_from(at).expect("small"), category, &said));
        }
        moments
    })
}

fn goals() -> impl Strategy<Value = Vec<Goal>> {
    prop::collection::vec((1i64..150, any::<bool>()), METRICS.len()).prop_map(|each| {
        METRICS
            .iter()
            .zip(each)
            .map(|((_, metric), (tens, business))| goal(*metric, tens * 10, business))
            .collect()
    })
}

/// A policy's targets as the oracle asks for them.
fn wish(goals: &[Goal], metric: Metric) -> Option<Wish> {
    goals
        .iter()
        .find(|goal| goal.metric == metric)
        .map(|goal| Wish {
            minutes: usize::try_from(goal.minutes).expect("small"),
            business: goal.business,
        })
}

/// The window around a change of the zone's clock: its first minute, the minutes that are open, and the schedule.
fn window(plan: &Plan) -> (i64, Vec<bool>, Only) {
    let zone: Tz = plan.zone.parse().expect("a zone");
    let changes = changes(plan.zone);
    let start = changes[plan.change % changes.len()] - chrono::TimeDelta::days(9);
    let naive = Naive::new(plan, zone, start);
    let margin = 4 * 1440;
    let first = naive.first + i64::try_from(margin).expect("small");
    (
        first,
        naive.open[margin..].to_vec(),
        Only(Some(compiled(plan, start))),
    )
}

/// What was written, in minutes of the window.
fn in_minutes(written: &[Clock], first: i64) -> Vec<Cycle> {
    let minute = |at: i64| {
        assert_eq!(at.rem_euclid(MINUTE), 0);
        usize::try_from(at / MINUTE - first).expect("in the window")
    };
    let mut found: Vec<Cycle> = written
        .iter()
        .map(|clock| Cycle {
            metric: clock.metric,
            instance: clock.instance,
            started: minute(clock.started),
            near: clock.near_told.map(minute),
            breached: clock.breached.map(minute),
            fulfilled: clock.fulfilled.map(minute),
        })
        .collect();
    found.sort_by_key(|cycle| (cycle.metric, cycle.instance));
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Whenever the worker comes by, and however often, the clocks are what the oracle finds in the whole history.
    #[test]
    fn clocks_are_those_that_are_counted_minute_by_minute(
        plan in plan(), moments in history(), goals in goals(),
        visits in prop::collection::vec(any::<bool>(), 14), between in prop::collection::vec(prop::option::of(1i64..1500), 14),
    ) {
        let (first, open, hours) = window(&plan);
        let end = WINDOW;
        let moments: Vec<Moment> = moments.into_iter().filter(|m| m.at < i64::try_from(end).expect("small")).collect();
        let instant = |minute: i64| (first + minute) * MINUTE;
        let mut ticket = Ticket::default();
        let mut written = Written::default();
        let mut events = Vec::new();
        for (i, moment) in moments.iter().enumerate() {
            ticket.advance(&Moment { at: instant(moment.at), ..moment.clone() }, &hours);
            let visit = visits.get(i).copied().unwrap_or(true);
            let later = between.get(i).copied().flatten().map(|n| moment.at + n);
            let next = moments.get(i + 1).map_or(i64::try_from(end).expect("small"), |next| next.at);
            for at in [visit.then_some(moment.at), later.filter(|at| *at < next)].into_iter().flatten() {
                ticket.apply(instant(at), Some(in_force(&goals)), &hours);
                events.extend(written.write(&mut ticket));
                // As it is stored and read again.
                ticket = serde_json::from_value(json!(ticket)).expect("the same");
            }
        }
        ticket.apply(instant(i64::try_from(end).expect("small")), Some(in_force(&goals)), &hours);
        events.extend(written.write(&mut ticket));
        let expected = cycles(&moments, end, &open, |metric, _| wish(&goals, metric), 50);
        prop_assert_eq!(in_minutes(&written.0, first), expected);
        // Each thing that happened was told once, and when it happened.
        for clock in &written.0 {
            for (happening, at) in [
                (Happening::NearBreach, clock.near_told), (Happening::Breached, clock.breached), (Happening::Fulfilled, clock.fulfilled),
            ] {
                let told: Vec<i64> = events
                    .iter()
                    .filter(|(e, _)| (e.metric, e.instance, e.happening) == (clock.metric, clock.instance, happening))
                    .map(|(e, _)| e.at)
                    .collect();
                prop_assert_eq!(told, Vec::from_iter(at));
            }
        }
        prop_assert!(events.iter().all(|(e, _)| e.happening != Happening::Applied));
    }

    /// Another policy moves the limits of what is open, and changes nothing of what was.
    #[test]
    fn a_policy_that_changes_judges_what_is_open_from_then_on(
        plan in plan(), moments in history(), old in goals(), new in goals(), changed in 0usize..12_000,
    ) {
        let (first, open, hours) = window(&plan);
        let end = i64::try_from(WINDOW).expect("small");
        let changed = i64::try_from(changed).expect("small").max(moments[0].at + 1);
        let moments: Vec<Moment> = moments.into_iter().filter(|m| m.at < end && m.at != changed).collect();
        let instant = |minute: i64| (first + minute) * MINUTE;
        let mut ticket = Ticket::default();
        let mut written = Written::default();
        let mut apply = |ticket: &mut Ticket, at: i64, goals: &[Goal]| {
            ticket.apply(instant(at), Some(in_force(goals)), &hours);
            written.write(ticket);
        };
        for moment in moments.iter().filter(|m| m.at < changed) {
            ticket.advance(&Moment { at: instant(moment.at), ..moment.clone() }, &hours);
            apply(&mut ticket, moment.at, &old);
        }
        apply(&mut ticket, changed - 1, &old);
        apply(&mut ticket, changed, &new);
        for moment in moments.iter().filter(|m| m.at > changed) {
            ticket.advance(&Moment { at: instant(moment.at), ..moment.clone() }, &hours);
            apply(&mut ticket, moment.at, &new);
        }
        apply(&mut ticket, end, &new);
        let mut expected = cycles(&moments, WINDOW, &open, |metric, at| {
            let old_rules = i64::try_from(at).expect("small") < changed;
            wish(if old_rules { &old } else { &new }, metric)
        }, 50);
        let mut found = in_minutes(&written.0, first);
        for cycle in expected.iter_mut().chain(&mut found) {
            // It is told anew when it moves away.
            cycle.near = None;
        }
        prop_assert_eq!(found, expected);
    }
}

const HOUR: i64 = 60 * MINUTE;

/// A ticket that went through this by the hour, under these goals, looked at each time.
fn lived(
    goals: &[Goal],
    moments: &[(i64, Option<Category>, &[Speaker])],
) -> (Ticket, Written, Vec<String>) {
    let hours = Only(None);
    let (mut ticket, mut written, mut told) = (Ticket::default(), Written::default(), Vec::new());
    for (at, category, spoke) in moments {
        ticket.advance(&moment(at * HOUR, *category, spoke), &hours);
        ticket.apply(at * HOUR, Some(in_force(goals)), &hours);
        for (event, _) in written.write(&mut ticket) {
            let Event {
                at,
                happening,
                metric,
                instance,
                ..
            } = event;
            told.push(format!(
                "{}: {} {instance} {}",
                at / HOUR,
                metric.as_str(),
                happening.as_str()
            ));
        }
    }
    (ticket, written, told)
}

#[test]
fn a_reply_that_solves_ends_everything_and_begins_nothing() {
    let goals: Vec<Goal> = METRICS
        .iter()
        .map(|(_, metric)| goal(*metric, 600, false))
        .collect();
    let (ticket, _, told) = lived(
        &goals,
        &[
            (0, Some(Category::New), &[]),
            (2, Some(Category::Solved), &[Speaker::Staff]),
            (3, Some(Category::Open), &[Speaker::Requester]),
        ],
    );
    assert_eq!(
        told,
        [
            "0: first_reply 1 activated",
            "0: requester_wait 1 activated",
            "0: agent_work 1 activated",
            "0: resolution 1 activated",
            "2: first_reply 1 fulfilled",
            "2: requester_wait 1 fulfilled",
            "2: agent_work 1 fulfilled",
            "2: resolution 1 fulfilled",
            "3: requester_wait 2 activated",
            "3: agent_work 2 activated",
            "3: resolution 2 activated",
            "3: next_reply 1 activated",
        ]
    );
    assert_eq!(ticket.next_breach(), Some(13 * HOUR));
}

#[test]
fn what_is_paused_is_not_due_until_it_goes_on() {
    let work = [goal(Metric::AgentWork, 240, false)];
    let (ticket, _, told) = lived(
        &work,
        &[
            (0, Some(Category::New), &[]),
            (1, Some(Category::OnHold), &[]),
            (90, None, &[]),
        ],
    );
    assert_eq!((ticket.next_breach(), ticket.check_at()), (None, None));
    assert_eq!(
        told,
        ["0: agent_work 1 activated", "1: agent_work 1 paused"]
    );
    let (ticket, written, _) = lived(
        &work,
        &[
            (0, Some(Category::New), &[]),
            (1, Some(Category::OnHold), &[]),
            (90, Some(Category::Open), &[]),
        ],
    );
    assert_eq!(ticket.next_breach(), Some(93 * HOUR));
    assert_eq!(ticket.check_at(), Some(91 * HOUR));
    let clock = written
        .0
        .iter()
        .find(|clock| clock.metric == Metric::AgentWork)
        .expect("a clock");
    assert_eq!(clock.spans(), (vec![(0, HOUR)], Some(90 * HOUR)));
}

#[test]
fn a_policy_judges_nothing_that_ended_before_it_was_there() {
    let hours = Only(None);
    let goals = [
        goal(Metric::FirstReply, 60, false),
        goal(Metric::Resolution, 60, false),
    ];
    let mut ticket = Ticket::default();
    ticket.advance(&moment(0, Some(Category::New), &[]), &hours);
    ticket.advance(&moment(5 * HOUR, None, &[Speaker::Staff]), &hours);
    let policy = InForce {
        since: 9 * HOUR,
        ..in_force(&goals)
    };
    ticket.apply(10 * HOUR, Some(policy), &hours);
    let (clocks, events) = ticket.take();
    let judged: Vec<&Clock> = clocks
        .iter()
        .filter(|clock| clock.target.is_some())
        .collect();
    assert_eq!(judged.len(), 1, "{clocks:?}");
    // It ran out long ago, but did not have to be met then.
    assert_eq!(
        (judged[0].metric, judged[0].breached),
        (Metric::Resolution, Some(9 * HOUR))
    );
    let told: Vec<Happening> = events.iter().map(|(event, _)| event.happening).collect();
    assert_eq!(told, [Happening::Applied, Happening::Breached]);
}

#[test]
fn many_pauses_take_bounded_room_and_keep_their_time() {
    let mut clock = Clock::new(Metric::AgentWork, 1, 0);
    for i in 0..1000 {
        clock.run(true, 2 * i * HOUR);
        clock.run(false, (2 * i + 1) * HOUR);
    }
    assert_eq!(clock.ran.len(), 200);
    assert_eq!(clock.elapsed_seconds(&Only(None)), 1000 * 3600);
    assert!(clock.ran.windows(2).all(|pair| pair[0].1 <= pair[1].0));
}

#[test]
fn targets_are_refused_with_the_path_of_each_mistake() {
    let wrong = json!([
        {"metric": "first_reply", "minutes": 60}, {"metric": "first_reply", "minutes": 90},
        {"metric": "speed", "minutes": 0, "hours": "night", "days": 1}, 7, {"metric": "resolution", "minutes": 1.5, "priority": 3},
    ]);
    let problems: Vec<String> = parse_goals(&wrong)
        .expect_err("wrong")
        .into_iter()
        .map(|p| p.path)
        .collect();
    assert_eq!(
        problems,
        [
            "targets[1]",
            "targets[2].days",
            "targets[2].metric",
            "targets[2].minutes",
            "targets[2].hours",
            "targets[3]",
            "targets[4].priority",
            "targets[4].minutes"
        ]
    );
    assert_eq!(
        parse_goals(&json!({})).expect_err("no list")[0].path,
        "targets"
    );
    let goals = parse_goals(&json!([
        {"metric": "first_reply", "minutes": 60}, {"metric": "first_reply", "priority": "high", "minutes": 5, "hours": "business"},
    ]))
    .expect("right");
    let of = |priority| {
        InForce {
            priority,
            ..in_force(&goals)
        }
        .target(Metric::FirstReply)
    };
    assert_eq!(
        of("low").map(|t| (t.seconds, t.schedule)),
        Some((3600, None))
    );
    assert_eq!(
        of("high").map(|t| (t.seconds, t.schedule)),
        Some((300, Some(1)))
    );
}
