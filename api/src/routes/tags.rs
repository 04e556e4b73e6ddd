//! Tags: see `sql/api/tags.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, Page, Tag, TagSettings};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of tags.
#[utoipa::path(get, path = "/api/tags", tag = "tags", params(ListQuery), responses((status = 200, body = Page<Tag>)))]
pub async fn list_tags(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_tags($1::text::jsonb)", &[(&query, Type::TEXT)])
        .await
}

/// One tag.
#[utoipa::path(get, path = "/api/tags/{id}", tag = "tags", params(("id" = i64, Path)), responses((status = 200, body = Tag)))]
pub async fn get_tag(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_tag($1)", &[(&id, Type::INT8)]).await
}

/// Adds a tag.
#[utoipa::path(post, path = "/api/tags", tag = "tags", request_body = Value, responses((status = 201, body = Tag)))]
pub async fn create_tag(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_tag($1::text::jsonb)", &[(&body, Type::TEXT)])
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/tags/{id}", tag = "tags", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = Tag)))]
pub async fn update_tag(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_tag($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a tag that nothing refers to.
#[utoipa::path(delete, path = "/api/tags/{id}", tag = "tags", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_tag(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_tag($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}

/// Gives every ticket of this tag the tag `into` instead, and removes this one.
#[utoipa::path(post, path = "/api/tags/{id}/merge", tag = "tags", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = Tag)))]
pub async fn merge_tags(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.merge_tags($1, $2::text::jsonb)",
            &[(&id, Type::INT8), (&body, Type::TEXT)],
        )
        .await
}

/// Whether tags are made on use, or only by administrators.
#[utoipa::path(get, path = "/api/tags/settings", tag = "tags", responses((status = 200, body = TagSettings)))]
pub async fn get_tag_settings(caller: Caller) -> ApiResult {
    caller.call("api.get_tag_settings()", &[]).await
}

/// Opens or closes the list of tags.
#[utoipa::path(patch, path = "/api/tags/settings", tag = "tags", request_body = Value, responses((status = 200, body = TagSettings)))]
pub async fn update_tag_settings(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_tag_settings($1::text::jsonb, $2)",
            &[(&body, Type::TEXT), (&caller.version(), Type::INT8)],
        )
        .await
}
