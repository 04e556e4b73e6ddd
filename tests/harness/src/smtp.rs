//! A mail server for tests: keeps what it is given, and behaves badly when told to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One mail as it came in.
#[derive(Debug, Clone)]
pub struct Received {
    /// Of the envelope.
    pub to: Vec<String>,
    pub raw: String,
}

#[derive(Default)]
struct State {
    inbox: Vec<Received>,
    /// A recipient whose address holds this is answered so.
    refused: Option<(String, String)>,
    /// After the mail is taken, before that is said.
    thinking: Duration,
    /// Mails taken, whether or not it was said.
    taken: usize,
}

pub struct MailServer {
    pub port: u16,
    state: Arc<Mutex<State>>,
    listening: JoinHandle<()>,
}

impl MailServer {
    /// # Panics
    /// When there is no port to listen on.
    pub async fn start() -> Self {
        Self::at(0).await
    }

    /// On a port that another one had.
    pub async fn at(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Self {
            port,
            state,
            listening,
        }
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Ends it; afterwards the port refuses connections.
    pub async fn stop(mut self) {
        self.listening.abort();
        // The socket is closed with the task, which has ended when this returns.
        let _ = (&mut self.listening).await;
    }

    /// Answers recipients like this with that line.
    pub fn refuse(&self, recipient: &str, answer: &str) {
        lock(&self.state).refused = Some((recipient.to_owned(), answer.to_owned()));
    }

    /// Takes its time before it says that a mail is taken.
    pub fn think(&self, time: Duration) {
        lock(&self.state).thinking = time;
    }

    pub fn inbox(&self) -> Vec<Received> {
        lock(&self.state).inbox.clone()
    }

    pub fn taken(&self) -> usize {
        lock(&self.state).taken
    }

    /// The inbox once it holds so many.
    ///
    /// # Panics
    /// When they do not come within half a minute.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        for _ in 0..600 {
            let inbox = self.inbox();
            if inbox.len() >= count {
                return inbox;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} mails of {count} came", self.inbox().len());
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `None` when the other side has gone.
async fn converse(stream: TcpStream, state: Arc<Mutex<State>>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 test\r\n").await.ok()?;
    let mut to = Vec::new();
    loop {
        let line = lines.next_line().await.ok()??;
        let verb = line.get(..4).unwrap_or(&line).to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-test\r\n250 8BITMIME".to_owned(),
            "MAIL" => {
                to.clear();
                "250 ok".to_owned()
            }
            "RCPT" => {
                let refused = lock(&state).refused.clone();
                match refused {
                    Some((recipient, answer)) if line.contains(&recipient) => answer,
                    _ => {
                        to.push(line[8..].trim_matches(['<', '>', ' ']).to_owned());
                        "250 ok".to_owned()
                    }
                }
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                let mut raw = String::new();
                loop {
                    let line = lines.next_line().await.ok()??;
                    if line == "." {
                        break;
                    }
                    raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                    raw.push_str("\r\n");
                }
                let thinking = {
                    let mut state = lock(&state);
                    state.taken += 1;
                    state.inbox.push(Received {
                        to: to.clone(),
                        raw,
                    });
                    state.thinking
                };
                tokio::time::sleep(thinking).await;
                "250 taken".to_owned()
            }
            "QUIT" => {
                writer.write_all(b"221 bye\r\n").await.ok()?;
                return None;
            }
            _ => "250 ok".to_owned(),
        };
        writer
            .write_all(format!("{answer}\r\n").as_bytes())
            .await
            .ok()?;
    }
}
