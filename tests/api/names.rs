//! Names: in the order that people expect in every list, and the same however their letters are put together.

use harness::desk::{Desk, Person};
use serde_json::{Value, json};

const WRITTEN: [&str; 5] = ["Zoe", "adam", "Ärzte", "über", "Émile"];
const ORDERED: [&str; 5] = ["adam", "Ärzte", "Émile", "über", "Zoe"];

/// What a list holds of the names above, read two at a time.
async fn listed(who: &Person, path: &str, key: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut after = String::new();
    loop {
        let sign = if path.contains('?') { '&' } else { '?' };
        let reply = who.get(&format!("{path}{sign}limit=2{after}")).await;
        let status = reply.status();
        let page: Value = reply.json().await.expect("JSON");
        assert_eq!(status, 200, "{path}: {page}");
        for item in page["items"].as_array().expect("items") {
            let name = item[key].as_str().or_else(|| item[key]["name"].as_str());
            names.extend(name.map(str::to_owned));
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    names.retain(|name| WRITTEN.contains(&name.as_str()));
    names
}

#[tokio::test]
async fn every_list_has_names_in_the_order_that_people_expect() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    desk.run(
        "insert into app.object_types (key, name, plural_name) values ('thing', 'Thing', 'Things');
         insert into app.custom_fields (key, label, type) values ('place', 'Place', 'text')",
    )
    .await;
    for (i, name) in WRITTEN.iter().enumerate() {
        desk.run(&format!(
            "insert into app.users (role, name, email) values ('customer', '{name}', 'n{i}@customer.test');
             insert into app.organizations (name) values ('{name}');
             insert into app.teams (name) values ('{name}');
             insert into app.tags (name) values ('{name}');
             insert into app.skills (name) values ('{name}');
             insert into app.schedules (name, time_zone) values ('{name}', 'UTC');
             insert into app.macros (name, actions) values ('{name}', '[{{\"set\": \"priority\", \"value\": \"high\"}}]');
             insert into app.views (name, visibility) values ('{name}', 'everyone');
             insert into app.ticket_forms (name) values ('{name}');
             insert into app.routing_rules (name) values ('{name}');
             insert into app.triggers (name, enabled) values ('{name}', false);
             insert into app.automations (name, enabled) values ('{name}', false);
             insert into app.sla_policies (name, enabled) values ('{name}', false);
             insert into app.retention_policies (name, since, days, action) values ('{name}', 'closed', 30, 'delete');
             insert into app.object_types (key, name, plural_name) values ('k{i}', '{name}', '{name}');
             insert into app.object_records (object_type_id, name) values (1, '{name}');
             insert into app.api_keys (name, prefix, hash, user_id, scopes) select '{name}', 'p{i}', decode(md5('{name}'), 'hex'), id, '{{}}' from app.users limit 1;
             insert into app.tickets (subject, requester_id, organization_id, team_id, custom)
               select '{name}', u.id, o.id, t.id, '{{\"place\": \"{name}\"}}' from app.users u, app.organizations o, app.teams t
                where u.name = '{name}' and o.name = '{name}' and t.name = '{name}'",
        ))
        .await;
    }
    desk.run("insert into app.views (name, visibility) values ('All', 'everyone')")
        .await;
    let all: i64 = desk
        .one("select id from app.views where name = 'All'")
        .await;

    let mut lists = Vec::new();
    for (path, key) in [
        ("/api/users?sort=name", "name"),
        ("/api/organizations?sort=name", "name"),
        ("/api/teams", "name"),
        ("/api/tags", "name"),
        ("/api/skills", "name"),
        ("/api/schedules", "name"),
        ("/api/macros?sort=name", "name"),
        ("/api/views?sort=name", "name"),
        ("/api/ticket-forms?sort=name", "name"),
        ("/api/routing-rules?sort=name", "name"),
        ("/api/triggers?sort=name", "name"),
        ("/api/automations?sort=name", "name"),
        ("/api/sla-policies?sort=name", "name"),
        ("/api/retention-policies?sort=name", "name"),
        ("/api/object-types?sort=name", "name"),
        ("/api/object-records?sort=name", "name"),
        ("/api/object-records?type=thing", "name"),
        ("/api/api-keys?sort=name", "name"),
    ] {
        lists.push((path.to_owned(), key));
    }
    for column in [
        "subject",
        "requester",
        "organization",
        "team",
        "custom.place",
    ] {
        lists.push((format!("/api/views/{all}/tickets?sort={column}"), "subject"));
    }
    for (path, key) in lists {
        assert_eq!(listed(&admin, &path, key).await, ORDERED, "{path}");
        let backwards = path.replace("sort=", "sort=-");
        if backwards != path {
            let mut names = listed(&admin, &backwards, key).await;
            names.reverse();
            assert_eq!(names, ORDERED, "{backwards}");
        }
    }
    desk.run(&format!(
        "update app.views set group_by = 'team', sort = '-id' where id = {all}"
    ))
    .await;
    let grouped = format!("/api/views/{all}/tickets");
    assert_eq!(
        listed(&admin, &grouped, "subject").await,
        ORDERED,
        "grouped by team"
    );
}

#[tokio::test]
async fn the_index_of_names_serves_a_page_of_people() {
    let desk = Desk::open().await;
    desk.run("insert into app.users (role, name) select 'customer', md5(i::text) from generate_series(1, 5000) i; analyze app.users")
        .await;
    let plan: Vec<String> = desk
        .sql()
        .query("explain select * from app.users r where (r.name collate app.names, r.id) > ('5', 7) order by r.name collate app.names, r.id limit 26", &[])
        .await
        .expect("a plan")
        .iter()
        .map(|row| row.get(0))
        .collect();
    let plan = plan.join("\n");
    assert!(
        plan.contains("users_names_idx") && !plan.contains("Sort"),
        "{plan}"
    );
}

#[tokio::test]
async fn a_name_is_one_however_its_letters_are_put_together() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let (apart, together) = ("Cafe\u{301}", "Caf\u{e9}");
    for (path, more) in [
        ("/api/teams", json!({})),
        ("/api/tags", json!({})),
        ("/api/skills", json!({})),
        ("/api/organizations", json!({})),
        ("/api/schedules", json!({"time_zone": "UTC"})),
        ("/api/ticket-forms", json!({})),
    ] {
        let body = |name: &str| {
            let mut body = more.clone();
            body["name"] = json!(name);
            body
        };
        let made = admin.post(path, body(apart)).await;
        let status = made.status();
        let made: Value = made.json().await.expect("JSON");
        assert_eq!(status, 201, "{path}: {made}");
        assert_eq!(made["name"], together, "{path}");
        let again = admin.post(path, body(together)).await;
        assert!(
            again.status() == 409 || again.status() == 422,
            "{path}: {}",
            again.status()
        );
        for name in [apart, together] {
            let found: Value = admin
                .read(&format!("{path}?q={}", url_part(&name.to_lowercase())))
                .await;
            assert_eq!(found["items"][0]["name"], together, "{path}");
        }
    }
    // Past the API, and in what rules compare with.
    desk.run(&format!(
        "insert into app.users (role, name, email) values ('customer', 'Rene\u{301}', 'rene\u{301}@customer.test');
         insert into app.routing_rules (name, conditions, actions)
         values ('R', '{{\"field\": \"subject\", \"op\": \"contains\", \"value\": \"{apart}\"}}', '[{{\"set\": \"team\", \"value\": \"{apart}\"}}]')"
    ))
    .await;
    let taken = desk
        .refused("insert into app.users (role, name, email) values ('customer', 'R', 'REN\u{c9}@customer.test')")
        .await;
    assert_eq!(taken.0, "23505");
    let found: Value = admin
        .read(&format!(
            "/api/users?email={}",
            url_part("rene\u{301}@customer.test")
        ))
        .await;
    assert_eq!(found["items"][0]["name"], "Ren\u{e9}");
    for subject in [apart, together] {
        let made = admin
            .post(
                "/api/tickets",
                json!({"subject": subject, "description": "x", "tags": [apart, together]}),
            )
            .await;
        let status = made.status();
        let made: Value = made.json().await.expect("JSON");
        assert_eq!(status, 201, "{made}");
        assert_eq!(made["subject"], together);
        assert_eq!(made["team"]["name"], together, "routed: {made}");
        assert_eq!(made["tags"].as_array().map(Vec::len), Some(1), "{made}");
    }
    for query in [
        format!("tag={}", url_part(apart)),
        format!("q={}", url_part(apart)),
        format!("q={}", url_part(together)),
    ] {
        let found: Value = admin.read(&format!("/api/tickets?{query}")).await;
        assert_eq!(found["items"].as_array().map(Vec::len), Some(2), "{query}");
    }
}

/// Whatever texts are compared with, filled into or shown from: every column of every table that is put in one form, and
/// a condition over them.
#[tokio::test]
async fn templates_dependencies_and_fields_meet_however_their_letters_are_put_together() {
    let desk = Desk::open().await;
    let admin = desk.admin().await;
    let (apart, together) = ("Cafe\u{301}", "Caf\u{e9}");
    desk.run(
        r#"insert into app.custom_fields (key, label, type, config) values
             ('kind', 'Kind', 'dropdown', '{"options": ["Café", "Bar"]}'), ('why', 'Why', 'text', '{}');
           insert into app.organizations (name) values ('Orchard');
           insert into app.object_types (key, name, plural_name) values ('asset', 'Asset', 'Assets');
           insert into app.object_fields (object_type_id, key, label, type) select id, 'place', 'Place', 'text' from app.object_types;
           insert into app.object_records (object_type_id, name) select id, 'Laptop' from app.object_types;
           insert into app.ticket_forms (name) values ('Repair')"#,
    )
    .await;
    let form = |values: &str| {
        format!(
            r#"insert into app.ticket_form_fields (form_id, custom_field_id, visible_when)
           select f.id, c.id, '{{"field": "kind", "in": ["{values}"]}}' from app.ticket_forms f, app.custom_fields c where f.name = 'Repair' and c.key = 'why'"#
        )
    };
    desk.run(&form(apart)).await;
    desk.run(&format!(
        r#"update app.organizations set custom = '{{"branch": "{apart}"}}';
           update app.users set custom = '{{"branch": "{apart}"}}' where role = 'customer';
           update app.object_records set custom = '{{"place": "{apart}"}}';
           update app.custom_fields set default_value = '"{apart}"' where key = 'why';
           update app.object_fields set default_value = '"{apart}"';
           insert into app.macros (name, message_kind, body_text, body_html)
           values ('M', 'note', '{{{{#if ticket.custom.kind == "{apart}"}}}}yes{{{{/if}}}}', null),
                  ('H', 'note', null, '<p>{{{{#if ticket.custom.kind == "{apart}"}}}}yes{{{{/if}}}}</p>')"#
    ))
    .await;
    for kept in [
        "select visible_when::text from app.ticket_form_fields",
        "select custom::text from app.organizations",
        "select custom::text from app.users where role = 'customer'",
        "select custom::text from app.object_records",
        "select default_value::text from app.custom_fields where key = 'why'",
        "select default_value::text from app.object_fields",
        "select body_text from app.macros where name = 'M'",
        "select body_html from app.macros where name = 'H'",
    ] {
        let text: String = desk.one(kept).await;
        assert!(
            text.contains(together) && !text.contains(apart),
            "{kept}: {text}"
        );
    }
    // And so they meet.
    let made = admin
        .create(
            "/api/tickets",
            json!({"subject": "S", "description": "x", "custom": {"kind": together}}),
        )
        .await;
    for name in ["M", "H"] {
        let id: i64 = desk
            .one(&format!("select id from app.macros where name = '{name}'"))
            .await;
        let path = format!("/api/tickets/{}/macros/{id}/preview", made["id"]);
        let shown: Value = admin
            .post(&path, json!({}))
            .await
            .json()
            .await
            .expect("a preview");
        assert!(shown.to_string().contains("yes"), "{name}: {shown}");
    }
}

fn url_part(text: &str) -> String {
    reqwest::Url::parse_with_params("http://x/", [("q", text)])
        .expect("a URL")
        .query()
        .unwrap_or_default()
        .trim_start_matches("q=")
        .to_owned()
}

/// The kind of defect: a name that is compared with the empty text alone, so that blanks and what cannot be seen pass for one.
#[tokio::test]
async fn a_name_is_one_line_that_people_can_see() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    desk.run(
        "insert into app.organizations (name) values ('Acme');
         insert into app.skills (name) values ('s');
         insert into app.macros (name) values ('m');
         insert into app.views (name, visibility) values ('v', 'everyone');
         insert into app.triggers (name) values ('t');
         insert into app.automations (name) values ('a');
         insert into app.sla_policies (name) values ('s');
         insert into app.retention_policies (name, since, days, action) values ('r', 'closed', 30, 'delete');
         insert into app.legal_holds (name, organization_id) values ('h', 1);
         insert into app.routing_rules (name) values ('r');
         insert into app.schedules (name, time_zone) values ('s', 'UTC');
         insert into app.custom_fields (key, label, type) values ('f', 'F', 'text');
         insert into app.object_types (key, name, plural_name) values ('asset', 'Asset', 'Assets');
         insert into app.object_records (object_type_id, name) values (1, 'Laptop');
         insert into app.ticket_forms (name) values ('Repair')",
    )
    .await;
    let wrong = [
        "",
        " ",
        "\u{200b}",
        "\u{a0}\u{3000}",
        "a\nb",
        "a\u{2028}b",
        "a\u{202e}b",
    ];
    for (table, column) in [
        ("organizations", "name"),
        ("teams", "name"),
        ("users", "name"),
        ("skills", "name"),
        ("schedules", "name"),
        ("macros", "name"),
        ("views", "name"),
        ("statuses", "label"),
        ("priorities", "label"),
        ("custom_fields", "label"),
        ("object_types", "plural_name"),
        ("object_records", "name"),
        ("routing_rules", "name"),
        ("triggers", "name"),
        ("automations", "name"),
        ("sla_policies", "name"),
        ("retention_policies", "name"),
        ("legal_holds", "name"),
        ("ticket_forms", "name"),
    ] {
        let id: i64 = desk.one(&format!("select min(id) from app.{table}")).await;
        let path = format!("/api/{}/{id}", table.replace('_', "-"));
        for name in wrong {
            let reply = root.patch(&path, json!({column: name}), None).await;
            let status = reply.status();
            let problem: Value = reply.json().await.expect("JSON");
            assert_eq!(status, 422, "{table} {name:?}: {problem}");
            assert_eq!(problem["problems"][0]["path"], column, "{table} {name:?}");
            // And at a SQL prompt.
            let (code, detail) = desk
                .refused(&format!(
                    "update app.{table} set {column} = '{name}' where id = {id}"
                ))
                .await;
            assert_eq!(code, "TK422", "{table} {name:?}");
            assert!(detail.starts_with(&format!("{column}: ")), "{detail}");
        }
    }
    let key = root
        .post(
            "/api/api-keys",
            json!({"name": " ", "scopes": ["tickets:read"]}),
        )
        .await;
    assert_eq!(key.status(), 422);
    // A requester without a name is called by their address; joiners and marks of direction are parts of names.
    for (email, name, called) in [
        ("x@customer.test", " \u{200b}", "x@customer.test"),
        (
            "y@customer.test",
            "می\u{200c}خواهم\u{200f}",
            "می\u{200c}خواهم\u{200f}",
        ),
    ] {
        let body = json!({"subject": "S", "requester": {"email": email, "name": name}});
        let made = root.post("/api/tickets", body).await;
        assert_eq!(made.status(), 201);
        let made: Value = made.json().await.expect("a ticket");
        assert_eq!(made["requester"]["name"], called);
    }
    let body = json!({"subject": "S", "requester": {"email": "z@customer.test", "name": "a\nb"}});
    let refused: Value = root
        .post("/api/tickets", body)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(refused["problems"][0]["path"], "requester.name");
}
