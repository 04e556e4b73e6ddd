//! The native functions by themselves, as SQL calls them.

use harness::desk::Desk;
use serde_json::{Value, json};

#[tokio::test]
async fn fail_raises_the_code_the_message_and_the_way_out() {
    let desk = Desk::open().await;
    let raised = desk
        .sql()
        .batch_execute(
            "select autocrm.fail('TK404', 'There is no ticket 7', 'id: 7', 'Check the id.')",
        )
        .await
        .expect_err("raises");
    let error = raised.as_db_error().expect("of the database");
    assert_eq!(error.code().code(), "TK404");
    assert_eq!(error.message(), "There is no ticket 7");
    assert_eq!(error.detail(), Some("id: 7"));
    assert_eq!(error.hint(), Some("Check the id."));
}

#[tokio::test]
async fn html_keeps_its_words_and_loses_what_could_act() {
    let desk = Desk::open().await;
    let clean: String = desk
        .one("select autocrm.sanitize_html('<p onclick=x>Hi <script>alert(1)</script><a href=\"javascript:x\">there</a></p>')")
        .await;
    assert!(
        !clean.contains("script") && !clean.contains("onclick"),
        "{clean}"
    );
    let text: String = desk
        .one("select autocrm.html_to_text('<p>One</p><p>Two<br>Three</p>')")
        .await;
    assert_eq!(
        text.split_whitespace().collect::<Vec<_>>(),
        ["One", "Two", "Three"]
    );
}

#[tokio::test]
async fn a_page_is_what_the_rows_are_and_says_where_the_next_begins() {
    let desk = Desk::open().await;
    let page: String = desk
        .one(
            r#"select autocrm.page(
                 'select n::text, n::bigint as id, ''a "b"'' || chr(10) || n as text, n = 2 as flag,
                         case when n > 1 then n::bigint end as "part.id", ''x''::text as "part.name",
                         array[''p'', ''q'']::text[] as list, null::text as nothing, timestamptz ''2026-01-31 09:00:00.5+01'' as at,
                         ''{"k": 1}''::json as raw, 1.50::numeric as number
                    from generate_series(1, ($1 ->> ''n'')::integer) n order by n', '{"n": "3"}', 2, 'n')::text"#,
        )
        .await;
    let page: Value = serde_json::from_str(&page).expect("JSON");
    assert_eq!(
        page["items"],
        json!([
            {"id": 1, "text": "a \"b\"\n1", "flag": false, "part": null, "list": ["p", "q"], "nothing": null,
             "at": "2026-01-31T08:00:00.5+00:00", "raw": {"k": 1}, "number": 1.50},
            {"id": 2, "text": "a \"b\"\n2", "flag": true, "part": {"id": 2, "name": "x"}, "list": ["p", "q"], "nothing": null,
             "at": "2026-01-31T08:00:00.5+00:00", "raw": {"k": 1}, "number": 1.50}
        ])
    );
    let next: String = desk
        .one(&format!(
            "select api._decode_cursor('{}', 'n', 'bigint')::text",
            page["next"].as_str().expect("a cursor")
        ))
        .await;
    assert_eq!(
        serde_json::from_str::<Value>(&next).ok(),
        Some(json!(["2", 2, "n"]))
    );
}

/// The plan is kept, the rows it may read are not: each caller's own policies answer.
#[tokio::test]
async fn one_shape_of_query_answers_each_caller_with_their_own_rows() {
    let desk = Desk::open().await;
    desk.ticket("For billing", "billing").await;
    desk.ticket("For tech", "tech").await;
    let (ada, tom) = (
        desk.agent("Ada", "billing").await,
        desk.agent("Tom", "tech").await,
    );
    for _ in 0..8 {
        for (who, subject) in [(&ada, "For billing"), (&tom, "For tech")] {
            let page = who.read("/api/tickets").await;
            let subjects: Vec<&str> = page["items"]
                .as_array()
                .expect("items")
                .iter()
                .filter_map(|row| row["subject"].as_str())
                .collect();
            assert_eq!(subjects, [subject]);
        }
    }
}

#[tokio::test]
async fn only_the_api_asks_whose_claims_still_stand() {
    let desk = Desk::open().await;
    let analyst = desk.analyst(None).await;
    let refused = analyst
        .batch_execute("select autocrm.outsiders('all agent', array['{}'])")
        .await
        .expect_err("refused");
    assert!(matches!(
        refused.code().map(tokio_postgres::error::SqlState::code),
        Some("TK403" | "42501")
    ));
}
