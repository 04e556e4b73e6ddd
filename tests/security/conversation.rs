//! The functions that read a ticket's conversation past the policies tell what the policies would, to everybody.

use crate::hostile::{Caller, by_api};
use harness::desk::{Desk, Person};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// `_conversation`, `messages_of`, `message_of`, `events_of` and `routing_of` for each ticket, beside the same by the
/// tables.
const COMPARE: [(&str, &str, &str); 5] = [
    (
        "messages_of",
        "select jsonb_agg(to_jsonb(m) order by m.id) from app.messages_of(t.id, null, null, null, false, 1000) m",
        "select jsonb_agg(to_jsonb(m) order by m.id) from api.messages m
          where m.ticket_id = t.id
             or m.ticket_id in (select l.ticket_id from app.ticket_links l where l.kind = 'merged' and l.other_id = t.id)",
    ),
    (
        // All that there are, hidden ones too: ids are given in order.
        "message_of",
        "select jsonb_agg(m.one::jsonb order by m.id)
           from (select n.id, app.message_of(n.id) as one from generate_series(1, 200) n (id)) m
          where (m.one ->> 'ticket_id')::bigint = t.id",
        "select jsonb_agg(to_jsonb(m) order by m.id) from api.messages m where m.ticket_id = t.id",
    ),
    (
        "events_of",
        "select jsonb_agg(to_jsonb(e) order by e.id) from app.events_of(t.id, null, null, null, false, 1000) e",
        "select jsonb_agg(to_jsonb(e) order by e.id)
           from (select e.id, e.at, e.name, e.message_id, e.actor_id, e.data from app.events e
                  where e.ticket_id = t.id and e.name <> 'message.created') e",
    ),
    (
        "routing_of",
        "select jsonb_agg(to_jsonb(d) order by d.id) from app.routing_of(t.id, null, null, false, 1000) d",
        "select jsonb_agg(to_jsonb(d) order by d.id)
           from (select d.id, d.at, d.explanation from app.routing_decisions d where d.ticket_id = t.id) d",
    ),
    (
        "ticket_counts",
        "select jsonb_agg(to_jsonb(c) order by c.status_id, c.priority_id, c.team_id, c.assignee_id)
           from (select n.status_id, n.priority_id, n.team_id, n.assignee_id, sum(n.tickets) as tickets
                   from app.ticket_counts n group by 1, 2, 3, 4 having sum(n.tickets) <> 0) c",
        "select jsonb_agg(to_jsonb(c) order by c.status_id, c.priority_id, c.team_id, c.assignee_id)
           from (select n.status_id, n.priority_id, n.team_id, n.assignee_id, count(*) as tickets
                   from app.tickets n where autocrm.actor_role() <> 'customer' group by 1, 2, 3, 4) c",
    ),
];

async fn sent(answer: reqwest::Response) {
    let status = answer.status();
    let text = answer.text().await.unwrap_or_default();
    assert!(status.is_success(), "{status} {text}");
}

/// Tickets of two teams and of none with all that a conversation can hold; one merged across teams, one in the trash.
async fn conversations(desk: &Desk, root: &Person) {
    desk.run(
        "insert into app.teams (name) values ('returns');
         insert into app.custom_fields (key, label, type, visible_to) values ('margin', 'Margin', 'integer', '{admin}')",
    )
    .await;
    let mut tickets = Vec::new();
    for (n, team) in ["billing", "returns", "billing", "returns", "billing"]
        .into_iter()
        .enumerate()
    {
        let id = desk.ticket(&format!("Conversation {n}"), team).await;
        for kind in ["reply", "note"] {
            let body = json!({"kind": kind, "body_text": format!("{kind} of {n}"), "mentions": [{"user_id": root.id}]});
            sent(
                root.post(&format!("/api/tickets/{id}/messages"), body)
                    .await,
            )
            .await;
        }
        let change = json!({"custom": {"margin": n}, "priority": "high"});
        sent(
            root.patch(&format!("/api/tickets/{id}"), change, None)
                .await,
        )
        .await;
        tickets.push(id);
    }
    desk.run(
        "insert into app.attachments (name, media_type, size, ticket_id, message_id, message_at)
         select 'receipt.pdf', 'application/pdf', 7, m.ticket_id, m.id, m.created_at from app.messages m",
    )
    .await;
    for (from, into) in [(1, 0), (4, 3)] {
        let body = json!({"into": tickets[into]});
        let path = format!("/api/tickets/{}/merge", tickets[from]);
        sent(root.post(&path, body).await).await;
    }
    let link = json!({"relation": "related", "ticket_id": tickets[3]});
    sent(
        root.post(&format!("/api/tickets/{}/links", tickets[0]), link)
            .await,
    )
    .await;
    sent(root.delete(&format!("/api/tickets/{}", tickets[2])).await).await;
}

async fn prompt(desk: &Desk, name: &'static str, role: &str, access: &str) -> Caller {
    let login = format!("{name}_{}", desk.database);
    desk.run(&format!(
        "create role {login} login in role autocrm_{role};
         insert into app.users (role, name, pg_role, ticket_access) values ('{role}', '{name}', '{login}', '{access}');
         insert into app.memberships (team_id, user_id)
         select t.id, u.id from app.teams t, app.users u
          where t.name = 'billing' and u.pg_role = '{login}' and u.role in ('agent', 'analyst') and '{access}' = 'teams'"
    ))
    .await;
    Caller {
        name,
        client: desk.log_in(&login).await,
        identity: String::new(),
    }
}

async fn key(desk: &Desk, name: &'static str, scopes: &[&str], team: Option<&str>) -> Caller {
    let key = desk.key(scopes, team).await;
    let token = key.token.unwrap_or_default();
    let hash = hex::encode(Sha256::digest(token));
    let claims = format!(r#"{{"key": "{hash}"}}"#);
    by_api(desk, name, "autocrm_integration", &claims).await
}

/// Everybody who may read tickets, by every door.
async fn callers(desk: &Desk) -> Vec<Caller> {
    let cleo: i64 = desk
        .one("select id from app.users where email = 'cleo@customer.test'")
        .await;
    desk.run(&format!(
        "insert into app.sessions (user_id, refresh_hash, expires_at) values ({cleo}, sha256('cleo'), now() + interval '1 hour')"
    ))
    .await;
    let session: String = desk
        .one(&format!(
            "select id::text from app.sessions where user_id = {cleo}"
        ))
        .await;
    let claims = format!(r#"{{"sub": "{cleo}", "role": "customer", "sid": "{session}"}}"#);
    vec![
        prompt(desk, "one_team", "agent", "teams").await,
        prompt(desk, "all_teams", "agent", "all").await,
        prompt(desk, "admin", "admin", "all").await,
        prompt(desk, "one_teams_data", "analyst", "teams").await,
        prompt(desk, "all_data", "analyst", "all").await,
        key(desk, "reader", &["tickets:read"], None).await,
        key(
            desk,
            "note_reader",
            &["tickets:read", "notes:read", "users:read"],
            None,
        )
        .await,
        key(
            desk,
            "team_key",
            &["tickets:read", "notes:read"],
            Some("billing"),
        )
        .await,
        key(desk, "scopeless", &["users:read"], None).await,
        by_api(desk, "customer", "autocrm_customer", &claims).await,
    ]
}

/// The one text that a query answers this caller; `None` where it is refused too.
async fn answered(caller: &Caller, sql: &str) -> Option<String> {
    caller
        .client
        .batch_execute(&format!(
            "begin; set local time zone 'UTC'; {}",
            caller.identity
        ))
        .await
        .expect("begins");
    let answer = caller.client.query_one(sql, &[]).await;
    caller.client.batch_execute("rollback").await.expect("ends");
    answer.ok().and_then(|row| row.get(0))
}

#[tokio::test]
async fn a_conversation_is_read_past_the_policies_as_the_policies_would_have_it() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    conversations(&desk, &root).await;
    let callers = callers(&desk).await;
    let tickets: Vec<i64> = desk
        .one("select array_agg(id order by id) from app.tickets")
        .await;
    for caller in &callers {
        let mut rows = 0;
        for (name, fast, plain) in COMPARE {
            for ticket in &tickets {
                let ask = async |sql: &str| {
                    answered(
                        caller,
                        &format!("select ({sql})::text from (values ({ticket}::bigint)) t (id)"),
                    )
                    .await
                };
                // What one has no privilege for shows nothing.
                let told = ask(fast).await;
                let policies = ask(plain).await;
                assert_eq!(told, policies, "{name}({ticket}) as {}", caller.name);
                rows += usize::from(told.is_some());
            }
        }
        assert_eq!(
            rows == 0,
            ["scopeless", "customer"].contains(&caller.name),
            "{} sees {rows} answers",
            caller.name
        );
    }
}

/// An answer shows the ids of the configuration without asking its tables' policies.
#[tokio::test]
async fn a_ticket_is_shown_as_the_policies_of_what_it_names_would_have_it() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    conversations(&desk, &root).await;
    // A form of each kind, and what is no longer in use.
    desk.run(
        "insert into app.ticket_forms (name, shown_to) values ('Inside', '{agent}'), ('Outside', '{agent,customer}');
         insert into app.organizations (name) values ('Acme');
         update app.tickets t
            set form_id = f.id, organization_id = o.id,
                priority_id = (select id from app.priorities where key = 'low'),
                status_id = (select id from app.statuses where key = 'pending')
           from app.ticket_forms f, app.organizations o
          where f.name = case t.id % 2 when 0 then 'Inside' else 'Outside' end and t.closed_at is null;
         update app.priorities set active = false where key = 'low';
         update app.statuses set active = false where key = 'pending';
         update app.teams set active = false, name = 'Returns & Refunds' where name = 'returns'",
    )
    .await;
    for caller in &callers(&desk).await {
        let ask = async |sql: &str| {
            let text = answered(caller, sql).await?;
            Some(serde_json::from_str::<Value>(&text).expect("JSON"))
        };
        let rows = |value: &Value| value.as_array().cloned().unwrap_or_default();
        // Without the trash, which people at a prompt do not see either.
        let ids =
            ask("select coalesce(json_agg(id order by id), '[]')::text from app.tickets where deleted_at is null").await;
        let ids = ids.as_ref().map(rows).unwrap_or_default();
        // Analysts read views; customers have no function of the API yet.
        let answered_at_all = !caller.name.ends_with("data") && caller.name != "customer";
        for id in &ids {
            let whole = ask(&format!("select api.get_ticket({id})::text")).await;
            let plain = ask(&format!(
                "select to_json(t)::text from api.tickets t where t.id = {id}"
            ))
            .await;
            let due = if answered_at_all { plain } else { None };
            assert_eq!(whole, due, "ticket {id} as {}", caller.name);
        }
        let listed = ask("select api.list_tickets('{\"sort\": \"id\"}') ->> 'items'").await;
        let plain =
            ask("select coalesce(json_agg(q order by q.id), '[]')::text from api.queue q").await;
        if answered_at_all {
            let without_nobody = |rows: Vec<Value>| -> Vec<Value> {
                rows.into_iter()
                    .map(|mut row| {
                        // A list says null of a requester who may not be seen, the view a person without values.
                        if row["requester"]["id"].is_null() {
                            row["requester"] = Value::Null;
                        }
                        row
                    })
                    .collect()
            };
            assert_eq!(
                listed.as_ref().map(rows).map(without_nobody),
                plain.as_ref().map(rows).map(without_nobody),
                "the list as {}",
                caller.name
            );
        }
        assert_eq!(
            ids.is_empty(),
            caller.name == "scopeless",
            "{}",
            caller.name
        );
    }
}
