//! Metrics: what is counted of a ticket, that each event counts once whatever happens to the worker, and that a rebuild
//! finds the same.

use harness::desk::Desk;
use harness::hostile::Dice;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

async fn count(desk: &Desk) {
    desk.work("metrics", "metric_cursor").await;
}

/// March 2030; the 4th is a Monday.
async fn clock(desk: &Desk, time: &str) {
    desk.run(&format!("set autocrm.now = '2030-03-{time}+00'"))
        .await;
}

async fn set(desk: &Desk, ticket: i64, status: &str) {
    desk.run(&format!(
        "update app.tickets set status_id = (select id from app.statuses where key = '{status}') where id = {ticket}"
    ))
    .await;
}

async fn says(desk: &Desk, ticket: i64, author: i64) {
    desk.run(&format!(
        "insert into app.messages (ticket_id, author_id, body_text) values ({ticket}, {author}, 'Hello')"
    ))
    .await;
}

/// What happened to a ticket: `04 09:30 first_reply=1800 replies=1`, without team, agent and business time.
async fn facts(desk: &Desk, ticket: i64) -> Vec<String> {
    desk.one(&format!(
        "select coalesce(array_agg(to_char(f.at at time zone 'UTC', 'DD HH24:MI') || ' ' || (
                  select string_agg(v.key || '=' || v.value, ' ' order by v.key)
                    from jsonb_each_text(to_jsonb(f) - '{{ticket_id,n,at,team_id,agent_id,channel,priority_id}}'::text[]) v
                   where v.value <> '0' and v.key not like '%business') order by f.n), '{{}}')
           from app.metric_facts f where f.ticket_id = {ticket}"
    ))
    .await
}

async fn customer(desk: &Desk) -> i64 {
    desk.one("select id from app.users where email = 'cleo@customer.test'")
        .await
}

#[tokio::test]
async fn a_ticket_is_counted_from_its_creation_to_its_last_solution() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await.id;
    let cleo = customer(&desk).await;
    // Who is away loses the ticket when its requester writes.
    desk.run("update app.teams set balancing = 'none'; update app.users set availability = 'online' where role = 'agent'")
        .await;
    clock(&desk, "04 09:00").await;
    let ticket = desk.ticket("One", "billing").await;
    clock(&desk, "04 09:10").await;
    desk.run(&format!(
        "update app.tickets set assignee_id = {ada} where id = {ticket}"
    ))
    .await;
    clock(&desk, "04 09:30").await;
    says(&desk, ticket, ada).await;
    clock(&desk, "04 09:40").await;
    says(&desk, ticket, cleo).await;
    clock(&desk, "04 09:50").await;
    says(&desk, ticket, cleo).await;
    clock(&desk, "04 10:00").await;
    says(&desk, ticket, ada).await;
    set(&desk, ticket, "solved").await;
    count(&desk).await;
    let mut expected = vec![
        "04 09:00 backlog=1 created=1",
        "04 09:10 backlog=-1",
        "04 09:10 backlog=1",
        "04 09:30 first_reply=1800 replies=1",
        "04 10:00 next_reply=1200 replies=1",
        "04 10:00 backlog=-1 full_resolution=3600 handle=3000 resolution=3600 solved=1",
    ];
    assert_eq!(facts(&desk, ticket).await, expected);

    // Opened again, it has no last solution; the first remains.
    clock(&desk, "04 11:00").await;
    says(&desk, ticket, cleo).await;
    count(&desk).await;
    expected.truncate(5);
    expected.extend([
        "04 10:00 backlog=-1 resolution=3600 solved=1",
        "04 11:00 backlog=1 reopened=1",
    ]);
    assert_eq!(facts(&desk, ticket).await, expected);
    clock(&desk, "04 12:00").await;
    set(&desk, ticket, "solved").await;
    count(&desk).await;
    expected.push("04 12:00 backlog=-1 full_resolution=10800 handle=6600 solved=1");
    assert_eq!(facts(&desk, ticket).await, expected);
    assert_eq!(
        desk.one::<Vec<i64>>(
            "select array[coalesce(sum(created), 0), coalesce(sum(solved), 0), coalesce(sum(reopened), 0), coalesce(sum(replies), 0), coalesce(sum(backlog), 0), coalesce(sum(resolution_count), 0), coalesce(sum(handle_seconds), 0)]::bigint[]
               from app.metrics where grain = 'team' and minutes = 30"
        )
        .await,
        [1, 2, 1, 2, 0, 1, 6600]
    );

    // In the trash it counts for nothing, and comes back as it was.
    desk.run(&format!(
        "update app.tickets set deleted_at = autocrm.now() where id = {ticket}"
    ))
    .await;
    count(&desk).await;
    let left: i64 = desk.one("select count(*) from app.metrics").await;
    assert_eq!((facts(&desk, ticket).await.len(), left), (0, 0));
    desk.run(&format!(
        "update app.tickets set deleted_at = null where id = {ticket}"
    ))
    .await;
    count(&desk).await;
    assert_eq!(facts(&desk, ticket).await, expected);
}

#[tokio::test]
async fn whoever_acts_is_credited_with_the_team_of_that_moment() {
    let desk = Desk::open().await;
    let (ada, bob) = (
        desk.agent("Ada", "billing").await.id,
        desk.agent("Bob", "tech").await.id,
    );
    clock(&desk, "04 09:00").await;
    let ticket = desk.ticket("One", "billing").await;
    desk.run(&format!(
        "update app.tickets set assignee_id = {ada} where id = {ticket}"
    ))
    .await;
    clock(&desk, "04 10:00").await;
    says(&desk, ticket, bob).await;
    clock(&desk, "04 11:00").await;
    desk.run(&format!(
        "update app.tickets set team_id = (select id from app.teams where name = 'tech'), assignee_id = {bob} where id = {ticket}"
    ))
    .await;
    clock(&desk, "04 12:00").await;
    set(&desk, ticket, "solved").await;
    count(&desk).await;
    let by = "select array_agg(concat_ws(' ', to_char(starts_at at time zone 'UTC', 'HH24'), team, agent, nullif('created', 'created' || (1 - created)),
                nullif('replies', 'replies' || (1 - replies)), nullif('solved', 'solved' || (1 - solved)), backlog_change) order by starts_at, team, agent nulls first)
              from reporting.metrics where created + replies + solved > 0 or backlog_change <> 0";
    let found: Vec<String> = desk.one(by).await;
    // Created for nobody and then given to Ada, who has no part in Bob's reply.
    let plain: Vec<String> = found
        .iter()
        .map(|line| {
            line.split_whitespace()
                .take(3)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    assert!(plain.contains(&"10 billing Bob".to_owned()), "{found:?}");
    assert!(plain.contains(&"12 tech Bob".to_owned()), "{found:?}");
    let open: Vec<String> = desk
        .one("select array_agg(to_char(day, 'DD') || ' ' || team || ' ' || open order by day, team) from reporting.backlog_daily where day <= '2030-03-04'")
        .await;
    assert_eq!(open, ["04 billing 0", "04 tech 0"]);
}

#[tokio::test]
async fn a_merge_is_no_solution_and_an_imported_ticket_has_its_own_past() {
    let desk = Desk::open().await;
    clock(&desk, "04 09:00").await;
    let (one, two) = (
        desk.ticket("One", "billing").await,
        desk.ticket("Two", "billing").await,
    );
    clock(&desk, "04 10:00").await;
    desk.run(&format!(
        "insert into app.ticket_links (kind, ticket_id, other_id) values ('merged', {one}, {two});
         insert into app.tickets (subject, requester_id, status_id, channel, created_at, first_reply_at, solved_at, updated_at)
         select 'Old', u.id, s.id, 'import', '2030-03-01 08:00+00', '2030-03-01 09:00+00', '2030-03-02 08:00+00', '2030-03-02 08:00+00'
           from app.users u, app.statuses s where u.email = 'cleo@customer.test' and s.key = 'solved'"
    ))
    .await;
    count(&desk).await;
    assert_eq!(
        facts(&desk, one).await,
        [
            "04 09:00 backlog=1 created=1",
            "04 10:00 backlog=-1 merged=1"
        ]
    );
    let old: i64 = desk.one("select max(id) from app.tickets").await;
    assert_eq!(
        facts(&desk, old).await,
        [
            "01 08:00 backlog=1 created=1",
            "01 09:00 first_reply=3600",
            "02 08:00 backlog=-1 full_resolution=86400 resolution=86400 solved=1"
        ]
    );
    let solved: i64 = desk
        .one("select coalesce(sum(solved), 0)::bigint from reporting.metrics_daily")
        .await;
    assert_eq!(solved, 1);
}

#[tokio::test]
async fn business_time_is_that_of_the_schedule_when_it_was_counted_until_a_rebuild() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await.id;
    desk.run(
        r#"insert into app.schedules (name, time_zone, weekly) values ('Office', 'UTC', '[{"day": "mon", "from": "09:00", "to": "17:00"}]');
           update app.teams set schedule_id = (select max(id) from app.schedules) where name = 'billing'"#,
    )
    .await;
    clock(&desk, "04 08:00").await;
    let ticket = desk.ticket("One", "billing").await;
    clock(&desk, "04 10:00").await;
    says(&desk, ticket, ada).await;
    count(&desk).await;
    let both = format!(
        "select array[first_reply, first_reply_business] from app.metric_facts where ticket_id = {ticket} and first_reply is not null"
    );
    assert_eq!(desk.one::<Vec<i64>>(&both).await, [7200, 3600]);
    desk.run(
        r#"update app.schedules set weekly = '[{"day": "mon", "from": "08:00", "to": "17:00"}]'"#,
    )
    .await;
    set(&desk, ticket, "pending").await;
    count(&desk).await;
    assert_eq!(desk.one::<Vec<i64>>(&both).await, [7200, 3600]);
    desk.run("select app.begin_metric_rebuild()").await;
    count(&desk).await;
    assert_eq!(desk.one::<Vec<i64>>(&both).await, [7200, 7200]);
    let sum: i64 = desk
        .one("select coalesce(sum(first_reply_business_seconds), 0)::bigint from app.metrics where grain = 'team' and minutes = 30")
        .await;
    assert_eq!(sum, 7200);
}

#[tokio::test]
async fn targets_count_where_they_are_kept_or_run_out() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await.id;
    clock(&desk, "04 09:00").await;
    desk.run(
        r#"insert into app.sla_policies (name, targets) values
             ('All', '[{"metric": "first_reply", "minutes": 60}, {"metric": "resolution", "minutes": 120}]')"#,
    )
    .await;
    let ticket = desk.ticket("One", "billing").await;
    desk.work("rules", "rule_cursor").await;
    clock(&desk, "04 09:30").await;
    says(&desk, ticket, ada).await;
    desk.work("rules", "rule_cursor").await;
    clock(&desk, "04 13:00").await;
    desk.work("rules", "rule_cursor").await;
    count(&desk).await;
    assert_eq!(
        facts(&desk, ticket).await,
        [
            "04 09:00 backlog=1 created=1",
            "04 09:30 first_reply=1800 replies=1",
            "04 09:30 sla_kept=1",
            "04 11:00 sla_breached=1"
        ]
    );
}

/// One more thing happens to some ticket.
async fn happen(desk: &Desk, dice: &mut Dice, agents: &[i64], cleo: i64) {
    let ids: Vec<i64> = desk
        .one("select coalesce(array_agg(id order by id), '{}') from app.tickets")
        .await;
    let pick = |dice: &mut Dice| {
        let at = usize::try_from(dice.below(ids.len() as u64)).unwrap_or_default();
        ids.get(at).copied().unwrap_or_default()
    };
    let agent = |dice: &mut Dice| agents[usize::try_from(dice.below(2)).unwrap_or_default()];
    let ticket = pick(dice);
    let sql = match dice.below(if ids.len() < 8 { 3 } else { 14 }) {
        0 | 1 => format!(
            "insert into app.tickets (subject, description, requester_id, team_id, channel, priority_id)
             values ('T', 'D', {cleo}, nullif({}, 0), (array['web', 'email']::app.channel[])[{}], {})",
            dice.below(3),
            1 + dice.below(2),
            1 + dice.below(4)
        ),
        2 => {
            let hours = dice.below(500) + 20;
            format!(
                "insert into app.tickets (subject, requester_id, status_id, channel, created_at, solved_at, updated_at, team_id)
                 select 'Old', {cleo}, s.id, 'import', autocrm.now() - interval '{hours} hours', autocrm.now() - interval '{} hours',
                        autocrm.now() - interval '1 hour', 1 from app.statuses s where s.key = 'closed'",
                hours / 2
            )
        }
        3..=5 => format!(
            "insert into app.messages (ticket_id, author_id, body_text)
             select id, {}, 'Hello' from app.tickets where id = {ticket} and deleted_at is null
                and not exists (select from app.ticket_links l where l.kind = 'merged' and l.ticket_id = tickets.id)",
            if dice.below(2) == 0 { cleo } else { agent(dice) }
        ),
        6 | 7 => format!(
            "update app.tickets set status_id = (select id from app.statuses where key = '{}') where id = {ticket}
                and status_id not in (select id from app.statuses where category = 'closed')
                and not exists (select from app.ticket_links l where l.kind = 'merged' and l.ticket_id = tickets.id)",
            ["open", "pending", "on_hold", "solved", "solved", "closed"]
                [usize::try_from(dice.below(6)).unwrap_or_default()]
        ),
        8 => format!(
            "update app.tickets set team_id = nullif({}, 0) where id = {ticket}",
            dice.below(3)
        ),
        9 => format!(
            "update app.tickets set assignee_id = {}, priority_id = {} where id = {ticket}",
            agent(dice),
            1 + dice.below(4)
        ),
        10 => format!(
            "update app.tickets set deleted_at = case when deleted_at is null then autocrm.now() end where id = {ticket}"
        ),
        11 => format!("delete from app.tickets where id = {ticket} and {} = 0", dice.below(3)),
        12 => {
            let other = pick(dice);
            format!(
                "insert into app.ticket_links (kind, ticket_id, other_id)
                 select 'merged', {ticket}, {other} from app.tickets t join app.tickets o on o.id = {other}
                  where t.id = {ticket} and t.id <> o.id and t.deleted_at is null and o.deleted_at is null
                    and not exists (select from app.statuses s where s.id in (t.status_id, o.status_id) and s.category = 'closed')"
            )
        }
        _ => format!(
            "update app.tickets set subject = subject || '.', assignee_id = null where id = {ticket}"
        ),
    };
    desk.run(&sql).await;
}

/// What two queries do not share.
async fn differ(desk: &Desk, one: &str, other: &str) -> Vec<String> {
    desk.one(&format!(
        "select coalesce(array_agg(x::text), '{{}}') from (
           (select * from ({one}) a except all select * from ({other}) b) union all (select * from ({other}) c except all select * from ({one}) d)) x"
    ))
    .await
}

/// What api.get_metrics answers for ranges that begin and end anywhere, whatever is read by half-hours and by six hours.
async fn any_range_and_zone_is_what_the_facts_say(desk: &Desk, dice: &mut Dice) {
    for _ in 0..40 {
        let zone = [
            "UTC",
            "Europe/Berlin",
            "Asia/Kolkata",
            "Pacific/Chatham",
            "America/St_Johns",
        ][usize::try_from(dice.below(5)).expect("small")];
        let interval = ["hour", "day", "week"][usize::try_from(dice.below(3)).expect("small")];
        let group = [
            "",
            r#", "group_by": "team""#,
            r#", "group_by": "agent""#,
            r#", "group_by": "channel""#,
        ][usize::try_from(dice.below(4)).expect("small")];
        let compare =
            ["", r#", "compare": "previous""#][usize::try_from(dice.below(2)).expect("small")];
        let from = dice.below(14 * 48) * 30;
        let to = from + 30 + dice.below(14 * 48) * 30;
        let answer = format!(
            "api.get_metrics('{{\"time_zone\": \"{zone}\", \"interval\": \"{interval}\"{group}{compare}}}'::jsonb || jsonb_build_object(
               'from', '2030-03-01 00:00+00'::timestamptz + interval '{from} minutes', 'to', '2030-03-01 00:00+00'::timestamptz + interval '{to} minutes'))::jsonb"
        );
        let wrong: i64 = desk
            .one(&format!(
                "with a as materialized (select {answer} as j),
                 told as (
                   select (p ->> 'from')::timestamptz as since, (p ->> 'to')::timestamptz as until, p -> 'measures' as m from a, jsonb_array_elements(a.j -> 'series') p
                    union all
                   select (a.j ->> 'from')::timestamptz, (a.j ->> 'to')::timestamptz, a.j -> 'total' from a
                    union all
                   select (a.j #>> '{{previous,from}}')::timestamptz, (a.j #>> '{{previous,to}}')::timestamptz, a.j #> '{{previous,measures}}' from a where a.j #> '{{previous,from}}' <> 'null'
                 )
                 select count(*) from told t
                 cross join lateral (
                   select coalesce(sum(f.created) filter (where f.at >= t.since), 0) as created, coalesce(sum(f.replies) filter (where f.at >= t.since), 0) as replies,
                          coalesce(sum(f.solved) filter (where f.at >= t.since), 0) as solved, count(f.first_reply) filter (where f.at >= t.since) as answered,
                          coalesce(sum(f.backlog), 0) as backlog
                     from app.metric_facts f where f.at < t.until) f
                  where (t.m ->> 'created', t.m ->> 'replies', t.m ->> 'solved', t.m #>> '{{first_reply,count}}', t.m ->> 'backlog')
                     is distinct from (f.created::text, f.replies::text, f.solved::text, f.answered::text, f.backlog::text)"
            ))
            .await;
        assert_eq!(wrong, 0, "{answer}");
    }
}

#[tokio::test]
async fn what_is_counted_step_by_step_is_what_a_rebuild_and_the_tickets_say() {
    let desk = Desk::open().await;
    let agents = [
        desk.agent("Ada", "billing").await.id,
        desk.agent("Bob", "tech").await.id,
    ];
    let cleo = customer(&desk).await;
    for seed in 0..4 {
        let mut dice = Dice::new(seed);
        for step in 0..150u64 {
            let minutes = (seed * 150 + step) * 37;
            desk.run(&format!(
                "set autocrm.now to default; select set_config('autocrm.now', ('2030-03-04 00:00+00'::timestamptz + interval '{minutes} minutes')::text, false)"
            ))
            .await;
            happen(&desk, &mut dice, &agents, cleo).await;
            if dice.below(7) == 0 {
                desk.run("select worker.run_metrics()").await;
            }
        }
        count(&desk).await;
        let sums = "select coalesce(sum(created), 0)::bigint as created, coalesce(sum(backlog), 0)::bigint as backlog, coalesce(sum(replies), 0)::bigint as replies,
                           coalesce(sum(merged), 0)::bigint as merged, coalesce(sum(first_reply_count), 0)::bigint as answered, coalesce(sum(first_reply_seconds), 0)::bigint as first_reply,
                           coalesce(sum(full_resolution_count), 0)::bigint as done, coalesce(sum(full_resolution_seconds), 0)::bigint as full_resolution
                      from app.metrics where (grain, minutes) = ";
        let plain = "select count(*) as created, count(*) filter (where status_id in (select id from app.open_statuses)) as backlog,
                            (select count(*) from app.messages m join app.users u on u.id = m.author_id and u.role = 'agent'
                               join app.tickets o on o.id = m.ticket_id and o.deleted_at is null where m.kind = 'reply') as replies,
                            count(*) filter (where is_merged) as merged, count(first_reply_at) as answered,
                            sum(extract(epoch from first_reply_at - created_at))::bigint as first_reply,
                            count(*) filter (where is_done) as done,
                            sum(extract(epoch from solved_at - created_at)) filter (where is_done)::bigint as full_resolution
                       from (select t.*, l.created_at is not null as is_merged, t.solved_at is not null and l.created_at is null as is_done
                               from app.tickets t
                               left join app.ticket_links l on l.kind = 'merged' and l.ticket_id = t.id and l.created_at = t.solved_at
                              where t.deleted_at is null) t";
        for grain in ["all", "team", "agent", "channel", "priority"] {
            for minutes in [30, 360] {
                // Those by all four are no fewer by six hours.
                if (grain, minutes) != ("all", 360) {
                    let wrong =
                        differ(&desk, &format!("{sums} ('{grain}', {minutes})"), plain).await;
                    assert!(wrong.is_empty(), "{seed} {grain} {minutes}: {wrong:?}");
                }
            }
        }
        any_range_and_zone_is_what_the_facts_say(&desk, &mut dice).await;
        desk.run(
            "drop table if exists public.sums, public.facts;
             create table public.sums as select * from app.metrics; create table public.facts as select * from app.metric_facts;
             select app.begin_metric_rebuild()",
        )
        .await;
        let empty: i64 = desk.one("select count(*) from app.metrics").await;
        assert_eq!(empty, 0);
        count(&desk).await;
        for (one, other) in [
            (
                "select * from public.facts",
                "select * from app.metric_facts",
            ),
            ("select * from public.sums", "select * from app.metrics"),
        ] {
            let wrong = differ(&desk, one, other).await;
            assert!(wrong.is_empty(), "{seed}: {wrong:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_event_counts_once_though_workers_are_many_and_die() {
    let desk = Arc::new(Desk::open().await);
    let ada = desk.agent("Ada", "billing").await.id;
    let stop = Arc::new(AtomicBool::new(false));
    let mut tasks = Vec::new();
    for _ in 0..2 {
        let (desk, stop) = (Arc::clone(&desk), Arc::clone(&stop));
        tasks.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let worker = desk.log_in("autocrm_api").await;
                while !stop.load(Ordering::Relaxed)
                    && worker
                        .batch_execute("select worker.run_metrics()")
                        .await
                        .is_ok()
                {}
            }
        }));
    }
    let mut killed = 0i64;
    for n in 0..60 {
        let ticket = desk.ticket(&format!("T {n}"), "billing").await;
        says(&desk, ticket, ada).await;
        set(&desk, ticket, "solved").await;
        killed += desk
            .one::<i64>(
                "select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity
                  where datname = current_database() and usename = 'autocrm_api' and state = 'active' and query like '%run_metrics%'",
            )
            .await;
    }
    stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await.expect("ends");
    }
    assert!(killed > 0, "workers were killed");
    count(&desk).await;
    let sums: Vec<i64> = desk
        .one(
            "select array[coalesce(sum(created), 0), coalesce(sum(replies), 0), coalesce(sum(solved), 0), coalesce(sum(one_touch), 0), coalesce(sum(backlog), 0), count(*) filter (where grain = 'now')]::bigint[]
               from app.metrics where grain in ('team', 'now') and minutes = 30",
        )
        .await;
    assert_eq!(sums[..5], [60, 60, 60, 60, 0]);
}

#[tokio::test]
async fn analysts_read_the_metrics_of_their_teams_alone() {
    let desk = Desk::open().await;
    for team in ["billing", "billing", "tech"] {
        desk.ticket("T", team).await;
    }
    count(&desk).await;
    let analyst = desk.analyst(Some("billing")).await;
    for view in [
        "select coalesce(sum(created), 0)::bigint from reporting.metrics",
        "select coalesce(sum(created), 0)::bigint from reporting.metrics_daily",
        "select coalesce(sum(created), 0)::bigint from reporting.metric_facts",
        "select coalesce(sum(open), 0)::bigint from reporting.backlog_daily where day = (select max(day) from reporting.backlog_daily)",
    ] {
        let seen: i64 = analyst.query_one(view, &[]).await.expect(view).get(0);
        assert_eq!((seen, desk.one::<i64>(view).await), (2, 3), "{view}");
    }
    let p90: f64 = analyst
        .query_one(
            "select autocrm.quantile(autocrm.sketch(x), 0.9) from generate_series(1, 1000) x",
            &[],
        )
        .await
        .expect("a quantile")
        .get(0);
    assert!((p90 - 900.0).abs() <= 9.01, "{p90}");
}

#[tokio::test]
async fn what_is_no_sketch_is_refused() {
    let desk = Desk::open().await;
    for (sql, path) in [
        ("select autocrm.quantile('\\x', 0.5)", "sketch"),
        ("select autocrm.quantile('\\x01ff', 0.5)", "sketch"),
        ("select autocrm.quantile('\\x0100', 0.5)", "sketch"),
        ("select autocrm.add_sketches('\\x02', null)", "sketch"),
        ("select autocrm.add_sketches(null, '\\x010000')", "other"),
        ("select autocrm.merge_sketches('\\x03')", "sketch"),
        ("select autocrm.sketch('NaN'::double precision)", "value"),
        (
            "select autocrm.sketch('infinity'::double precision)",
            "value",
        ),
        (
            "select autocrm.quantile(autocrm.sketch(1.0::double precision), 1.5)",
            "share",
        ),
        (
            "select autocrm.quantile(autocrm.sketch(1.0::double precision, -1), 0.5)",
            "sketch",
        ),
    ] {
        let (code, detail) = desk.refused(sql).await;
        assert_eq!(code, "TK422", "{sql}");
        assert!(detail.starts_with(&format!("{path}: ")), "{sql}: {detail}");
    }
    let nothing: bool = desk
        .one(
            "select autocrm.sketch(null::double precision) is null and autocrm.merge_sketches(null) is null
                and (select autocrm.sketch(x, w) from (values (5.0::double precision, 2), (5.0, -2)) v (x, w)) is null
                and autocrm.add_sketches(autocrm.sketch(7.0::double precision), autocrm.sketch(7.0::double precision, -1)) is null",
        )
        .await;
    assert!(nothing);
}

/// A sketch lies outside of what Postgres counts by itself.
#[tokio::test]
async fn many_sketches_at_once_keep_to_the_memory_of_a_plan() {
    let desk = Desk::open().await;
    let unsaid: i64 = desk
        .one(
            "select count(*) from pg_aggregate a join pg_proc p on p.oid = a.aggfnoid
              where p.pronamespace = 'autocrm'::regnamespace and a.aggtranstype = 'internal'::regtype and a.aggtransspace = 0",
        )
        .await;
    assert_eq!(unsaid, 0, "aggregates that do not say how much they take");
    desk.run(
        "set work_mem = '4MB'; set hash_mem_multiplier = 2; set enable_sort = off;
         create function pg_temp.batches() returns bigint language plpgsql as $$
         declare
           v_plan json;
         begin
           execute 'explain (analyze, format json)
             select autocrm.merge_sketches(f.s)
               from (select autocrm.sketch(exp(x / 50.0 - 22)) s from generate_series(1, 2200) x) f, generate_series(1, 1000) g
              group by g' into v_plan;
           return jsonb_path_query_first(v_plan::jsonb, '$.**.\"HashAgg Batches\"');
         end $$",
    )
    .await;
    assert!(desk.one::<i64>("select pg_temp.batches()").await > 1);
}
