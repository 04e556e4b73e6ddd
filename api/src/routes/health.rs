//! How the desk fares, for administrators: see `sql/app/health.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::caller::Caller;
use crate::model::Health;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_health))
}

/// How worker, feed, audit log, tables and server fare, with what to do where something is wrong; admins only.
#[utoipa::path(get, path = "/api/health", tag = "settings", responses((status = 200, body = Health)))]
pub async fn get_health(caller: Caller) -> ApiResult {
    caller.call("api.get_health()", &[]).await
}
