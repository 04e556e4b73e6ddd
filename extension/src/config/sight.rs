//! The visibility of fields: hidden from some role, restricted, indexed.

use crate::pg::db;
use std::collections::{HashMap, HashSet};

/// Which fields some role may not see, and where their values are.
#[derive(Debug, Default)]
pub struct Sight {
    /// The keys of all fields.
    keys: HashSet<String>,
    /// By role, the keys hidden from it.
    hidden: HashMap<String, Vec<String>>,
    /// Keys whose values belong into `app.ticket_field_values`.
    restricted: HashSet<String>,
    /// Keys whose values may be there, those on their way back too.
    beside_row: HashSet<String>,
    /// Keys with an index.
    indexed: HashSet<String>,
}

impl Sight {
    /// The fields that this role may not see; without a role the desk itself acts, and sees all.
    pub fn hidden(&self, role: Option<&str>) -> &[String] {
        role.and_then(|role| self.hidden.get(role))
            .map_or(&[], Vec::as_slice)
    }

    /// A key of no field is seen by nobody but admins and the desk itself: else an answer would tell it from one that is
    /// hidden.
    pub fn sees(&self, role: Option<&str>, key: &str) -> bool {
        role.is_none_or(|role| role == "admin")
            || self.keys.contains(key) && !self.hidden(role).iter().any(|hidden| hidden == key)
    }

    pub fn is_restricted(&self, key: &str) -> bool {
        self.restricted.contains(key)
    }

    pub fn restricted(&self) -> Vec<String> {
        self.restricted.iter().cloned().collect()
    }

    pub fn is_beside_row(&self, key: &str) -> bool {
        self.beside_row.contains(key)
    }

    pub fn is_indexed(&self, key: &str) -> bool {
        self.indexed.contains(key)
    }

    /// Whether any ticket may have values beside its row.
    pub fn parts(&self) -> bool {
        !self.beside_row.is_empty()
    }
}

pub fn load() -> Sight {
    let rows = db::rows(
        "select f.key, not f.visible_to @> '{agent,integration,analyst}', f.apart,
                array(select r::text from unnest(enum_range(null::app.user_role)) r where r <> 'admin' and r <> all (f.visible_to)),
                f.filterable and f.active and not f.apart
           from app.custom_fields f order by f.key",
        &[],
        |row| {
            Ok((
                row.get::<String>(1)?.unwrap_or_default(),
                row.get::<bool>(2)?.unwrap_or(false),
                row.get::<bool>(3)?.unwrap_or(false),
                row.get::<Vec<String>>(4)?.unwrap_or_default(),
                row.get::<bool>(5)?.unwrap_or(false),
            ))
        },
    );
    let mut sight = Sight::default();
    for (key, restricted, beside_row, roles, indexed) in rows {
        sight.keys.insert(key.clone());
        for role in roles {
            sight.hidden.entry(role).or_default().push(key.clone());
        }
        if restricted {
            sight.restricted.insert(key.clone());
        }
        if indexed {
            sight.indexed.insert(key.clone());
        }
        if restricted || beside_row {
            sight.beside_row.insert(key);
        }
    }
    sight
}
