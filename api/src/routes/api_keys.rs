//! API keys: see `sql/api/api_keys.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{ApiKey, CreateApiKey, ListQuery, NewApiKey, Page};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_api_keys, create_api_key))
        .routes(routes!(get_api_key, delete_api_key))
}

/// A page of API keys, without the keys themselves.
#[utoipa::path(get, path = "/api/api-keys", tag = "api-keys", params(ListQuery), responses((status = 200, body = Page<ApiKey>)))]
pub async fn list_api_keys(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_api_keys($1::text::jsonb)", &[&query])
        .await
}

/// One API key.
#[utoipa::path(get, path = "/api/api-keys/{id}", tag = "api-keys", params(("id" = i64, Path)), responses((status = 200, body = ApiKey)))]
pub async fn get_api_key(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_api_key($1)", &[&id]).await
}

/// Makes a key and shows it, once.
#[utoipa::path(post, path = "/api/api-keys", tag = "api-keys", request_body = CreateApiKey, responses((status = 201, body = NewApiKey)))]
pub async fn create_api_key(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_api_key($1::text::jsonb)", &[&body])
        .await
}

/// Revokes a key at once.
#[utoipa::path(delete, path = "/api/api-keys/{id}", tag = "api-keys", params(("id" = i64, Path)), responses((status = 200, body = ApiKey)))]
pub async fn delete_api_key(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.delete_api_key($1, $2)", &[&id, &caller.version()])
        .await
}
