//! The signed-in user. See `sql/api/me.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::model::{Me, MyNumbers, UpdateMe};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_me, update_me))
        .routes(routes!(get_my_numbers))
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/me", tag = "session", responses((status = 200, body = Me)))]
pub async fn get_me(caller: Caller) -> ApiResult {
    caller.call("api.get_me()", &[]).await
}

/// Changes one's own name, availability with its reason, locale, time zone, phone or signature.
#[utoipa::path(patch, path = "/api/me", tag = "session", request_body = UpdateMe, responses((status = 200, body = Me)))]
pub async fn update_me(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_me($1::text::jsonb, $2)",
            &[&body, &caller.version()],
        )
        .await
}

/// One's own work: what is open, solved and replied to.
#[utoipa::path(get, path = "/api/me/numbers", tag = "session", responses((status = 200, body = MyNumbers)))]
pub async fn get_my_numbers(caller: Caller) -> ApiResult {
    caller.call("api.get_my_numbers()", &[]).await
}
