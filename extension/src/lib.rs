//! Native functions of the desk: thin shells over `autocrm-core`, one file per subject.
//!
//! `sql/app/*.sql` binds the trigger functions to tables; the functions' SQL declarations stand in
//! `sql/autocrm--<version>.sql`. Nothing here depends on the tables at CREATE EXTENSION time.

mod apart;
mod append;
mod attachments;
mod audit;
mod cache;
mod cached;
mod choose;
mod clock;
mod conditions;
mod db;
mod error;
mod events;
mod explain;
mod feed;
mod fields;
mod forms;
mod given;
mod guard;
mod html;
mod identity;
mod json;
mod kinds;
mod ledger;
mod macros;
mod mentions;
mod messages;
mod names;
mod objects;
mod page;
mod pg;
mod places;
mod redaction;
mod relations;
mod routing;
mod row;
mod rules;
mod scan;
mod schedules;
mod search;
mod sees;
mod shape;
mod simulate;
mod templates;
mod tickets;
mod trigger;
mod waiting;
mod waker;

use pgrx::prelude::*;

pgrx::pg_module_magic!(name, version);

/// Registers the settings, the callback that drops stale caches, the guard of SQL prompts and, when preloaded, the
/// waking worker.
#[pg_guard]
pub extern "C-unwind" fn _PG_init() {
    error::init();
    pg::init();
    clock::init();
    cached::init();
    feed::init();
    waker::init();
    guard::init();
}
