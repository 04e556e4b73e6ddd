//! Native functions of the desk: thin shells over `autocrm-core`. From the top; a module uses only those below it:
//!
//! | module | holds |
//! | --- | --- |
//! | `lists`, `access` | pages, counts and search; checks of visibility and of SQL prompts |
//! | `tickets` | a ticket and its parts: checked before they are written, recorded after |
//! | `assign` | routing, the queue, the books of agents' capacity |
//! | `rules` | triggers, automations, macros, templates |
//! | `sla` | SLA policies, and the clocks of a ticket |
//! | `conditions` | conditions over tickets, as SQL and as a schema |
//! | `history` | audit, seals, events, their feed, redaction |
//! | `schedules` | business hours |
//! | `sketches` | quantile sketches as aggregates |
//! | `config` | the desk's configuration, compiled once per backend |
//! | `identity`, `context` | the actor of a transaction; what the backend is doing |
//! | `pg` | Postgres made safe: arguments, errors, rows, statements, index scans, caches, hooks; all `unsafe` code |
//!
//! `sql/app/*.sql` binds the trigger functions to tables; the functions' SQL declarations stand in
//! `sql/autocrm--<version>.sql`. Nothing here depends on the tables at CREATE EXTENSION time.

mod access;
mod assign;
mod conditions;
mod config;
mod context;
mod history;
mod identity;
mod lists;
mod pg;
mod rules;
mod schedules;
mod sketches;
mod sla;
mod tickets;

use pgrx::prelude::*;

pgrx::pg_module_magic!(name, version);

/// Registers the settings, the callback that drops stale caches, the guard of SQL prompts and, when preloaded, the
/// waking worker.
#[pg_guard]
pub extern "C-unwind" fn _PG_init() {
    pg::error::init();
    pg::init();
    pg::clock::init();
    pg::cached::init();
    pg::waker::init();
    access::prompts::init();
}
