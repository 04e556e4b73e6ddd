//! Messages: sanitised and completed before they are written, recorded after, with their effects on the ticket.

use crate::config::config;
use crate::context;
use crate::history::audit;
use crate::history::events;
use crate::identity::actor;
use crate::pg::append::NewRow;
use crate::pg::clock;
use crate::pg::db;
use crate::pg::error::{fail, refuse};
use crate::pg::row::Row;
use crate::pg::trigger::{Event, Trigger, done, trigger};
use crate::tickets::status::merged_into;
use autocrm_core::html;
use autocrm_core::problem::Problem;
use pgrx::pg_sys;
use pgrx::prelude::*;
use serde_json::json;

/// The opening message of a ticket, from its requester. The triggers of app.messages would find nothing to do, except
/// for mentions: ticket and requester exist and are locked, and the event `ticket.created` covers the message.
pub fn open(ticket: i64, row: &Row) {
    let at = row.get::<TimestampWithTimeZone>("created_at");
    let html = row.text("description_html");
    let mentions = html
        .as_deref()
        .is_some_and(|html| html.contains("data-mention="));
    if mentions {
        return open_by_statement(ticket, row);
    }
    let mut message = NewRow::of(c"messages", at.unwrap_or_else(clock::now));
    let text = row.text("description").unwrap_or_default();
    let quote = match &html {
        Some(html) => html::text_and_quote(html).1,
        None => html::quote::tail(&text),
    };
    message.give_id(c"messages_id_seq");
    message.set("ticket_id", Some(ticket));
    message.set_text("kind", "reply");
    message.set("author_id", row.get::<i64>("requester_id"));
    message.set("body_text", Some(text));
    message.set("body_html", html);
    message.set_text("channel", &row.text("channel").unwrap_or_default());
    message.set("created_at", at);
    message.set("quote_from", quote.and_then(|n| i32::try_from(n).ok()));
    let (key, changes) = (
        message.id().to_string(),
        audit::changes(None, Some(message.row())),
    );
    let appended = message.try_append();
    message.close();
    if appended {
        audit::write(Event::Insert, "messages", &key, &changes);
    } else {
        open_by_statement(ticket, row);
    }
}

fn open_by_statement(ticket: i64, row: &Row) {
    let _opening = context::open();
    db::run(
        "insert into app.messages (ticket_id, kind, author_id, body_text, body_html, channel, created_at)
         values ($1, 'reply', $2, $3, $4, $5::app.channel, $6)",
        &[
            ticket.into(),
            row.get::<i64>("requester_id").into(),
            row.text("description").into(),
            row.text("description_html").into(),
            row.text("channel").into(),
            row.get::<TimestampWithTimeZone>("created_at").into(),
        ],
    );
}

trigger!(tg_messages__prepare, pg_finfo_tg_messages__prepare, prepare);

fn prepare(trigger: &Trigger) -> pg_sys::Datum {
    let Some(mut row) = trigger.new_row() else {
        return done();
    };
    if context::archives() {
        return row.into_datum();
    }
    if let Some(old) = trigger.old_row() {
        let same = row.same_column(&old, "body_text") && row.same_column(&old, "body_html");
        if same || context::redacts() {
            return row.into_datum();
        }
        row.set("edited_at", Some(clock::now()));
    }
    check(&row);
    body(&mut row);
    if context::opens() {
        return row.into_datum();
    }
    if row.get::<i64>("author_id").is_none() {
        row.set("author_id", actor().user_id);
    }
    let now = clock::now();
    let at = row
        .get::<TimestampWithTimeZone>("created_at")
        .filter(|at| *at < now)
        .unwrap_or(now);
    row.set("created_at", Some(at));
    row.into_datum()
}

/// Bytes.
const MOST: usize = 4_000_000;

fn check(row: &Row) {
    let mut problems: Vec<Problem> = ["body_text", "body_html"]
        .into_iter()
        .filter(|column| row.text(column).is_some_and(|text| text.len() > MOST))
        .map(|column| Problem::new(column, format!("must have at most {MOST} bytes")))
        .collect();
    if row
        .get("created_at")
        .is_some_and(|at| !clock::is_plausible(at))
    {
        problems.push(Problem::new("created_at", clock::PLAUSIBLE));
    }
    if !problems.is_empty() {
        refuse(
            "The message cannot be sent as it is",
            &problems,
            "Send less of it, or send it as a file; leave out the time.",
        );
    }
}

/// HTML is sanitised and brings its plain-text twin along; where the quoted text begins is noted.
fn body(row: &mut Row) {
    let (text, quote) = if let Some(html) = row.text("body_html") {
        let clean = crate::tickets::html::sanitized("body_html", &html);
        let found = html::text_and_quote(&clean);
        row.set("body_html", Some(clean));
        found
    } else {
        let text = row.text("body_text").unwrap_or_default();
        let quote = html::quote::tail(&text);
        (text, quote)
    };
    row.set("body_text", Some(text));
    row.set("quote_from", quote.and_then(|n| i32::try_from(n).ok()));
}

trigger!(tg_messages__record, pg_finfo_tg_messages__record, record);

fn record(trigger: &Trigger) -> pg_sys::Datum {
    let (old, new) = (trigger.old_row(), trigger.new_row());
    let Some(row) = new.as_ref().or(old.as_ref()) else {
        return done();
    };
    let id = row.get::<i64>("id").unwrap_or_default();
    let changes = audit::changes(old.as_ref(), new.as_ref());
    if context::redacts()
        || context::archives()
        || trigger.event() == Event::Update && changes.is_empty()
    {
        return done();
    }
    audit::write(trigger.event(), "messages", &id.to_string(), &changes);
    if trigger.event() == Event::Update && changes.contains_key("edited_at") {
        edited(id, row);
    }
    if trigger.event() == Event::Insert && !context::opens() {
        let ticket = row.get::<i64>("ticket_id").unwrap_or_default();
        let kind = row.text("kind").unwrap_or_default();
        // Now that the row has passed the policies, so that this reveals no ticket that its writer does not see.
        if let Some(into) = merged_into(ticket).filter(|_| kind != "system") {
            fail(
                "TK409",
                &format!("Ticket {ticket} was merged into ticket {into}"),
                Some(&format!("{{\"merged_into\": {into}}}")),
                Some(&format!("Write on ticket {into} instead.")),
            );
        }
        // Before its event: whoever writes events of a ticket holds its row, so that their ids are in the order of commits.
        touch(ticket, &kind, row.get("author_id"), row.get("created_at"));
        events::write("message.created", ticket, Some(id), &json!({"kind": kind}));
    }
    done()
}

/// The opening message is the ticket's description too.
fn edited(id: i64, row: &Row) {
    let ticket = row.get::<i64>("ticket_id");
    events::write(
        "message.edited",
        ticket.unwrap_or_default(),
        Some(id),
        &json!({"kind": row.text("kind")}),
    );
    db::run(
        "update app.tickets t set description = $3, description_html = $4
          where t.id = $1 and t.created_at = $5
            and $2 = (select min(o.id) from app.messages o where o.ticket_id = t.id and o.created_at = t.created_at)",
        &[
            ticket.into(),
            id.into(),
            row.text("body_text").into(),
            row.text("body_html").into(),
            row.get::<TimestampWithTimeZone>("created_at").into(),
        ],
    );
}

/// The first reply by staff sets `first_reply_at`; one by the requester opens a ticket that is pending, on hold or solved.
/// A message of nobody leaves the ticket as it is.
fn touch(ticket: i64, kind: &str, author: Option<i64>, at: Option<TimestampWithTimeZone>) {
    let Some(author) = author else {
        return;
    };
    let config = config();
    let asleep: Vec<i64> = config
        .statuses
        .iter()
        .filter(|s| matches!(s.category.as_str(), "pending" | "on_hold" | "solved"))
        .map(|s| s.id)
        .collect();
    let reply = kind == "reply";
    let requester = db::rows(
        "update app.tickets t
            set updated_at = $4,
                requester_replied_at = case when $2 and t.requester_id = $3
                                            then greatest(t.requester_replied_at, $4) else t.requester_replied_at end,
                first_reply_at = case when $5 then coalesce(t.first_reply_at, $4) else t.first_reply_at end,
                status_id = case when $2 and t.requester_id = $3 and t.status_id = any ($6)
                                 then coalesce($7, t.status_id) else t.status_id end
          where t.id = $1
         returning t.requester_id",
        &[
            ticket.into(),
            reply.into(),
            author.into(),
            at.into(),
            (reply && is_staff(author)).into(),
            asleep.into(),
            config.first_status("open").map(|s| s.id).into(),
        ],
        |row| row.get::<i64>(1),
    );
    if reply && requester.contains(&Some(author)) {
        crate::assign::queue::replied(ticket, author);
    }
}

fn is_staff(user: i64) -> bool {
    let actor = actor();
    if actor.user_id == Some(user) && actor.api_key_id.is_none() {
        return matches!(actor.role.as_deref(), Some("agent" | "admin"));
    }
    db::run(
        "select from app.users where id = $1 and role in ('agent', 'admin')",
        &[user.into()],
    ) > 0
}
