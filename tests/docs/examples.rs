//! The example calls in the comments of functions, taken from the catalog and run as they are written.

use harness::desk::Desk;
use serde_json::json;

/// The rows that the examples name by id, beside the demo's.
const ROWS: &str = include_str!("examples.sql");

struct Function {
    name: String,
    comment: String,
    /// Else it is the owner's.
    is_for_admins: bool,
}

impl Function {
    /// What follows `Example: `, with what is expected of it behind `--`.
    fn example(&self) -> Option<&str> {
        let (_, example) = self.comment.split_once("Example: ")?;
        example.starts_with("select ").then_some(example)
    }

    /// The SQLSTATE that the example itself announces: `… -- TK404`.
    fn refusal(&self) -> Option<&str> {
        let (_, expected) = self.example()?.rsplit_once("-- ")?;
        expected.starts_with("TK").then(|| expected.trim())
    }
}

/// Public functions of schema `api`, and the native ones but for triggers.
async fn functions(desk: &Desk) -> Vec<Function> {
    let rows = desk
        .sql()
        .query(
            "select p.oid::regprocedure::text, coalesce(obj_description(p.oid, 'pg_proc'), ''),
                    has_function_privilege('autocrm_admin', p.oid, 'execute')
               from pg_proc p
              where p.prorettype <> 'trigger'::regtype
                and (p.pronamespace = 'autocrm'::regnamespace
                     or p.pronamespace = 'api'::regnamespace and p.proname not like '\\_%')
              order by 1",
            &[],
        )
        .await
        .expect("functions");
    rows.iter()
        .map(|row| Function {
            name: row.get(0),
            comment: row.get(1),
            is_for_admins: row.get(2),
        })
        .collect()
}

#[tokio::test]
async fn every_public_function_has_an_example_call() {
    let desk = Desk::open().await;
    let functions = functions(&desk).await;
    assert!(functions.len() > 200, "only {} functions", functions.len());
    let without: Vec<&str> = functions
        .iter()
        .filter(|function| function.example().is_none())
        .map(|function| function.name.as_str())
        .collect();
    assert!(without.is_empty(), "no example: {}", without.join(", "));
}

#[tokio::test]
async fn every_example_call_runs_for_an_administrator() {
    let desk = Desk::seeded().await;
    desk.run(ROWS).await;
    let (admin, session): (i64, String) = (
        desk.one("select user_id from app.sessions where user_agent = 'examples'")
            .await,
        desk.one("select id::text from app.sessions where user_agent = 'examples'")
            .await,
    );
    let claims = json!({"sub": admin.to_string(), "role": "admin", "sid": session});
    let api = desk.log_in("autocrm_api").await;

    let mut wrong = Vec::new();
    for function in functions(&desk).await {
        let Some(example) = function.example() else {
            continue;
        };
        let (client, role) = if function.is_for_admins {
            (&api, "autocrm_admin")
        } else {
            (desk.sql(), "autocrm_owner")
        };
        let outcome = client
            .batch_execute(&format!(
                "begin; select set_config('role', '{role}', true), set_config('request.jwt.claims', '{claims}', true);
                 {example}\n; rollback"
            ))
            .await;
        let code = outcome.as_ref().err().map(|error| {
            error.code().map_or_else(
                || error.to_string(),
                |state| format!("{}: {error:?}", state.code()),
            )
        });
        match (function.refusal(), code) {
            (None, None) => {}
            (Some(refusal), Some(code)) if code.starts_with(refusal) => {}
            (expected, code) => wrong.push(format!(
                "{}: {example}\n  expected {}, got {}",
                function.name,
                expected.unwrap_or("an answer"),
                code.unwrap_or_else(|| "an answer".into())
            )),
        }
        if outcome.is_err() {
            client.batch_execute("rollback").await.expect("still there");
        }
    }
    assert!(
        wrong.is_empty(),
        "{} examples:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
