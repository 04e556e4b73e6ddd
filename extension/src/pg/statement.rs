//! A utility statement (all but SELECT, INSERT, UPDATE, DELETE, MERGE) that Postgres is about to carry out.

use pgrx::pg_sys::{self, NodeTag};
use std::ffi::{CStr, c_char};
use std::marker::PhantomData;

pub struct Statement<'a> {
    node: *mut pg_sys::Node,
    lives: PhantomData<&'a ()>,
}

#[expect(
    clippy::cast_ptr_alignment,
    reason = "Postgres allocates every node at the greatest alignment"
)]
impl<'a> Statement<'a> {
    /// # Safety
    /// `node` is the utility statement at hand, and lives for `'a`.
    pub unsafe fn new(node: *mut pg_sys::Node) -> Self {
        Self {
            node,
            lives: PhantomData,
        }
    }

    pub fn tag(&self) -> NodeTag {
        // SAFETY: by new(); every node begins with its tag.
        unsafe { (*self.node).type_ }
    }

    /// What a BEGIN, COMMIT, SAVEPOINT … does.
    pub fn transaction(&self) -> Option<pg_sys::TransactionStmtKind::Type> {
        // SAFETY: the cast follows the tag that says so.
        (self.tag() == NodeTag::T_TransactionStmt)
            .then(|| unsafe { (*self.node.cast::<pg_sys::TransactionStmt>()).kind })
    }

    /// The setting that a SET or RESET names.
    pub fn setting(&self) -> Option<&'a str> {
        // SAFETY: the cast follows the tag that says so; names live as long as their statement.
        (self.tag() == NodeTag::T_VariableSetStmt)
            .then(|| unsafe { text((*self.node.cast::<pg_sys::VariableSetStmt>()).name) })
    }

    /// Whether it is an ALTER ROLE that changes a password only.
    pub fn sets_password_only(&self) -> bool {
        if self.tag() != NodeTag::T_AlterRoleStmt {
            return false;
        }
        // SAFETY: the cast follows the tag that says so; options are a list of DefElem, or NIL.
        unsafe {
            let options = (*self.node.cast::<pg_sys::AlterRoleStmt>()).options;
            !options.is_null()
                && (0..usize::try_from((*options).length).unwrap_or_default()).all(|at| {
                    let option = (*(*options).elements.add(at))
                        .ptr_value
                        .cast::<pg_sys::DefElem>();
                    text((*option).defname) == "password"
                })
        }
    }

    /// Its command, such as `LOCK TABLE`.
    pub fn name(&self) -> &'static str {
        // SAFETY: by new(); names of commands are static.
        unsafe {
            text(pg_sys::GetCommandTagName(pg_sys::CreateCommandTag(
                self.node,
            )))
        }
    }
}

/// # Safety
/// NULL, or a text that ends with NUL and lives for `'a`.
unsafe fn text<'a>(name: *const c_char) -> &'a str {
    if name.is_null() {
        return "";
    }
    // SAFETY: by the caller.
    unsafe { CStr::from_ptr(name) }.to_str().unwrap_or_default()
}
