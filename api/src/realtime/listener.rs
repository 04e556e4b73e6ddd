//! The LISTEN connection. A notice is a hint; the log of events is the truth, so a lost connection loses nothing.
//! One that hears nothing is worse: behind a pooler in transaction mode, LISTEN succeeds and no notice ever comes.
//! So the process sends itself one from time to time, by the way that everybody's come; while it does not arrive,
//! the log is asked instead.

use super::Hub;
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
/// Between two that arrived.
const BEAT: Duration = Duration::from_secs(10);
/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often the log is asked while no notice is known to come.
const POLL: Duration = Duration::from_millis(250);
static NEXT: AtomicU64 = AtomicU64::new(0);

pub async fn listen(url: String, pool: Pool, hub: Arc<Hub>) {
    loop {
        if let Err(error) = once(&url, &pool, &hub).await {
            let error = crate::told::Told(error.as_ref());
            tracing::warn!(%error, "listening again in a second");
        }
        // Whatever was missed meanwhile is read now.
        hub.wake();
        sleep(Duration::from_secs(1)).await;
    }
}

async fn once(url: &str, pool: &Pool, hub: &Hub) -> Result<()> {
    let (client, mut connection) = crate::db::open(url).await?;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    // Others of the desk's processes beat on the same channel.
    let own = format!("{:016x}", rand::random::<u64>());
    let (heard, beats) = watch::channel(String::new());
    let read = async {
        while let Some(message) = messages.next().await {
            if let AsyncMessage::Notification(notice) = message? {
                match notice.channel() {
                    HEARTBEAT if notice.payload().starts_with(&own) => {
                        heard.send_replace(notice.payload().to_owned());
                    }
                    HEARTBEAT => {}
                    // Anybody in the database can send a notice: it wakes, and is believed in nothing.
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

/// Sends itself a notice from time to time, for as long as the connection lasts.
async fn beat(pool: &Pool, hub: &Hub, own: &str, mut beats: watch::Receiver<String>) -> Result<()> {
    // Until the first has arrived, nobody knows.
    let (mut sure, mut deaf) = (false, false);
    loop {
        let beat = format!("{own}.{}", NEXT.fetch_add(1, Ordering::Relaxed));
        // A pool that is busy, or a database that is away, says nothing of what is heard.
        if let Err(error) = asking(hub, !sure, send(pool, &beat)).await {
            tracing::debug!(%error, "no heartbeat");
            asking(hub, !sure, sleep(PATIENCE)).await;
            continue;
        }
        let arrived = async { beats.wait_for(|last| *last == beat).await.map(drop) };
        if let Ok(arrived) = timeout(PATIENCE, asking(hub, !sure, arrived)).await {
            arrived?;
            if deaf {
                tracing::info!("notices of the database come again");
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
            asking(hub, !sure, sleep(BEAT)).await;
        }
    }
}

/// Waits for something; while nothing is heard, the log is asked meanwhile.
async fn asking<T>(hub: &Hub, poll: bool, what: impl Future<Output = T>) -> T {
    let polling = async {
        loop {
            sleep(POLL).await;
            if poll {
                hub.wake();
                hub.presence().wake_notified();
            }
        }
    };
    tokio::select! {
        done = what => done,
        never = polling => never,
    }
}

/// By a connection of the pool, as the notices of everybody else come. The payload is made of digits and a point.
async fn send(pool: &Pool, beat: &str) -> Result<()> {
    let client = pool.get().await?;
    client
        .batch_execute(&format!("notify {HEARTBEAT}, '{beat}'"))
        .await?;
    Ok(())
}
