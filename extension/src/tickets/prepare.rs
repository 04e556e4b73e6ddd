//! A ticket's way into its table: made whole and checked before it is written, recorded after.

use crate::assign::ledger;
use crate::assign::ledger::Outcome;
use crate::assign::need::works;
use crate::assign::queue;
use crate::assign::route::{Requester, route};
use crate::config::statuses::Status;
use crate::config::{Config, config};
use crate::context::{self, Act};
use crate::history::audit;
use crate::history::events;
use crate::identity::actor;
use crate::pg::append::NewRow;
use crate::pg::call::{answer, args};
use crate::pg::clock;
use crate::pg::db;
use crate::pg::error::{native, refuse};
use crate::pg::json::Held;
use crate::pg::row::Row;
use crate::pg::trigger::{Event, Trigger, done, trigger};
use crate::tickets::fields::{self, HINT};
use crate::tickets::forms;
use crate::tickets::relations::{self, dangling};
use crate::tickets::restricted;
use crate::tickets::shape;
use autocrm_core::fields::{Moment, fill_defaults, normalise, validate};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use pgrx::prelude::*;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::HashSet;

thread_local! {
    static WRITTEN: RefCell<(u32, HashSet<i64>)> = RefCell::default();
}

fn note_written(ticket: i64) {
    let transaction = db::transaction();
    WRITTEN.with_borrow_mut(|written| {
        if written.0 != transaction {
            *written = (transaction, HashSet::new());
        }
        written.1.insert(ticket);
    });
}

/// Whether this transaction wrote this ticket: who hands a ticket to a team they do not see may still
/// see it to the end of that transaction, and so be answered. Only rows that the policies let them
/// change come this far.
///
/// `select autocrm.has_written(7)`
fn has_written(ticket_id: i64) -> bool {
    wrote(ticket_id)
}

pub fn wrote(ticket_id: i64) -> bool {
    let transaction = db::transaction();
    WRITTEN.with_borrow(|written| written.0 == transaction && written.1.contains(&ticket_id))
}

native!(
    has_written_wrapper,
    pg_finfo_has_written_wrapper,
    |fcinfo| {
        let (ticket,): (i64,) = args(fcinfo);
        answer(fcinfo, Some(has_written(ticket)))
    }
);

trigger!(tg_tickets__prepare, pg_finfo_tg_tickets__prepare, prepare);

fn prepare(trigger: &Trigger) -> pg_sys::Datum {
    let Some(row) = trigger.new_row() else {
        return done();
    };
    match trigger.old_row() {
        Some(old) => update(row, &old),
        None => insert(row),
    }
}

fn insert(mut row: Row) -> pg_sys::Datum {
    let config = config();
    let mut problems = shape::problems(&row, None);
    if !problems.is_empty() {
        refuse("The ticket cannot be created as it is", &problems, HINT);
    }
    shape::normalise(&mut row, None);
    origin(&mut row);
    let now = clock::now();
    row.set("version", Some(1i64));
    // Imports bring their own past; nobody brings a future.
    let created = row
        .get::<TimestampWithTimeZone>("created_at")
        .filter(|at| *at < now)
        .unwrap_or(now);
    row.set("created_at", Some(created));
    row.set(
        "updated_at",
        Some(
            row.get::<TimestampWithTimeZone>("updated_at")
                .filter(|at| *at < now && *at >= created)
                .unwrap_or(now),
        ),
    );
    text(&mut row);
    if row.get::<i64>("status_id").is_none() {
        row.set("status_id", config.first_status("new").map(|s| s.id));
    }
    if row.get::<i64>("priority_id").is_none() {
        let normal = config
            .priority_by_key("normal")
            .or_else(|| config.priorities.first());
        row.set("priority_id", normal.map(|p| p.id));
    }
    let requester = requester(&mut row, &mut problems);
    assignee(&row, None, &mut problems);

    let given = row.object("custom");
    let mut custom = given.clone();
    custom.retain(|_, value| !value.is_null());
    normalise(&config.fields, &mut custom, None);
    forms::choose(&config, &mut row, None, &mut problems);
    let asked = config.fields_of(row.get("form_id"));
    fill_defaults(asked, &mut custom);
    // Claiming a place for a ticket that will be refused would only make others wait.
    // What a default fills in is nothing that the caller set.
    problems.extend(fields::problems(
        &config,
        asked,
        (None, &custom),
        (None, &given),
        if is_done(&config, &row) {
            Moment::CreateSolved
        } else {
            Moment::Create
        },
    ));
    if !problems.is_empty() {
        refuse("The ticket cannot be created as it is", &problems, HINT);
    }
    let before = custom.clone();
    // INSERT … ON CONFLICT comes here too: a row that will not be written must not take a place.
    if row
        .text("external_id")
        .is_some_and(|external| is_known(&external, row.get("external_origin")))
    {
        return row.into_datum();
    }
    let outcome = route(&config, &mut row, &mut custom, &requester);
    if custom != before {
        normalise(&config.fields, &mut custom, Some(&before));
        let mut problems = validate(asked, &custom, Some(&before), Moment::Create);
        problems.extend(dangling(&config.fields, &custom, Some(&before), true));
        // Whoever makes the ticket may know nothing of the field.
        let hidden = config.sight.hidden(actor().role.as_deref());
        for problem in &mut problems {
            if hidden
                .iter()
                .any(|key| problem.path == format!("custom.{key}"))
            {
                *problem = Problem::new(
                    "custom",
                    "a field that you may not see is set to what it cannot have",
                );
            }
        }
        if !problems.is_empty() {
            refuse(
                "A routing rule gives this ticket a value that does not fit",
                &problems,
                "Correct the routing rule.",
            );
        }
    }
    let id = row.get("id").unwrap_or_default();
    if config.sight.parts() || custom != given {
        let whole = restricted::whole(&config, 0, &given, &custom);
        restricted::part(&config, id, &mut row, &whole);
    }
    if let Some(status) = row.get("status_id").and_then(|id| config.status(id)) {
        ending(&mut row, None, status);
    }
    row.set("status_at", Some(created));
    row.set("requester_replied_at", Some(created));
    if row.get::<i64>("assignee_id").is_some() {
        row.set("assigned_at", Some(created));
    }
    ledger::remember(id, outcome);
    row.into_datum()
}

fn update(mut row: Row, old: &Row) -> pg_sys::Datum {
    let config = config();
    let id = old.get("id").unwrap_or_default();
    let mut problems = shape::problems(&row, Some(old));
    if !problems.is_empty() {
        refuse("The ticket cannot be changed like this", &problems, HINT);
    }
    shape::normalise(&mut row, Some(old));
    if !row.same_column(old, "external_id") || !row.same_column(old, "external_origin") {
        origin(&mut row);
    }
    if !row.same_column(old, "requester_id") {
        kept_requester(&mut row);
    }
    if context::moves() {
        let values = old.object("custom");
        let whole = restricted::whole(&config, id, &values, &values);
        restricted::part(&config, id, &mut row, &whole);
        return row.into_datum();
    }
    drop(restricted::taken(id));
    // What the machine hands out in passing, or a definer changes for them, is nothing that the caller may see
    // for having written it.
    if context::act().is_none() && !db::is_owner() {
        note_written(id);
    }
    row.set("version", old.get::<i64>("version").map(|v| v + 1));
    row.set("created_at", old.get::<TimestampWithTimeZone>("created_at"));
    row.set(
        "updated_at",
        if context::fills() {
            old.get::<TimestampWithTimeZone>("updated_at")
        } else {
            Some(clock::now())
        },
    );
    if !row.same_column(old, "id") {
        problems.push(Problem::new("id", "cannot be changed"));
    }
    if !row.same_column(old, "description_html") {
        text(&mut row);
    }
    if !row.same_column(old, "priority_id") || !row.same_column(old, "channel") {
        let channel = row.text("channel").unwrap_or_default();
        row.set(
            "load",
            Some(config.load_of(row.get("priority_id"), &channel)),
        );
    } else {
        row.set("load", old.get::<i32>("load"));
    }
    // A person's choice of a team ends the round that a rule sent the ticket on.
    if context::act().is_none() && !row.same_column(old, "team_id") {
        row.set("sun_team_ids", None::<Vec<i64>>);
        if old.text("balancing").as_deref() == Some("follow_the_sun") {
            row.set("balancing", None::<String>);
        }
    }
    problems.extend(crate::rules::perform::carry_out(&config, id, &mut row));
    assignee(&row, Some(old), &mut problems);
    if !row.same_column(old, "status_id") {
        row.set("status_at", Some(clock::now()));
    }
    if !row.same_column(old, "assignee_id") {
        let assigned = row.get::<i64>("assignee_id").map(|_| clock::now());
        row.set("assigned_at", assigned);
    }
    forms::choose(&config, &mut row, Some(old), &mut problems);
    let mut moment = transition(&config, &mut row, old, &mut problems);
    if moment == Moment::Update && is_done(&config, old) && is_done(&config, &row) {
        // Another form asks for other things of what was solved by the first.
        moment = if row.same_column(old, "form_id") || is_merged(id) {
            Moment::UpdateSolved
        } else {
            Moment::Solve
        };
    }
    if !row.same_column(old, "custom") || moment == Moment::Solve {
        let (known, given) = (old.object("custom"), row.object("custom"));
        let mut whole = restricted::whole(&config, id, &known, &given);
        normalise(&config.fields, &mut whole.after, Some(&whole.before));
        problems.extend(fields::problems(
            &config,
            config.fields_of(row.get("form_id")),
            (Some(&whole.before), &whole.after),
            (Some(&known), &given),
            moment,
        ));
        if problems.is_empty() && (config.sight.parts() || given != whole.after) {
            restricted::part(&config, id, &mut row, &whole);
        }
    }
    if !problems.is_empty() {
        refuse("The ticket cannot be changed like this", &problems, HINT);
    }
    row.into_datum()
}

fn is_known(external_id: &str, origin: Option<i64>) -> bool {
    db::run(
        "select from app.tickets where external_id = $1 and external_origin = coalesce($2, 0)",
        &[external_id.into(), origin.into()],
    ) > 0
}

/// HTML is sanitised and brings its plain-text twin along.
fn text(row: &mut Row) {
    if let Some(html) = row.text("description_html") {
        let clean = crate::tickets::html::sanitized("description_html", &html);
        row.set("description", Some(autocrm_core::html::to_text(&clean)));
        row.set("description_html", Some(clean));
    }
}

/// Whose external id it is: of all who see every ticket, or of one who does not.
fn origin(row: &mut Row) {
    if !row.is_absent("external_id") {
        let actor = actor();
        let own = actor.user_id.filter(|_| !actor.sees_all());
        row.set("external_origin", Some(own.unwrap_or(0)));
    }
}

/// Whatever door a ticket comes through, it is the kept person's. The lock waits for a merge under way.
fn kept_requester(row: &mut Row) {
    let kept = db::rows(
        "select merged_into_id from app.users where id = $1 for key share",
        &[row.get::<i64>("requester_id").into()],
        |user| user.get::<i64>(1),
    );
    if let Some(kept) = kept.into_iter().next().flatten() {
        row.set("requester_id", Some(kept));
    }
}

/// A person as the router asks for them, locked against a merge.
struct Found {
    requester: Requester,
    organization_id: Option<i64>,
    merged_into: Option<i64>,
    active: bool,
}

fn find_requester(id: i64, organization: Option<i64>) -> Option<Found> {
    let found = db::rows(
        "select u.name, u.email, u.organization_id, o.name, u.locale,
                case when u.role = 'admin' then 'agent' else u.role::text end, o.custom, u.merged_into_id, u.active
           from app.users u
           left join app.organizations o on o.id = coalesce($2, u.organization_id)
          where u.id = $1 for key share of u",
        &[id.into(), organization.into()],
        |row| {
            Ok(Found {
                requester: Requester {
                    name: row.get(1)?.unwrap_or_default(),
                    email: row.get(2)?,
                    organization: row.get(4)?,
                    locale: row.get(5)?.unwrap_or_default(),
                    side: row.get(6)?.unwrap_or_default(),
                    organization_custom: row
                        .get::<Held>(7)?
                        .and_then(|json| json.0.as_object().cloned())
                        .unwrap_or_default(),
                },
                organization_id: row.get(3)?,
                merged_into: row.get(8)?,
                active: row.get(9)?.unwrap_or_default(),
            })
        },
    );
    found.into_iter().next()
}

fn requester(row: &mut Row, problems: &mut Vec<Problem>) -> Requester {
    let Some(id) = row.get::<i64>("requester_id") else {
        problems.push(Problem::new("requester_id", "is missing; say who asks"));
        return Requester::default();
    };
    let organization = row.get::<i64>("organization_id");
    let mut found = find_requester(id, organization);
    if let Some(kept) = found.as_ref().and_then(|found| found.merged_into) {
        row.set("requester_id", Some(kept));
        found = find_requester(kept, organization);
    }
    let Some(found) = found.filter(|found| found.active) else {
        problems.push(Problem::new(
            "requester_id",
            format!("there is no active user {id}"),
        ));
        return Requester::default();
    };
    if organization.is_none() {
        row.set("organization_id", found.organization_id);
    }
    found.requester
}

fn assignee(row: &Row, old: Option<&Row>, problems: &mut Vec<Problem>) {
    let Some(id) = row.get::<i64>("assignee_id") else {
        return;
    };
    if old.is_some_and(|old| old.same_column(row, "assignee_id")) {
        return;
    }
    let fits = db::run(
        "select from app.users where id = $1 and active and role in ('agent', 'admin')",
        &[id.into()],
    );
    if fits == 0 {
        problems.push(Problem::new(
            "assignee_id",
            format!("{id} is not an active agent"),
        ));
    }
}

/// Checks a change of status against the workflow, and keeps the times of solving and closing.
fn transition(config: &Config, row: &mut Row, old: &Row, problems: &mut Vec<Problem>) -> Moment {
    if row.same_column(old, "status_id") {
        return Moment::Update;
    }
    let by_id = |row: &Row| row.get("status_id").and_then(|id| config.status(id));
    let Some(to) = by_id(row).filter(|to| to.active) else {
        problems.push(Problem::new("status", "is not a status in use"));
        return Moment::Update;
    };
    let Some(from) = by_id(old) else {
        ending(row, None, to);
        return Moment::Update;
    };
    if from.category == "closed" {
        problems.push(Problem::new(
            "status",
            "a closed ticket stays closed; open a new one that refers to it",
        ));
        return Moment::Update;
    }
    // Nobody solved it: it goes on elsewhere, whatever its workflow and fields ask.
    if to.category == "closed" && is_merged(old.get("id").unwrap_or_default()) {
        ending(row, Some(from), to);
        return Moment::Update;
    }
    let team = row.get::<i64>("team_id");
    let allowed: Vec<i64> = config
        .transitions
        .iter()
        .filter(|t| t.from == from.id && (t.team_id.is_none() || t.team_id == team))
        .map(|t| t.to)
        .collect();
    if !allowed.is_empty() && !allowed.contains(&to.id) {
        let names: Vec<&str> = allowed
            .iter()
            .filter_map(|id| Some(config.status(*id)?.key.as_str()))
            .collect();
        problems.push(Problem::new(
            "status",
            format!(
                "{} cannot follow {}; allowed: {}",
                to.key,
                from.key,
                names.join(", ")
            ),
        ));
    }
    ending(row, Some(from), to);
    if to.is_done() && !from.is_done() {
        Moment::Solve
    } else {
        Moment::Update
    }
}

fn is_done(config: &Config, row: &Row) -> bool {
    row.get("status_id")
        .and_then(|id| config.status(id))
        .is_some_and(Status::is_done)
}

fn is_merged(ticket: i64) -> bool {
    db::run(
        "select from app.ticket_links where ticket_id = $1 and kind = 'merged'",
        &[ticket.into()],
    ) > 0
}

fn ending(row: &mut Row, from: Option<&Status>, to: &Status) {
    // An imported ticket ended when it was last touched, not when it was imported.
    let now = row
        .get::<TimestampWithTimeZone>("updated_at")
        .unwrap_or_else(clock::now);
    if to.is_done() {
        if from.is_none_or(|from| !from.is_done())
            && row.get::<TimestampWithTimeZone>("solved_at").is_none()
        {
            row.set("solved_at", Some(now));
        }
        if to.category == "closed" && row.get::<TimestampWithTimeZone>("closed_at").is_none() {
            row.set("closed_at", Some(now));
        }
    } else if from.is_some() {
        row.set("solved_at", None::<TimestampWithTimeZone>);
        row.set("closed_at", None::<TimestampWithTimeZone>);
    }
}

trigger!(tg_tickets__record, pg_finfo_tg_tickets__record, record);

/// Writes history and keeps the loads, once the row stands.
fn record(trigger: &Trigger) -> pg_sys::Datum {
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
        (Event::Insert, Some(row)) => {
            // Not before: an INSERT that meets a conflict never wrote, whatever id it named.
            note_written(id);
            routed = ledger::recall(id, row.get("assignee_id"));
            created(id, row, &changes, routed.as_ref());
            restricted::settle(&config, id, Event::Insert, &mut changes);
        }
        (Event::Update, _) => {
            if !changes.is_empty() {
                audit::write(Event::Update, "tickets", &id.to_string(), &changes);
            }
            restricted::settle(&config, id, Event::Update, &mut changes);
            let brief: Map<String, Value> = changes
                .iter()
                .filter(|(name, _)| {
                    !name.starts_with("description")
                        && !["load", "balancing", "sun_team_ids"].contains(&name.as_str())
                })
                .map(|(name, change)| (name.clone(), events::brief(change)))
                .collect();
            if !changes.is_empty() {
                events::write("ticket.updated", id, None, &json!({"changes": brief}));
            }
        }
        _ => {
            audit::write(Event::Delete, "tickets", &id.to_string(), &changes);
            events::write("ticket.deleted", id, None, &json!({}));
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
        crate::tickets::messages::open(id, row);
    }
}

/// How often each tag is used: a row more or less, so that no ticket waits for another's tag.
fn count_tags(old: Option<&Row>, new: Option<&Row>) {
    let tags = |row: Option<&Row>| row.map(|row| row.ids("tag_ids")).unwrap_or_default();
    let (before, after) = (tags(old), tags(new));
    if before != after {
        db::run(
            "insert into app.tag_counts (tag_id, tickets)
             select g.id, sum(n)
               from (select unnest($1), 1 union all select unnest($2), -1) x (id, n)
               join app.tags g on g.id = x.id
              group by g.id
             having sum(n) <> 0",
            &[after.into(), before.into()],
        );
    }
}

/// Notes for the end of the statement what this row changes in agents' open work. A place that routing claimed is
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
            // A ticket that stays with them is given by nobody.
            if before.is_none_or(|(before, _)| before != user) {
                change.given.extend(given);
            }
        });
    }
}
