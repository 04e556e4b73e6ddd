//! Who is on which ticket. The truth is a table that all processes share; a notice on the channel wakes, says nothing and
//! is believed in nothing. One look for all watched tickets tells which of them changed, and the sockets that watch
//! these ask for themselves, with their own rights. Notifications are told in the same way.

use deadpool_postgres::Pool;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio_postgres::types::Type;

/// One look for all notices within this time, however many there are.
const GATHER: Duration = Duration::from_millis(40);
/// Whoever is not confirmed is forgotten without a notice, so that is looked for too.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// How often a socket says that its person is still there. A third of the time after which the table forgets.
pub const CONFIRM: Duration = Duration::from_secs(10);
/// As many as the table keeps of one person.
pub const MOST_WATCHED: usize = 50;
/// Of all tickets and people of a process; whoever falls behind looks for itself.
const QUEUE: usize = 1024;

/// What a socket hears: who is there on a ticket changed, or somebody has a new notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    Presence { ticket: i64 },
    Notification { user: i64, newest: i64 },
}

pub struct Presence {
    pool: Pool,
    /// How many sockets watch a ticket, and who was there when it was last looked at, in short.
    watched: Mutex<HashMap<i64, (usize, Option<String>)>>,
    noticed: watch::Sender<u64>,
    notified: watch::Sender<u64>,
    news: broadcast::Sender<News>,
}

/// A ticket that a socket watches, given back when dropped.
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
                    Err(error) => tracing::warn!(%error, "new notifications are looked for again"),
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
            .ask(
                "select worker.watch_presence($1)::text",
                &[(&tickets, Type::INT8_ARRAY)],
            )
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
            .ask(
                "select worker.notified_since($1)::text",
                &[(&last, Type::INT8)],
            )
            .await?;
        let notified: Notified = serde_json::from_str(&answer)?;
        for (user, newest) in notified.people {
            let _ = self.news.send(News::Notification { user, newest });
        }
        Ok(notified.last.max(last.unwrap_or_default()))
    }

    async fn ask(&self, sql: &str, params: crate::caller::Params<'_>) -> anyhow::Result<String> {
        let client = self.pool.get().await?;
        let rows = client.query_typed(sql, params).await?;
        Ok(rows
            .first()
            .and_then(|row| row.get::<_, Option<String>>(0))
            .unwrap_or_else(|| "{}".into()))
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
