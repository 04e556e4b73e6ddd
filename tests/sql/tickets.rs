//! Tickets through plain SQL: the same checks as through every other door.

use harness::desk::Desk;

#[tokio::test]
async fn a_wrong_custom_field_gets_the_same_error_as_over_rest() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let ticket = desk.ticket("x", "billing").await;
    desk.run("insert into app.custom_fields (key, label, type, config) values ('months', 'Months', 'integer', '{\"max\": 120}')").await;

    let (code, detail) = desk
        .refused(&format!(
            "update app.tickets set custom = '{{\"months\": 999}}' where id = {ticket}"
        ))
        .await;
    assert_eq!(
        (code.as_str(), detail.as_str()),
        ("TK422", "custom.months: 999 is above the maximum of 120")
    );

    let reply = ada
        .patch(
            &format!("/api/tickets/{ticket}"),
            serde_json::json!({"custom": {"months": 999}}),
            None,
        )
        .await;
    let problem: serde_json::Value = reply.json().await.expect("JSON");
    assert_eq!(
        format!(
            "{}: {}",
            problem["problems"][0]["path"].as_str().unwrap_or_default(),
            problem["problems"][0]["message"]
                .as_str()
                .unwrap_or_default()
        ),
        detail
    );
}

#[tokio::test]
async fn a_field_required_on_solving_holds_the_ticket_open() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("x", "billing").await;
    desk.run("insert into app.custom_fields (key, label, type, required_on_solve) values ('cause', 'Cause', 'text', true)").await;
    let solve = format!(
        "update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {ticket}"
    );
    assert_eq!(
        desk.refused(&solve).await.1,
        "custom.cause: is required when a ticket is solved"
    );
    desk.run(&format!(
        "update app.tickets set custom = '{{\"cause\": \"cable\"}}' where id = {ticket}; {solve}"
    ))
    .await;
    assert!(
        desk.one::<bool>(&format!(
            "select solved_at is not null from app.tickets where id = {ticket}"
        ))
        .await
    );
}

#[tokio::test]
async fn an_illegal_transition_fails_in_sql_too() {
    let desk = Desk::open().await;
    let ticket = desk.ticket("x", "billing").await;
    desk.run("insert into app.status_transitions (from_status_id, to_status_id) select n.id, o.id from app.statuses n, app.statuses o where n.key = 'new' and o.key = 'open'").await;
    let (code, detail) = desk.refused(&format!("update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {ticket}")).await;
    assert_eq!(
        (code.as_str(), detail.as_str()),
        ("TK422", "status: solved cannot follow new; allowed: open")
    );
}

#[tokio::test]
async fn whatever_people_write_survives_as_it_is() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    for text in [
        "Ω≈ç√∫˜µ≤≥÷",
        "'; drop table app.tickets; --",
        "${jndi:ldap://x}",
        "\u{202e}right-to-left",
        "🏳️‍🌈",
        "<script>alert(1)</script>",
        "%s%n",
        "\\n",
    ] {
        let reply = ada
            .post(
                "/api/tickets",
                serde_json::json!({"subject": text, "description": text}),
            )
            .await;
        assert_eq!(reply.status(), 201, "{text}");
        let ticket: serde_json::Value = reply.json().await.expect("JSON");
        assert_eq!(
            (&ticket["subject"], &ticket["description"]),
            (&serde_json::json!(text), &serde_json::json!(text))
        );
    }
}
