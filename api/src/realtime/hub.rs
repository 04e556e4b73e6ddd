//! The hub: who is subscribed as what class.

use super::attendance::{Attendance, Here};
use super::presence::Presence;
use crate::error::ApiResult;
use deadpool_postgres::Pool;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio_postgres::types::Type;

/// Slower readers than this many batches are cut off; they come back with their cursor.
const QUEUE: usize = 256;

#[derive(Clone)]
pub struct Identity {
    pub role: &'static str,
    pub claims: String,
}

impl Identity {
    /// The person who is signed in; keys and customers are nobody here.
    pub fn person(&self) -> Option<i64> {
        let claims: Value = serde_json::from_str(&self.claims).ok()?;
        if !matches!(claims["role"].as_str(), Some("agent" | "admin")) {
            return None;
        }
        claims["sub"].as_str()?.parse().ok()
    }
}

#[derive(Debug, Deserialize)]
pub struct Batch {
    pub cursor: String,
    pub events: Vec<Box<RawValue>>,
    /// Members for whom this is not: they were asked about in the statement that read it.
    #[serde(default)]
    cut: BTreeSet<u64>,
    /// The log is another than before: what its readers show is to be read anew.
    #[serde(default)]
    pub resync: bool,
}

/// What one read for a class answers: `outside` are places, from 1, among the members asked about.
#[derive(Deserialize)]
struct Read {
    batch: Batch,
    outside: Vec<usize>,
}

/// Events of one class, read once for all its sockets.
pub struct Class {
    name: String,
    sender: broadcast::Sender<Arc<Batch>>,
    members: Mutex<BTreeMap<u64, Identity>>,
}

/// A socket's place in its class, given back when dropped.
pub struct Membership {
    class: Arc<Class>,
    id: u64,
}

impl Membership {
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Batch>> {
        self.class.sender.subscribe()
    }

    /// Whether this batch is no longer for this member: log-in ended, or another class now.
    pub fn is_cut(&self, batch: &Batch) -> bool {
        batch.cut.contains(&self.id)
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        lock(&self.class.members).remove(&self.id);
    }
}

pub struct Hub {
    pool: Pool,
    woken: watch::Sender<u64>,
    closing: watch::Sender<bool>,
    classes: Mutex<HashMap<String, Weak<Class>>>,
    next_member: AtomicU64,
    attendance: Arc<Attendance>,
    presence: Arc<Presence>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    pub fn new(pool: Pool) -> Self {
        Self {
            attendance: Attendance::new(pool.clone()),
            presence: Presence::new(pool.clone()),
            pool,
            woken: watch::Sender::new(0),
            closing: watch::Sender::new(false),
            classes: Mutex::default(),
            next_member: AtomicU64::new(0),
        }
    }

    /// This person is there as long as the answer is kept.
    pub fn attend(&self, who: &Identity) -> Option<Here> {
        self.attendance.enter(who)
    }

    /// How many live connections this person has to this process.
    pub fn sockets_of(&self, who: &Identity) -> usize {
        who.person()
            .map_or(0, |user| self.attendance.sockets_of(user))
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

    /// How many live connections have not ended yet: each keeps a receiver until it has said why it ends.
    pub fn open_sockets(&self) -> usize {
        self.closing.receiver_count()
    }

    /// How many notifications are unread; refused to whoever is no longer signed in.
    pub async fn unread(&self, who: &Identity) -> ApiResult<i64> {
        let count = self.ask(who, "select api._unread()::text", &[]).await?;
        Ok(count.and_then(|count| count.parse().ok()).unwrap_or(0))
    }

    pub fn presence(&self) -> &Arc<Presence> {
        &self.presence
    }

    /// Who is on a ticket, as a message; `None` when this person does not see the ticket.
    pub async fn people_on(&self, who: &Identity, ticket_id: i64) -> ApiResult<Option<String>> {
        self.ask(
            who,
            "select api._presence($1)::text",
            &[(&ticket_id, Type::INT8)],
        )
        .await
    }

    /// Says that this person is still there; answers which of these tickets they see still.
    pub async fn confirm(&self, who: &Identity, tickets: &[i64]) -> ApiResult<Vec<i64>> {
        let seen = self
            .ask(
                who,
                "select to_json(api._keep_presence($1))::text",
                &[(&tickets, Type::INT8_ARRAY)],
            )
            .await?;
        serde_json::from_str(&seen.unwrap_or_default())
            .map_err(|_| crate::error::Problem::bad_request("the tickets cannot be read"))
    }

    async fn ask(
        &self,
        who: &Identity,
        sql: &str,
        params: crate::caller::Params<'_>,
    ) -> ApiResult<Option<String>> {
        let on = crate::calls::Behalf::reader(who.role, &who.claims);
        crate::calls::call(&self.pool, &on, sql, params).await
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

    /// A place in the class that this identity belongs to, which is started when it is the first of it.
    pub async fn join(self: &Arc<Self>, who: &Identity) -> ApiResult<Membership> {
        let name = self.ask(who, "select autocrm.actor_class()", &[]).await?;
        let name =
            name.ok_or_else(|| crate::error::Problem::unauthorized("Nobody is signed in"))?;
        let known = |hub: &Self| {
            lock(&hub.classes)
                .get(&name)
                .and_then(Weak::upgrade)
                .map(|class| hub.enter(class, who))
        };
        if let Some(membership) = known(self) {
            return Ok(membership);
        }
        // Where the class begins is known before anybody is in it: a socket's greeting goes at least as far.
        let start = self.read(who, None).await?.cursor;
        if let Some(membership) = known(self) {
            return Ok(membership);
        }
        let class = Arc::new(Class {
            name: name.clone(),
            sender: broadcast::Sender::new(QUEUE),
            members: Mutex::default(),
        });
        let membership = self.enter(Arc::clone(&class), who);
        let mut classes = lock(&self.classes);
        classes.retain(|_, class| class.strong_count() > 0);
        classes.insert(name, Arc::downgrade(&class));
        drop(classes);
        tokio::spawn(follow(Arc::clone(self), Arc::downgrade(&class), start));
        Ok(membership)
    }

    fn enter(&self, class: Arc<Class>, who: &Identity) -> Membership {
        let id = self.next_member.fetch_add(1, Ordering::Relaxed);
        lock(&class.members).insert(id, who.clone());
        Membership { class, id }
    }

    /// What is new for a class, read as its first member, and who is no longer of it.
    async fn read_for(&self, class: &Class, cursor: &str) -> ApiResult<Option<Batch>> {
        let members: Vec<(u64, Identity)> = lock(&class.members)
            .iter()
            .map(|(id, who)| (*id, who.clone()))
            .collect();
        let Some((first, who)) = members.first() else {
            return Ok(None);
        };
        let claims: Vec<&str> = members.iter().map(|(_, who)| who.claims.as_str()).collect();
        let read = self
            .ask(
                who,
                "select json_build_object('batch', api.events_after($1, 200), 'outside', autocrm.outsiders($2, $3))::text",
                &[
                    (&cursor, Type::TEXT),
                    (&class.name, Type::TEXT),
                    (&claims, Type::TEXT_ARRAY),
                ],
            )
            .await;
        match read {
            Ok(json) => {
                let read: Read = serde_json::from_str(&json.unwrap_or_default())
                    .map_err(|_| crate::error::Problem::bad_request("the events cannot be read"))?;
                let mut batch = read.batch;
                batch.cut = read
                    .outside
                    .iter()
                    .filter_map(|place| members.get(place.wrapping_sub(1)).map(|(id, _)| *id))
                    .collect();
                Ok(Some(batch))
            }
            // This member's log-in has ended: it is cut, and the next one reads.
            Err(problem) if problem.status == 401 => {
                lock(&class.members).remove(first);
                Ok(Some(Batch {
                    cursor: cursor.to_owned(),
                    events: Vec::new(),
                    cut: BTreeSet::from([*first]),
                    resync: false,
                }))
            }
            // The place is gone, as after a restore: the class goes on from now, and is told so.
            Err(problem) if problem.status == 410 => {
                let mut batch = self.read(who, None).await?;
                batch.resync = true;
                Ok(Some(batch))
            }
            Err(problem) => Err(problem),
        }
    }
}

/// Reads for a class as long as anybody is in it.
async fn follow(hub: Arc<Hub>, class: Weak<Class>, mut cursor: String) {
    let mut woken = hub.woken.subscribe();
    loop {
        // What has committed is read at once, whoever else is still writing. The time is for wake-ups that were lost.
        let _ = tokio::time::timeout(Duration::from_secs(1), woken.changed()).await;
        loop {
            let Some(class) = class.upgrade() else {
                return;
            };
            let Ok(Some(batch)) = hub.read_for(&class, &cursor).await else {
                break;
            };
            cursor.clone_from(&batch.cursor);
            if batch.events.is_empty() && batch.cut.is_empty() && !batch.resync {
                break;
            }
            let _ = class.sender.send(Arc::new(batch));
        }
    }
}
