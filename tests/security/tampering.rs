//! Whoever rules the database can change its history past every trigger. It shows: in the chain of seals, or against an
//! anchor that was kept elsewhere.

use autocrm_api::commands::audit::{self, Signer, Verifier};
use harness::desk::Desk;
use rand::prelude::*;
use rand::rngs::StdRng;
use serde_json::json;
use std::time::{Duration, Instant};

const SECRET: &str = "only-for-tests-only-for-tests-only-for-tests";

async fn seals(desk: &Desk) -> i64 {
    desk.one("select count(*) from app.audit_seals").await
}

/// Seals all rows there are.
async fn seal_all(desk: &Desk) {
    desk.outlive_transactions().await;
    desk.one::<i64>("select autocrm.seal_audit()").await;
}

/// A history of some seals, with rows of all kinds and one redaction.
async fn history(desk: &Desk) {
    let (root, ada) = (desk.admin().await, desk.agent("Ada", "billing").await);
    let deadline = Instant::now() + Duration::from_mins(2);
    for n in 0.. {
        let ticket = desk.ticket(&format!("Card {n} declined"), "billing").await;
        let path = format!("/api/tickets/{ticket}");
        let note = ada
            .create(
                &format!("{path}/messages"),
                json!({"kind": "note", "body_text": format!("The number is 4711-{n}")}),
            )
            .await;
        if n == 2 {
            let redacted = root
                .post(
                    &format!("{path}/messages/{}/redact", note["id"]),
                    json!({"text": "4711"}),
                )
                .await;
            assert_eq!(redacted.status(), 200);
        }
        desk.run(&format!("update app.tickets set subject = 'Card {n}', language = 'de' where id = {ticket}; update app.teams set color = '#33669{}'", n % 10))
            .await;
        seal_all(desk).await;
        if n > 8 && seals(desk).await >= 8 {
            break;
        }
        assert!(Instant::now() < deadline, "too few seals");
    }
}

/// One row that is sealed, by its id and time.
const ANY: &str = "(select l.id, l.at from app.audit_log l where l.xid < (select max(to_xid) from app.audit_seals) order by random() limit 1)";
/// The same without what a redaction keeps an eye on.
const PLAIN: &str = "(select l.id, l.at from app.audit_log l where l.xid < (select max(to_xid) from app.audit_seals)
   and l.erased_by is null and l.action <> 'redact' order by random() limit 1)";
/// A place in the chain: the end of one of its seals, not the last.
const CUT: &str = "(select to_xid from app.audit_seals where id < (select max(id) from app.audit_seals) order by random() limit 1)";
/// Makes all digests of the chain fit again, as somebody would who has read its code.
const FORGE: &str = "do $$
declare
  v record;
  v_previous bytea := '';
begin
  for v in select * from app.audit_seals order by id
  loop
    select sha256(v_previous || coalesce(string_agg(int8send(32) || coalesce(l.digest, sha256(convert_to(
             (jsonb_build_array(l.id, l.xid::text, extract(epoch from l.at), l.actor_id, l.api_key_id, l.session_user_name,
               l.action, l.table_name, l.row_key, l.changes)
               || case when l.door is null and l.cause is null then '[]' else jsonb_build_array(l.door, l.cause) end)::text, 'UTF8'))), ''::bytea order by l.xid, l.id), '')), count(*)
      into v.digest, v.row_count
      from app.audit_log l where l.xid >= v.from_xid and l.xid < v.to_xid;
    update app.audit_seals set digest = v.digest, row_count = v.row_count where id = v.id;
    v_previous := v.digest;
  end loop;
end
$$";

/// What somebody does to the history, and whether the chain of seals shows it by itself, where that is sure.
fn tamper(rng: &mut StdRng, kind: usize) -> (String, Option<bool>) {
    let row =
        format!("update app.audit_log a set SET from {ANY} o where a.id = o.id and a.at = o.at");
    let set = |set: &str| row.replace("SET", set);
    let (act, shows) = act(rng, kind, &set);
    // A redaction may be cut off behind what it erased.
    (act, (kind != 6).then_some(shows))
}

fn act(rng: &mut StdRng, kind: usize, set: &dyn Fn(&str) -> String) -> (String, bool) {
    match kind {
        0 => (set("changes = a.changes || '{\"subject\": [null, \"Never said\"]}'"), true),
        1 => (set(["actor_id = coalesce(a.actor_id, 0) + 1", "api_key_id = 77", "session_user_name = 'nobody'", "door = 'prompt'", "door = null", "cause = '{}'", "row_key = a.row_key || '1'", "table_name = 'custom'", "at = a.at + interval '1 second'", "action = case a.action when 'insert' then 'delete' else 'insert' end::app.audit_action"][rng.random_range(0..10)]), true),
        // Two rows in another order.
        2 => ("with two as (select a.id as one, b.id as other, a.changes as first, b.changes as second
                              from app.audit_log a join app.audit_log b on b.id > a.id and b.changes <> a.changes
                             where b.xid < (select max(to_xid) from app.audit_seals) order by random() limit 1)
               update app.audit_log l set changes = case l.id when t.one then t.second else t.first end
                 from two t where l.id in (t.one, t.other)".to_owned(), true),
        3 => (format!("delete from app.audit_log a using {ANY} o where a.id = o.id and a.at = o.at"), true),
        4 => (format!("insert into app.audit_log (xid, at, action, table_name, row_key, changes)
                select a.xid, a.at, a.action, a.table_name, a.row_key, '{{}}' from app.audit_log a join {ANY} o on a.id = o.id and a.at = o.at"), true),
        // To another transaction.
        5 => (set("xid = (select l.xid from app.audit_log l where l.xid <> a.xid and l.xid < (select max(to_xid) from app.audit_seals) limit 1)"), true),
        6 => (format!("create temp table cut on commit drop as select to_xid as x from {CUT} c;
                delete from app.audit_log where xid >= (select x from cut); delete from app.audit_seals where to_xid > (select x from cut)"), false),
        7 => (format!("create temp table cut on commit drop as select to_xid as x from {CUT} c;
                delete from app.audit_log where xid < (select x from cut); delete from app.audit_seals where to_xid <= (select x from cut)"), true),
        // A seal, but the last: that one is as 6.
        8 => (format!("delete from app.audit_seals where to_xid = {CUT}"), true),
        9 => (format!("update app.audit_seals set {} where to_xid = {CUT}", ["digest = sha256('x')", "row_count = row_count + 1", "to_xid = (to_xid::text::bigint - 1)::text::xid8", "from_xid = '3'", "format = 1"][rng.random_range(0..5)]), true),
        // Taken for erased, by a redaction that erased something else.
        10 => (set("digest = sha256('x'), erased_by = (select max(id) from app.audit_log where action = 'redact'), changes = '{}'"), true),
        11 => ("update app.audit_seals set format = 1; ".to_owned() + &set("changes = '{}'"), true),
        12 => (set("changes = a.changes || '{\"subject\": [null, \"Never said\"]}'").replace(ANY, PLAIN) + ";" + FORGE, false),
        13 => (format!("delete from app.audit_log a using {PLAIN} o where a.id = o.id and a.at = o.at;{FORGE}"), false),
        // The whole history anew, under the seals' old numbers.
        _ => ("delete from app.audit_log where table_name = 'teams'; delete from app.audit_seals;
               select setval(pg_get_serial_sequence('app.audit_seals', 'id'), LAST, false); select autocrm.seal_audit()".to_owned(), false),
    }
}

const KINDS: usize = 15;

#[tokio::test]
async fn a_thousand_tamperings_by_a_superuser_are_found() {
    let desk = Desk::open().await;
    history(&desk).await;
    let (signer, verifier) = (Signer::secret(SECRET), Verifier::secret(SECRET));
    let anchor = audit::sign(desk.sql(), &signer).await.expect("an anchor");
    let problems = async || {
        let chain = audit::broken(desk.sql()).await.expect("verifies");
        let anchors = audit::compare(desk.sql(), &verifier, &anchor)
            .await
            .expect("compares");
        (chain, anchors)
    };
    assert_eq!(problems().await, (vec![], vec![]), "before");

    let last: i64 = desk.one("select max(id) from app.audit_seals").await;
    let seed = rand::random();
    let mut rng = StdRng::seed_from_u64(seed);
    // The rows are chosen by the database.
    desk.run(&format!("select setseed({})", rng.random_range(-1.0..1.0)))
        .await;
    for n in 0..1000 {
        let (act, shows) = tamper(&mut rng, n % KINDS);
        let act = act.replace("LAST", &last.to_string());
        desk.run(&format!(
            "begin; set local session_replication_role = replica; {act}"
        ))
        .await;
        let (chain, anchors) = problems().await;
        if let Some(shows) = shows {
            assert_eq!(
                !chain.is_empty(),
                shows,
                "the chain alone, seed {seed}: {act}: {chain:?}"
            );
        }
        assert!(
            !chain.is_empty() || !anchors.is_empty(),
            "not found, seed {seed}: {act}"
        );
        desk.run("rollback").await;
    }
    assert_eq!(problems().await, (vec![], vec![]), "afterwards");
}

/// Whoever rules the database can let an erasure of their own vouch for a row: each is told, and one that belongs to nothing
/// is named.
#[tokio::test]
async fn what_erased_values_is_told_and_must_belong_to_something() {
    let desk = Desk::open().await;
    let root = desk.admin().await;
    let ticket = desk.ticket("Card declined", "billing").await;
    seal_all(&desk).await;
    let held: i64 = desk.one("select max(id) from app.audit_seals").await;
    let message: i64 = desk
        .one(&format!(
            "select min(id) from app.messages where ticket_id = {ticket}"
        ))
        .await;
    let redact = format!("/api/tickets/{ticket}/messages/{message}/redact");
    let redacted = root.post(&redact, json!({"all": true})).await;
    assert_eq!(redacted.status(), 200);
    desk.run(&format!(
        "insert into app.retention_policies (name, enabled, since, days, action) values ('All', true, 'solved', 30, 'anonymise');
         update app.tickets set status_id = (select id from app.statuses where key = 'solved') where id = {ticket};
         set autocrm.now = '2100-01-01'"
    ))
    .await;
    while desk.one::<bool>("select worker.run_retention()").await {}
    assert_eq!(
        audit::broken(desk.sql()).await.expect("verifies"),
        Vec::<String>::new()
    );
    let told = audit::redactions(desk.sql(), &[held]).await.expect("reads");
    let after = format!("after the anchor of seal {held}: 1 redactions of");
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[0].starts_with(&format!("{after} messages")),
        "{told:?}"
    );
    assert!(told[1].starts_with(&format!("{after} tickets")), "{told:?}");

    for (table, key, problem) in [
        ("tickets", ticket, "no ticket was deleted"),
        ("messages", message, "no message was redacted"),
        ("erasures", 4711, "no such erasure"),
        ("users", 1, "nothing of this table"),
    ] {
        desk.run(&format!(
            "begin; set local session_replication_role = replica;
             insert into app.audit_log (at, action, table_name, row_key, changes)
             values (autocrm.now(), 'redact', '{table}', '{key}', '{{\"erased\": [null, {{\"1\": \"00\"}}]}}')"
        ))
        .await;
        let found = audit::broken(desk.sql()).await.expect("verifies");
        assert_eq!(found.len(), 1, "{table}: {found:?}");
        assert!(found[0].contains(problem), "{found:?}");
        desk.run("rollback").await;
    }
    // One that lists nothing hides no other.
    desk.run(
        "begin; set local session_replication_role = replica;
         insert into app.audit_log (at, action, table_name, row_key, changes)
         values (autocrm.now(), 'redact', 'tickets', '1', '{\"erased\": [null, [1]]}');
         update app.audit_log set changes = '{\"priority_id\": [1, 4]}' where id = (select min(id) from app.audit_log where erased_by is null)",
    )
    .await;
    let found = audit::broken(desk.sql())
        .await
        .expect("verifies")
        .join("\n");
    assert!(
        found.contains("does not list") && found.contains("seal "),
        "{found}"
    );
    desk.run("rollback").await;
    // A row that lost no value was erased by nothing, though the act lists it as it is now.
    desk.run(
        "begin; set local session_replication_role = replica;
         update app.audit_log set changes = '{\"priority_id\": [1, 4]}' where id = (select min(id) from app.audit_log where erased_by is not null);
         update app.audit_log a
            set changes = jsonb_set(a.changes, array['erased', '1', l.id::text], to_jsonb(encode(sha256(convert_to((
                  jsonb_build_array(l.id, l.xid::text, extract(epoch from l.at), l.actor_id, l.api_key_id, l.session_user_name, l.action, l.table_name, l.row_key, l.changes)
                  || case when l.door is null and l.cause is null then '[]' else jsonb_build_array(l.door, l.cause) end)::text, 'UTF8')), 'hex')))
           from app.audit_log l where l.id = (select min(id) from app.audit_log where erased_by is not null) and a.id = l.erased_by",
    )
    .await;
    let found = audit::broken(desk.sql()).await.expect("verifies");
    assert!(
        found.join("\n").contains("erased by no redaction"),
        "{found:?}"
    );
    desk.run("rollback").await;
}

#[tokio::test]
async fn an_anchor_is_signed_and_the_log_is_verified_at_the_command_line() {
    let desk = Desk::open().await;
    desk.ticket("Card declined", "billing").await;
    seal_all(&desk).await;
    let folder = std::env::temp_dir().join(format!("autocrm-anchors-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = |name: &str| folder.join(name).to_str().expect("a path").to_owned();
    let openssl = |args: &[&str]| {
        let done = std::process::Command::new("openssl").args(args).output();
        assert!(done.expect("openssl").status.success());
    };
    for name in ["key", "other"] {
        openssl(&["genpkey", "-algorithm", "ed25519", "-out", &path(name)]);
        openssl(&[
            "pkey",
            "-in",
            &path(name),
            "-pubout",
            "-out",
            &path(&format!("{name}.pub")),
        ]);
    }
    let autocrm = |args: &[&str]| {
        let out = harness::binary()
            .args(args)
            .env("AUTOCRM_ADMIN_DATABASE_URL", desk.admin_url())
            .env_remove("AUTOCRM_SECRET")
            .output()
            .expect("runs");
        (
            out.status.code(),
            String::from_utf8_lossy(&out.stdout).into_owned(),
            String::from_utf8_lossy(&out.stderr).into_owned(),
        )
    };

    let (code, line, told) = autocrm(&["audit", "anchor", "--key", &path("key")]);
    assert_eq!(code, Some(0), "{told}");
    std::fs::write(path("anchors"), &line).expect("writes");
    let anchors = path("anchors");
    let verify = |key: &str| {
        autocrm(&[
            "audit",
            "verify",
            "--anchors",
            &anchors,
            "--public-key",
            &path(key),
        ])
    };
    let (code, told, _) = verify("key.pub");
    assert_eq!(code, Some(0), "{told}");
    let (code, told, _) = verify("other.pub");
    assert_eq!(code, Some(1));
    assert!(told.contains("line 1: its signature"), "{told}");
    let (code, _, told) = autocrm(&["audit", "anchor"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("--key"), "{told}");

    desk.run("set session_replication_role = replica; delete from app.audit_log; delete from app.audit_seals; set session_replication_role = origin").await;
    let (code, told, _) = verify("key.pub");
    assert_eq!(code, Some(1));
    assert!(told.contains("has been cut off"), "{told}");
    let (code, told, _) = autocrm(&["audit", "verify"]);
    assert_eq!(code, Some(0), "without an anchor nobody knows: {told}");
    std::fs::remove_dir_all(folder).expect("removes");
}
