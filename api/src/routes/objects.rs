//! Records of the desk's own making, with their types and fields: see `sql/api/objects.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, ObjectField, ObjectRecord, ObjectType, Page, QueueRow};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of object types.
#[utoipa::path(get, path = "/api/object-types", tag = "objects", params(ListQuery), responses((status = 200, body = Page<ObjectType>)))]
pub async fn list_object_types(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_object_types($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One object type.
#[utoipa::path(get, path = "/api/object-types/{id}", tag = "objects", params(("id" = i64, Path)), responses((status = 200, body = ObjectType)))]
pub async fn get_object_type(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_object_type($1)", &[(&id, Type::INT8)])
        .await
}

/// Adds an object type.
#[utoipa::path(post, path = "/api/object-types", tag = "objects", request_body = Value, responses((status = 201, body = ObjectType)))]
pub async fn create_object_type(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_object_type($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/object-types/{id}", tag = "objects", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = ObjectType)))]
pub async fn update_object_type(
    caller: Caller,
    Path(id): Path<i64>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.update_object_type($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes an object type that has no records, with its fields.
#[utoipa::path(delete, path = "/api/object-types/{id}", tag = "objects", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_object_type(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_object_type($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}

/// A page of fields of records.
#[utoipa::path(get, path = "/api/object-fields", tag = "objects", params(ListQuery, ("object_type_id" = Option<i64>, Query)), responses((status = 200, body = Page<ObjectField>)))]
pub async fn list_object_fields(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_object_fields($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One field of records.
#[utoipa::path(get, path = "/api/object-fields/{id}", tag = "objects", params(("id" = i64, Path)), responses((status = 200, body = ObjectField)))]
pub async fn get_object_field(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_object_field($1)", &[(&id, Type::INT8)])
        .await
}

/// Adds a field of records.
#[utoipa::path(post, path = "/api/object-fields", tag = "objects", request_body = Value, responses((status = 201, body = ObjectField)))]
pub async fn create_object_field(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_object_field($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/object-fields/{id}", tag = "objects", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = ObjectField)))]
pub async fn update_object_field(
    caller: Caller,
    Path(id): Path<i64>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.update_object_field($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a field of records that none has a value of.
#[utoipa::path(delete, path = "/api/object-fields/{id}", tag = "objects", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_object_field(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_object_field($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}

/// A page of records.
#[utoipa::path(get, path = "/api/object-records", tag = "objects", params(("limit" = Option<i64>, Query), ("after" = Option<String>, Query), ("sort" = Option<String>, Query, description = "name or created_at, with - in front for descending"), ("type" = Option<String>, Query, description = "The key of an object type"), ("name" = Option<String>, Query, description = "How it begins"), ("external_key" = Option<String>, Query)), responses((status = 200, body = Page<ObjectRecord>)))]
pub async fn list_object_records(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_object_records($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One record.
#[utoipa::path(get, path = "/api/object-records/{id}", tag = "objects", params(("id" = i64, Path)), responses((status = 200, body = ObjectRecord)))]
pub async fn get_object_record(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_object_record($1)", &[(&id, Type::INT8)])
        .await
}

/// Adds a record.
#[utoipa::path(post, path = "/api/object-records", tag = "objects", request_body = Value, responses((status = 201, body = ObjectRecord)))]
pub async fn create_object_record(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_object_record($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/object-records/{id}", tag = "objects", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = ObjectRecord)))]
pub async fn update_object_record(
    caller: Caller,
    Path(id): Path<i64>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.update_object_record($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a record, and empties the relations that point to it.
#[utoipa::path(delete, path = "/api/object-records/{id}", tag = "objects", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_object_record(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_object_record($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}

/// The tickets whose relations point to a record, newest first.
#[utoipa::path(get, path = "/api/object-records/{id}/tickets", tag = "objects", params(("id" = i64, Path), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query)), responses((status = 200, body = Page<QueueRow>)))]
pub async fn list_object_record_tickets(
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query,
) -> ApiResult {
    caller
        .call(
            "api.list_object_record_tickets($1, $2::text::jsonb)",
            &[(&id, Type::INT8), (&query, Type::TEXT)],
        )
        .await
}
