//! Which sessions are those of people at a SQL prompt: their log-in belongs to one of the desk's groups. The API's own
//! log-in, superusers and everybody else are left alone.

use crate::pg::call::answer;
use crate::pg::db;
use crate::pg::error::native;
use pgrx::pg_sys;
use std::cell::Cell;
use std::ffi::CStr;

/// Groups whose members are people at a prompt.
const GROUPS: [&CStr; 5] = [
    c"autocrm_admin",
    c"autocrm_agent",
    c"autocrm_analyst",
    c"autocrm_integration",
    c"autocrm_customer",
];

thread_local! {
    /// The API's log-in role, when this backend belongs to it: then the hooks cost one comparison.
    static API: Cell<pg_sys::Oid> = const { Cell::new(pg_sys::InvalidOid) };
}

/// Whether the session belongs to one of the desk's people at a prompt.
pub fn at_prompt() -> bool {
    // SAFETY: plain reads and look-ups in the syscache, inside a transaction.
    unsafe {
        let session = pg_sys::GetSessionUserId();
        if session == API.get() || pg_sys::superuser_arg(session) {
            return false;
        }
        if session == pg_sys::get_role_oid(c"autocrm_api".as_ptr(), true) {
            API.set(session);
            return false;
        }
        GROUPS.iter().any(|group| {
            let group = pg_sys::get_role_oid(group.as_ptr(), true);
            group != pg_sys::InvalidOid && pg_sys::is_member_of_role_nosuper(session, group)
        })
    }
}

/// Asked first by every hook.
pub fn is_api() -> bool {
    // SAFETY: a plain read.
    API.get() != pg_sys::InvalidOid && unsafe { pg_sys::GetSessionUserId() } == API.get()
}

/// The same, and nobody else's function is acting for them.
pub fn is_guarded() -> bool {
    // SAFETY: plain reads; outside of a transaction nothing but its end can be asked for.
    let awake = unsafe { pg_sys::IsTransactionState() && !pg_sys::superuser() };
    awake && at_prompt() && !db::acts_as_owner()
}

// `select autocrm.at_prompt()  -- true for a person of the desk who came by psql, false through the API`
native!(at_prompt_wrapper, pg_finfo_at_prompt_wrapper, |fcinfo| {
    answer(fcinfo, Some(at_prompt()))
});
