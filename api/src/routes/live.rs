//! The WebSocket `/api/live`: catches up from the client's cursor, then forwards the events of its class.

use crate::app::App;
use crate::db::identity::Identity;
use crate::error::{ApiResult, Problem};
use crate::http::identity::identify;
use crate::realtime::hub::{Batch, Membership};
use crate::realtime::presence::{CONFIRM, MOST_WATCHED, News, Watch};
use autocrm_core::feed::{Cursor, Snapshot, transaction_of};
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use utoipa_axum::router::OpenApiRouter;

/// The subprotocol that the server accepts.
const PROTOCOL: &str = "autocrm";
/// Bytes of a greeting: a cursor names every transaction that was open when it was given out.
const LONGEST_HELLO: usize = 65_536;
/// Bytes of every other message.
const LONGEST: usize = 4096;
/// Bytes that are read at all: a message up to this length that is too long is answered with its reason.
const LARGEST_FRAME: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(10);
/// For the close frame and its answer; for a client that was too slow, which reads its full buffers first.
const FAREWELL: Duration = Duration::from_secs(1);
const SLOW_FAREWELL: Duration = Duration::from_secs(30);
/// More live connections of one person to one process are refused: no browser opens so many.
const MOST_SOCKETS: usize = 64;

/// Why the server ends a connection: code and reason of the close frame, as documented in docs/live.md.
type Reason = (u16, &'static str);
const GOING_AWAY: Reason = (1001, "the server is going away; connect again");
const BROKEN: Reason = (
    1002,
    "this frame breaks the protocol, or is over a megabyte",
);
const NOT_UNDERSTOOD: Reason = (1008, "this message or cursor is not understood");
const TOO_LONG: Reason = (1009, "a message is too long");
const TRY_AGAIN: Reason = (1013, "the desk cannot be read now; connect again");
const LOG_IN_ENDED: Reason = (4401, "the log-in has ended; sign in again");
const TOO_SLOW: Reason = (4408, "too slow; connect again with the last cursor");
const RIGHTS_CHANGED: Reason = (4409, "your rights have changed; connect again");
const TOO_MANY: Reason = (4429, "too many live connections of one person");
/// More than this many batches behind, reading anew is quicker than catching up.
const CATCH_UP: usize = 20;

/// Not in the OpenAPI description, which has no WebSockets; see docs/live.md.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().route("/api/live", get(live))
}

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
async fn live(State(app): State<App>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> ApiResult {
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
    let who = identify(&app.config.secret, &headers, &Method::GET)?;
    let class = app.hub.join(&who).await?;
    let response: Response = upgrade
        // Beside `bearer.…`, which is a secret and never sent back, browsers want one that the server accepts.
        .protocols([PROTOCOL])
        .max_message_size(LARGEST_FRAME)
        .on_upgrade(move |socket| async move {
            metrics::gauge!("autocrm_live_sockets").increment(1);
            let _here = app.hub.attend(&who);
            let _open = app.hub.closing();
            let mut session = Session {
                app,
                who,
                socket,
                watching: HashMap::new(),
                sent: None,
                reason: None,
            };
            if session.app.hub.sockets_of(&session.who) > MOST_SOCKETS {
                session.reason = Some(TOO_MANY);
            } else if session.run(class).await.is_none() {
                tracing::debug!(reason = ?session.reason, "a live connection ended");
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
    watching: HashMap<i64, Watch>,
    /// Events of transactions in this snapshot have been sent.
    sent: Option<Snapshot>,
    /// Why the server ends it.
    reason: Option<Reason>,
}

impl Session {
    /// Runs until either side ends it, which every wait reports as `None`.
    async fn run(&mut self, class: Membership) -> Option<()> {
        let mut events = class.subscribe();
        let mut news = self.app.hub.presence().news();
        let mut confirm = tokio::time::interval(CONFIRM);
        confirm.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let person = self.who.person();
        let mut closing = self.app.hub.closing();
        let mut greeted = false;
        loop {
            tokio::select! {
                frame = self.socket.recv() => match frame? {
                    // The library has answered a ping.
                    Ok(Message::Ping(_) | Message::Pong(_)) => {}
                    frame => match self.understood(frame)? {
                        FromClient::Hello { cursor } => {
                            self.greet(cursor).await?;
                            greeted = true;
                        }
                        other => self.handle(other).await?,
                    },
                },
                batch = events.recv(), if greeted => match batch {
                    Ok(batch) if class.is_cut(&batch) => {
                        // Somebody else reads for this class: whether the log-in ended is asked here.
                        self.unread().await?;
                        return self.cut(RIGHTS_CHANGED);
                    }
                    Ok(batch) if batch.resync => self.begin_anew(&batch).await?,
                    Ok(batch) => self.forward(&batch).await?,
                    // Too slow: cut, not waited for. The client comes back with its cursor.
                    Err(RecvError::Lagged(_)) => return self.cut(TOO_SLOW),
                    Err(RecvError::Closed) => return self.cut(TRY_AGAIN),
                },
                item = news.recv() => match item {
                    Ok(News::Presence { ticket }) if self.watching.contains_key(&ticket) => self.show(ticket).await?,
                    Ok(News::Notification { user, newest }) if Some(user) == person => self.notify(newest).await?,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => return self.cut(TOO_SLOW),
                    Err(RecvError::Closed) => return self.cut(TRY_AGAIN),
                },
                _ = confirm.tick(), if !self.watching.is_empty() => self.confirm().await?,
                _ = closing.changed() => return self.cut(GOING_AWAY),
            }
        }
    }

    /// A message of the client, or the end of the connection.
    fn understood(&mut self, frame: Result<Message, axum::Error>) -> Option<FromClient> {
        match frame {
            Ok(Message::Text(text)) => match serde_json::from_str(&text) {
                Ok(hello @ FromClient::Hello { .. }) if text.len() <= LONGEST_HELLO => Some(hello),
                Ok(_) if text.len() > LONGEST => self.cut(TOO_LONG),
                Ok(other) => Some(other),
                Err(_) => self.cut(NOT_UNDERSTOOD),
            },
            Ok(Message::Close(_)) => None,
            Ok(_) => self.cut(NOT_UNDERSTOOD),
            Err(_) => self.cut(BROKEN),
        }
    }

    /// Ends the connection with this reason.
    fn cut<T>(&mut self, reason: Reason) -> Option<T> {
        self.reason = Some(reason);
        None
    }

    /// What the database answered, or the end of the connection.
    fn answered<T>(&mut self, answer: ApiResult<T>) -> Option<T> {
        match answer {
            Ok(answer) => Some(answer),
            Err(problem) if problem.status == 401 => self.cut(LOG_IN_ENDED),
            Err(problem) if problem.status == 422 => self.cut(NOT_UNDERSTOOD),
            Err(_) => self.cut(TRY_AGAIN),
        }
    }

    async fn send(&mut self, text: String) -> Option<()> {
        match tokio::time::timeout(PATIENCE, self.socket.send(Message::Text(text.into()))).await {
            Ok(sent) => sent.ok(),
            Err(_) => self.cut(TOO_SLOW),
        }
    }

    async fn unread(&mut self) -> Option<i64> {
        let unread = self.app.hub.unread(&self.who).await;
        self.answered(unread)
    }

    /// Sends all events after the client's cursor, then "ready"; or "resync" where that is impossible, as with a cursor
    /// of another log or one too far back.
    async fn greet(&mut self, mut cursor: Option<String>) -> Option<()> {
        for _ in 0..CATCH_UP {
            let batch = match self.app.hub.read(&self.who, cursor.as_deref()).await {
                Ok(batch) => batch,
                Err(problem) if matches!(problem.status, 410 | 422) => break,
                Err(problem) => return self.answered(Err(problem)),
            };
            if batch.events.is_empty() {
                return self.ready(&batch).await;
            }
            self.forward(&batch).await?;
            cursor = Some(batch.cursor);
        }
        let read = self.app.hub.read(&self.who, None).await;
        let batch = self.answered(read)?;
        self.send(json!({"type": "resync"}).to_string()).await?;
        self.ready(&batch).await
    }

    async fn ready(&mut self, batch: &Batch) -> Option<()> {
        let seen = Cursor::parse(&batch.cursor).ok()?.seen;
        // A second greeting does not take back what was sent.
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

    /// Sends the events that this socket has not sent yet.
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

    /// The id only; its content is read over REST. A client that is no longer signed in is disconnected.
    async fn notify(&mut self, notification: i64) -> Option<()> {
        let unread = self.unread().await?;
        self.send(
            json!({"type": "notification.created", "id": notification, "unread": unread})
                .to_string(),
        )
        .await
    }

    /// Sends who is on a watched ticket, if this person may still see it.
    async fn show(&mut self, ticket_id: i64) -> Option<()> {
        let people = self.app.hub.people_on(&self.who, ticket_id).await;
        match self.answered(people)? {
            Some(people) => self.send(people).await,
            None => self.lose(ticket_id).await,
        }
    }

    /// The ticket is out of sight: nothing more is sent about it.
    async fn lose(&mut self, ticket_id: i64) -> Option<()> {
        self.watching.remove(&ticket_id);
        self.refuse(ticket_id, 404, "There is no such ticket that you can see")
            .await
    }

    async fn refuse(&mut self, ticket_id: i64, status: u16, detail: &str) -> Option<()> {
        self.send(
            json!({"type": "refused", "ticket_id": ticket_id, "status": status, "detail": detail})
                .to_string(),
        )
        .await
    }

    async fn confirm(&mut self) -> Option<()> {
        let watched: Vec<i64> = self.watching.keys().copied().collect();
        let seen = self.app.hub.confirm(&self.who, &watched).await;
        let seen = self.answered(seen)?;
        for ticket_id in watched {
            if !seen.contains(&ticket_id) {
                self.lose(ticket_id).await?;
            }
        }
        Some(())
    }

    async fn handle(&mut self, message: FromClient) -> Option<()> {
        match message {
            FromClient::Watch { ticket_id }
                if self.watching.len() >= MOST_WATCHED
                    && !self.watching.contains_key(&ticket_id) =>
            {
                let detail =
                    format!("A connection watches at most {MOST_WATCHED} tickets; unwatch one");
                self.refuse(ticket_id, 429, &detail).await?;
            }
            FromClient::Watch { ticket_id } => {
                // Presence is shown only to those who see the ticket.
                let announced = self.app.hub.announce(&self.who, ticket_id, "viewing").await;
                match announced {
                    Ok(()) => {
                        let watch = self.app.hub.presence().watch(ticket_id);
                        self.watching.insert(ticket_id, watch);
                        self.show(ticket_id).await?;
                    }
                    Err(problem) if problem.status == 404 || problem.status == 403 => {
                        self.lose(ticket_id).await?;
                    }
                    Err(problem) => return self.answered(Err(problem)),
                }
            }
            FromClient::Unwatch { ticket_id } => {
                self.watching.remove(&ticket_id);
                let _ = self.app.hub.announce(&self.who, ticket_id, "left").await;
            }
            FromClient::Presence { ticket_id, state } if self.watching.contains_key(&ticket_id) => {
                let announced = self.app.hub.announce(&self.who, ticket_id, &state).await;
                match announced {
                    Err(problem) if problem.status == 404 || problem.status == 403 => {
                        self.lose(ticket_id).await?;
                    }
                    announced => self.answered(announced)?,
                }
            }
            FromClient::Presence { ticket_id, .. } => {
                self.refuse(
                    ticket_id,
                    409,
                    "This connection does not watch the ticket; watch it first",
                )
                .await?;
            }
            FromClient::Ping => self.send(json!({"type": "pong"}).to_string()).await?,
            FromClient::Hello { .. } => {}
        }
        Some(())
    }

    /// Sends the close frame, where the server ends it, and announces that its person has left.
    async fn leave(mut self) {
        let watched = std::mem::take(&mut self.watching);
        let left = async {
            for ticket_id in watched.into_keys() {
                let _ = self.app.hub.announce(&self.who, ticket_id, "left").await;
            }
        };
        let told = async {
            if let Some(reason) = self.reason {
                let mut closing = self.app.hub.closing();
                tokio::select! {
                    () = farewell(&mut self.socket, reason) => {}
                    // The process does not wait for the slow.
                    _ = closing.wait_for(|closing| *closing), if reason == TOO_SLOW => {}
                }
            }
        };
        tokio::join!(left, told);
    }
}

/// Sends the close frame and waits for the client's. Nothing else is written any more, so a client that was too slow has
/// this long to read what lies in its buffers before the frame. A socket that is dropped while something of the client
/// is unread would take the frame along.
async fn farewell(socket: &mut WebSocket, reason: Reason) {
    let patience = if reason == TOO_SLOW {
        SLOW_FAREWELL
    } else {
        FAREWELL
    };
    let frame = Message::Close(Some(CloseFrame {
        code: reason.0,
        reason: reason.1.into(),
    }));
    let closed = async {
        if socket.send(frame).await.is_ok() {
            while matches!(socket.recv().await, Some(Ok(_))) {}
        }
    };
    let _ = tokio::time::timeout(patience, closed).await;
}
