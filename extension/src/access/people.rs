//! Which sessions are those of people at a SQL prompt: their log-in belongs to one of the desk's groups.

use crate::pg::call::answer;
use crate::pg::error::{fail, native};
use crate::pg::{cluster, db, roles, transaction};
use pgrx::pg_sys;
use std::cell::Cell;
use std::ffi::{CStr, c_int};

/// Groups whose members are people at a prompt.
const GROUPS: [&CStr; 5] = [
    c"autocrm_admin",
    c"autocrm_agent",
    c"autocrm_analyst",
    c"autocrm_integration",
    c"autocrm_customer",
];
/// How much a person's queries yield to the desk's own, as the operating system counts it.
const POLITE: c_int = 5;

thread_local! {
    /// The API's log-in role, when this backend belongs to it: then the hooks cost one comparison.
    static API: Cell<pg_sys::Oid> = const { Cell::new(pg_sys::InvalidOid) };
    /// The role that logged in, once it is known to be a person's: where nothing can be looked up.
    static PERSON: Cell<pg_sys::Oid> = const { Cell::new(pg_sys::InvalidOid) };
}

/// Whether the session belongs to one of the desk's people at a prompt.
pub fn at_prompt() -> bool {
    let session = roles::session();
    if is_known_person() {
        return true;
    }
    if session == API.get() || roles::is_superuser(session) {
        return false;
    }
    if session == roles::find(c"autocrm_api") {
        API.set(session);
        return false;
    }
    let person = GROUPS.iter().any(|group| roles::is_member(session, group));
    if person {
        PERSON.set(session);
        // What cannot be cancelled, as a search in a text of megabytes, takes the smaller part of a processor.
        cluster::yield_to_others(POLITE);
    }
    person
}

/// The same where nothing may be looked up, as known from before.
pub fn is_known_person() -> bool {
    PERSON.get() != pg_sys::InvalidOid && roles::session() == PERSON.get()
}

/// Whether the session is the API's own. Asked first by every hook.
pub fn is_api() -> bool {
    API.get() != pg_sys::InvalidOid && roles::session() == API.get()
}

/// Whether it is a person's own statement, and no function of the desk that acts for them. Outside of a transaction
/// nothing but its end can be asked for.
pub fn is_guarded() -> bool {
    transaction::is_open()
        && !roles::is_superuser(roles::current())
        && at_prompt()
        && !db::acts_as_owner()
}

pub fn refuse(what: &str) -> ! {
    fail(
        "TK403",
        &format!("{what} is not for a SQL prompt of the desk"),
        None,
        Some("Read and write its rows; ask an administrator of the database for anything else."),
    )
}

// `select autocrm.at_prompt()  -- true for a person of the desk who came by psql, false through the API`
native!(at_prompt_wrapper, pg_finfo_at_prompt_wrapper, |fcinfo| {
    answer(fcinfo, Some(at_prompt()))
});
