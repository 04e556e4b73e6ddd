//! One's own log-ins and password: see `sql/api/sessions.sql`.

use super::session::attempt;
use crate::app::App;
use crate::auth;
use crate::error::{ApiResult, FieldProblem, Problem};
use crate::http::body::{Json, read};
use crate::http::caller::Caller;
use crate::model::{ChangePassword, OwnSessions, PasswordChanged, SessionsEnded};
use axum::Extension;
use axum::extract::{ConnectInfo, Path};
use axum::http::{HeaderMap, StatusCode};
use postgres_protocol::password::scram_sha_256;
use serde::Deserialize;
use serde_json::json;
use std::net::SocketAddr;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Characters of a new password: long enough that few guesses a quarter of an hour never find it.
const SHORTEST: usize = 10;
const LONGEST: usize = 200;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_sessions, end_other_sessions))
        .routes(routes!(end_session))
        .routes(routes!(change_password))
}

/// One's own log-ins.
#[utoipa::path(get, path = "/api/me/sessions", tag = "session", responses((status = 200, body = OwnSessions)))]
pub async fn list_sessions(caller: Caller) -> ApiResult {
    caller.call("api.list_sessions()", &[]).await
}

/// Ends every log-in of one's own but this one.
#[utoipa::path(delete, path = "/api/me/sessions", tag = "session", responses((status = 200, body = SessionsEnded)))]
pub async fn end_other_sessions(caller: Caller) -> ApiResult {
    caller.call("api.end_other_sessions()", &[]).await
}

/// Ends one log-in of one's own.
#[utoipa::path(delete, path = "/api/me/sessions/{id}", tag = "session", params(("id" = String, Path, format = "uuid")), responses((status = 200, body = SessionsEnded)))]
pub async fn end_session(caller: Caller, Path(id): Path<String>) -> ApiResult {
    let id = Uuid::parse_str(&id).map_or_else(|_| Uuid::nil().to_string(), |id| id.to_string());
    caller.call("api.end_session($1::text::uuid)", &[&id]).await
}

#[derive(Deserialize)]
struct Who {
    id: i64,
    email: Option<String>,
}

fn refuse(path: &str, message: &str) -> Problem {
    let mut problem = Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "Your password cannot be changed like this",
        Some("Correct it and send the request again; your password is what it was."),
    );
    problem.problems = vec![FieldProblem::new(path, message)];
    problem
}

/// Replaces one's own password; the current one is asked for, and failures are counted as failed log-ins.
#[utoipa::path(post, path = "/api/me/password", tag = "session", request_body = ChangePassword, responses((status = 200, body = PasswordChanged)))]
pub async fn change_password(
    caller: Caller,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Json(body): Json,
) -> ApiResult {
    // Keys are refused before anything is counted.
    caller.json("api.list_sessions()", &[]).await?;
    let body: ChangePassword = read(
        &body,
        &["current_password", "new_password"],
        &["end_other_sessions"],
    )?;
    if body.new_password.trim().is_empty() {
        return Err(refuse("new_password", "must not be empty"));
    }
    // A leaked password would stay in force.
    if body.new_password == body.current_password {
        return Err(refuse(
            "new_password",
            "must be another than the current one",
        ));
    }
    match body.new_password.chars().count() {
        0..SHORTEST => return Err(refuse("new_password", "must have at least 10 characters")),
        SHORTEST..=LONGEST => {}
        _ => return Err(refuse("new_password", "must have at most 200 characters")),
    }
    let me = caller.json("api.get_me()", &[]).await?;
    let me: Who =
        serde_json::from_str(&me).map_err(|_| Problem::unauthorized("Nobody is signed in"))?;
    let email = me.email.unwrap_or_default();
    let attempt = attempt(&caller.app, peer, &headers, &email).await?;
    if !auth::verify_password(body.current_password, attempt.argon2).await
        || attempt.user_id != Some(me.id)
    {
        return Err(refuse("current_password", "is wrong"));
    }
    let Ok((Ok(argon2), scram)) = tokio::task::spawn_blocking(move || {
        let scram = scram_sha_256(body.new_password.as_bytes());
        (auth::hash_password(&body.new_password), scram)
    })
    .await
    else {
        return Err(Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong on our side",
            None,
        ));
    };
    let change = json!({
        "argon2": argon2,
        // Of their log-in to Postgres, which has the same password.
        "scram": scram,
        "attempt_id": attempt.attempt_id,
        "end_other_sessions": body.end_other_sessions.unwrap_or_default(),
    })
    .to_string();
    caller
        .call("api.change_password($1::text::jsonb)", &[&change])
        .await
}
