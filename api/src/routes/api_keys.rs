//! API keys: see `sql/api/api_keys.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{ApiKey, ListQuery, NewApiKey, Page};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of API keys, without the keys themselves.
#[utoipa::path(get, path = "/api/api-keys", tag = "api-keys", params(ListQuery), responses((status = 200, body = Page<ApiKey>)))]
pub async fn list_api_keys(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_api_keys($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One API key.
#[utoipa::path(get, path = "/api/api-keys/{id}", tag = "api-keys", params(("id" = i64, Path)), responses((status = 200, body = ApiKey)))]
pub async fn get_api_key(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_api_key($1)", &[(&id, Type::INT8)])
        .await
}

/// Makes a key and shows it, once.
#[utoipa::path(post, path = "/api/api-keys", tag = "api-keys", request_body = Value, responses((status = 201, body = NewApiKey)))]
pub async fn create_api_key(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_api_key($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}

/// Revokes a key at once.
#[utoipa::path(delete, path = "/api/api-keys/{id}", tag = "api-keys", params(("id" = i64, Path)), responses((status = 200, body = ApiKey)))]
pub async fn delete_api_key(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_api_key($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}
