//! Nothing that was acknowledged is lost, done twice or left half done when a process dies in the middle.
//! Each test has a cluster of its own, durable like a real one, and the real binary before it.

use autocrm_core::feed::Cursor;
use futures_util::{SinkExt, StreamExt};
use harness::cluster::Cluster;
use harness::desk::{Person, SECRET, sign_in};
use harness::tree::{Tree, home};
use harness::{binary, setup};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use tokio_postgres::Client;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

const DATABASE: &str = "autocrm";
const CLIENTS: usize = 6;
static TREE: LazyLock<Tree> = LazyLock::new(|| Tree::prepare().expect("PostgreSQL 15"));
/// One at a time looks for a free port.
static START: Mutex<()> = Mutex::new(());

/// A cluster, a desk on it, and `autocrm serve`.
struct Site {
    cluster: Cluster,
    port: u16,
    api: Child,
}

impl Site {
    async fn open(name: &'static str) -> Self {
        let tree = &*TREE;
        sweep(tree);
        // Two runs of the tests at once do not meet.
        let name = format!("{name}-{}", std::process::id()).leak();
        let mut cluster = Cluster::new(name, true).expect("a cluster");
        {
            let _alone = START.lock().expect("no panic");
            cluster.start(tree, false).expect("starts");
        }
        let path = binary().get_program().to_owned();
        setup::migrate(&cluster, &PathBuf::from(path), DATABASE).expect("migrates");
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .expect("a free port")
            .port();
        let api = serve(&cluster, port);
        let site = Self { cluster, port, api };
        site.ready().await;
        site.sql()
            .await
            .batch_execute(
                "insert into app.teams (name) values ('billing');
                 insert into app.routing_rules (name, conditions, actions) values
                   ('All of it', '{\"all\": [{\"field\": \"subject\", \"op\": \"contains_word\", \"value\": \"load\"}]}',
                    '[{\"set\": \"team\", \"value\": \"billing\"}]')",
            )
            .await
            .expect("a rule");
        site
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The owner's connection.
    async fn sql(&self) -> Client {
        autocrm_api::db::connect(&self.cluster.url("postgres", DATABASE))
            .await
            .expect("connects")
    }

    /// Until the API reaches its database.
    async fn ready(&self) {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let answer = reqwest::get(format!("{}/readyz", self.address())).await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            assert!(Instant::now() < until, "the API does not get ready");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn kill_api(&mut self) {
        self.api.kill().expect("SIGKILL");
        self.api.wait().expect("ends");
    }

    /// Agents with room for everything, who take turns as clients.
    async fn agents(&self) -> Vec<Person> {
        let sql = self.sql().await;
        let mut agents = Vec::new();
        for name in ["Ada", "Bob", "Cem"] {
            agents.push(sign_in(&sql, &self.address(), "agent", name, "all").await);
        }
        sql.batch_execute(
            "update app.users set availability = 'online', capacity = 1000 where role = 'agent';
             insert into app.memberships (team_id, user_id) select 1, id from app.users where role = 'agent'",
        )
        .await
        .expect("a team");
        agents
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.api.kill();
        let _ = self.api.wait();
        let _ = self.cluster.remove(&TREE);
        let _ = std::fs::remove_dir_all(&self.cluster.run);
    }
}

/// Removes the clusters of runs that were killed themselves.
fn sweep(tree: &Tree) {
    for entry in std::fs::read_dir(home().expect("a home"))
        .expect("reads")
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        let run = name.rsplit_once('-').map_or("", |(_, pid)| pid);
        if name.starts_with("crash-") && !PathBuf::from("/proc").join(run).exists() {
            let _ = Cluster::new(name.leak(), true).and_then(|dead| dead.remove(tree));
        }
    }
}

fn serve(cluster: &Cluster, port: u16) -> Child {
    let mut command: Command = binary();
    command
        .arg("serve")
        .env("AUTOCRM_LISTEN", format!("127.0.0.1:{port}"))
        .env("AUTOCRM_DATABASE_URL", cluster.url("autocrm_api", DATABASE))
        .env("AUTOCRM_SECRET", SECRET)
        .env("RUST_LOG", "off")
        .spawn()
        .expect("serves")
}

/// Clients that open tickets and reply to each, as fast as they are answered.
struct Load {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicUsize>,
    clients: Vec<JoinHandle<Vec<Attempt>>>,
}

/// One key, whoever used it, and the ticket they were told of.
struct Attempt {
    person: Person,
    key: String,
    told: Option<i64>,
}

impl Load {
    fn start(agents: &[Person]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let clients = (0..CLIENTS)
            .map(|client| {
                let person = agents[client % agents.len()].clone();
                let (stop, acknowledged) = (Arc::clone(&stop), Arc::clone(&acknowledged));
                tokio::spawn(async move {
                    let mut attempts = Vec::new();
                    for n in 0.. {
                        if stop.load(Ordering::Relaxed) {
                            break;
                        }
                        let key = format!("client {client} number {n}");
                        let told = open_ticket(&person, &key).await;
                        if told.is_some() {
                            acknowledged.fetch_add(1, Ordering::Relaxed);
                        } else {
                            tokio::time::sleep(Duration::from_millis(50)).await;
                        }
                        let person = person.clone();
                        attempts.push(Attempt { person, key, told });
                    }
                    attempts
                })
            })
            .collect();
        Self {
            stop,
            acknowledged,
            clients,
        }
    }

    /// Until so many more tickets were acknowledged.
    async fn more(&self, tickets: usize) {
        let goal = self.acknowledged.load(Ordering::Relaxed) + tickets;
        let until = Instant::now() + Duration::from_secs(30);
        while self.acknowledged.load(Ordering::Relaxed) < goal {
            assert!(Instant::now() < until, "the API does not work");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn end(self) -> Vec<Attempt> {
        self.stop.store(true, Ordering::Relaxed);
        let mut attempts = Vec::new();
        for client in self.clients {
            attempts.extend(client.await.expect("a client"));
        }
        attempts
    }
}

/// The ticket of this key with its reply, once both were acknowledged.
async fn open_ticket(person: &Person, key: &str) -> Option<i64> {
    let body = json!({"subject": format!("Load {key}"), "description": "Under load"});
    let headers = [("idempotency-key", key)];
    let made = person.try_post("/api/tickets", &body, &headers).await?;
    if made.status() != 201 {
        return None;
    }
    let id = made.json::<Value>().await.ok()?["id"].as_i64()?;
    let reply = person
        .try_post(
            &format!("/api/tickets/{id}/messages"),
            &json!({"body_text": "We are on it"}),
            &[("idempotency-key", &format!("reply {key}"))],
        )
        .await?;
    (reply.status() == 201).then_some(id)
}

/// Everything is sent again with its key: all there once, with all that belongs to it, and counted.
async fn settle(site: &Site, attempts: &[Attempt]) {
    let mut tickets = BTreeMap::new();
    for attempt in attempts {
        let again = open_ticket(&attempt.person, &attempt.key).await;
        let id = again.unwrap_or_else(|| panic!("{} is not done when repeated", attempt.key));
        if let Some(told) = attempt.told {
            assert_eq!(id, told, "{} was done twice", attempt.key);
        }
        tickets.insert(format!("Load {}", attempt.key), id);
    }
    let sql = site.sql().await;
    let rows = sql
        .query("select subject, id from app.tickets", &[])
        .await
        .expect("tickets");
    assert_eq!(rows.len(), attempts.len(), "each key is one ticket");
    let there: BTreeMap<String, i64> = rows.iter().map(|r| (r.get(0), r.get(1))).collect();
    assert_eq!(there, tickets);
    // A ticket whose agents were all locked for longer than a customer waits is given out by the sweep.
    sql.batch_execute("select worker.maintain('waiting')")
        .await
        .expect("a sweep");

    for (what, wrong) in [
        (
            "tickets without their description and one reply as messages",
            "select t.id::text from app.tickets t
              where array(select m.body_text from app.messages m where m.ticket_id = t.id order by m.id) <> array['Under load', 'We are on it']",
        ),
        (
            "tickets that were not announced once",
            "select t.id::text from app.tickets t where (select count(*) from app.events e where e.ticket_id = t.id and e.name = 'ticket.created') <> 1",
        ),
        (
            "replies that were not announced once",
            "select m.id::text from app.messages m where m.body_text = 'We are on it' and (select count(*) from app.events e where e.message_id = m.id and e.name = 'message.created') <> 1",
        ),
        (
            "tickets that the audit does not have once",
            "select t.id::text from app.tickets t
              where (select count(*) from app.audit_log a where a.table_name = 'tickets' and a.action = 'insert' and a.row_key = t.id::text) <> 1",
        ),
        (
            "messages that the audit does not have",
            "select count(*)::text from app.audit_log where table_name = 'messages' and action = 'insert' having count(*) <> (select count(*) from app.messages)",
        ),
        (
            "events, audit rows or decisions of tickets that are not there",
            "select ticket_id::text from app.events where ticket_id not in (select id from app.tickets)
             union all select row_key from app.audit_log where table_name = 'tickets' and row_key::bigint not in (select id from app.tickets)
             union all select ticket_id::text from app.routing_decisions where ticket_id not in (select id from app.tickets)",
        ),
        (
            "tickets that nobody was given",
            "select id::text from app.tickets where assignee_id is null",
        ),
        (
            "agents whose load is miscounted",
            "select format('%s: %s', u.name, l.open) from app.users u left join app.agent_loads l on l.user_id = u.id
              where u.role = 'agent' and coalesce(l.open, 0) <> (select count(*) from app.tickets t join app.statuses s on s.id = t.status_id
                where t.assignee_id = u.id and s.category not in ('solved', 'closed'))",
        ),
    ] {
        let rows = sql.query(wrong, &[]).await.expect(what);
        let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        assert!(found.is_empty(), "{what}: {}", found.join(", "));
    }
    let mended: i64 = sql
        .query_one("select autocrm.recount_loads()", &[])
        .await
        .expect("recounts")
        .get(0);
    assert_eq!(mended, 0, "a recount finds nothing to mend");
}

/// A client of the live updates that comes back with its last cursor whenever it is cut off.
struct Listener {
    heard: Arc<Mutex<Vec<i64>>>,
    came: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Listener {
    async fn start(site: &Site, person: &Person) -> Self {
        let address = format!("ws://127.0.0.1:{}/api/live", site.port);
        let token = person.token.clone().expect("a token");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let came = Arc::new(AtomicUsize::new(0));
        let (into, ready) = (Arc::clone(&heard), Arc::clone(&came));
        let task = tokio::spawn(async move {
            let mut cursor = None;
            loop {
                listen(&address, &token, &mut cursor, &into, &ready).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        let listener = Self { heard, came, task };
        listener.came(1).await;
        listener
    }

    /// Until it has been let in so many times.
    async fn came(&self, times: usize) {
        let until = Instant::now() + Duration::from_secs(20);
        while self.came.load(Ordering::Relaxed) < times {
            assert!(Instant::now() < until, "it is not let in");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// It heard every event once, those of each ticket in the order of the log.
    async fn has_heard_everything(self, site: &Site) {
        let log: Vec<(i64, Option<i64>)> = site
            .sql()
            .await
            .query("select id, ticket_id from app.events order by id", &[])
            .await
            .expect("events")
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect();
        let until = Instant::now() + Duration::from_secs(20);
        let heard = || self.heard.lock().expect("no panic").clone();
        while heard().len() < log.len() && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let heard = heard();
        self.task.abort();
        let missed: Vec<_> = log.iter().filter(|(id, _)| !heard.contains(id)).collect();
        assert!(missed.is_empty(), "of {} missed {missed:?}", log.len());
        assert_eq!(heard.len(), log.len(), "nothing came twice");
        let tickets: BTreeMap<i64, Option<i64>> = log.iter().copied().collect();
        let mut last: BTreeMap<Option<i64>, i64> = BTreeMap::new();
        for id in heard {
            let before = last.insert(tickets[&id], id).unwrap_or_default();
            assert!(before < id, "{before} of the same ticket came before {id}");
        }
    }
}

/// One connection, until it ends.
async fn listen(
    address: &str,
    token: &str,
    cursor: &mut Option<String>,
    heard: &Mutex<Vec<i64>>,
    ready: &AtomicUsize,
) -> Option<()> {
    let mut request = address.into_client_request().expect("a request");
    let bearer = format!("Bearer {token}").parse().expect("a header");
    request.headers_mut().insert("authorization", bearer);
    let (mut socket, _) = connect_async(request).await.ok()?;
    let hello = json!({"type": "hello", "cursor": cursor}).to_string();
    socket.send(Message::Text(hello.into())).await.ok()?;
    loop {
        let Message::Text(text) = socket.next().await?.ok()? else {
            continue;
        };
        let message: Value = serde_json::from_str(&text).ok()?;
        *cursor = message["cursor"].as_str().map(str::to_owned);
        match message["type"].as_str() {
            Some("ready") => _ = ready.fetch_add(1, Ordering::Relaxed),
            Some("event") => {
                let own = Cursor::parse(cursor.as_deref()?).expect("a cursor");
                let id = own.place.expect("an event's own").id;
                let id = i64::try_from(id).expect("an id");
                heard.lock().expect("no panic").push(id);
            }
            other => panic!("{other:?} is not expected here"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_killed_in_the_middle_of_work_loses_and_doubles_nothing() {
    let mut site = Site::open("crash-api").await;
    let agents = site.agents().await;
    let listener = Listener::start(&site, &agents[0]).await;
    let load = Load::start(&agents);

    load.more(40).await;
    site.kill_api();
    site.api = serve(&site.cluster, site.port);
    site.ready().await;
    load.more(20).await;
    let attempts = load.end().await;

    settle(&site, &attempts).await;
    listener.came(2).await;
    listener.has_heard_everything(&site).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_killed_in_the_middle_of_work_comes_back_under_the_same_api() {
    let mut site = Site::open("crash-postgres").await;
    let agents = site.agents().await;
    let listener = Listener::start(&site, &agents[0]).await;
    let load = Load::start(&agents);

    load.more(40).await;
    site.cluster.kill().expect("kills");
    let gone = reqwest::get(format!("{}/readyz", site.address())).await;
    assert_eq!(gone.expect("the API is there").status(), 503);
    site.cluster.start(&TREE, false).expect("recovers");
    load.more(20).await;
    assert!(
        matches!(site.api.try_wait(), Ok(None)),
        "the API went on by itself"
    );
    let attempts = load.end().await;

    settle(&site, &attempts).await;
    listener.has_heard_everything(&site).await;
    // Who tells the listeners is there again too, and not each writer by itself; also after being told to end.
    let sql = site.sql().await;
    sql.execute(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where backend_type = 'autocrm waker'",
        &[],
    )
    .await
    .expect("ends it");
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let wakers: i64 = sql
            .query_one(
                "select count(*) from pg_stat_activity where backend_type = 'autocrm waker'",
                &[],
            )
            .await
            .expect("counts")
            .get(0);
        if wakers == 1 {
            break;
        }
        assert!(
            Instant::now() < until,
            "the waking worker does not come back"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The commit has happened when the connection breaks: only the caller can know whether to ask again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_whose_acknowledgement_is_lost_is_not_opened_again_behind_the_callers_back() {
    let site = Site::open("crash-commit").await;
    let agents = site.agents().await;
    let sql = site.sql().await;
    // A commit now waits, when it is done, for a standby that is not there.
    sql.batch_execute("alter system set synchronous_standby_names = 'nobody'")
        .await
        .expect("sets");
    sql.execute("select pg_reload_conf()", &[])
        .await
        .expect("reloads");

    let person = agents[0].clone();
    let answer = tokio::spawn(async move {
        let body = json!({"subject": "Load without a key"});
        person.try_post("/api/tickets", &body, &[]).await
    });
    let until = Instant::now() + Duration::from_secs(20);
    while !answer.is_finished() {
        assert!(Instant::now() < until, "the request does not end");
        sql.execute("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'SyncRep' and usename = 'autocrm_api'", &[])
            .await
            .expect("cuts it off");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    let status = answer.await.expect("ends").expect("an answer").status();
    assert_eq!(status, 503);
    let tickets: i64 = sql
        .query_one("select count(*) from app.tickets", &[])
        .await
        .expect("counts")
        .get(0);
    assert_eq!(tickets, 1);
}
