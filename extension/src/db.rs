//! Statements run from native code: prepared once per backend, run as the owner of the tables, so that
//! the caller's row-level security neither hides what a rule needs nor slows it down.

use pgrx::datum::DatumWithOid;
use pgrx::pg_sys;
use pgrx::prelude::*;
use pgrx::spi::OwnedPreparedStatement;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

thread_local! {
    static PLANS: RefCell<HashMap<&'static str, Rc<OwnedPreparedStatement>>> = RefCell::default();
}

/// Acts as the owner of the tables until dropped; an error restores the user by itself.
pub struct AsOwner {
    user: pg_sys::Oid,
    context: i32,
}

impl AsOwner {
    pub fn enter() -> Self {
        let mut saved = Self { user: pg_sys::InvalidOid, context: 0 };
        // SAFETY: plain reads and writes of the backend's user state.
        unsafe {
            pg_sys::GetUserIdAndSecContext(&raw mut saved.user, &raw mut saved.context);
            let owner = owner();
            pg_sys::SetUserIdAndSecContext(
                owner,
                saved.context | i32::try_from(pg_sys::SECURITY_LOCAL_USERID_CHANGE).unwrap_or(1),
            );
        }
        saved
    }
}

impl Drop for AsOwner {
    fn drop(&mut self) {
        // SAFETY: puts back what enter() read.
        unsafe { pg_sys::SetUserIdAndSecContext(self.user, self.context) }
    }
}

/// The role that owns schema app, and so its tables.
fn owner() -> pg_sys::Oid {
    // SAFETY: syscache look-ups by name; role names are static C strings.
    let owner = unsafe { pg_sys::get_role_oid(c"autocrm_owner".as_ptr(), true) };
    if owner == pg_sys::InvalidOid {
        crate::error::fail("TK500", "The role autocrm_owner is missing", None, Some("Run: autocrm migrate"));
    }
    owner
}

fn plan(client: &mut spi::SpiClient<'_>, sql: &'static str, args: &[DatumWithOid<'_>]) -> Rc<OwnedPreparedStatement> {
    if let Some(plan) = PLANS.with_borrow(|plans| plans.get(sql).cloned()) {
        return plan;
    }
    let types: Vec<PgOid> = args.iter().map(|arg| PgOid::from(arg.oid())).collect();
    match client.prepare_mut(sql, &types) {
        Ok(prepared) => {
            let plan = Rc::new(prepared.keep());
            PLANS.with_borrow_mut(|plans| plans.insert(sql, Rc::clone(&plan)));
            plan
        }
        Err(error) => error!("cannot prepare an internal statement: {error}"),
    }
}

/// Runs a statement as the owner and maps each row of its answer.
pub fn rows<T>(
    sql: &'static str,
    args: &[DatumWithOid<'_>],
    mut map: impl FnMut(&spi::SpiHeapTupleData<'_>) -> Result<T, spi::Error>,
) -> Vec<T> {
    let _owner = AsOwner::enter();
    Spi::connect_mut(|client| {
        let plan = plan(client, sql, args);
        let table = match client.update(&*plan, None, args) {
            Ok(table) => table,
            Err(error) => error!("an internal statement failed: {error}"),
        };
        let mut out = Vec::with_capacity(table.len());
        for row in table {
            match map(&row) {
                Ok(value) => out.push(value),
                Err(error) => error!("an internal answer has another shape: {error}"),
            }
        }
        out
    })
}

/// Runs a statement as the owner; answers how many rows it gave back or touched.
pub fn run(sql: &'static str, args: &[DatumWithOid<'_>]) -> usize {
    let _owner = AsOwner::enter();
    Spi::connect_mut(|client| {
        let plan = plan(client, sql, args);
        match client.update(&*plan, None, args) {
            Ok(table) => table.len(),
            Err(error) => error!("an internal statement failed: {error}"),
        }
    })
}

/// Marks the transaction, so that what is cached for one is never believed in the next.
pub fn transaction() -> u32 {
    // SAFETY: MyProc is set in every backend that runs SQL.
    unsafe { (*pg_sys::MyProc).lxid }
}
