//! Before tickets are merged, and after one is closed: tickets that look alike, what a merge would do, follow-ups, and
//! timelines from their newest end.

use harness::desk::{Desk, Person, problem_paths};
use serde_json::{Value, json};

fn ids(page: &Value) -> Vec<i64> {
    let items = page["items"].as_array().expect("items");
    items
        .iter()
        .filter_map(|item| item["id"].as_i64())
        .collect()
}

async fn refused(who: &Person, path: &str) -> (u16, Value) {
    let answer = who.get(path).await;
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("a problem"))
}

#[tokio::test]
async fn tickets_that_look_alike_are_found_with_reasons_and_none_out_of_sight() {
    let desk = Desk::open().await;
    desk.run("insert into app.teams (name) values ('returns')")
        .await;
    let ada = desk.agent("Ada", "billing").await;
    let lost = desk.ticket("Zeppelin delivery lost", "billing").await;
    let same = desk.ticket("Re: Zeppelin delivery lost", "billing").await;
    let hidden = desk.ticket("Zeppelin delivery lost", "returns").await;
    for n in 0..12 {
        desk.ticket(&format!("Card declined {n}"), "billing").await;
    }
    desk.work("search", "search_cursor").await;

    let path = format!("/api/tickets/{lost}/similar?limit=5");
    let found = ada.read(&path).await;
    assert_eq!(ids(&found)[0], same, "{found}");
    assert!(!ids(&found).contains(&hidden) && !ids(&found).contains(&lost));
    assert!(ids(&found).len() <= 5);
    let reasons: Vec<&str> = found["items"][0]["reasons"]
        .as_array()
        .expect("reasons")
        .iter()
        .filter_map(|reason| reason["kind"].as_str())
        .collect();
    for reason in ["same_requester", "same_subject", "words"] {
        assert!(reasons.contains(&reason), "{reasons:?} lacks {reason}");
    }
    for wrong in ["x", "0", "26", "1e9", "99999999999999999999"] {
        let (status, problem) =
            refused(&ada, &format!("/api/tickets/{lost}/similar?limit={wrong}")).await;
        assert_eq!(
            (status, problem_paths(&problem)),
            (422, vec!["limit"]),
            "{wrong}"
        );
    }
    let (status, _) = refused(&ada, &format!("/api/tickets/{hidden}/similar")).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn what_a_merge_would_do_is_shown_and_nothing_of_it_stays() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let into = desk.ticket("Where is my parcel?", "billing").await;
    let from = desk.ticket("Parcel again", "billing").await;
    let state = "select (select count(*) from app.events) || ' ' || (select count(*) from app.audit_log) || ' '
                     || (select count(*) from app.ticket_links) || ' ' || (select string_agg(version::text, ',' order by id) from app.tickets)";
    let before: String = desk.one(state).await;

    let path = format!("/api/tickets/{into}/merge/preview");
    let answer = ada.post(&path, json!({"tickets": [from]})).await;
    assert_eq!(answer.status(), 200);
    let preview: Value = answer.json().await.expect("a preview");
    assert_eq!(preview["closes"][0]["id"], from);
    assert_eq!(preview["message_count"], 2);
    assert_eq!(preview["messages"].as_array().map(Vec::len), Some(2));
    assert_eq!(desk.one::<String>(state).await, before, "nothing stays");

    for (wrong, status) in [
        (json!({"tickets": []}), 422),
        (json!({"tickets": ["x"]}), 422),
        (json!({"tickets": [into]}), 422),
    ] {
        let answer = ada.post(&path, wrong.clone()).await;
        assert_eq!(answer.status(), status, "{wrong}");
    }
    assert_eq!(
        desk.one::<String>(state).await,
        before,
        "nor of what is refused"
    );
}

#[tokio::test]
async fn a_closed_ticket_is_followed_up_by_one_of_its_own() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let id = desk.ticket("Payout missing", "billing").await;
    let path = format!("/api/tickets/{id}/follow-up");
    let early = ada.post(&path, json!({})).await;
    assert_eq!(early.status(), 422, "it is open yet");
    desk.run(&format!(
        "update app.tickets set status_id = (select id from app.statuses where category = 'closed' limit 1) where id = {id}"
    ))
    .await;
    let answer = ada
        .post(&path, json!({"subject": "Payout missing again"}))
        .await;
    assert_eq!(
        answer.status(),
        201,
        "{}",
        answer.text().await.unwrap_or_default()
    );
    let made: i64 = desk.one("select max(id) from app.tickets").await;
    let ticket = ada.read(&format!("/api/tickets/{made}")).await;
    assert_eq!(
        (&ticket["subject"], &ticket["team"]["name"]),
        (&json!("Payout missing again"), &json!("billing"))
    );
    let links = ada.read(&format!("/api/tickets/{made}/links")).await;
    assert_eq!(links["items"][0]["ticket_id"], id);
}

#[tokio::test]
async fn a_timeline_is_the_same_from_either_end() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let id = desk.ticket("Long story", "billing").await;
    for n in 0..7 {
        let body = json!({"kind": if n % 2 == 0 { "note" } else { "reply" }, "body_text": format!("Part {n}")});
        assert_eq!(
            ada.post(&format!("/api/tickets/{id}/messages"), body)
                .await
                .status(),
            201
        );
        let change = json!({"priority": if n % 2 == 0 { "high" } else { "low" }});
        assert_eq!(
            ada.patch(&format!("/api/tickets/{id}"), change, None)
                .await
                .status(),
            200
        );
    }
    let walk = async |order: &str, limit: usize| {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = ada
                .read(&format!(
                    "/api/tickets/{id}/timeline?order={order}&limit={limit}{after}"
                ))
                .await;
            let items = page["items"].as_array().expect("items");
            assert!(items.len() <= limit);
            seen.extend(
                items
                    .iter()
                    .map(|item| format!("{} {}", item["kind"], item["id"])),
            );
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return seen,
            }
        }
    };
    let whole = walk("oldest", 200).await;
    assert!(whole.len() > 14, "{whole:?}");
    for limit in [1, 2, 3, 5] {
        assert_eq!(walk("oldest", limit).await, whole, "by {limit}");
        let mut back = walk("newest", limit).await;
        back.reverse();
        assert_eq!(back, whole, "by {limit} from the newest");
    }
    let page = ada
        .read(&format!("/api/tickets/{id}/timeline?limit=2"))
        .await;
    let next = page["next"].as_str().expect("more");
    let (status, _) = refused(
        &ada,
        &format!("/api/tickets/{id}/timeline?order=newest&after={next}"),
    )
    .await;
    assert_eq!(status, 422, "a cursor belongs to its order");
    let (status, problem) =
        refused(&ada, &format!("/api/tickets/{id}/timeline?order=sideways")).await;
    assert_eq!((status, problem_paths(&problem)), (422, vec!["order"]));
}
