//! The LISTEN connection. A notification is a hint; the log of events is the truth, so a lost connection loses
//! nothing. A connection that receives nothing is worse: behind a pooler in transaction mode, LISTEN succeeds and no
//! notification ever arrives. So the process notifies itself from time to time, through the pool like everybody
//! else; while that heartbeat does not arrive, the log is polled instead.

use super::hub::Hub;
use crate::db;
use crate::db::error::Detailed;
use anyhow::Result;
use deadpool_postgres::Pool;
use futures_util::{StreamExt, stream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_postgres::AsyncMessage;

const HEARTBEAT: &str = "autocrm_heartbeat";
/// Between two heartbeats that arrived.
const BEAT: Duration = Duration::from_secs(10);
/// How long a heartbeat may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often the log is polled while notifications are not known to arrive.
const POLL: Duration = Duration::from_millis(250);
static NEXT: AtomicU64 = AtomicU64::new(0);

pub async fn listen(url: String, pool: Pool, hub: Arc<Hub>) {
    loop {
        if let Err(error) = once(&url, &pool, &hub).await {
            let error = Detailed(error.as_ref());
            tracing::warn!(%error, "listening again in a second");
        }
        // What was missed meanwhile is read now.
        hub.wake();
        sleep(Duration::from_secs(1)).await;
    }
}

async fn once(url: &str, pool: &Pool, hub: &Hub) -> Result<()> {
    let (client, mut connection) = db::open(url).await?;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    // Other processes of the desk send heartbeats on the same channel.
    let own = format!("{:016x}", rand::random::<u64>());
    let (received, beats) = watch::channel(String::new());
    let read = async {
        while let Some(message) = messages.next().await {
            if let AsyncMessage::Notification(notice) = message? {
                match notice.channel() {
                    HEARTBEAT if notice.payload().starts_with(&own) => {
                        received.send_replace(notice.payload().to_owned());
                    }
                    HEARTBEAT => {}
                    // Any log-in can send a notification, so it only wakes and its payload is ignored.
                    "autocrm_presence" => hub.presence().wake(),
                    "autocrm_notifications" => hub.presence().wake_notified(),
                    _ => hub.wake(),
                }
            }
        }
        anyhow::Ok(())
    };
    let ask = async {
        client
            .batch_execute(
                "listen autocrm_events; listen autocrm_presence; listen autocrm_notifications; listen autocrm_heartbeat",
            )
            .await?;
        hub.wake();
        hub.presence().wake();
        hub.presence().wake_notified();
        beat(pool, hub, &own, beats).await
    };
    tokio::select! {
        ended = read => ended,
        failed = ask => failed,
    }
}

/// Notifies itself from time to time, as long as the connection lasts.
async fn beat(pool: &Pool, hub: &Hub, own: &str, mut beats: watch::Receiver<String>) -> Result<()> {
    // Until the first heartbeat has arrived, neither is known.
    let (mut sure, mut deaf) = (false, false);
    loop {
        let beat = format!("{own}.{}", NEXT.fetch_add(1, Ordering::Relaxed));
        // A busy pool or an unreachable database proves nothing about the LISTEN connection.
        if let Err(error) = polling(hub, !sure, send(pool, &beat)).await {
            tracing::debug!(%error, "no heartbeat");
            polling(hub, !sure, sleep(PATIENCE)).await;
            continue;
        }
        let arrived = async { beats.wait_for(|last| *last == beat).await.map(drop) };
        if let Ok(arrived) = timeout(PATIENCE, polling(hub, !sure, arrived)).await {
            arrived?;
            if deaf {
                tracing::info!("notifications of the database arrive again");
            }
            (sure, deaf) = (true, false);
            metrics::gauge!("autocrm_listen_deaf").set(0.0);
            sleep(BEAT).await;
        } else {
            if !deaf {
                tracing::error!(
                    "no notice of the database comes through this connection: LISTEN does not work behind a pooler \
                         in transaction mode; give a direct connection in AUTOCRM_LISTEN_DATABASE_URL. The log of \
                         events is polled until then"
                );
            }
            (sure, deaf) = (false, true);
            metrics::gauge!("autocrm_listen_deaf").set(1.0);
            polling(hub, !sure, sleep(BEAT)).await;
        }
    }
}

/// Waits for a future; with `poll`, the log is polled meanwhile.
async fn polling<T>(hub: &Hub, poll: bool, awaited: impl Future<Output = T>) -> T {
    let forever = async {
        loop {
            sleep(POLL).await;
            if poll {
                hub.wake();
                hub.presence().wake_notified();
            }
        }
    };
    tokio::select! {
        done = awaited => done,
        never = forever => never,
    }
}

/// Through the pool, like the notifications of everybody else. The payload consists of digits and a point.
async fn send(pool: &Pool, beat: &str) -> Result<()> {
    let client = pool.get().await?;
    client
        .batch_execute(&format!("notify {HEARTBEAT}, '{beat}'"))
        .await?;
    Ok(())
}
