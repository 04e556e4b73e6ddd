//! A ticket before it is written: completed, checked, and routed when it is new.

use crate::assign::ledger;
use crate::assign::route::{route, unrouted};
use crate::config::config;
use crate::context;
use crate::identity::actor;
use crate::pg::call::{answer, args};
use crate::pg::clock;
use crate::pg::db;
use crate::pg::error::{native, refuse};
use crate::pg::row::Row;
use crate::pg::trigger::{Trigger, done, trigger};
use crate::rules::perform::carry_out;
use crate::tickets::fields::{self, HINT};
use crate::tickets::forms;
use crate::tickets::html;
use crate::tickets::relations::dangling;
use crate::tickets::requester::{kept_requester, requester};
use crate::tickets::restricted;
use crate::tickets::shape;
use crate::tickets::status::{ending, is_done, is_merged, transition};
use crate::tickets::written::note_written;
use autocrm_core::fields::{Moment, fill_defaults, normalise, validate};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use pgrx::prelude::TimestampWithTimeZone;

trigger!(tg_tickets__prepare, pg_finfo_tg_tickets__prepare, prepare);

fn prepare(trigger: &Trigger) -> pg_sys::Datum {
    let Some(row) = trigger.new_row() else {
        return done();
    };
    match trigger.old_row() {
        _ if context::archives() => row.into_datum(),
        Some(old) => update(row, &old),
        None => insert(row),
    }
}

fn insert(mut row: Row) -> pg_sys::Datum {
    let config = config();
    let mut problems = shape::problems(&config, &row, None);
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
    let keeps = context::keeps();
    if !keeps {
        fill_defaults(asked, &mut custom);
    }
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
    // INSERT … ON CONFLICT comes here too: a row that will not be written must not claim any.
    if row
        .text("external_id")
        .is_some_and(|external| is_known(&external, row.get("external_origin")))
    {
        return row.into_datum();
    }
    let outcome = if keeps {
        unrouted(&config, &mut row)
    } else {
        route(&config, &mut row, &mut custom, &requester)
    };
    if custom != before {
        normalise(&config.fields, &mut custom, Some(&before));
        let mut problems = validate(asked, &custom, Some(&before), Moment::Create);
        problems.extend(dangling(&config.fields, &custom, Some(&before), true));
        // The caller may not see this field.
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
    if context::counts_clocks() {
        return row.into_datum();
    }
    // What is erased is no longer what the desk's rules ask for, and nobody has worked on the ticket.
    if context::erases() {
        row.set("version", old.get::<i64>("version").map(|v| v + 1));
        return row.into_datum();
    }
    let config = config();
    let id = old.get("id").unwrap_or_default();
    let mut problems = shape::problems(&config, &row, Some(old));
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
    // A ticket that the queue assigns on the way, or that a definer changes for the caller, does not become visible to
    // the caller as one that they have written.
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
    // When a person chooses a team, the list of teams from a rule (follow the sun) ends.
    if context::act().is_none() && !row.same_column(old, "team_id") {
        row.set("sun_team_ids", None::<Vec<i64>>);
        if old.text("balancing").as_deref() == Some("follow_the_sun") {
            row.set("balancing", None::<String>);
        }
    }
    problems.extend(carry_out(&config, id, &mut row));
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
        // A ticket that was solved with one form may lack what another form requires.
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
        let clean = html::sanitized("description_html", &html);
        row.set("description", Some(autocrm_core::html::to_text(&clean)));
        row.set("description_html", Some(clean));
    }
}

/// The owner of an external id: one common owner for all who see every ticket, or the writer who does not.
fn origin(row: &mut Row) {
    if !row.is_absent("external_id") {
        let actor = actor();
        let own = actor.user_id.filter(|_| !actor.sees_all());
        row.set("external_origin", Some(own.unwrap_or(0)));
    }
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

// `select autocrm.keep_imported(true)`: in this transaction tickets are written as another desk had them.
native!(keep_imported, pg_finfo_keep_imported, |fcinfo| {
    let (on,): (bool,) = args(fcinfo);
    context::keep(on);
    answer(fcinfo, Some(on))
});
