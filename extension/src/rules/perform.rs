//! The execution of a rule on a ticket: changes of its row, then messages.

use crate::config::{Config, config};
use crate::context::{self, Cause, FILL};
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::native;
use crate::pg::row::Row;
use crate::rules::apply::apply;
use crate::rules::templates::{self, Reader};
use autocrm_core::actions::Action;
use autocrm_core::problem::Problem;
use autocrm_core::rules::Rule;
use serde_json::{Value as Json, json};
use std::cell::RefCell;

thread_local! {
    /// Changes of a rule that the next write of the ticket applies.
    static PENDING: RefCell<Option<(i64, Vec<Action>)>> = const { RefCell::new(None) };
}

// `select autocrm.fill_field('{7,9}', 'area', '"api"', 3)`
native!(fill_field, pg_finfo_fill_field, |fcinfo| {
    let (ids, key, value, job): (Vec<Option<i64>>, String, Json, i64) = args(fcinfo);
    let ids: Vec<i64> = ids.into_iter().flatten().collect();
    let _cause = context::cause(Cause {
        rule: json!({"kind": FILL, "id": job, "name": key}),
        chain: Vec::new(),
    });
    let _pending = Pending;
    let filled = db::run(
        "update app.tickets t set custom = t.custom || jsonb_build_object($2, $3::jsonb) where t.id = any ($1)",
        &[ids.into(), key.as_str().into(), value.to_string().into()],
    );
    answer(fcinfo, i64::try_from(filled).ok())
});

/// Applies the pending changes of a rule to the row of the ticket; returns what could not be done.
pub fn carry_out(config: &Config, id: i64, row: &mut Row) -> Vec<Problem> {
    let actions = PENDING.with_borrow_mut(|pending| pending.take_if(|(ticket, _)| *ticket == id));
    let Some((_, actions)) = actions else {
        return Vec::new();
    };
    let before = row.object("custom");
    let mut custom = before.clone();
    let problems = actions
        .iter()
        .filter_map(|action| apply(config, action, row, &mut custom).err())
        .map(|problem| Problem::new("actions", problem))
        .collect();
    if custom != before {
        row.set_text("custom", &Json::Object(custom).to_string());
    }
    problems
}

// `select autocrm.act('trigger', 3, 7, '812')`: carries out a rule on a ticket.
native!(act, pg_finfo_act, |fcinfo| {
    let (kind, rule, ticket, xid): (String, Option<i64>, i64, Option<String>) = args(fcinfo);
    let config = config();
    let rules = if kind == "trigger" {
        config.triggers().in_order()
    } else {
        config.automations()
    };
    if let Some(rule) = rules.iter().find(|own| Some(own.id) == rule) {
        let chain = xid.map_or_else(Vec::new, |xid| chain(ticket, &xid));
        perform(&kind, rule, ticket, chain);
    }
    answer(fcinfo, None::<i64>)
});

/// Drops pending changes when the rule ends.
struct Pending;

impl Drop for Pending {
    fn drop(&mut self) {
        PENDING.set(None);
    }
}

fn perform(kind: &str, rule: &Rule, ticket: i64, mut chain: Vec<String>) {
    let own = format!("{kind}:{}", rule.id);
    if !chain.contains(&own) {
        chain.push(own);
    }
    let cause = Cause {
        rule: json!({"kind": kind, "id": rule.id, "name": rule.name}),
        chain,
    };
    let _cause = context::cause(cause);
    let _pending = Pending;
    let (messages, changes): (Vec<&Action>, Vec<&Action>) = rule
        .actions
        .iter()
        .partition(|action| matches!(action, Action::Message(..)));
    if !changes.is_empty() {
        PENDING.set(Some((ticket, changes.into_iter().cloned().collect())));
        db::run(
            "update app.tickets set updated_at = updated_at where id = $1",
            &[ticket.into()],
        );
    }
    for message in messages {
        if let Action::Message(kind, text) = message {
            let text = templates::for_ticket(ticket, text, Reader::of_rule(kind));
            // A template that is empty for this ticket sends no message.
            if text.trim().is_empty() {
                continue;
            }
            db::run(
                "insert into app.messages (ticket_id, kind, body_text) values ($1, $2::text::app.message_kind, $3)",
                &[ticket.into(), (*kind).into(), text.as_str().into()],
            );
        }
    }
}

/// The rules in the chain that led to the changes of this transaction, and the rules that react to them.
pub fn chain(ticket: i64, xid: &str) -> Vec<String> {
    db::rows(
        "select c.rule
           from app.events e
          cross join jsonb_array_elements_text(e.data -> 'chain') c (rule)
          where e.xid = $2::xid8 and e.ticket_id = $1
          union
         select 'trigger:' || f.rule_id from app.rule_firings f where f.kind = 'trigger' and f.ticket_id = $1 and f.cause_xid = $2::xid8
          order by 1",
        &[ticket.into(), xid.into()],
        |row| row.get::<String>(1),
    )
    .into_iter()
    .flatten()
    .collect()
}
