//! A ticket after it is written: audit, events, counts, and the queue.

use crate::assign::ledger::{self, Outcome};
use crate::assign::need::works;
use crate::assign::queue;
use crate::config::config;
use crate::context::{self, Act};
use crate::history::audit;
use crate::history::events;
use crate::pg::append::NewRow;
use crate::pg::clock;
use crate::pg::db;
use crate::pg::row::Row;
use crate::pg::trigger::{Event, Trigger, done, trigger};
use crate::tickets::messages;
use crate::tickets::relations;
use crate::tickets::restricted;
use crate::tickets::written::note_written;
use pgrx::pg_sys;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

trigger!(tg_tickets__record, pg_finfo_tg_tickets__record, record);

/// Writes history and counts, once the row is written.
fn record(trigger: &Trigger) -> pg_sys::Datum {
    if context::counts_clocks() {
        return done();
    }
    let (old, new) = (trigger.old_row(), trigger.new_row());
    let Some(id) = new
        .as_ref()
        .or(old.as_ref())
        .and_then(|row| row.get::<i64>("id"))
    else {
        return done();
    };
    let mut changes = audit::changes(old.as_ref(), new.as_ref());
    let config = config();
    if context::moves() {
        restricted::settle_moved(&config, id, changes);
        return done();
    }
    let mut routed = None;
    match (trigger.event(), &new) {
        _ if context::archives() => move_row(trigger.event(), id),
        (Event::Insert, Some(row)) => {
            // Not in the BEFORE trigger: an INSERT that meets a conflict writes no row.
            note_written(id);
            routed = ledger::recall(id, row.get("assignee_id"));
            created(id, row, &changes, routed.as_ref());
            restricted::settle(&config, id, Event::Insert, &mut changes);
        }
        (Event::Update, _) => {
            if !changes.is_empty() {
                audit::write(Event::Update, "tickets", &id.to_string(), &changes);
            }
            if !context::erases() {
                restricted::settle(&config, id, Event::Update, &mut changes);
            }
            let brief: Map<String, Value> = changes
                .iter()
                .filter(|(name, _)| {
                    !name.starts_with("description")
                        && !["load", "balancing", "sun_team_ids"].contains(&name.as_str())
                })
                .map(|(name, change)| (name.clone(), events::brief(change)))
                .collect();
            // An erasure tells of itself, once for all that it does.
            if !changes.is_empty() && !context::erases() {
                events::write("ticket.updated", id, None, &json!({"changes": brief}));
            }
        }
        _ => {
            audit::write(Event::Delete, "tickets", &id.to_string(), &changes);
            if !context::erases() {
                events::write("ticket.deleted", id, None, &json!({}));
            }
        }
    }
    if let Some(row) = &new
        && old
            .as_ref()
            .is_none_or(|old| !old.same_column(row, "custom"))
        && !config.sight.parts()
        && !config.relations().is_empty()
    {
        let before = old.as_ref().map(|old| old.object("custom"));
        relations::note(id, &before.unwrap_or_default(), &row.object("custom"));
    }
    count_tags(old.as_ref(), new.as_ref());
    count_ticket(old.as_ref(), new.as_ref());
    let claimed = routed.and_then(|outcome| outcome.claimed);
    count(
        old.as_ref(),
        new.as_ref(),
        claimed.map(|claim| (claim.user, claim.load)),
    );
    if let Some(row) = &new {
        queue::settle(id, old.as_ref(), row);
    }
    done()
}

/// A ticket goes to the archive, or comes back as it was: nothing of it is deleted or new.
fn move_row(event: Event, id: i64) {
    let action = if event == Event::Insert {
        "restore"
    } else {
        "archive"
    };
    audit::write_as(action, "tickets", &id.to_string(), &Map::new());
}

/// Writes what a new ticket leaves behind: audit, routing decision, event and opening message.
fn created(id: i64, row: &Row, changes: &Map<String, Value>, routed: Option<&Outcome>) {
    let nothing = Value::Null;
    let explanation = routed.map_or(&nothing, |outcome| &outcome.explanation);
    let data = json!({
        "rules": explanation["rules"],
        "team_id": row.get::<i64>("team_id"),
        "assignee_id": row.get::<i64>("assignee_id"),
    });
    audit::write(Event::Insert, "tickets", &id.to_string(), changes);
    let at = clock::now();
    let mut decision = NewRow::of(c"routing_decisions", at);
    decision.give_id(c"routing_decisions_id_seq");
    decision.set("ticket_id", Some(id));
    decision.set("at", Some(at));
    decision.set_text("explanation", &explanation.to_string());
    decision.append();
    events::write("ticket.created", id, None, &data);
    if row
        .get::<String>("description")
        .is_some_and(|text| !text.is_empty())
    {
        messages::open(id, row);
    }
}

/// Counts uses of tags: a row of +1 or -1, so that no ticket waits for another's tag.
fn count_tags(old: Option<&Row>, new: Option<&Row>) {
    let tags = |row: Option<&Row>| row.map(|row| row.ids("tag_ids")).unwrap_or_default();
    let (before, after) = (tags(old), tags(new));
    let mut changes: BTreeMap<i64, i64> = BTreeMap::new();
    for (ids, by) in [(before, -1), (after, 1)] {
        for id in ids {
            *changes.entry(id).or_default() += by;
        }
    }
    changes.retain(|_, by| *by != 0);
    if !changes.is_empty() {
        let (ids, by): (Vec<i64>, Vec<i64>) = changes.into_iter().unzip();
        db::run(
            "insert into app.tag_counts (tag_id, tickets)
             select g.id, x.by from unnest($1, $2) x (id, by) join app.tags g on g.id = x.id",
            &[ids.into(), by.into()],
        );
    }
}

/// Counts tickets per status, priority, team and assignee, by rows of +1 and -1 as for tags. The trash is not counted.
fn count_ticket(old: Option<&Row>, new: Option<&Row>) {
    const BY: [&str; 4] = ["status_id", "priority_id", "team_id", "assignee_id"];
    let values = |row: Option<&Row>| {
        let row = row.filter(|row| row.is_absent("deleted_at"))?;
        Some(BY.map(|column| row.get::<i64>(column)))
    };
    let (before, after) = (values(old), values(new));
    if before == after {
        return;
    }
    for (values, tickets) in [(before, -1i64), (after, 1)] {
        if let Some(values) = values {
            let mut row = NewRow::whole(c"ticket_counts");
            for (column, value) in BY.into_iter().zip(values) {
                row.set(column, value);
            }
            row.set("tickets", Some(tickets));
            row.append();
        }
    }
}

/// Notes for the end of the statement what this row changes in agents' open work. Capacity that routing claimed is
/// counted already.
fn count(old: Option<&Row>, new: Option<&Row>, claimed: Option<(i64, i32)>) {
    let config = config();
    let holder = |row: Option<&Row>| {
        let row = row?;
        let user = row
            .get::<i64>("assignee_id")
            .filter(|_| works(&config, row))?;
        Some((user, row.get::<i32>("load").unwrap_or(100)))
    };
    let (before, after) = (
        if old.is_none() { claimed } else { holder(old) },
        holder(new),
    );
    if before == after {
        return;
    }
    if let Some((user, load)) = before {
        let solved = old
            .filter(|old| works(&config, old) && new.is_some_and(|new| !works(&config, new)))
            .and_then(|old| old.get::<i64>("team_id"));
        ledger::change(user, |change| {
            change.open -= 1;
            change.load -= load;
            change.solved.extend(solved);
        });
    }
    if let Some((user, load)) = after {
        let given = match context::act() {
            Some(Act::Give(team)) => Some(team),
            _ => None,
        };
        ledger::change(user, |change| {
            change.open += 1;
            change.load += load;
            // A ticket that stays with its assignee is not a new assignment.
            if before.is_none_or(|(before, _)| before != user) {
                change.given.extend(given);
            }
        });
    }
}
