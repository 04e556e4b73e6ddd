//! The partition of a row, in a table that is partitioned by ranges of one timestamptz, and whether a row may be
//! inserted there without the executor.

use crate::pg::scan;
use pgrx::pg_sys;
use std::ffi::CStr;

/// The partition of an open table for a point in time; none when no range has it and there is no default.
///
/// # Safety
/// The relation is open, and is partitioned by a range of one column of type timestamptz.
pub unsafe fn of(parent: pg_sys::Relation, at: pg_sys::TimestampTz) -> Option<pg_sys::Oid> {
    // SAFETY: the descriptor lives as long as the relation is open; its arrays are as long as it says.
    unsafe {
        let partitions = pg_sys::RelationGetPartitionDesc(parent, true);
        let bounds = (*partitions).boundinfo;
        if bounds.is_null() || i64::from((*bounds).strategy) != i64::from(b'r') {
            return None;
        }
        // The bounds ascend; the partition that follows the last one which is not above is the row's.
        let (mut low, mut high) = (0, usize::try_from((*bounds).ndatums).unwrap_or_default());
        while low < high {
            let middle = low.midpoint(high);
            if is_above(bounds, middle, at) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        let mut index = *(*bounds).indexes.add(low);
        if index < 0 {
            index = (*bounds).default_index;
        }
        let index = usize::try_from(index).ok()?;
        Some(*(*partitions).oids.add(index))
    }
}

/// Whether an inserted row fires the desk's own triggers at most: there is no trigger or foreign key of an operator, no
/// rule, no check constraint and no generated column.
///
/// # Safety
/// The relation is open.
pub unsafe fn takes_plain_rows(relation: pg_sys::Relation) -> bool {
    // SAFETY: by the caller; all that is read lives as long as the relation is open.
    unsafe {
        let rules = (*relation).rd_rules;
        let checks = (*(*relation).rd_att).constr;
        (rules.is_null() || (*rules).numLocks == 0)
            && (checks.is_null() || (*checks).num_check == 0 && !(*checks).has_generated_stored)
            && !has_triggers_of_others(relation)
    }
}

/// The desk's own triggers are named `tg_<table>__<order>_<what>`, and its own foreign keys refer to tickets and users.
///
/// # Safety
/// The relation is open.
unsafe fn has_triggers_of_others(relation: pg_sys::Relation) -> bool {
    const INSERT: i16 = 1 << 2;
    // SAFETY: the list lives as long as the relation is open; names end with NUL.
    unsafe {
        let list = (*relation).trigdesc;
        if list.is_null() {
            return false;
        }
        let count = usize::try_from((*list).numtriggers).unwrap_or_default();
        std::slice::from_raw_parts((*list).triggers, count)
            .iter()
            .any(|trigger| {
                let name = CStr::from_ptr(trigger.tgname).to_bytes();
                let own = if trigger.tgisinternal {
                    let referred = trigger.tgconstrrelid;
                    referred == scan::relation(c"tickets") || referred == scan::relation(c"users")
                } else {
                    name.starts_with(b"tg_") && name.windows(2).any(|pair| pair == b"__")
                };
                trigger.tgtype & INSERT != 0 && !own
            })
    }
}

/// Whether these have an entry for every row, of columns alone, and are checked at once.
///
/// # Safety
/// They were opened and not closed yet.
pub unsafe fn has_plain_indexes(indexes: pg_sys::CatalogIndexState) -> bool {
    // SAFETY: by the caller; both lists are as long as the number says.
    unsafe {
        let count = usize::try_from((*indexes).ri_NumIndices).unwrap_or_default();
        (0..count).all(|place| {
            let (info, index) = (
                *(*indexes).ri_IndexRelationInfo.add(place),
                *(*indexes).ri_IndexRelationDescs.add(place),
            );
            (*info).ii_Expressions.is_null()
                && (*info).ii_Predicate.is_null()
                && (*info).ii_ExclusionOps.is_null()
                && (*(*index).rd_index).indimmediate
        })
    }
}

/// # Safety
/// As of `of`; the position is below the number of bounds.
unsafe fn is_above(
    bounds: pg_sys::PartitionBoundInfo,
    place: usize,
    at: pg_sys::TimestampTz,
) -> bool {
    // SAFETY: by the caller.
    unsafe {
        match **(*bounds).kind.add(place) {
            pg_sys::PartitionRangeDatumKind::PARTITION_RANGE_DATUM_MINVALUE => false,
            pg_sys::PartitionRangeDatumKind::PARTITION_RANGE_DATUM_MAXVALUE => true,
            _ => (**(*bounds).datums.add(place)).value().cast_signed() as pg_sys::TimestampTz > at,
        }
    }
}
