//! Settings of the desk: see `sql/api/settings.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::model::{Settings, UpdateSettings};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_settings, update_settings))
}

/// The settings of the desk.
#[utoipa::path(get, path = "/api/settings", tag = "settings", responses((status = 200, body = Settings)))]
pub async fn get_settings(caller: Caller) -> ApiResult {
    caller.call("api.get_settings()", &[]).await
}

/// Changes the keys given; admins only.
#[utoipa::path(patch, path = "/api/settings", tag = "settings", request_body = UpdateSettings, responses((status = 200, body = Settings)))]
pub async fn update_settings(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_settings($1::text::jsonb, $2)",
            &[&body, &caller.version()],
        )
        .await
}
