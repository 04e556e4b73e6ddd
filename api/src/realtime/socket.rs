//! One WebSocket: catch up from the client's cursor, then forward what its class brings.

use super::hub::{Batch, Identity};
use crate::caller::identify;
use crate::error::{ApiResult, Problem};
use crate::router::App;
use autocrm_core::feed::{Cursor, Snapshot, transaction_of};
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashSet;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

const PATIENCE: Duration = Duration::from_secs(10);
/// More than this many batches behind, reading anew is quicker than catching up.
const CATCH_UP: usize = 20;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum FromClient {
    Hello { cursor: Option<String> },
    Watch { ticket_id: i64 },
    Unwatch { ticket_id: i64 },
    Presence { ticket_id: i64, state: String },
    Ping,
}

/// `GET /api/live`
pub async fn live(
    State(app): State<App>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> ApiResult {
    // A cookie is sent along by any page: only this desk's own may open a socket with it.
    if let (Some(origin), Some(host)) = (headers.get(header::ORIGIN), headers.get(header::HOST)) {
        let origin = origin.to_str().unwrap_or_default();
        if origin.split_once("://").map(|(_, rest)| rest) != host.to_str().ok() {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "This page may not open a live connection",
                None,
            ));
        }
    }
    let (role, claims) = identify(&app, &headers, &Method::GET)?;
    let who = Identity { role, claims };
    let class = app.hub.join(&who).await?;
    let protocol = headers
        .get(header::SEC_WEBSOCKET_PROTOCOL)
        .and_then(|v| v.to_str().ok())
        .map(str::to_owned);
    let upgrade = match protocol {
        Some(protocol) => upgrade.protocols([protocol]),
        None => upgrade,
    };
    let response: Response = upgrade
        // A cursor names every transaction that was open when it was given out.
        .max_message_size(65_536)
        .on_upgrade(move |socket| async move {
            metrics::gauge!("autocrm_live_sockets").increment(1);
            let _here = app.hub.attend(&who);
            let mut session = Session {
                app,
                who,
                socket,
                watching: HashSet::new(),
                sent: None,
            };
            if session.run(class).await.is_none() {
                tracing::debug!("a live connection ended");
            }
            session.leave().await;
            metrics::gauge!("autocrm_live_sockets").decrement(1);
        });
    Ok(response)
}

struct Session {
    app: App,
    who: Identity,
    socket: WebSocket,
    watching: HashSet<i64>,
    /// Everything that this sees has been sent.
    sent: Option<Snapshot>,
}

impl Session {
    /// Runs until either side ends it; `None` is the way out of every wait.
    async fn run(&mut self, class: super::hub::Membership) -> Option<()> {
        let mut events = class.subscribe();
        let mut presence = self.app.hub.presence();
        let mut notifications = self.app.hub.notifications();
        let person = self.who.person();
        let mut closing = self.app.hub.closing();
        let mut greeted = false;
        loop {
            tokio::select! {
                message = self.socket.recv() => match message?.ok()? {
                    Message::Text(text) => match serde_json::from_str::<FromClient>(&text).ok()? {
                        FromClient::Hello { cursor } => {
                            self.greet(cursor).await?;
                            greeted = true;
                        }
                        other => self.obey(other).await?,
                    },
                    Message::Close(_) => return None,
                    _ => {}
                },
                batch = events.recv(), if greeted => match batch {
                    Ok(batch) if class.is_cut(&batch) => return None,
                    Ok(batch) if batch.resync => self.begin_anew(&batch).await?,
                    Ok(batch) => self.forward(&batch).await?,
                    // Too slow: cut, not waited for. The client comes back with its cursor.
                    Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
                },
                news = presence.recv() => match news {
                    Ok(news) if self.watching.contains(&news.ticket_id) => self.send(news.json.to_string()).await?,
                    Err(RecvError::Closed) => return None,
                    _ => {}
                },
                told = notifications.recv(), if person.is_some() => match told {
                    Ok(told) if Some(told.user) == person => self.tell(told.notification).await?,
                    Ok(_) => {}
                    Err(_) => return None,
                },
                _ = closing.changed() => return None,
            }
        }
    }

    async fn send(&mut self, text: String) -> Option<()> {
        tokio::time::timeout(PATIENCE, self.socket.send(Message::Text(text.into())))
            .await
            .ok()?
            .ok()
    }

    /// Everything after the client's cursor, then "ready". Where that cannot be, as with a cursor of another log or
    /// one that lies too far back, the client is told to read anew.
    async fn greet(&mut self, mut cursor: Option<String>) -> Option<()> {
        for _ in 0..CATCH_UP {
            let batch = match self.app.hub.read(&self.who, cursor.as_deref()).await {
                Ok(batch) => batch,
                Err(problem) if matches!(problem.status, 410 | 422) => break,
                Err(_) => return None,
            };
            if batch.events.is_empty() {
                return self.ready(&batch).await;
            }
            self.forward(&batch).await?;
            cursor = Some(batch.cursor);
        }
        let batch = self.app.hub.read(&self.who, None).await.ok()?;
        self.send(json!({"type": "resync"}).to_string()).await?;
        self.ready(&batch).await
    }

    async fn ready(&mut self, batch: &Batch) -> Option<()> {
        let seen = Cursor::parse(&batch.cursor).ok()?.seen;
        // One that greets twice has had what it had.
        if self.sent.as_ref().is_none_or(|sent| seen.covers(sent)) {
            self.sent = Some(seen);
        }
        self.send(json!({"type": "ready", "cursor": batch.cursor}).to_string())
            .await
    }

    /// The log is another than it was.
    async fn begin_anew(&mut self, batch: &Batch) -> Option<()> {
        self.sent = None;
        self.send(json!({"type": "resync"}).to_string()).await?;
        self.ready(batch).await
    }

    /// Sends what this socket has not had yet.
    async fn forward(&mut self, batch: &Batch) -> Option<()> {
        #[derive(Deserialize)]
        struct Place {
            cursor: String,
        }
        for event in &batch.events {
            let place: Place = serde_json::from_str(event.get()).ok()?;
            let xid = transaction_of(&place.cursor)?;
            if self.sent.as_ref().is_none_or(|sent| !sent.sees(xid)) {
                // The event as it came, with its type in front.
                self.send(format!(
                    "{{\"type\":\"event\",{}",
                    event.get().trim_start().strip_prefix('{')?
                ))
                .await?;
            }
        }
        Some(())
    }

    /// The id only; what it says is read over REST. Who is no longer signed in is cut.
    async fn tell(&mut self, notification: i64) -> Option<()> {
        let unread = self.app.hub.unread(&self.who).await.ok()?;
        self.send(
            json!({"type": "notification.created", "id": notification, "unread": unread})
                .to_string(),
        )
        .await
    }

    async fn obey(&mut self, message: FromClient) -> Option<()> {
        match message {
            FromClient::Watch { ticket_id } => {
                // Whoever may not see the ticket is not told who is on it.
                if self
                    .app
                    .hub
                    .announce(&self.who, ticket_id, "viewing")
                    .await
                    .is_ok()
                {
                    self.watching.insert(ticket_id);
                    let people = self.app.hub.people_on(ticket_id).to_string();
                    self.send(people).await?;
                }
            }
            FromClient::Unwatch { ticket_id } => {
                self.watching.remove(&ticket_id);
                let _ = self.app.hub.announce(&self.who, ticket_id, "left").await;
            }
            FromClient::Presence { ticket_id, state } if self.watching.contains(&ticket_id) => {
                let _ = self.app.hub.announce(&self.who, ticket_id, &state).await;
            }
            FromClient::Ping => self.send(json!({"type": "pong"}).to_string()).await?,
            FromClient::Presence { .. } | FromClient::Hello { .. } => {}
        }
        Some(())
    }

    async fn leave(&mut self) {
        for ticket_id in std::mem::take(&mut self.watching) {
            let _ = self.app.hub.announce(&self.who, ticket_id, "left").await;
        }
    }
}
