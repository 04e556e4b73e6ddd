//! Users: see `sql/api/users.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, Page, User};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of users.
#[utoipa::path(get, path = "/api/users", tag = "users", params(ListQuery), responses((status = 200, body = Page<User>)))]
pub async fn list_users(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_users($1::text::jsonb)", &[(&query, Type::TEXT)])
        .await
}

/// One user.
#[utoipa::path(get, path = "/api/users/{id}", tag = "users", params(("id" = i64, Path)), responses((status = 200, body = User)))]
pub async fn get_user(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_user($1)", &[(&id, Type::INT8)]).await
}

/// Adds a user.
#[utoipa::path(post, path = "/api/users", tag = "users", request_body = Value, responses((status = 201, body = User)))]
pub async fn create_user(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_user($1::text::jsonb)", &[(&body, Type::TEXT)])
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/users/{id}", tag = "users", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = User)))]
pub async fn update_user(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_user($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a user that nothing refers to.
#[utoipa::path(delete, path = "/api/users/{id}", tag = "users", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_user(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_user($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}
