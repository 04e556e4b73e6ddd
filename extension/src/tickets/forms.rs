//! The form of a ticket: chosen when it is written; and the check of what a form asks for.

use crate::config::Config;
use crate::config::fields::{OF_TICKETS, neighbours};
use crate::config::forms::{Form, placed_as, places};
use crate::context;
use crate::identity::actor;
use crate::pg::db;
use crate::pg::row::Row;
use crate::pg::trigger::{self, Trigger, trigger};
use autocrm_core::fields::{Placed, excess_of_condition, misplaced};
use autocrm_core::problem::Problem;
use pgrx::pg_sys;

/// Rules, admins and integrations may choose every form; others those that are shown to them.
fn is_for_caller(form: &Form) -> bool {
    let actor = actor();
    match actor.role.as_deref() {
        Some("agent") if !context::rule_acts() => {
            form.shown_to.iter().any(|role| role == "agent")
                && form.teams.as_ref().is_none_or(|teams| actor.is_in(teams))
        }
        Some("customer") => form.shown_to.iter().any(|role| role == "customer"),
        _ => true,
    }
}

/// Gives a new ticket without a form the default one; refuses a form that the caller may not choose.
pub fn choose(config: &Config, row: &mut Row, old: Option<&Row>, problems: &mut Vec<Problem>) {
    if old.is_some_and(|old| old.same_column(row, "form_id")) {
        return;
    }
    let Some(id) = row.get::<i64>("form_id") else {
        let default = config
            .forms()
            .iter()
            .find_map(|(id, form)| form.is_default.then_some(*id));
        if old.is_none() && default.is_some() {
            row.set("form_id", default);
        }
        return;
    };
    let fits = config
        .forms()
        .get(&id)
        .is_some_and(|form| form.active && is_for_caller(form));
    if !fits {
        problems.push(Problem::new(
            "form_id",
            format!("there is no form {id} that you may choose"),
        ));
    }
}

trigger!(
    tg_ticket_form_fields__check,
    pg_finfo_tg_ticket_form_fields__check,
    check
);

/// Refuses a condition that could not be understood, or could never be met.
fn check(trigger: &Trigger) -> pg_sys::Datum {
    trigger::check(trigger, |row| {
        ("The form".to_owned(), misfits(trigger, row))
    })
}

fn misfits(trigger: &Trigger, row: &Row) -> Vec<Problem> {
    let when = row.json("visible_when");
    let newly = trigger
        .old_row()
        .is_none_or(|old| !old.same_column(row, "visible_when"));
    let mut problems = Placed::read(None, when.as_ref()).err().unwrap_or_default();
    if newly {
        problems.extend(when.iter().flat_map(excess_of_condition));
    }
    if problems.is_empty()
        && newly
        && let Some(when) = when
    {
        let key = db::rows(
            "select key from app.custom_fields where id = $1",
            &[row.get::<i64>("custom_field_id").into()],
            |row| row.get::<String>(1),
        );
        let key = key.into_iter().flatten().next().unwrap_or_default();
        let form = row.get::<i64>("form_id").unwrap_or_default();
        let neighbours = neighbours(OF_TICKETS, 0, &key);
        let neighbours = placed_as(&neighbours, places().get(&form));
        problems = misplaced(&neighbours, &key, &when);
    }
    problems
}
