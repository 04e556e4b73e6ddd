//! Skills: see `sql/api/skills.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, Page, Skill};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of skills.
#[utoipa::path(get, path = "/api/skills", tag = "skills", params(ListQuery), responses((status = 200, body = Page<Skill>)))]
pub async fn list_skills(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_skills($1::text::jsonb)", &[(&query, Type::TEXT)])
        .await
}

/// One skill.
#[utoipa::path(get, path = "/api/skills/{id}", tag = "skills", params(("id" = i64, Path)), responses((status = 200, body = Skill)))]
pub async fn get_skill(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_skill($1)", &[(&id, Type::INT8)]).await
}

/// Adds a skill.
#[utoipa::path(post, path = "/api/skills", tag = "skills", request_body = Value, responses((status = 201, body = Skill)))]
pub async fn create_skill(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_skill($1::text::jsonb)", &[(&body, Type::TEXT)])
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/skills/{id}", tag = "skills", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = Skill)))]
pub async fn update_skill(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_skill($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a skill that nothing refers to.
#[utoipa::path(delete, path = "/api/skills/{id}", tag = "skills", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_skill(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_skill($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}
