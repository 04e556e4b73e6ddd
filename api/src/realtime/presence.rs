//! Presence: who is on which ticket. The truth is a table that all processes share; a notification on the channel only
//! wakes. One query for all watched tickets finds the changed ones, and the sockets that watch these read them with
//! their own rights. New notifications of users are found in the same way.

use crate::db::calls::value;
use crate::db::error::Detailed;
use crate::db::params::Params;
use deadpool_postgres::Pool;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{broadcast, watch};

/// One query for all wake-ups within this time, however many there are.
const GATHER: Duration = Duration::from_millis(40);
/// Unconfirmed entries expire without a wake-up, so the table is also read at this interval.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// How often a socket confirms its person: a third of the time after which an entry of the table expires.
pub const CONFIRM: Duration = Duration::from_secs(10);
/// As many as the table holds for one person.
pub const MOST_WATCHED: usize = 50;
/// News of all tickets and people of a process; a socket that falls behind is disconnected.
const QUEUE: usize = 1024;

/// For sockets: the people on a ticket changed, or a user has a new notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    Presence { ticket: i64 },
    Notification { user: i64, newest: i64 },
}

pub struct Presence {
    pool: Pool,
    /// How many sockets watch a ticket, and a digest of the people on it when it was last read.
    watched: Mutex<HashMap<i64, (usize, Option<String>)>>,
    noticed: watch::Sender<u64>,
    notified: watch::Sender<u64>,
    news: broadcast::Sender<News>,
}

/// A ticket that a socket watches, until dropped.
pub struct Watch {
    presence: Arc<Presence>,
    ticket: i64,
}

impl Presence {
    pub fn new(pool: Pool) -> Arc<Self> {
        let presence = Arc::new(Self {
            pool,
            watched: Mutex::default(),
            noticed: watch::Sender::new(0),
            notified: watch::Sender::new(0),
            news: broadcast::Sender::new(QUEUE),
        });
        let (weak, noticed) = (Arc::downgrade(&presence), presence.noticed.subscribe());
        tokio::spawn(async move {
            let mut noticed = noticed;
            loop {
                let _ = tokio::time::timeout(LOOK_AGAIN, noticed.changed()).await;
                tokio::time::sleep(GATHER).await;
                noticed.mark_unchanged();
                let Some(presence) = weak.upgrade() else {
                    return;
                };
                if let Err(error) = presence.look().await {
                    let error = Detailed(error.as_ref());
                    tracing::warn!(%error, "who is present could not be read; it is looked for again");
                }
            }
        });
        let (weak, notified) = (Arc::downgrade(&presence), presence.notified.subscribe());
        tokio::spawn(async move {
            let mut notified = notified;
            let mut last = None;
            loop {
                let Some(presence) = weak.upgrade() else {
                    return;
                };
                match presence.tell_notified(last).await {
                    Ok(newest) => last = Some(newest),
                    Err(error) => {
                        let error = Detailed(error.as_ref());
                        tracing::warn!(%error, "new notifications are looked for again");
                    }
                }
                drop(presence);
                let _ = tokio::time::timeout(LOOK_AGAIN, notified.changed()).await;
                tokio::time::sleep(GATHER).await;
                notified.mark_unchanged();
            }
        });
        presence
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, (usize, Option<String>)>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A notice on the channel of presence; anybody could have sent it.
    pub fn wake(&self) {
        self.noticed.send_modify(|count| *count += 1);
    }

    /// A notice on the channel of notifications.
    pub fn wake_notified(&self) {
        self.notified.send_modify(|count| *count += 1);
    }

    pub fn news(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    pub fn watch(self: &Arc<Self>, ticket: i64) -> Watch {
        self.lock().entry(ticket).or_default().0 += 1;
        Watch {
            presence: Arc::clone(self),
            ticket,
        }
    }

    async fn look(&self) -> anyhow::Result<()> {
        let tickets: Vec<i64> = self.lock().keys().copied().collect();
        if tickets.is_empty() {
            return Ok(());
        }
        let answer = self
            .ask("select worker.watch_presence($1)::text", &[&tickets])
            .await?;
        let mut people: BTreeMap<i64, String> = serde_json::from_str(&answer)?;
        let mut watched = self.lock();
        for ticket in tickets {
            if let Some((_, known)) = watched.get_mut(&ticket) {
                let now = people.remove(&ticket);
                if *known != now {
                    *known = now;
                    let _ = self.news.send(News::Presence { ticket });
                }
            }
        }
        Ok(())
    }

    async fn tell_notified(&self, last: Option<i64>) -> anyhow::Result<i64> {
        #[derive(serde::Deserialize)]
        struct Notified {
            last: i64,
            people: BTreeMap<i64, i64>,
        }
        let answer = self
            .ask("select worker.notified_since($1)::text", &[&last])
            .await?;
        let notified: Notified = serde_json::from_str(&answer)?;
        for (user, newest) in notified.people {
            let _ = self.news.send(News::Notification { user, newest });
        }
        Ok(notified.last.max(last.unwrap_or_default()))
    }

    async fn ask(&self, sql: &str, params: Params<'_>) -> anyhow::Result<String> {
        let client = self.pool.get().await?;
        let answer: Option<String> = value(&**client, sql, params).await?;
        Ok(answer.unwrap_or_else(|| "{}".into()))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut watched = self.presence.lock();
        if let Some((count, _)) = watched.get_mut(&self.ticket) {
            *count -= 1;
            if *count == 0 {
                watched.remove(&self.ticket);
            }
        }
    }
}
