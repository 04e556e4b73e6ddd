//! A table for which Postgres is planning a query.

use pgrx::pg_sys;

pub struct Planned {
    root: *mut pg_sys::PlannerInfo,
    id: pg_sys::Oid,
    relation: *mut pg_sys::RelOptInfo,
}

impl Planned {
    /// # Safety
    /// `relation` is being planned for in `root`, is the table `id`, and lives as long as this.
    pub unsafe fn new(
        root: *mut pg_sys::PlannerInfo,
        id: pg_sys::Oid,
        relation: *mut pg_sys::RelOptInfo,
    ) -> Self {
        Self { root, id, relation }
    }

    pub fn id(&self) -> pg_sys::Oid {
        self.id
    }

    /// Whether the query locks its rows FOR UPDATE.
    pub fn is_locked_for_update(&self) -> bool {
        // SAFETY: by new(); the list is NIL or of RowMarkClause.
        unsafe {
            let marks = (*(*self.root).parse).rowMarks;
            !marks.is_null()
                && (0..usize::try_from((*marks).length).unwrap_or_default()).any(|at| {
                    let mark = (*(*marks).elements.add(at))
                        .ptr_value
                        .cast::<pg_sys::RowMarkClause>();
                    (*mark).rti == (*self.relation).relid
                        && (*mark).strength == pg_sys::LockClauseStrength::LCS_FORUPDATE
                })
        }
    }

    /// Has the query use no index but those over plain columns of these types.
    pub fn use_indexes_over(&mut self, kinds: &[pg_sys::Oid]) {
        // SAFETY: by new(); nodes of the list are IndexOptInfo, the array of a list holds `length` cells, and only
        // plain columns have a number.
        unsafe {
            let list = (*self.relation).indexlist;
            if list.is_null() {
                return;
            }
            let mut kept = std::ptr::null_mut();
            for at in 0..usize::try_from((*list).length).unwrap_or_default() {
                let index = (*(*list).elements.add(at))
                    .ptr_value
                    .cast::<pg_sys::IndexOptInfo>();
                let keys = usize::try_from((*index).nkeycolumns).unwrap_or_default();
                let plain = (0..keys).all(|key| {
                    *(*index).indexkeys.add(key) > 0
                        && kinds.contains(&*(*index).opcintype.add(key))
                });
                if plain {
                    kept = pg_sys::lappend(kept, index.cast());
                }
            }
            (*self.relation).indexlist = kept;
        }
    }
}
