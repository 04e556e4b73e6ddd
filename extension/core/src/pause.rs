//! Cancellation of long work: loops call `pause`, which calls the function that the host has set. The extension sets
//! one that unwinds when Postgres has cancelled the statement; without any, nothing happens.

use std::sync::OnceLock;

static ASK: OnceLock<fn()> = OnceLock::new();

/// Sets the function that `pause` calls.
pub fn ask_by(ask: fn()) {
    let _ = ASK.set(ask);
}

/// To be called in every loop whose length depends on input.
pub fn pause() {
    if let Some(ask) = ASK.get() {
        ask();
    }
}
