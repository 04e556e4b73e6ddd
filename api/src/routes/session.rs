//! Log-in, refresh and log-out: the only operations without a caller. See `sql/api/sessions.sql`.

use crate::auth::{self, ACCESS_SECONDS, Claims, REFRESH_SECONDS};
use crate::caller::cookie;
use crate::error::{ApiResult, Problem};
use crate::model::{LogIn, Session};
use crate::router::App;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use axum::{Extension, Json};
use serde::Deserialize;
use std::net::SocketAddr;
use tokio_postgres::types::{ToSql, Type};

#[derive(Deserialize)]
struct Attempt {
    attempt_id: i64,
    user_id: Option<i64>,
    argon2: Option<String>,
}

#[derive(Deserialize)]
struct Opened {
    #[serde(default)]
    reused: bool,
    sid: Option<String>,
    user_id: Option<i64>,
    role: Option<String>,
}

async fn ask<T: for<'a> Deserialize<'a>>(
    app: &App,
    sql: &str,
    params: &[(&(dyn ToSql + Sync), Type)],
) -> ApiResult<T> {
    let client = app.pool.get().await?;
    let rows = client.query_typed(sql, params).await?;
    let json: String = rows.first().map(|row| row.get(0)).unwrap_or_default();
    serde_json::from_str(&json).map_err(|_| Problem::unauthorized("This session has ended"))
}

/// Signs in with e-mail address and password; sets the cookies and answers an access token.
#[utoipa::path(post, path = "/api/session", tag = "session", request_body = LogIn, security(()), responses((status = 200, body = Session)))]
pub async fn log_in(
    State(app): State<App>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    crate::caller::Json(body): crate::caller::Json,
) -> ApiResult {
    let body: LogIn = serde_json::from_str(&body).map_err(|_| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "email and password are required",
            None,
        )
    })?;
    let ip = peer.map(|Extension(ConnectInfo(address))| address.ip().to_string());
    let attempt: Attempt = ask(
        &app,
        "select api._log_in($1, $2::text::inet)::text",
        &[(&body.email, Type::TEXT), (&ip, Type::TEXT)],
    )
    .await?;
    if !auth::verify_password(body.password, attempt.argon2).await {
        return Err(Problem::unauthorized("E-mail address or password is wrong"));
    }
    let refresh = auth::random_token();
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let opened: Opened = ask(
        &app,
        "select api._open_session($1, $2, $3, $4)::text",
        &[
            (&attempt.attempt_id, Type::INT8),
            (&attempt.user_id, Type::INT8),
            (&auth::sha256(&refresh), Type::BYTEA),
            (&agent, Type::TEXT),
        ],
    )
    .await?;
    answer(&app, &opened, &refresh)
}

/// Trades the refresh token for a new pair; one that was traded before ends the session.
#[utoipa::path(post, path = "/api/session/refresh", tag = "session", security(()), responses((status = 200, body = Session)))]
pub async fn refresh_session(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    let old = cookie(&headers, "autocrm_refresh")
        .ok_or_else(|| Problem::unauthorized("Nobody is signed in"))?;
    let new = auth::random_token();
    let opened: Opened = ask(
        &app,
        "select api._refresh_session($1, $2)::text",
        &[
            (&auth::sha256(&old), Type::BYTEA),
            (&auth::sha256(&new), Type::BYTEA),
        ],
    )
    .await?;
    if opened.reused {
        return Err(Problem::unauthorized(
            "This session was ended for safety: its token was used twice",
        ));
    }
    answer(&app, &opened, &new)
}

/// Signs out; the session ends at once.
#[utoipa::path(delete, path = "/api/session", tag = "session", security(()), responses((status = 204)))]
pub async fn log_out(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    if let Some(token) = cookie(&headers, "autocrm_refresh") {
        let _ended: serde_json::Value = ask(
            &app,
            "select api._log_out($1)::text",
            &[(&auth::sha256(&token), Type::BYTEA)],
        )
        .await?;
    }
    Ok((StatusCode::NO_CONTENT, cookies("", "", 0, 0)).into_response())
}

fn answer(app: &App, opened: &Opened, refresh: &str) -> ApiResult {
    let (Some(sid), Some(user), Some(role)) = (&opened.sid, opened.user_id, &opened.role) else {
        return Err(Problem::unauthorized("This session has ended"));
    };
    let claims = Claims {
        sub: user.to_string(),
        role: role.clone(),
        sid: sid.clone(),
        exp: chrono::Utc::now().timestamp() + ACCESS_SECONDS,
    };
    let access = auth::sign(&app.config.secret, &claims)?;
    let set = cookies(&access, refresh, ACCESS_SECONDS, REFRESH_SECONDS);
    Ok((
        set,
        Json(Session {
            access_token: access,
            expires_in: ACCESS_SECONDS,
        }),
    )
        .into_response())
}

type SetCookies = AppendHeaders<[(header::HeaderName, String); 2]>;

fn cookies(access: &str, refresh: &str, access_age: i64, refresh_age: i64) -> SetCookies {
    let cookie = |name: &str, value: &str, path: &str, age: i64| {
        (
            header::SET_COOKIE,
            format!("{name}={value}; Path={path}; Max-Age={age}; HttpOnly; SameSite=Strict"),
        )
    };
    AppendHeaders([
        cookie("autocrm_access", access, "/api", access_age),
        cookie("autocrm_refresh", refresh, "/api/session", refresh_age),
    ])
}
