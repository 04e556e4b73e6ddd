//! The hub: who is subscribed as what class, and who is present on which ticket.

use crate::error::ApiResult;
use deadpool_postgres::Pool;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::{broadcast, watch};
use tokio_postgres::types::Type;

/// Slower readers than this many batches are cut off; they come back with their cursor.
const QUEUE: usize = 256;
const FORGET: Duration = Duration::from_secs(30);

/// A place in the log: transaction, then id.
pub type Cursor = (u64, u64);

pub fn parse_cursor(text: &str) -> Option<Cursor> {
    let (xid, id) = text.split_once('.')?;
    Some((xid.parse().ok()?, id.parse().ok()?))
}

#[derive(Clone)]
pub struct Identity {
    pub role: &'static str,
    pub claims: String,
}

#[derive(Debug, Deserialize)]
pub struct Batch {
    pub cursor: String,
    pub events: Vec<Box<RawValue>>,
}

/// Events of one class, read once for all its sockets.
pub struct Class {
    sender: broadcast::Sender<Arc<Batch>>,
}

impl Class {
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Batch>> {
        self.sender.subscribe()
    }
}

#[derive(Debug, Clone, Deserialize)]
struct Heard {
    ticket_id: i64,
    state: String,
    id: i64,
    name: String,
}

#[derive(Debug, Clone, Serialize)]
struct Present {
    id: i64,
    name: String,
    state: String,
    #[serde(skip)]
    seen: Instant,
}

#[derive(Debug, Clone)]
pub struct PresenceNews {
    pub ticket_id: i64,
    pub json: Arc<str>,
}

pub struct Hub {
    pool: Pool,
    woken: watch::Sender<u64>,
    closing: watch::Sender<bool>,
    classes: Mutex<HashMap<String, Weak<Class>>>,
    present: Mutex<HashMap<i64, Vec<Present>>>,
    news: broadcast::Sender<PresenceNews>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    pub fn new(pool: Pool) -> Self {
        Self {
            pool,
            woken: watch::Sender::new(0),
            closing: watch::Sender::new(false),
            classes: Mutex::default(),
            present: Mutex::default(),
            news: broadcast::Sender::new(QUEUE),
        }
    }

    pub fn wake(&self) {
        self.woken.send_modify(|count| *count += 1);
    }

    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    pub fn presence(&self) -> broadcast::Receiver<PresenceNews> {
        self.news.subscribe()
    }

    async fn ask(
        &self,
        who: &Identity,
        sql: &str,
        params: crate::caller::Params<'_>,
    ) -> ApiResult<Option<String>> {
        let client = self.pool.get().await?;
        let identity: crate::caller::Params<'_> =
            &[(&who.role, Type::TEXT), (&who.claims, Type::TEXT)];
        let (begun, known, rows, committed) = futures_util::join!(
            client.batch_execute("begin"),
            client.query_typed(crate::caller::IDENTITY, identity),
            client.query_typed(sql, params),
            client.batch_execute("commit"),
        );
        begun?;
        known?;
        let rows = rows?;
        committed?;
        Ok(rows.first().and_then(|row| row.get(0)))
    }

    /// Events after a cursor as this identity may see them.
    pub async fn read(&self, who: &Identity, cursor: Option<&str>) -> ApiResult<Batch> {
        let json = self
            .ask(
                who,
                "select api.events_after($1, 200)::text",
                &[(&cursor, Type::TEXT)],
            )
            .await?;
        serde_json::from_str(&json.unwrap_or_default())
            .map_err(|_| crate::error::Problem::bad_request("the events cannot be read"))
    }

    pub async fn announce(&self, who: &Identity, ticket_id: i64, state: &str) -> ApiResult<()> {
        let body = serde_json::json!({"state": state}).to_string();
        self.ask(
            who,
            "select api.announce_presence($1, $2::text::jsonb)::text",
            &[(&ticket_id, Type::INT8), (&body, Type::TEXT)],
        )
        .await?;
        Ok(())
    }

    /// The class that this identity belongs to, started when it is the first of it.
    pub async fn join(self: &Arc<Self>, who: &Identity) -> ApiResult<Arc<Class>> {
        let name = self.ask(who, "select api.subscriber_class()", &[]).await?;
        let name =
            name.ok_or_else(|| crate::error::Problem::unauthorized("Nobody is signed in"))?;
        let mut classes = lock(&self.classes);
        if let Some(class) = classes.get(&name).and_then(Weak::upgrade) {
            return Ok(class);
        }
        classes.retain(|_, class| class.strong_count() > 0);
        let class = Arc::new(Class {
            sender: broadcast::Sender::new(QUEUE),
        });
        classes.insert(name, Arc::downgrade(&class));
        tokio::spawn(follow(
            Arc::clone(self),
            Arc::downgrade(&class),
            who.clone(),
        ));
        Ok(class)
    }

    /// What another process, or this one, said about presence.
    pub fn heard(&self, payload: &str) {
        let Ok(heard) = serde_json::from_str::<Heard>(payload) else {
            return;
        };
        let mut present = lock(&self.present);
        let people = present.entry(heard.ticket_id).or_default();
        people.retain(|person| person.id != heard.id && person.seen.elapsed() < FORGET);
        if heard.state != "left" {
            people.push(Present {
                id: heard.id,
                name: heard.name,
                state: heard.state,
                seen: Instant::now(),
            });
        }
        let json = people_json(heard.ticket_id, people);
        if people.is_empty() {
            present.remove(&heard.ticket_id);
        }
        drop(present);
        let _ = self.news.send(PresenceNews {
            ticket_id: heard.ticket_id,
            json,
        });
    }

    pub fn people_on(&self, ticket_id: i64) -> Arc<str> {
        let mut present = lock(&self.present);
        let people = present.entry(ticket_id).or_default();
        people.retain(|person| person.seen.elapsed() < FORGET);
        people_json(ticket_id, people)
    }
}

fn people_json(ticket_id: i64, people: &[Present]) -> Arc<str> {
    serde_json::json!({"type": "presence", "ticket_id": ticket_id, "people": people})
        .to_string()
        .into()
}

/// Reads for a class as long as anybody is in it.
async fn follow(hub: Arc<Hub>, class: Weak<Class>, who: Identity) {
    let mut woken = hub.woken.subscribe();
    let Ok(mut batch) = hub.read(&who, None).await else {
        return;
    };
    loop {
        // Events of a transaction that ended stay hidden while an older one still runs, so after a
        // wake-up the log is looked at again until it has been quiet for a while.
        let _ = tokio::time::timeout(Duration::from_secs(1), woken.changed()).await;
        loop {
            let Some(class) = class.upgrade() else {
                return;
            };
            match hub.read(&who, Some(&batch.cursor)).await {
                Ok(next) if next.events.is_empty() => break,
                Ok(next) => {
                    batch = next;
                    let sent = Batch {
                        cursor: batch.cursor.clone(),
                        events: std::mem::take(&mut batch.events),
                    };
                    let _ = class.sender.send(Arc::new(sent));
                }
                // The representative's session ended: the sockets reconnect and another takes over.
                Err(problem) if problem.status == 401 => return,
                Err(_) => break,
            }
        }
    }
}
