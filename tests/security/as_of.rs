//! What was is as visible as what is: rows as they were at a moment, and who may read them.

use harness::desk::Desk;
use rand::prelude::*;
use rand::rngs::StdRng;
use serde_json::{Value, json};

const FIELDS: &str = "insert into app.custom_fields (key, label, type, visible_to) values
     ('order', 'Order', 'text', '{admin,agent,analyst,integration,customer}'), ('margin', 'Margin', 'text', '{admin}')";

/// A random change of this ticket, which the desk may refuse.
fn change(rng: &mut StdRng, ticket: i64, n: usize) -> String {
    let set = match rng.random_range(0..9) {
        0 => format!("subject = 'Subject {n}'"),
        1 => format!(
            "description = 'Text {n}', language = {}",
            ["null", "'de'"][n % 2]
        ),
        2 => "priority_id = (select id from app.priorities order by random() limit 1)".to_owned(),
        3 => "status_id = (select id from app.statuses where category <> 'closed' order by random() limit 1)".to_owned(),
        4 => "team_id = (select id from app.teams order by random() limit 1)".to_owned(),
        5 => "tag_ids = array(select id from app.tags where random() < 0.5)".to_owned(),
        6 => format!("custom = '{{\"order\": \"{n}\"}}'"),
        7 => format!("custom = '{{\"order\": \"x\", \"margin\": \"{n}\"}}'"),
        _ => "custom = '{\"margin\": null}', team_id = null".to_owned(),
    };
    format!("update app.tickets set {set} where id = {ticket}")
}

/// What is kept aside of a ticket: its row without what the audit leaves out, and all its custom values.
const WHOLE: &str = "to_jsonb(t) - '{version,updated_at,next_breach_at,custom}'::text[]
     || jsonb_build_object('custom', t.custom || coalesce((
          select jsonb_object_agg(v.field_key, v.value) from app.ticket_field_values v where v.ticket_id = t.id), '{}'))";

#[tokio::test]
async fn a_ticket_is_shown_as_it_was_after_each_of_its_changes() {
    let desk = Desk::open().await;
    desk.run(FIELDS).await;
    desk.run("insert into app.tags (name) values ('one'), ('two'), ('three')")
        .await;
    let tickets = [
        desk.ticket("Card declined", "billing").await,
        desk.ticket("No sound", "tech").await,
    ];
    let before: String = desk.one("select autocrm.now()::text").await;
    let seed = rand::random();
    let mut rng = StdRng::seed_from_u64(seed);
    let mut kept: Vec<(i64, String, Value)> = Vec::new();
    for n in 0..150 {
        let ticket = *tickets.choose(&mut rng).expect("a ticket");
        // Refused, such as a solved ticket that moves to a team that does not solve: it changes nothing.
        let _ = desk.sql().batch_execute(&change(&mut rng, ticket, n)).await;
        let row = desk
            .sql()
            .query_one(
                &format!("select clock_timestamp()::text, {WHOLE} from app.tickets t where t.id = {ticket}"),
                &[],
            )
            .await
            .expect("the ticket");
        kept.push((ticket, row.get(0), row.get(1)));
    }
    // As for a ticket that is gone.
    let compare = async |gone: bool| {
        for (ticket, at, row) in &kept {
            let then: Value = if gone {
                let custom: Option<Value> = desk
                    .one(&format!(
                        "select app.row_as_of('tickets', '{ticket}', '{at}') - 'custom'"
                    ))
                    .await;
                custom.unwrap_or_default()
            } else {
                desk.one(&format!(
                    "select app.ticket_as_of({ticket}, '{at}')
                       - '{{updated_at,status,status_category,priority,priority_weight,team,tags}}'::text[]"
                ))
                .await
            };
            let mut row = row.clone();
            if gone {
                let row = row.as_object_mut().expect("an object");
                row.remove("custom");
                row.remove("created_at");
            }
            assert_eq!(then, row, "seed {seed}, ticket {ticket} at {at}");
        }
    };
    compare(false).await;
    let none: Option<Value> = desk
        .one(&format!(
            "select app.ticket_as_of({}, '{before}'::timestamptz - interval '1 hour')",
            tickets[0]
        ))
        .await;
    assert_eq!(none, None, "not yet created");
    desk.run("delete from app.tickets").await;
    compare(true).await;
}

#[tokio::test]
async fn what_was_is_hidden_from_whom_it_is_hidden_now() {
    let desk = Desk::open().await;
    desk.run(FIELDS).await;
    let (ada, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    let ticket = desk.ticket("Card declined", "tech").await;
    desk.run(&format!("update app.tickets set custom = '{{\"order\": \"4711\", \"margin\": \"10\"}}' where id = {ticket}")).await;
    let at: String = desk.one("select clock_timestamp()::text").await;
    desk.run(&format!("update app.tickets set subject = 'Later', team_id = (select id from app.teams where name = 'billing') where id = {ticket}")).await;
    let then = format!("select app.ticket_as_of({ticket}, '{at}')");

    let hers: Value = desk
        .acting_as(&ada)
        .await
        .query_one(&then, &[])
        .await
        .expect("reads")
        .get(0);
    assert_eq!(hers["subject"], "Card declined");
    assert_eq!(hers["team"], "tech");
    assert_eq!(hers["custom"], json!({"order": "4711"}), "no margin");
    let his: Option<Value> = desk
        .acting_as(&tom)
        .await
        .query_one(&then, &[])
        .await
        .expect("reads")
        .get(0);
    assert_eq!(his, None, "he saw it then, and does not see it now");
    let all: Value = desk.one(&then).await;
    assert_eq!(all["custom"], json!({"order": "4711", "margin": "10"}));

    // A field that was open then is hidden from now on.
    desk.run("update app.custom_fields set visible_to = '{admin}' where key = 'order'")
        .await;
    let hers: Value = desk
        .acting_as(&ada)
        .await
        .query_one(&then, &[])
        .await
        .expect("reads")
        .get(0);
    assert_eq!(hers["custom"], json!({}));

    let analyst = desk.analyst(Some("billing")).await;
    let seen = analyst
        .query_one(
            &format!("select subject, team from reporting.ticket_as_of({ticket}, '{at}')"),
            &[],
        )
        .await
        .expect("a row");
    assert_eq!(
        (seen.get::<_, &str>(0), seen.get::<_, &str>(1)),
        ("Card declined", "tech")
    );
    let refused = analyst
        .query("select app.row_as_of('teams', '1', now())", &[])
        .await
        .expect_err("for admins");
    assert_eq!(refused.code().expect("a code").code(), "42501");
    desk.run(&format!(
        "update app.tickets set deleted_at = autocrm.now() where id = {ticket}"
    ))
    .await;
    let none = analyst
        .query(
            &format!("select from reporting.ticket_as_of({ticket}, '{at}')"),
            &[],
        )
        .await
        .expect("no error");
    assert!(none.is_empty(), "it is in the trash");
}

#[tokio::test]
async fn a_configuration_row_is_shown_as_it_was_also_when_it_is_gone_or_there_again() {
    let desk = Desk::open().await;
    let moment = async || desk.one::<String>("select clock_timestamp()::text").await;
    let then = async |table: &str, key: &str, at: &str| -> Option<Value> {
        desk.one(&format!("select app.row_as_of('{table}', '{key}', '{at}')"))
            .await
    };
    let ada = desk.agent("Ada", "billing").await;
    let start = moment().await;
    desk.run("insert into app.routing_rules (name, position, conditions) values ('Refunds', 10, '{\"any\": []}')")
        .await;
    let made = moment().await;
    desk.run("update app.routing_rules set name = 'Money back', enabled = false")
        .await;
    let renamed = moment().await;
    desk.run("delete from app.routing_rules").await;
    let gone = moment().await;
    assert_eq!(then("routing_rules", "1", &start).await, None);
    let rule = then("routing_rules", "1", &made).await.expect("a row");
    assert_eq!(
        (&rule["name"], &rule["enabled"]),
        (&json!("Refunds"), &json!(true))
    );
    let rule = then("routing_rules", "1", &renamed).await.expect("a row");
    assert_eq!(
        (&rule["name"], &rule["enabled"]),
        (&json!("Money back"), &json!(false))
    );
    assert_eq!(then("routing_rules", "1", &gone).await, None);

    // One key, two rows one after the other.
    let key: String = desk
        .one(&format!(
            "select team_id || ',{0}' from app.memberships where user_id = {0}",
            ada.id
        ))
        .await;
    let first = moment().await;
    desk.run(&format!(
        "delete from app.memberships where user_id = {}",
        ada.id
    ))
    .await;
    let without = moment().await;
    desk.run(&format!("insert into app.memberships (team_id, user_id, lead) select id, {}, true from app.teams where name = 'billing'", ada.id)).await;
    let second = moment().await;
    assert_eq!(
        then("memberships", &key, &first).await.expect("a row")["lead"],
        false
    );
    assert_eq!(then("memberships", &key, &without).await, None);
    assert_eq!(
        then("memberships", &key, &second).await.expect("a row")["lead"],
        true
    );
    assert_eq!(
        then("memberships", "x,y", &second).await,
        None,
        "no such key"
    );

    let session = then(
        "sessions",
        &desk
            .one::<String>("select min(id::text) from app.sessions")
            .await,
        &second,
    )
    .await
    .expect("a row");
    assert_eq!(session["refresh_hash"], "[redacted]", "{session}");
    let (code, detail) = desk
        .refused("select app.row_as_of('presence', '1', now())")
        .await;
    assert_eq!(
        (code.as_str(), detail.starts_with("table: ")),
        ("TK422", true),
        "{detail}"
    );
}
