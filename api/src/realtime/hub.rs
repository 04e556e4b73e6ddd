//! The hub: which sockets subscribe to which class, and the loop that reads the events of a class.

use super::attendance::{Attendance, Here};
use super::presence::Presence;
use crate::db::calls::{self, Behalf};
use crate::db::identity::Identity;
use crate::db::params::Params;
use crate::error::{ApiResult, Problem};
use deadpool_postgres::Pool;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{broadcast, watch};

/// A subscriber that falls this many batches behind is disconnected; it comes back with its cursor.
const QUEUE: usize = 256;
const AGAIN: &str = "Connect again.";

#[derive(Debug, Deserialize)]
pub struct Batch {
    pub cursor: String,
    pub events: Vec<Box<RawValue>>,
    /// Members who no longer belong to the class, as found by the statement that read it.
    #[serde(default)]
    cut: BTreeSet<u64>,
    /// The log is another than before: subscribers must reload.
    #[serde(default)]
    pub resync: bool,
}

/// The answer of one read for a class. `outside` holds positions, from 1, among the members that were checked.
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

/// A socket's membership in its class; it ends when dropped.
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

    /// This person is connected as long as the answer is kept.
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

    /// How many live connections have not ended yet: each keeps a receiver until its close frame is sent.
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
        self.ask(who, "select api._presence($1)::text", &[&ticket_id])
            .await
    }

    /// Confirms that this person is still there; the tickets among these that they still see.
    pub async fn confirm(&self, who: &Identity, tickets: &[i64]) -> ApiResult<Vec<i64>> {
        let seen = self
            .ask(
                who,
                "select to_json(api._keep_presence($1))::text",
                &[&tickets],
            )
            .await?;
        serde_json::from_str(&seen.unwrap_or_default())
            .map_err(|_| Problem::bad_request("the tickets cannot be read", AGAIN))
    }

    async fn ask(
        &self,
        who: &Identity,
        sql: &str,
        params: Params<'_>,
    ) -> ApiResult<Option<String>> {
        Ok(calls::call(&self.pool, &Behalf::reader(who), sql, params).await?)
    }

    /// Events after a cursor as this identity may see them.
    pub async fn read(&self, who: &Identity, cursor: Option<&str>) -> ApiResult<Batch> {
        let json = self
            .ask(who, "select api.events_after($1, 200)::text", &[&cursor])
            .await?;
        serde_json::from_str(&json.unwrap_or_default())
            .map_err(|_| Problem::bad_request("the events cannot be read", AGAIN))
    }

    pub async fn announce(&self, who: &Identity, ticket_id: i64, state: &str) -> ApiResult<()> {
        let body = serde_json::json!({"state": state}).to_string();
        self.ask(
            who,
            "select api.announce_presence($1, $2::text::jsonb)::text",
            &[&ticket_id, &body],
        )
        .await?;
        Ok(())
    }

    /// Membership in the class that this identity belongs to; its first member starts the class.
    pub async fn join(self: &Arc<Self>, who: &Identity) -> ApiResult<Membership> {
        let name = self.ask(who, "select autocrm.actor_class()", &[]).await?;
        let name = name.ok_or_else(|| Problem::unauthorized("Nobody is signed in"))?;
        let known = |hub: &Self| {
            lock(&hub.classes)
                .get(&name)
                .and_then(Weak::upgrade)
                .map(|class| hub.enter(class, who))
        };
        if let Some(membership) = known(self) {
            return Ok(membership);
        }
        // The start of the class is read before its first member joins: a socket's greeting reaches at least as far.
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

    /// New events for a class, read as its first member, and the members who no longer belong to it.
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
                &[&cursor, &class.name, &claims],
            )
            .await;
        match read {
            Ok(json) => {
                let read: Read = serde_json::from_str(&json.unwrap_or_default())
                    .map_err(|_| Problem::bad_request("the events cannot be read", AGAIN))?;
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
            // The cursor is gone, as after a restore: the class continues from now, and its subscribers reload.
            Err(problem) if problem.status == 410 => {
                let mut batch = self.read(who, None).await?;
                batch.resync = true;
                Ok(Some(batch))
            }
            Err(problem) => Err(problem),
        }
    }
}

/// Reads for a class as long as it has members.
async fn follow(hub: Arc<Hub>, class: Weak<Class>, mut cursor: String) {
    let mut woken = hub.woken.subscribe();
    loop {
        // Committed events are read at once, whatever else is still being written. The timeout covers lost wake-ups.
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
