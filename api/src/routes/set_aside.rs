//! Items that workers set aside, for administrators: see `sql/api/set_aside.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{ListQuery, Page, SetAside};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_set_aside))
        .routes(routes!(retry_set_aside))
}

/// A page of what workers could not do, each with its reason; filters worker, ticket_id, code.
#[utoipa::path(get, path = "/api/set-aside", tag = "settings", params(ListQuery), responses((status = 200, body = Page<SetAside>)))]
pub async fn list_set_aside(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_set_aside($1::text::jsonb)", &[&query])
        .await
}

/// Has a worker try at once what it could not do; admins only.
#[utoipa::path(post, path = "/api/set-aside/{id}/retry", tag = "settings", params(("id" = i64, Path)), responses((status = 200, body = SetAside)))]
pub async fn retry_set_aside(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.retry_set_aside($1)", &[&id]).await
}
