//! Roles of the cluster: whose session this is, as whom a statement runs, and what a role may.

use pgrx::pg_sys;
use std::ffi::{CStr, CString};

/// The role that logged in.
pub fn session() -> pg_sys::Oid {
    // SAFETY: a plain read of the session's state.
    unsafe { pg_sys::GetSessionUserId() }
}

/// The role with whose rights the statement at hand runs.
pub fn current() -> pg_sys::Oid {
    // SAFETY: a plain read.
    unsafe { pg_sys::GetUserId() }
}

/// The role of this name; `InvalidOid` when there is none.
pub fn find(name: &CStr) -> pg_sys::Oid {
    // SAFETY: a syscache look-up by a name that ends with NUL.
    unsafe { pg_sys::get_role_oid(name.as_ptr(), true) }
}

/// The name of the role that logged in.
pub fn log_in_name() -> String {
    // SAFETY: the role is there as long as its session; the name is copied.
    unsafe { CStr::from_ptr(pg_sys::GetUserNameFromId(session(), false)) }
        .to_string_lossy()
        .into_owned()
}

pub fn is_superuser(role: pg_sys::Oid) -> bool {
    // SAFETY: a look-up in the syscache.
    unsafe { pg_sys::superuser_arg(role) }
}

/// Whether the role belongs to this group, otherwise than by being a superuser.
pub fn is_member(role: pg_sys::Oid, group: &CStr) -> bool {
    let group = find(group);
    // SAFETY: a look-up in the syscache.
    group != pg_sys::InvalidOid && unsafe { pg_sys::is_member_of_role_nosuper(role, group) }
}

/// Whether the role may read this table with the rights of a group it belongs to, limited by row-level security.
pub fn reads_as(role: pg_sys::Oid, group: &str, table: pg_sys::Oid) -> bool {
    let group = find(&CString::new(group).unwrap_or_default());
    let read = pg_sys::AclMode::from(pg_sys::ACL_SELECT);
    // SAFETY: look-ups in the syscache.
    unsafe {
        group != pg_sys::InvalidOid
            && !pg_sys::superuser_arg(role)
            && !pg_sys::has_bypassrls_privilege(role)
            && pg_sys::has_privs_of_role(role, group)
            && pg_sys::pg_class_aclcheck(table, role, read) == pg_sys::AclResult::ACLCHECK_OK
    }
}
