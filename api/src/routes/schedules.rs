//! Schedules: see `sql/api/schedules.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, Page, Schedule};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of schedules.
#[utoipa::path(get, path = "/api/schedules", tag = "schedules", params(ListQuery), responses((status = 200, body = Page<Schedule>)))]
pub async fn list_schedules(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_schedules($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One schedule.
#[utoipa::path(get, path = "/api/schedules/{id}", tag = "schedules", params(("id" = i64, Path)), responses((status = 200, body = Schedule)))]
pub async fn get_schedule(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_schedule($1)", &[(&id, Type::INT8)])
        .await
}

/// Adds a schedule.
#[utoipa::path(post, path = "/api/schedules", tag = "schedules", request_body = Value, responses((status = 201, body = Schedule)))]
pub async fn create_schedule(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_schedule($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/schedules/{id}", tag = "schedules", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = Schedule)))]
pub async fn update_schedule(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_schedule($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a schedule; its agents follow their team's again, its teams are always open.
#[utoipa::path(delete, path = "/api/schedules/{id}", tag = "schedules", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_schedule(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_schedule($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}
