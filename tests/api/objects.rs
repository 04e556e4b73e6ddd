//! Custom objects: types and fields that an admin makes, records that staff keep, relations that point to them.

use autocrm_api::model::{ObjectRecord, Page, QueueRow};
use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

async fn body(reply: reqwest::Response) -> (u16, Value) {
    let status = reply.status().as_u16();
    (status, reply.json().await.expect("JSON"))
}

async fn made(who: &Person, path: &str, what: Value) -> i64 {
    let (status, made) = body(who.post(path, what).await).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_i64().expect("an id")
}

/// Assets with a serial number and an owner; tickets that name an asset.
async fn assets(admin: &Person) -> i64 {
    let kind = made(
        admin,
        "/api/object-types",
        json!({"key": "asset", "name": "Asset", "plural_name": "Assets"}),
    )
    .await;
    for field in [
        json!({"object_type_id": kind, "key": "serial", "label": "Serial", "type": "regex", "config": {"pattern": "[A-Z]{2}-[0-9]{4}"}, "required": true}),
        json!({"object_type_id": kind, "key": "months", "label": "Warranty", "type": "integer", "config": {"max": 120}, "default_value": 24}),
        json!({"object_type_id": kind, "key": "owner", "label": "Owner", "type": "relation", "config": {"target": "organization"}}),
        json!({"object_type_id": kind, "key": "part_of", "label": "Part of", "type": "relation", "config": {"target": "object:asset"}}),
    ] {
        made(admin, "/api/object-fields", field).await;
    }
    made(
        admin,
        "/api/custom-fields",
        json!({"key": "asset", "label": "Asset", "type": "relation", "config": {"target": "object:asset"}}),
    )
    .await;
    kind
}

fn laptop(name: &str) -> Value {
    json!({"type": "asset", "name": name, "custom": {"serial": "AB-1234"}})
}

#[tokio::test]
async fn an_admin_makes_a_type_and_agents_keep_its_records() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let kind = assets(&root).await;

    let reply = ada.post("/api/object-records", laptop(" Laptop 7 ")).await;
    assert_eq!(reply.status(), 201);
    let record: ObjectRecord = reply.json().await.expect("a record");
    assert_eq!(
        (record.name.as_str(), record.r#type.as_str()),
        ("Laptop 7", "asset")
    );
    assert_eq!(
        json!(record.custom),
        json!({"serial": "AB-1234", "months": 24})
    );
    let path = format!("/api/object-records/{}", record.id);

    // What is changed merges, and null takes a value away.
    let (status, changed) = body(
        ada.patch(
            &path,
            json!({"custom": {"months": null, "serial": "XY-0001"}, "external_key": "cmdb-7"}),
            Some(1),
        )
        .await,
    )
    .await;
    assert_eq!((status, &changed["version"]), (200, &json!(2)));
    assert_eq!(changed["custom"], json!({"serial": "XY-0001"}));
    // By SQL no null is kept either.
    desk.run("update app.object_records set custom = custom || '{\"months\": null}'")
        .await;
    assert_eq!(ada.read(&path).await["custom"], changed["custom"]);
    let (status, conflict) = body(ada.patch(&path, json!({"name": "Mine"}), Some(1)).await).await;
    assert_eq!((status, &conflict["current"]["version"]), (409, &json!(3)));

    // One external key is one record of a type.
    let mut twin = laptop("Twin");
    twin["external_key"] = json!("cmdb-7");
    let (status, told) = body(ada.post("/api/object-records", twin).await).await;
    assert_eq!((status, problem_paths(&told)), (409, vec!["external_key"]));

    // History tells, without what is only kept for sorting.
    let told: Value = desk.one::<Value>("select jsonb_agg(changes order by id) from app.audit_log where table_name = 'object_records'").await;
    assert_eq!(told[1]["external_key"], json!([null, "cmdb-7"]));
    assert!(told[0].get("sort_name").is_none(), "{told}");

    // The type goes when nothing is left of it.
    let type_path = format!("/api/object-types/{kind}");
    let (status, kept) = body(root.delete(&type_path).await).await;
    assert_eq!(status, 409);
    assert!(
        kept.to_string()
            .contains("Relation fields point to Assets: Asset"),
        "{kept}"
    );
    let field: i64 = desk
        .one("select id from app.custom_fields where key = 'asset'")
        .await;
    assert_eq!(
        root.delete(&format!("/api/custom-fields/{field}"))
            .await
            .status(),
        200
    );
    let (status, kept) = body(root.delete(&type_path).await).await;
    assert_eq!(status, 409);
    assert!(kept.to_string().contains("There are 1 Assets"), "{kept}");
    assert_eq!(ada.delete(&path).await.status(), 200);
    assert_eq!(ada.get(&path).await.status(), 404);
    assert_eq!(root.delete(&type_path).await.status(), 200);
    assert_eq!(
        desk.one::<i64>("select count(*) from app.object_fields")
            .await,
        0
    );
}

#[tokio::test]
async fn everything_wrong_with_a_record_is_told_at_once_whatever_door_it_comes_through() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let kind = assets(&root).await;

    let (status, problem) = body(
        ada.post(
            "/api/object-records",
            json!({"type": "asset", "name": " ", "custom": {"serial": "x", "months": 999, "owner": 77, "colour": "red"}}),
        )
        .await,
    )
    .await;
    assert_eq!(status, 422);
    let mut paths = problem_paths(&problem);
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "custom.colour",
            "custom.months",
            "custom.owner",
            "custom.serial",
            "name"
        ]
    );
    let (_, problem) = body(
        ada.post("/api/object-records", json!({"type": "fax", "colour": 1}))
            .await,
    )
    .await;
    assert_eq!(problem_paths(&problem), ["colour", "name", "type"]);
    // What the request itself lacks is told together with its values.
    let (_, problem) = body(
        ada.post(
            "/api/object-records",
            json!({"type": "asset", "custom": {"months": 999}}),
        )
        .await,
    )
    .await;
    assert_eq!(
        problem_paths(&problem),
        ["name", "custom.months", "custom.serial"]
    );

    let insert = |custom: &str| {
        format!(
            "insert into app.object_records (object_type_id, name, custom) values ({kind}, 'x', '{custom}')"
        )
    };
    let (code, detail) = desk.refused(&insert("{\"months\": 999}")).await;
    assert_eq!(code, "TK422");
    assert_eq!(
        detail,
        "custom.months: 999 is above the maximum of 120\ncustom.serial: is required"
    );
    assert_eq!(
        desk.refused(&insert("[]")).await.1,
        "custom: must be an object of field keys and values"
    );
    desk.run(&insert("{\"serial\": \"AB-1234\"}")).await;
    let moved = "insert into app.object_types (key, name, plural_name) values ('car', 'Car', 'Cars');
                 update app.object_records set object_type_id = (select id from app.object_types where key = 'car')";
    assert_eq!(desk.refused(moved).await.1, "type: cannot be changed");

    // A type out of use gets no new records, and keeps those that it has.
    desk.run("update app.object_types set active = false where key = 'asset'")
        .await;
    let (status, problem) = body(ada.post("/api/object-records", laptop("Late")).await).await;
    assert_eq!((status, problem_paths(&problem)), (422, vec!["type"]));
    let kept: i64 = desk.one("select id from app.object_records").await;
    let still = ada
        .patch(
            &format!("/api/object-records/{kept}"),
            json!({"name": "Still"}),
            None,
        )
        .await;
    assert_eq!(still.status(), 200);
}

#[tokio::test]
async fn who_reads_and_writes_records_is_said_by_role_type_and_scope() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let kind = assets(&root).await;
    let id = made(&ada, "/api/object-records", laptop("Laptop")).await;
    let path = format!("/api/object-records/{id}");

    let (reader, writer, neither) = (
        desk.key(&["objects:read"], None).await,
        desk.key(&["objects:write"], None).await,
        desk.key(&["tickets:read", "tickets:write"], None).await,
    );
    assert_eq!(reader.get(&path).await.status(), 200);
    let (status, told) = body(reader.post("/api/object-records", laptop("No")).await).await;
    assert_eq!(status, 403);
    assert!(told.to_string().contains("objects:write"), "{told}");
    assert_eq!(
        writer
            .post("/api/object-records", laptop("Yes"))
            .await
            .status(),
        201
    );
    assert_eq!(neither.get(&path).await.status(), 404);
    assert_eq!(
        neither.read("/api/object-records").await["items"],
        json!([])
    );

    // Nor does a key point to what it cannot see.
    let (status, problem) = body(neither.post("/api/tickets", json!({"subject": "x", "requester": {"email": "c@customer.test"}, "custom": {"asset": id}})).await).await;
    assert_eq!(
        (status, problem_paths(&problem)),
        (422, vec!["custom.asset"])
    );
    let asks = desk
        .key(
            &["tickets:read", "tickets:write", "users:read", "users:write"],
            None,
        )
        .await;
    let ticket =
        json!({"subject": "x", "requester": {"email": "c@customer.test"}, "custom": {"asset": id}});
    let (status, problem) = body(asks.post("/api/tickets", ticket).await).await;
    assert_eq!(
        (status, problem_paths(&problem)),
        (422, vec!["custom.asset"])
    );

    // Types are an admin's; one may leave its records to admins too.
    assert_eq!(
        ada.patch(
            &format!("/api/object-types/{kind}"),
            json!({"admins_write": true}),
            None
        )
        .await
        .status(),
        403
    );
    assert_eq!(
        root.patch(
            &format!("/api/object-types/{kind}"),
            json!({"admins_write": true}),
            None
        )
        .await
        .status(),
        200
    );
    assert_eq!(
        ada.post("/api/object-records", laptop("No")).await.status(),
        403
    );
    assert_eq!(
        ada.patch(&path, json!({"name": "No"}), None).await.status(),
        403
    );
    assert_eq!(ada.delete(&path).await.status(), 403);
    assert_eq!(writer.delete(&path).await.status(), 403);
    assert_eq!(ada.get(&path).await.status(), 200);
    assert_eq!(
        root.patch(&path, json!({"name": "Yes"}), None)
            .await
            .status(),
        200
    );

    let ann = desk.analyst(None).await;
    let rows = ann
        .query("select name from app.object_records", &[])
        .await
        .expect("an analyst reads");
    assert_eq!(rows.len(), 2);
    assert!(
        ann.batch_execute("delete from app.object_records")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn records_are_listed_by_type_and_by_how_their_name_begins() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    assets(&root).await;
    made(
        &root,
        "/api/object-types",
        json!({"key": "car", "name": "Car", "plural_name": "Cars"}),
    )
    .await;
    for name in ["laptop 2", "Laptop 1", "Printer", "Laptop 3"] {
        made(&ada, "/api/object-records", laptop(name)).await;
    }
    made(
        &ada,
        "/api/object-records",
        json!({"type": "car", "name": "Laptop on wheels"}),
    )
    .await;

    let names = async |query: &str| -> Vec<String> {
        let (mut names, mut after) = (Vec::new(), String::new());
        loop {
            let page: Page<ObjectRecord> = ada
                .get(&format!("/api/object-records?{query}&limit=2{after}"))
                .await
                .json()
                .await
                .expect("a page");
            names.extend(page.items.into_iter().map(|record| record.name));
            let Some(next) = page.next else { return names };
            after = format!("&after={next}");
        }
    };
    assert_eq!(
        names("type=asset").await,
        ["Laptop 1", "laptop 2", "Laptop 3", "Printer"]
    );
    assert_eq!(
        names("type=asset&name=LAP&sort=-name").await,
        ["Laptop 3", "laptop 2", "Laptop 1"]
    );
    assert_eq!(
        names("name=laptop&sort=created_at").await,
        ["laptop 2", "Laptop 1", "Laptop 3", "Laptop on wheels"]
    );
    assert_eq!(names("name=%25").await, Vec::<String>::new());
    let (status, problem) = body(
        ada.get("/api/object-records?type=fax&sort=colour&size=1")
            .await,
    )
    .await;
    assert_eq!(
        (status, problem_paths(&problem)),
        (422, vec!["size", "sort", "type"])
    );
}

#[tokio::test]
async fn a_relation_points_to_a_record_of_its_type_and_to_nothing_else() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    assets(&root).await;
    made(
        &root,
        "/api/object-types",
        json!({"key": "car", "name": "Car", "plural_name": "Cars"}),
    )
    .await;
    let car = made(
        &ada,
        "/api/object-records",
        json!({"type": "car", "name": "Van"}),
    )
    .await;
    let asset = made(&ada, "/api/object-records", laptop("Laptop")).await;
    let ticket = desk.ticket("It is broken", "billing").await;
    let path = format!("/api/tickets/{ticket}");

    // The type must be there when the field is made, and stays what it is.
    for target in ["object:fax", "object:", "fax"] {
        let (status, problem) = body(root.post("/api/custom-fields", json!({"key": "other", "label": "O", "type": "relation", "config": {"target": target}})).await).await;
        assert_eq!(
            (status, problem_paths(&problem)),
            (422, vec!["config.target"]),
            "{target}"
        );
    }
    let field: i64 = desk
        .one("select id from app.custom_fields where key = 'asset'")
        .await;
    let retarget = json!({"config": {"target": "object:car"}});
    let (status, problem) = body(
        root.patch(&format!("/api/custom-fields/{field}"), retarget, None)
            .await,
    )
    .await;
    assert_eq!(
        (status, problem_paths(&problem)),
        (422, vec!["config.target"])
    );

    for wrong in [json!(car), json!(999_999), json!("Laptop")] {
        let (status, problem) = body(
            ada.patch(&path, json!({"custom": {"asset": wrong}}), None)
                .await,
        )
        .await;
        assert_eq!(
            (status, problem_paths(&problem)),
            (422, vec!["custom.asset"]),
            "{wrong}"
        );
    }
    let update =
        format!("update app.tickets set custom = '{{\"asset\": {car}}}' where id = {ticket}");
    assert_eq!(
        desk.refused(&update).await.1,
        format!("custom.asset: there is no asset {car} that you can see")
    );
    let (status, changed) = body(
        ada.patch(&path, json!({"custom": {"asset": asset}}), None)
            .await,
    )
    .await;
    assert_eq!((status, &changed["custom"]["asset"]), (200, &json!(asset)));

    // Rules ask of it as of any other relation, and search finds the ticket as before.
    for (condition, holds) in [
        (
            json!({"field": "custom.asset", "op": "is", "value": asset}),
            true,
        ),
        (
            json!({"field": "custom.asset", "op": "is_not", "value": asset}),
            false,
        ),
        (
            json!({"field": "custom.asset", "op": "is", "value": car}),
            false,
        ),
        (json!({"field": "custom.asset", "op": "present"}), true),
        (json!({"field": "custom.asset", "op": "absent"}), false),
    ] {
        let told: bool = desk
            .one(&format!("select autocrm.holds({ticket}, '{condition}')"))
            .await;
        assert_eq!(told, holds, "{condition}");
        let listed: bool = desk
            .one(&format!(
                "select exists (select from app.tickets t where t.id = {ticket} and {})",
                desk.one::<String>(&format!("select autocrm.condition_sql('{condition}')"))
                    .await
            ))
            .await;
        assert_eq!(listed, holds, "{condition}");
    }
    assert_eq!(ada.get("/api/search?q=broken").await.status(), 200);

    // A rule that names what is not there is refused as a rule's mistake, not with an inner error.
    desk.run("insert into app.routing_rules (name, actions) values ('r', '[{\"set\": \"custom.asset\", \"value\": 999999}]')").await;
    let (status, problem) = body(ada.post("/api/tickets", json!({"subject": "x"})).await).await;
    assert_eq!(
        (status, problem_paths(&problem)),
        (422, vec!["custom.asset"])
    );
}

#[tokio::test]
async fn the_tickets_of_a_record_are_those_that_the_caller_sees() {
    let desk = Desk::open().await;
    let (root, ada, tom) = (
        desk.admin().await,
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    assets(&root).await;
    made(&root, "/api/custom-fields", json!({"key": "spare", "label": "Spare", "type": "relation", "config": {"target": "object:asset"}})).await;
    let asset = made(&ada, "/api/object-records", laptop("Laptop")).await;
    let mut tickets = Vec::new();
    for (subject, team) in [
        ("one", "billing"),
        ("two", "tech"),
        ("three", "billing"),
        ("four", "billing"),
    ] {
        let ticket = desk.ticket(subject, team).await;
        desk.run(&format!("update app.tickets set custom = '{{\"asset\": {asset}, \"spare\": {asset}}}' where id = {ticket}")).await;
        tickets.push(ticket);
    }
    desk.ticket("none", "billing").await;
    let path = format!("/api/object-records/{asset}/tickets");
    let seen = async |who: &Person| -> Vec<i64> {
        let (mut ids, mut after) = (Vec::new(), String::new());
        loop {
            let page: Page<QueueRow> = who
                .get(&format!("{path}?limit=2{after}"))
                .await
                .json()
                .await
                .expect("a page");
            ids.extend(page.items.into_iter().map(|row| row.id));
            let Some(next) = page.next else { return ids };
            after = format!("&after={next}");
        }
    };
    assert_eq!(seen(&ada).await, [tickets[3], tickets[2], tickets[0]]);
    assert_eq!(seen(&tom).await, [tickets[1]]);
    assert_eq!(seen(&root).await.len(), 4);

    // Pointing elsewhere, being emptied and being thrown away take a ticket off the list.
    ada.patch(
        &format!("/api/tickets/{}", tickets[0]),
        json!({"custom": {"asset": null, "spare": null}}),
        None,
    )
    .await;
    root.delete(&format!("/api/tickets/{}", tickets[2])).await;
    assert_eq!(seen(&ada).await, [tickets[3]]);
    assert_eq!(
        ada.get("/api/object-records/999/tickets").await.status(),
        404
    );
}

#[tokio::test]
async fn removing_a_record_empties_what_points_to_it_and_history_tells() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    assets(&root).await;
    made(&root, "/api/custom-fields", json!({"key": "spare", "label": "Spare", "type": "relation", "config": {"target": "object:asset"}})).await;
    let acme: i64 = desk
        .one("insert into app.organizations (name) values ('Acme') returning id")
        .await;
    let rack = made(
        &ada,
        "/api/object-records",
        json!({"type": "asset", "name": "Rack", "custom": {"serial": "AB-0001", "owner": acme}}),
    )
    .await;
    let blade = made(&ada, "/api/object-records", json!({"type": "asset", "name": "Blade", "custom": {"serial": "AB-0002", "part_of": rack, "owner": acme}})).await;
    // Of a team that Ada is not in.
    let ticket = desk.ticket("Fan", "tech").await;
    desk.run(&format!("update app.tickets set custom = '{{\"asset\": {rack}, \"spare\": {rack}}}' where id = {ticket}")).await;

    assert_eq!(
        ada.delete(&format!("/api/object-records/{rack}"))
            .await
            .status(),
        200
    );

    let custom: Value = desk
        .one(&format!(
            "select custom from app.tickets where id = {ticket}"
        ))
        .await;
    assert_eq!(custom, json!({}));
    assert_eq!(
        ada.read(&format!("/api/object-records/{blade}")).await["custom"],
        json!({"serial": "AB-0002", "months": 24, "owner": acme})
    );
    let told: Value = desk.one(&format!("select changes -> 'custom' from app.audit_log where table_name = 'tickets' and row_key = '{ticket}' and actor_id = {} order by id desc limit 1", ada.id)).await;
    assert_eq!(told, json!([{"asset": rack, "spare": rack}, {}]));
    assert_eq!(
        desk.one::<i64>("select count(*) from app.ticket_records")
            .await,
        0
    );

    // The same when an organization goes.
    assert_eq!(
        root.delete(&format!("/api/organizations/{acme}"))
            .await
            .status(),
        200
    );
    assert_eq!(
        root.read(&format!("/api/object-records/{blade}")).await["custom"],
        json!({"serial": "AB-0002", "months": 24})
    );
}

/// Two at once: whoever points to a record and whoever removes it, in both orders.
#[tokio::test]
async fn no_relation_is_left_dangling_by_two_at_once() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    assets(&root).await;
    let asset = made(&ada, "/api/object-records", laptop("Laptop")).await;
    let ticket = desk.ticket("x", "billing").await;
    let (one, two) = (desk.log_in("postgres").await, desk.log_in("postgres").await);
    one.batch_execute(&format!(
        "begin; update app.tickets set custom = '{{\"asset\": {asset}}}' where id = {ticket}"
    ))
    .await
    .expect("points");
    let remove = tokio::spawn(async move {
        two.batch_execute(&format!(
            "delete from app.object_records where id = {asset}"
        ))
        .await
    });
    desk.blocked(1).await;
    one.batch_execute("commit").await.expect("commits");
    remove.await.expect("joins").expect("is removed");
    assert_eq!(
        desk.one::<Value>(&format!(
            "select custom from app.tickets where id = {ticket}"
        ))
        .await,
        json!({})
    );

    let asset = made(&ada, "/api/object-records", laptop("Laptop")).await;
    let two = desk.log_in("postgres").await;
    one.batch_execute(&format!(
        "begin; delete from app.object_records where id = {asset}"
    ))
    .await
    .expect("removes");
    let point = tokio::spawn(async move {
        two.batch_execute(&format!(
            "update app.tickets set custom = '{{\"asset\": {asset}}}' where id = {ticket}"
        ))
        .await
    });
    desk.blocked(1).await;
    one.batch_execute("commit").await.expect("commits");
    let error = point.await.expect("joins").expect_err("is gone");
    assert_eq!(error.as_db_error().map(|e| e.code().code()), Some("TK422"));
}

#[tokio::test]
async fn a_field_of_records_keeps_its_values_and_its_meaning() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let kind = assets(&root).await;
    made(&ada, "/api/object-records", laptop("Laptop")).await;
    let serial: i64 = desk
        .one("select id from app.object_fields where key = 'serial'")
        .await;
    let path = format!("/api/object-fields/{serial}");

    assert_eq!(root.delete(&path).await.status(), 409);
    let (status, problem) = body(root.patch(&path, json!({"key": "number"}), None).await).await;
    assert_eq!((status, problem_paths(&problem)), (422, vec!["key"]));
    let (status, problem) = body(
        root.patch(
            &path,
            json!({"type": "relation", "config": {"target": "user"}}),
            None,
        )
        .await,
    )
    .await;
    assert_eq!((status, problem_paths(&problem)), (422, vec!["type"]));
    assert_eq!(
        root.patch(&path, json!({"label": "Number", "active": false}), None)
            .await
            .status(),
        200
    );
    assert_eq!(
        ada.post(
            "/api/object-records",
            json!({"type": "asset", "name": "Bare"})
        )
        .await
        .status(),
        201
    );
    // The same key may stand on another type, and among tickets.
    let car = made(
        &root,
        "/api/object-types",
        json!({"key": "car", "name": "Car", "plural_name": "Cars"}),
    )
    .await;
    made(
        &root,
        "/api/object-fields",
        json!({"object_type_id": car, "key": "serial", "label": "S", "type": "text"}),
    )
    .await;
    made(
        &root,
        "/api/custom-fields",
        json!({"key": "serial", "label": "S", "type": "text"}),
    )
    .await;
    let again = json!({"object_type_id": kind, "key": "serial", "label": "S", "type": "text"});
    let (status, told) = body(root.post("/api/object-fields", again).await).await;
    assert_eq!((status, problem_paths(&told)), (409, vec!["key"]));
    let (status, problem) = body(
        root.patch(
            &format!("/api/object-types/{kind}"),
            json!({"key": "thing"}),
            None,
        )
        .await,
    )
    .await;
    assert_eq!((status, problem_paths(&problem)), (422, vec!["key"]));
}

/// Whose relation is emptied is not shown to whoever removed the record, not even within that transaction.
#[tokio::test]
async fn removing_a_record_shows_nobody_the_tickets_that_pointed_to_it() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    assets(&root).await;
    let asset = made(&ada, "/api/object-records", laptop("Laptop")).await;
    let ticket = desk.ticket("Elsewhere", "tech").await;
    desk.run(&format!(
        "update app.tickets set custom = '{{\"asset\": {asset}}}' where id = {ticket}"
    ))
    .await;
    let api = desk.acting_as(&ada).await;
    let removed = api
        .execute(
            &format!("delete from app.object_records where id = {asset}"),
            &[],
        )
        .await;
    assert_eq!(removed.expect("is removed"), 1);
    let seen = api
        .query("select id from app.tickets", &[])
        .await
        .expect("a list");
    assert!(seen.is_empty());
    api.batch_execute("commit").await.expect("commits");
    let custom: Value = desk
        .one(&format!(
            "select custom from app.tickets where id = {ticket}"
        ))
        .await;
    assert_eq!(custom, json!({}));
}

/// What a relation of records points to shows them in turn: a person theirs, an organization its own.
#[tokio::test]
async fn records_are_listed_by_what_they_relate_to() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let kind = assets(&root).await;
    made(
        &root,
        "/api/object-fields",
        json!({"object_type_id": kind, "key": "holder", "label": "Holder", "type": "relation", "config": {"target": "user"}}),
    )
    .await;
    let person = made(
        &root,
        "/api/users",
        json!({"role": "customer", "name": "Pia", "email": "pia@people.test"}),
    )
    .await;
    let firm = made(&root, "/api/organizations", json!({"name": "Firm"})).await;
    let add = async |name: &str, relations: Value| {
        let mut record = laptop(name);
        for (key, value) in relations.as_object().expect("relations") {
            record["custom"][key] = value.clone();
        }
        made(&ada, "/api/object-records", record).await
    };
    let hers = add("Hers", json!({"holder": person})).await;
    add("Both", json!({"holder": person, "owner": firm})).await;
    // The same number, of something else.
    add("Of the firm", json!({"owner": firm, "months": person})).await;
    add("Part", json!({"part_of": hers})).await;
    let names = async |who: &Person, query: &str| -> Vec<String> {
        let page: Page<ObjectRecord> = who
            .get(&format!("/api/object-records?relates_to={query}"))
            .await
            .json()
            .await
            .expect("records");
        page.items.into_iter().map(|record| record.name).collect()
    };

    assert_eq!(
        names(&ada, &format!("user:{person}")).await,
        ["Both", "Hers"]
    );
    assert_eq!(
        names(&ada, &format!("organization:{firm}&sort=-name")).await,
        ["Of the firm", "Both"]
    );
    assert_eq!(names(&ada, &format!("record:{hers}")).await, ["Part"]);
    assert_eq!(
        names(&ada, &format!("user:{person}&type=asset&name=he")).await,
        ["Hers"]
    );
    // Pages go on where they ended.
    let (_, first) = body(
        ada.get(&format!(
            "/api/object-records?relates_to=user:{person}&limit=1"
        ))
        .await,
    )
    .await;
    assert_eq!(first["items"][0]["name"], "Both");
    let next = first["next"].as_str().expect("a next page");
    assert_eq!(
        names(&ada, &format!("user:{person}&limit=1&after={next}")).await,
        ["Hers"]
    );
    for nothing in ["user:999999", "ticket:1", "record:999999"] {
        assert!(names(&ada, nothing).await.is_empty(), "{nothing}");
    }
    for wrong in ["7", "user:", "user:x", "team:7", "user:7,user:8"] {
        let (status, told) = body(
            ada.get(&format!("/api/object-records?relates_to={wrong}"))
                .await,
        )
        .await;
        assert_eq!(
            (status, problem_paths(&told)),
            (422, vec!["relates_to"]),
            "{wrong}"
        );
    }
    // A relation that is out of use shows nothing.
    desk.run("update app.object_fields set active = false where key = 'holder'")
        .await;
    assert!(names(&ada, &format!("user:{person}")).await.is_empty());
}

/// Where very many records point to the same, a page is read in its order; the answer is the same.
#[tokio::test]
async fn related_records_are_found_by_an_index_or_in_their_order() {
    let desk = Desk::open().await;
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let kind = assets(&root).await;
    let firm = made(&root, "/api/organizations", json!({"name": "Firm"})).await;
    desk.run(&format!(
        "insert into app.object_records (object_type_id, name, custom)
         select {kind}, 'Laptop ' || lpad(n::text, 5, '0'), jsonb_build_object('serial', 'AB-1234', 'owner', {firm})
           from generate_series(1, 10001) n"
    ))
    .await;
    let path = format!("/api/object-records?relates_to=organization:{firm}&limit=2");
    let (status, page) = body(ada.get(&path).await).await;
    assert_eq!(
        (
            status,
            &page["items"][0]["name"],
            page["items"].as_array().map(Vec::len)
        ),
        (200, &json!("Laptop 00001"), Some(2))
    );
    desk.run("delete from app.object_records where name = 'Laptop 00001'")
        .await;
    let (_, page) = body(ada.get(&path).await).await;
    assert_eq!(page["items"][0]["name"], "Laptop 00002");
}
