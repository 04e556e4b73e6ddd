//! Attendance: which agents have a live connection to this process. The database decides what the end of the last one
//! means, since another process may hold one too.

use crate::db::error::Detailed;
use crate::db::identity::Identity;
use deadpool_postgres::Pool;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_postgres::types::Type;

const BEAT: Duration = Duration::from_secs(30);
/// A page that is reloaded is back within seconds. Longer than a beat, so that other processes have noted theirs.
const GRACE: Duration = Duration::from_secs(45);
const GRACE_IN_DATABASE: i32 = 40;

pub struct Attendance {
    pool: Pool,
    sockets: Mutex<HashMap<i64, usize>>,
}

/// A live connection; it ends when dropped.
pub struct Here {
    attendance: Arc<Attendance>,
    user: i64,
}

impl Attendance {
    pub fn new(pool: Pool) -> Arc<Self> {
        let attendance = Arc::new(Self {
            pool,
            sockets: Mutex::default(),
        });
        let weak = Arc::downgrade(&attendance);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(BEAT).await;
                let Some(attendance) = weak.upgrade() else {
                    return;
                };
                let users: Vec<i64> = attendance.lock().keys().copied().collect();
                attendance.note_connected(users).await;
            }
        });
        attendance
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, usize>> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a connection of a person; keys and customers have no attendance.
    pub fn enter(self: &Arc<Self>, who: &Identity) -> Option<Here> {
        let user = who.person()?;
        let first = {
            let mut sockets = self.lock();
            let count = sockets.entry(user).or_default();
            *count += 1;
            *count == 1
        };
        if first {
            let attendance = Arc::clone(self);
            tokio::spawn(async move { attendance.note_connected(vec![user]).await });
        }
        Some(Here {
            attendance: Arc::clone(self),
            user,
        })
    }

    pub fn sockets_of(&self, user: i64) -> usize {
        self.lock().get(&user).copied().unwrap_or_default()
    }

    async fn note_connected(&self, users: Vec<i64>) {
        if users.is_empty() {
            return;
        }
        let noted = async {
            let client = self.pool.get().await?;
            client
                .query_typed(
                    "select worker.note_connected($1)::text",
                    &[(&users, Type::INT8_ARRAY)],
                )
                .await?;
            anyhow::Ok(())
        };
        if let Err(error) = noted.await {
            let error = Detailed(error.as_ref());
            tracing::warn!(%error, "who is connected could not be noted; the next beat tries again");
        }
    }

    /// After the grace period: a person who came back meanwhile never left.
    async fn note_disconnect(&self, user: i64) {
        tokio::time::sleep(GRACE).await;
        if self.lock().contains_key(&user) {
            return;
        }
        let noted = async {
            let client = self.pool.get().await?;
            client
                .query_typed(
                    "select worker.note_disconnect($1, $2)::text",
                    &[(&user, Type::INT8), (&GRACE_IN_DATABASE, Type::INT4)],
                )
                .await?;
            anyhow::Ok(())
        };
        if let Err(error) = noted.await {
            // The step `connections` of the maintenance finds them later.
            let error = Detailed(error.as_ref());
            tracing::warn!(%error, user, "the end of a connection could not be noted");
        }
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        let mut sockets = self.attendance.lock();
        let count = sockets.entry(self.user).or_default();
        *count = count.saturating_sub(1);
        if *count == 0 {
            sockets.remove(&self.user);
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                let (attendance, user) = (Arc::clone(&self.attendance), self.user);
                runtime.spawn(async move { attendance.note_disconnect(user).await });
            }
        }
    }
}
