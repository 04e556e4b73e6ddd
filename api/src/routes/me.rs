//! The signed-in user. See `sql/api/me.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::model::{Me, UpdateMe};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_me, update_me))
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/me", tag = "session", responses((status = 200, body = Me)))]
pub async fn get_me(caller: Caller) -> ApiResult {
    caller.call("api.get_me()", &[]).await
}

/// Changes one's own name, availability, locale, time zone or phone.
#[utoipa::path(patch, path = "/api/me", tag = "session", request_body = UpdateMe, responses((status = 200, body = Me)))]
pub async fn update_me(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_me($1::text::jsonb, $2)",
            &[&body, &caller.version()],
        )
        .await
}
