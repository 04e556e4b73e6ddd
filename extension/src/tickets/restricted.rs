//! The values of restricted fields: rows of `app.ticket_field_values`, whose policy checks the right to see the field,
//! so that neither `app.tickets` nor `app.events` shows them to anybody else. Writers of a ticket pass all values in
//! `custom`: these are completed for the checks here, and then split.

use crate::config::Config;
use crate::context;
use crate::history::audit;
use crate::history::events;
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::json::Held;
use crate::pg::row::Row;
use crate::pg::transaction;
use crate::pg::trigger::Event;
use crate::tickets::relations;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::HashMap;

type Values = Map<String, Value>;

/// What the AFTER trigger writes beside the row.
#[derive(Default)]
pub struct Parted {
    /// Rows of `app.ticket_field_values`; `None` removes the row.
    writes: Vec<(String, Option<Value>)>,
    /// Changes of restricted values, for those who may see them: key, before, after.
    changed: Vec<(String, Value, Value)>,
    /// Keys whose values only moved between tables: no event.
    moved: Vec<String>,
    /// All values before and after, for the index of relations.
    pointed: Option<(Values, Values)>,
}

thread_local! {
    /// By ticket, the values that BEFORE triggers of this transaction took out of the row.
    static PARTED: RefCell<(u32, HashMap<i64, Parted>)> = RefCell::default();
}

/// A ticket's values, those of its row and those beside it together: before and after what was written.
pub struct Whole {
    beside: Values,
    pub before: Values,
    pub after: Values,
}

/// Puts together what `given` makes of the values in the ticket's `row`. Restricted values that `given` does
/// not name stay; null takes a value away.
pub fn whole(config: &Config, id: i64, row: &Values, given: &Values) -> Whole {
    let beside = if config.sight.parts() && id > 0 {
        beside(id)
    } else {
        Values::new()
    };
    let mut before = row.clone();
    before.extend(beside.clone());
    let mut after = before.clone();
    after.retain(|key, _| given.contains_key(key) || beside.contains_key(key));
    for (key, value) in given {
        if value.is_null() {
            after.remove(key);
        } else {
            after.insert(key.clone(), value.clone());
        }
    }
    Whole {
        beside,
        before,
        after,
    }
}

fn beside(id: i64) -> Values {
    db::rows(
        "select field_key, value from app.ticket_field_values where ticket_id = $1",
        &[id.into()],
        |row| {
            Ok((
                row.get::<String>(1)?.unwrap_or_default(),
                row.get::<Held>(2)?.map(|json| json.0).unwrap_or_default(),
            ))
        },
    )
    .into_iter()
    .collect()
}

/// Leaves in the row what everybody at the desk may see, and notes the rest for the AFTER trigger.
pub fn part(config: &Config, id: i64, row: &mut Row, whole: &Whole) {
    let restricted = |key: &str| config.sight.is_restricted(key);
    let mut parted = Parted::default();
    let mut open = Values::new();
    for (key, value) in &whole.after {
        if !restricted(key) {
            open.insert(key.clone(), value.clone());
        } else if whole.beside.get(key) != Some(value) {
            parted.writes.push((key.clone(), Some(value.clone())));
        }
    }
    for key in whole.beside.keys() {
        if !restricted(key) || !whole.after.contains_key(key) {
            parted.writes.push((key.clone(), None));
        }
    }
    let mut keys: Vec<&String> = whole.before.keys().chain(whole.after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let (was, is) = (whole.before.get(key), whole.after.get(key));
        if was == is && whole.beside.contains_key(key) {
            parted.moved.push(key.clone());
        } else if was != is && restricted(key) {
            let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
            parted.changed.push((key.clone(), value(was), value(is)));
        }
    }
    if !config.relations().is_empty() {
        parted.pointed = Some((whole.before.clone(), whole.after.clone()));
    }
    if row.object("custom") != open {
        row.set_text("custom", &Value::Object(open).to_string());
    }
    let transaction = transaction::number();
    PARTED.with_borrow_mut(|(of, all)| {
        if *of != transaction {
            (*of, *all) = (transaction, HashMap::new());
        }
        all.insert(id, parted);
    });
}

/// The values that the BEFORE trigger took out of this row. Values of a row that was not written must not stay.
pub fn taken(id: i64) -> Option<Parted> {
    let transaction = transaction::number();
    PARTED.with_borrow_mut(|(of, all)| (*of == transaction).then(|| all.remove(&id)).flatten())
}

/// Writes the values that were taken out of a row, now that it is written. Returns the changes that everybody may read,
/// without what is restricted and what only moved between tables.
pub fn settle(config: &Config, id: i64, event: Event, changes: &mut Values) {
    if !config.sight.parts() {
        return;
    }
    let parted = taken(id).unwrap_or_default();
    for (key, value) in &parted.writes {
        let (id, key) = (id.into(), key.as_str().into());
        match value {
            Some(value) => db::run(
                "insert into app.ticket_field_values (ticket_id, field_key, value) values ($1, $2, $3::jsonb)
                 on conflict (ticket_id, field_key) do update set value = excluded.value",
                &[id, key, value.to_string().into()],
            ),
            None => db::run(
                "delete from app.ticket_field_values where ticket_id = $1 and field_key = $2",
                &[id, key],
            ),
        };
    }
    if let Some((before, after)) = parted.pointed.filter(|_| !context::moves()) {
        relations::note(id, &before, &after);
    }
    if let Some(change) = changes.get_mut("custom") {
        for side in change.as_array_mut().into_iter().flatten() {
            if let Some(values) = side.as_object_mut() {
                values.retain(|key, _| {
                    !config.sight.is_restricted(key) && !parted.moved.contains(key)
                });
            }
        }
        if change[0] == change[1] {
            changes.remove("custom");
        }
    }
    if event == Event::Update && !context::moves() {
        for (key, was, is) in parted.changed {
            let side = |value: &Value| match value {
                Value::Null => json!({}),
                value => json!({key.as_str(): events::brief(value)}),
            };
            let data = json!({"changes": {"custom": [side(&was), side(&is)]}});
            events::write_of_field(id, &key, &data);
        }
    }
}

/// Moves the values in a row that is written for no other reason, and audits it.
pub fn settle_moved(config: &Config, id: i64, mut changes: Values) {
    if !changes.is_empty() {
        audit::write(Event::Update, "tickets", &id.to_string(), &changes);
    }
    settle(config, id, Event::Update, &mut changes);
}

// `select autocrm.part_fields('{7,9}', 'margin')`: puts the values of these tickets where they belong, and takes the
// field out of their events, when it is restricted.
native!(part_fields, pg_finfo_part_fields, |fcinfo| {
    let (ids, key): (Vec<Option<i64>>, String) = args(fcinfo);
    let ids: Vec<i64> = ids.into_iter().flatten().collect();
    let _moving = context::move_values();
    let moved = db::run(
        "update app.tickets t set custom = t.custom
          where t.id = any ($1)
            and (t.custom ? $2 or exists (select from app.ticket_field_values v where v.ticket_id = t.id and v.field_key = $2))",
        &[ids.clone().into(), key.as_str().into()],
    );
    if crate::config::config().sight.is_restricted(&key) {
        part_history(&ids, &key);
    }
    answer(fcinfo, i64::try_from(moved).ok())
});

/// Events with changes of a field that has become restricted: these changes move into events of their own, of the same
/// time and transaction, for those who may see the field. Readers of the feed do not get them again.
fn part_history(ids: &[i64], key: &str) {
    db::run(
        "with found as (
           select e.*, e.data #> '{changes,custom,0}' as was, e.data #> '{changes,custom,1}' as became
             from app.events e
            where e.ticket_id = any ($1) and e.field_key is null
              and (e.data #> '{changes,custom,0}' ? $2 or e.data #> '{changes,custom,1}' ? $2)
         ), cut as (
           update app.events e
              set data = case when f.was - $2 = f.became - $2 then f.data #- '{changes,custom}'
                         else jsonb_set(f.data, '{changes,custom}', jsonb_build_array(f.was - $2, f.became - $2)) end
             from found f
            where e.id = f.id and e.at = f.at
         )
         insert into app.events (xid, at, name, ticket_id, actor_id, api_key_id, causation_id, field_key, data)
         select f.xid, f.at, f.name, f.ticket_id, f.actor_id, f.api_key_id, f.causation_id, $2,
                f.data || jsonb_build_object('changes', jsonb_build_object('custom', jsonb_build_array(
                  case when f.was ? $2 then jsonb_build_object($2, f.was -> $2) else '{}' end,
                  case when f.became ? $2 then jsonb_build_object($2, f.became -> $2) else '{}' end)))
           from found f
          where f.was -> $2 is distinct from f.became -> $2",
        &[ids.to_vec().into(), key.into()],
    );
    db::run(
        "update app.rule_firings f set explanation = autocrm.conceal(f.explanation, array[$2])
          where f.ticket_id = any ($1) and f.explanation::text like '%\"custom.' || $2 || '\"%'",
        &[ids.to_vec().into(), key.into()],
    );
}
