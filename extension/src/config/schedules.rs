//! Schedules, compiled.

use crate::pg::db;
use crate::pg::json::Held;
use autocrm_core::schedule::{self, Schedule};
use pgrx::prelude::*;
use std::collections::HashMap;
use std::rc::Rc;

#[derive(Debug, Default)]
pub struct Schedules {
    pub by_id: HashMap<i64, Rc<Schedule>>,
    /// In lower case.
    pub ids: HashMap<String, i64>,
}

pub fn load() -> Schedules {
    let rows = db::rows(
        "select id, time_zone, weekly, holidays, exceptions, lower(name) from app.schedules",
        &[],
        |row| {
            let json = |i| {
                row.get::<Held>(i)
                    .map(|found| found.map(|j| j.0).unwrap_or_default())
            };
            Ok((
                row.get::<i64>(1)?.unwrap_or_default(),
                row.get::<String>(2)?.unwrap_or_default(),
                [json(3)?, json(4)?, json(5)?],
                row.get::<String>(6)?.unwrap_or_default(),
            ))
        },
    );
    let mut schedules = Schedules::default();
    for (id, time_zone, [weekly, holidays, exceptions], name) in rows {
        let definition = schedule::Definition {
            time_zone: &time_zone,
            weekly: &weekly,
            holidays: &holidays,
            exceptions: &exceptions,
        };
        match Schedule::compile(&definition) {
            Ok(compiled) => {
                schedules.by_id.insert(id, Rc::new(compiled));
            }
            Err(_) => warning!("schedule {id} is left out: it can no longer be read"),
        }
        schedules.ids.insert(name, id);
    }
    schedules
}
