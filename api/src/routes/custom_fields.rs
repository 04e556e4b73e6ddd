//! Custom fields: see `sql/api/custom_fields.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{CustomField, Deleted, ListQuery, Page};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of custom fields.
#[utoipa::path(get, path = "/api/custom-fields", tag = "custom-fields", params(ListQuery), responses((status = 200, body = Page<CustomField>)))]
pub async fn list_custom_fields(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_custom_fields($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One custom field.
#[utoipa::path(get, path = "/api/custom-fields/{id}", tag = "custom-fields", params(("id" = i64, Path)), responses((status = 200, body = CustomField)))]
pub async fn get_custom_field(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_custom_field($1)", &[(&id, Type::INT8)])
        .await
}

/// Adds a custom field.
#[utoipa::path(post, path = "/api/custom-fields", tag = "custom-fields", request_body = Value, responses((status = 201, body = CustomField)))]
pub async fn create_custom_field(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_custom_field($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/custom-fields/{id}", tag = "custom-fields", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = CustomField)))]
pub async fn update_custom_field(
    caller: Caller,
    Path(id): Path<i64>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.update_custom_field($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a custom field that nothing refers to.
#[utoipa::path(delete, path = "/api/custom-fields/{id}", tag = "custom-fields", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_custom_field(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_custom_field($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}
