//! Long work asks now and then whether it should end. Who runs it says how: Postgres ends a statement that was
//! cancelled by unwinding; without anybody, nothing happens.

use std::sync::OnceLock;

static ASK: OnceLock<fn()> = OnceLock::new();

/// Has long work ask by this function from now on.
pub fn ask_by(ask: fn()) {
    let _ = ASK.set(ask);
}

/// To be called in every loop whose length somebody else decides.
pub fn pause() {
    if let Some(ask) = ASK.get() {
        ask();
    }
}
