//! Connections die, transactions meet: what left nothing behind is tried again, and nothing is done twice.

use harness::desk::{Desk, Person};
use reqwest::Method;
use serde_json::{Value, json};

/// Ends every connection of the API to this desk, as a restart does.
async fn cut(desk: &Desk) {
    let _: i64 = desk
        .one(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity
              where datname = current_database() and usename = 'autocrm_api' and query not ilike 'listen%'",
        )
        .await;
}

async fn create(who: &Person, n: i32) -> u16 {
    who.send(
        Method::POST,
        "/api/tickets",
        Some(json!({"subject": format!("Ticket {n}")})),
        &[("idempotency-key", &format!("key-{n}"))],
    )
    .await
    .status()
    .as_u16()
}

#[tokio::test]
async fn dead_connections_are_noticed_and_nobody_hears_of_them() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let id = desk.ticket("Card declined", "billing").await;
    for n in 0..5 {
        for _ in 0..4 {
            assert_eq!(ada.get("/api/tickets").await.status(), 200);
        }
        cut(&desk).await;
        assert_eq!(ada.get("/api/tickets").await.status(), 200, "round {n}");
        cut(&desk).await;
        assert_eq!(create(&ada, n).await, 201, "round {n}");
        cut(&desk).await;
        let priority = if n % 2 == 0 { "low" } else { "high" };
        let changed = ada
            .patch(
                &format!("/api/tickets/{id}"),
                json!({"priority": priority}),
                None,
            )
            .await;
        assert_eq!(changed.status(), 200, "round {n}");
    }
    let made: i64 = desk
        .one("select count(*) from app.tickets where subject like 'Ticket %'")
        .await;
    assert_eq!(made, 5);
}

/// With connections ended all the while, a request is refused as something to try again, or done once.
#[tokio::test]
async fn connections_that_die_at_any_moment_do_nothing_twice() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let requests = (0..40).map(|n| {
        let ada = ada.clone();
        tokio::spawn(async move {
            for _ in 0..50 {
                match create(&ada, n).await {
                    201 => return,
                    503 => {}
                    other => panic!("{other}"),
                }
            }
            panic!("never done");
        })
    });
    let requests: Vec<_> = requests.collect();
    for _ in 0..20 {
        cut(&desk).await;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    for request in requests {
        request.await.expect("ends well");
    }
    let made: i64 = desk.one("select count(*) from app.tickets").await;
    assert_eq!(made, 40);
}

/// A lock that is not to be had, and is the next time.
#[tokio::test]
async fn what_others_were_in_the_way_of_is_tried_again() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    desk.run(
        "create sequence public.tries;
         grant usage on sequence public.tries to public;
         create function public.stumble() returns trigger language plpgsql as $$
         begin
           if nextval('public.tries') % 3 <> 0 then
             raise exception using errcode = case when random() < 0.5 then '40P01' else '40001' end, message = 'in the way';
           end if;
           return new;
         end $$;
         create trigger tg_tickets__000_stumble before insert on app.tickets for each row execute function public.stumble()",
    )
    .await;
    for (n, headers) in [&[][..], &[("idempotency-key", "once")][..]]
        .iter()
        .enumerate()
    {
        let made = ada
            .send(
                Method::POST,
                "/api/tickets",
                Some(json!({"subject": format!("Ticket {n}")})),
                headers,
            )
            .await;
        assert_eq!(made.status(), 201, "{headers:?}");
    }
    assert_eq!(desk.one::<i64>("select count(*) from app.tickets").await, 2);
    // What stays in the way is told in the end.
    desk.run("alter sequence public.tries restart 1 increment 3")
        .await;
    let refused = ada.post("/api/tickets", json!({"subject": "Never"})).await;
    assert_eq!(refused.status(), 503);
}

#[tokio::test]
async fn what_takes_too_long_is_stopped_and_told() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let mut config = desk.config.clone();
    config.statement_timeout = "200ms".into();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("binds");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(autocrm_api::serve::serve(
        listener,
        config,
        std::future::pending(),
    ));
    desk.run(
        "create function public.dawdle() returns trigger language plpgsql as $$
         begin perform pg_sleep(5); return new; end $$;
         create trigger tg_tickets__000_dawdle before insert on app.tickets for each row execute function public.dawdle()",
    )
    .await;
    for key in [None, Some("once")] {
        let mut request = reqwest::Client::new()
            .post(format!("{address}/api/tickets"))
            .bearer_auth(ada.token.as_deref().unwrap_or_default())
            .json(&json!({"subject": "Slow"}));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let reply = request.send().await.expect("answers");
        assert_eq!(reply.status(), 504);
        let problem: Value = reply.json().await.expect("a problem");
        assert_eq!(problem["detail"], "This took too long and was stopped");
    }
}

/// The kind of defect: a path beside the usual call, with statements of its own.
#[tokio::test]
async fn what_stumbles_beside_the_usual_call_is_tried_again_too() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let key = desk.key(&["tickets:read"], None).await;
    desk.run(
        "create sequence public.tries;
         grant usage on sequence public.tries to public;
         create function public.stumble() returns trigger language plpgsql as $$
         begin
           if nextval('public.tries') % 3 <> 0 then
             raise exception using errcode = '40P01', message = 'in the way';
           end if;
           return new;
         end $$;
         create trigger a_stumble before update on app.attachments for each row execute function public.stumble();
         create trigger a_stumble before update on app.api_keys for each row execute function public.stumble();
         create trigger a_stumble before insert on app.sessions for each row execute function public.stumble()",
    )
    .await;
    for (n, headers) in [&[][..], &[("idempotency-key", "once")][..]]
        .iter()
        .enumerate()
    {
        let mut request = ada
            .client()
            .post(format!("{}/api/attachments?name={n}.txt", desk.address))
            .bearer_auth(ada.token.as_deref().unwrap_or_default())
            .header("content-type", "text/plain")
            .body(format!("content {n}"));
        for (name, value) in *headers {
            request = request.header(*name, *value);
        }
        let reply = request.send().await.expect("answers");
        assert_eq!(reply.status(), 201, "{headers:?}: {:?}", reply.text().await);
        let path = format!("/api/attachments/{}/content", n + 1);
        let content = ada.get(&path).await.text().await.expect("text");
        assert_eq!(content, format!("content {n}"));
    }
    assert_eq!(
        key.get("/api/tickets").await.status(),
        200,
        "the use of a key is noted"
    );
    let files: i64 = desk.one("select count(*) from app.attachments").await;
    assert_eq!(files, 2);
}
