//! Many sessions at once: what must hold of every agent and every ticket when the dust has settled.
//! `AUTOCRM_STORM` says how many tickets (2,000); `cargo dev bench` runs the 20,000.

use harness::desk::Desk;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use tokio_postgres::Client;

const SESSIONS: u64 = 64;
/// The last twenty are never there; everybody holds at most three tickets.
const PEOPLE: &str = "
  insert into app.teams (name) values ('red'), ('green'), ('blue');
  insert into app.skills (name) values ('german'), ('french');
  insert into app.users (role, name, email, availability, capacity)
  select 'agent', 'Agent ' || n, n || '@storm.test', (case when n <= 180 then 'online' else 'offline' end)::app.availability, 3
    from generate_series(1, 200) n;
  insert into app.memberships (team_id, user_id)
  select t.id, u.id from app.teams t join app.users u on u.role = 'agent' and (u.id % 3 = t.id % 3 or u.id % 5 = 0)
   where t.name in ('red', 'green', 'blue');
  insert into app.agent_skills (user_id, skill_id, level)
  select u.id, s.id, 1 + (u.id % 5)::integer from app.users u join app.skills s on u.role = 'agent' and (u.id + s.id) % 4 <> 0;
  -- Whom people hand tickets to by hand; the machine never does.
  insert into app.users (role, name, email, capacity)
  select 'agent', 'Lead ' || n, 'lead' || n || '@storm.test', 1000 from generate_series(0, 9) n";

/// A small generator, so that a run can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

#[derive(Default)]
struct Tally {
    made: AtomicU32,
    deadlocks: AtomicU32,
    others: AtomicU32,
    over: AtomicBool,
}

async fn connect(url: &str) -> Client {
    loop {
        if let Ok(client) = autocrm_api::db::connect(url).await
            && client
                .batch_execute("set application_name = 'storm'; set synchronous_commit = off")
                .await
                .is_ok()
        {
            return client;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// One session: makes tickets, solves them, takes them away, moves them, hands them on, comes and goes.
async fn work(url: String, number: u64, share: u64, tally: Arc<Tally>, killed: bool) -> Vec<i64> {
    let mut dice = Dice(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut client = connect(&url).await;
    let (mut mine, mut made) = (Vec::new(), Vec::new());
    while (made.len() as u64) < share {
        let roll = dice.roll(100);
        let one = (!mine.is_empty())
            .then(|| mine[usize::try_from(dice.roll(mine.len() as u64)).unwrap_or(0)]);
        let sql = match (roll, one) {
            (0..52, _) | (_, None) => {
                let skills = match dice.roll(4) {
                    0 => "jsonb_build_object((select id from app.skills where name = 'german'), 3)",
                    1 => "jsonb_build_object((select id from app.skills where name = 'french'), 1)",
                    _ => "'{}'",
                };
                let team = ["red", "green", "blue"][usize::try_from(dice.roll(3)).unwrap_or(0)];
                format!(
                    "insert into app.tickets (subject, requester_id, team_id, priority_id, required_skills)
                     select 'storm', (select min(id) from app.users), t.id, (select id from app.priorities order by id limit 1 offset {}), {skills}
                       from app.teams t where t.name = '{team}' returning id",
                    dice.roll(3)
                )
            }
            (52..86, Some(id)) => {
                mine.retain(|other| *other != id);
                format!("update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {id} returning id")
            }
            (86..90, Some(id)) => format!("update app.tickets set assignee_id = null where id = {id} returning id"),
            (90..94, Some(id)) => format!(
                "update app.tickets set assignee_id = null, team_id = (select id from app.teams where name = 'green') where id = {id} returning id"
            ),
            (94..97, Some(id)) => format!(
                "update app.tickets set assignee_id = (select id from app.users where name = 'Lead {}') where id = {id} returning id",
                dice.roll(10)
            ),
            (_, Some(_)) => format!(
                "update app.users set availability = case availability when 'online' then 'away' else 'online' end::app.availability
                  where name = 'Agent {}' returning id",
                1 + dice.roll(60)
            ),
        };
        match client.query(sql.as_str(), &[]).await {
            Ok(rows) if sql.starts_with("insert") => {
                let id: i64 = rows[0].get(0);
                mine.push(id);
                made.push(id);
                tally.made.fetch_add(1, Ordering::Relaxed);
            }
            Ok(_) => {}
            Err(error) => {
                match error.code().map(tokio_postgres::error::SqlState::code) {
                    Some("40P01") => {
                        tally.deadlocks.fetch_add(1, Ordering::Relaxed);
                    }
                    // Killed: by its code, or by the connection's end.
                    Some("57P01") | None if killed => {}
                    _ => {
                        eprintln!("{sql}: {error:?}");
                        tally.others.fetch_add(1, Ordering::Relaxed);
                    }
                }
                if client.is_closed() || killed {
                    client = connect(&url).await;
                }
            }
        }
    }
    made
}

async fn storm(killed: bool) {
    let tickets: u64 = std::env::var("AUTOCRM_STORM")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(2_000);
    let desk = Desk::open().await;
    desk.run(PEOPLE).await;
    let tally = Arc::new(Tally::default());
    let killer = {
        let (url, tally) = (desk.admin_url(), Arc::clone(&tally));
        tokio::spawn(async move {
            let client = connect(&url).await;
            client
                .batch_execute("set application_name = 'killer'")
                .await
                .expect("a name");
            while killed && !tally.over.load(Ordering::Relaxed) {
                let _ = client
                    .batch_execute(
                        "select pg_terminate_backend(pid) from (
                           select pid from pg_stat_activity
                            where datname = current_database() and application_name = 'storm' order by random() limit 1) x",
                    )
                    .await;
                tokio::time::sleep(std::time::Duration::from_millis(40)).await;
            }
        })
    };
    let sessions: Vec<_> = (1..=SESSIONS)
        .map(|n| {
            tokio::spawn(work(
                desk.admin_url(),
                n,
                tickets / SESSIONS,
                Arc::clone(&tally),
                killed,
            ))
        })
        .collect();
    let mut made = Vec::new();
    for session in sessions {
        made.extend(session.await.expect("ends well"));
    }
    tally.over.store(true, Ordering::Relaxed);
    killer.await.expect("ends well");

    assert_eq!(tally.deadlocks.load(Ordering::Relaxed), 0, "deadlocks");
    assert_eq!(tally.others.load(Ordering::Relaxed), 0, "other errors");
    // What simultaneous commits left behind, the work loop finds.
    let left: i64 = desk.one("select autocrm.sweep_waiting()").await;
    while desk.one::<i64>("select autocrm.sweep_waiting()").await > 0 {}
    println!("{} tickets, {left} found somebody by the sweep", made.len());

    let none = async |what: &str, sql: &str| {
        let rows = desk.sql().query(sql, &[]).await.expect("reads");
        assert!(
            rows.is_empty(),
            "{what}: {} of them, first {:?}",
            rows.len(),
            rows.first().map(|r| r.get::<_, i64>(0))
        );
    };
    let open =
        "join app.statuses s on s.id = t.status_id and s.category not in ('solved', 'closed')";
    none(
        "above capacity",
        &format!(
            "select u.id from app.users u join app.tickets t on t.assignee_id = u.id {open}
          group by u.id having count(*) > u.capacity"
        ),
    )
    .await;
    none("given to somebody who was never there",
        "select t.id from app.tickets t join app.users u on u.id = t.assignee_id where u.name ~ '^Agent (18[1-9]|19[0-9]|200)$'").await;
    none("given to somebody outside the team",
        "select t.id from app.tickets t join app.users u on u.id = t.assignee_id and u.name !~ '^Lead'
          where not exists (select from app.memberships m where m.team_id = t.team_id and m.user_id = u.id)").await;
    none("given to somebody without the skill",
        "select t.id from app.tickets t join app.users u on u.id = t.assignee_id and u.name !~ '^Lead', jsonb_each_text(t.required_skills) r
          where not exists (select from app.agent_skills k
                             where k.user_id = u.id and k.skill_id = r.key::bigint and k.level >= r.value::integer)").await;
    none(
        "neither held nor waiting",
        &format!(
            "select t.id from app.tickets t {open}
          where t.assignee_id is null and t.team_id is not null
            and not exists (select from app.waiting w where w.ticket_id = t.id)"
        ),
    )
    .await;
    none("waiting though held or done",
        "select w.ticket_id from app.waiting w join app.tickets t on t.id = w.ticket_id join app.statuses s on s.id = t.status_id
          where t.assignee_id is not null or s.category in ('solved', 'closed')").await;
    none("waiting while somebody who fits is free",
        "select w.ticket_id
           from app.waiting w
           join app.tickets t on t.id = w.ticket_id
           join app.memberships m on m.team_id = w.team_id
           join app.users u on u.id = m.user_id and u.availability = 'online'
          where (select count(*) from app.tickets h join app.statuses s on s.id = h.status_id and s.category not in ('solved', 'closed')
                  where h.assignee_id = u.id) < u.capacity
            and u.id is distinct from w.not_user_id
            and not exists (
              select from jsonb_each_text(t.required_skills) r
               where not exists (select from app.agent_skills k
                                  where k.user_id = u.id and k.skill_id = r.key::bigint and k.level >= r.value::integer))").await;
    let lost = desk
        .sql()
        .query("select i from unnest($1::bigint[]) i where not exists (select from app.tickets t where t.id = i)", &[&made])
        .await
        .expect("reads");
    assert!(
        lost.is_empty(),
        "{} acknowledged tickets are lost",
        lost.len()
    );
    assert!(
        desk.one::<i64>("select count(*) from app.tickets where assignee_id is not null")
            .await
            > 0
    );
    assert_eq!(
        desk.one::<i64>("select autocrm.recount_loads()").await,
        0,
        "the books are right"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_sessions_keep_every_promise() {
    storm(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_sessions_keep_every_promise_while_they_are_killed() {
    storm(true).await;
}
