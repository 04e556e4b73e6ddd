//! Log-in, refresh and log-out: the only operations without a caller. See `sql/worker/sessions.sql`.

use crate::app::App;
use crate::auth::{self, ACCESS_SECONDS, Claims, DEVICE_SECONDS, Purpose, REFRESH_SECONDS};
use crate::db::calls;
use crate::db::params::Params;
use crate::error::{ApiResult, Problem};
use crate::http::address::sender;
use crate::http::body;
use crate::http::credentials::{bearer, cookie, cookies};
use crate::model::{LogIn, Session};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use axum::{Extension, Json};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::SocketAddr;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const ACCESS: &str = "autocrm_access";
const REFRESH: &str = "autocrm_refresh";
/// A prefix, followed by the user's id: a browser keeps one for each of its accounts.
const DEVICE: &str = "autocrm_device_";
/// For how long `worker.log_in` counts a failure: afterwards the next attempt is looked at again.
const FAILURE_SECONDS: u32 = 900;
/// Further device cookies are ignored: no browser has so many accounts.
const MOST_DEVICES: usize = 10;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(log_in, log_out))
        .routes(routes!(refresh_session))
}

#[derive(Deserialize)]
pub(super) struct Attempt {
    pub attempt_id: i64,
    pub user_id: Option<i64>,
    pub argon2: Option<String>,
}

#[derive(Deserialize)]
struct Opened {
    #[serde(default)]
    reused: bool,
    sid: Option<String>,
    user_id: Option<i64>,
    role: Option<String>,
}

async fn ask<T: for<'a> Deserialize<'a>>(app: &App, sql: &str, params: Params<'_>) -> ApiResult<T> {
    let json = calls::ask(&app.pool, sql, params).await?;
    serde_json::from_str(&json.unwrap_or_default())
        .map_err(|_| Problem::unauthorized("This session has ended"))
}

/// A form of a foreign page can send no JSON without being asked first, and so signs nobody in.
fn needs_json(headers: &HeaderMap) -> ApiResult<()> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "Logging in needs a body of type application/json",
        Some("Send the header Content-Type: application/json."),
    ))
}

/// The accounts that this browser has signed in to before, by cookies that the desk has signed.
fn devices(app: &App, headers: &HeaderMap) -> Value {
    cookies(headers)
        .filter(|cookie| cookie.name().starts_with(DEVICE))
        .take(MOST_DEVICES)
        .filter_map(|cookie| auth::unseal(&app.config.secret, Purpose::Device, cookie.value()))
        .map(|seal| json!({"user_id": seal.sub, "device": seal.jti}))
        .collect()
}

/// Notes that somebody is about to prove a password, unless they failed too often: 429.
pub(super) async fn attempt(
    app: &App,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: &HeaderMap,
    email: &str,
) -> ApiResult<Attempt> {
    let address = peer.map(|Extension(ConnectInfo(peer))| {
        sender(headers, peer, &app.config.trusted_proxies).to_string()
    });
    let devices = devices(app, headers).to_string();
    ask(
        app,
        "select worker.log_in($1, $2::text::inet, $3::text::jsonb)::text",
        &[&email, &address, &devices],
    )
    .await
    .map_err(|mut problem: Problem| {
        if problem.status == StatusCode::TOO_MANY_REQUESTS.as_u16() {
            problem.retry_after = Some(FAILURE_SECONDS);
        }
        problem
    })
}

/// Signs in with e-mail address and password; sets the cookies and answers an access token.
#[utoipa::path(post, path = "/api/session", tag = "session", request_body = LogIn, security(()), responses((status = 200, body = Session)))]
pub async fn log_in(
    State(app): State<App>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    body::Json(body): body::Json,
) -> ApiResult {
    needs_json(&headers)?;
    let body: LogIn = body::read(&body, &["email", "password"], &[])?;
    let attempt = attempt(&app, peer, &headers, &body.email).await?;
    if !auth::verify_password(body.password, attempt.argon2).await {
        return Err(Problem::unauthorized("E-mail address or password is wrong"));
    }
    let session = uuid::Uuid::new_v4().to_string();
    let refresh = auth::seal(
        &app.config.secret,
        Purpose::Refresh,
        &session,
        REFRESH_SECONDS,
    )?;
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let opened: Opened = ask(
        &app,
        "select worker.open_session($1, $2, $3::text::uuid, $4, $5)::text",
        &[
            &attempt.attempt_id,
            &attempt.user_id,
            &session,
            &auth::sha256(&refresh),
            &agent,
        ],
    )
    .await?;
    answer(&app, &opened, &refresh, true)
}

/// Trades the refresh token for a new pair; one that was traded before ends the session.
#[utoipa::path(post, path = "/api/session/refresh", tag = "session", security(()), responses((status = 200, body = Session)))]
pub async fn refresh_session(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    let old =
        cookie(&headers, REFRESH).ok_or_else(|| Problem::unauthorized("Nobody is signed in"))?;
    // The token names its session, so that a token of any generation is recognised.
    let session = session(&app, &old);
    let new = match &session {
        Some(session) => auth::seal(
            &app.config.secret,
            Purpose::Refresh,
            session,
            REFRESH_SECONDS,
        )?,
        None => auth::random_token(),
    };
    let opened: Opened = ask(
        &app,
        "select worker.refresh_session($1::text::uuid, $2, $3)::text",
        &[&session, &auth::sha256(&old), &auth::sha256(&new)],
    )
    .await?;
    if opened.reused {
        return Err(Problem::unauthorized(
            "This session was ended for safety: its token was used twice",
        ));
    }
    answer(&app, &opened, &new, false)
}

/// The session of a refresh token; `None` for one of a desk before 0.3, which named none.
fn session(app: &App, refresh: &str) -> Option<String> {
    let seal = auth::unseal(&app.config.secret, Purpose::Refresh, refresh)?;
    Some(seal.sub)
}

/// Signs out; the session of the cookies or of the access token ends at once.
#[utoipa::path(delete, path = "/api/session", tag = "session", security(()), responses((status = 204)))]
pub async fn log_out(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    let mut sessions = Vec::new();
    if let Some(token) = bearer(&headers) {
        if token.starts_with("ak_") {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "An API key has no session to end",
                Some("An administrator revokes keys."),
            ));
        }
        let claims = auth::session_of(&app.config.secret, token)
            .ok_or_else(|| Problem::unauthorized("This token is not valid"))?;
        sessions.push(claims.sid);
    } else if let Some(token) = cookie(&headers, ACCESS) {
        sessions.extend(auth::session_of(&app.config.secret, &token).map(|claims| claims.sid));
    }
    let refresh = cookie(&headers, REFRESH);
    sessions.extend(refresh.as_deref().and_then(|token| session(&app, token)));
    let hash = refresh.as_deref().map(auth::sha256);
    let _ended: Value = ask(
        &app,
        "select worker.log_out($1, $2::text[])::text",
        &[&hash, &sessions],
    )
    .await?;
    let gone = [(ACCESS, "/api"), (REFRESH, "/api/session")]
        .map(|(name, path)| set_cookie(&app, name, "", path, 0));
    Ok((StatusCode::NO_CONTENT, AppendHeaders(gone)).into_response())
}

fn answer(app: &App, opened: &Opened, refresh: &str, is_log_in: bool) -> ApiResult {
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
    let mut set = vec![
        set_cookie(app, ACCESS, &access, "/api", ACCESS_SECONDS),
        set_cookie(app, REFRESH, refresh, "/api/session", REFRESH_SECONDS),
    ];
    if is_log_in {
        let (name, secret) = (format!("{DEVICE}{user}"), &app.config.secret);
        let device = auth::seal(secret, Purpose::Device, &claims.sub, DEVICE_SECONDS)?;
        set.push(set_cookie(
            app,
            &name,
            &device,
            "/api/session",
            DEVICE_SECONDS,
        ));
    }
    let body = Session {
        access_token: access,
        expires_in: ACCESS_SECONDS,
    };
    Ok((AppendHeaders(set), Json(body)).into_response())
}

fn set_cookie(
    app: &App,
    name: &str,
    value: &str,
    path: &str,
    seconds: i64,
) -> (HeaderName, String) {
    let cookie = Cookie::build((name, value))
        .path(path)
        .max_age(Duration::seconds(seconds))
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.config.cookies_are_secure());
    (header::SET_COOKIE, cookie.to_string())
}
