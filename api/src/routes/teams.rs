//! Teams: see `sql/api/teams.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Coverage, CoverageQuery, Deleted, ListQuery, Page, Team, TeamNumbers};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of teams.
#[utoipa::path(get, path = "/api/teams", tag = "teams", params(ListQuery), responses((status = 200, body = Page<Team>)))]
pub async fn list_teams(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_teams($1::text::jsonb)", &[(&query, Type::TEXT)])
        .await
}

/// One team.
#[utoipa::path(get, path = "/api/teams/{id}", tag = "teams", params(("id" = i64, Path)), responses((status = 200, body = Team)))]
pub async fn get_team(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_team($1)", &[(&id, Type::INT8)]).await
}

/// Adds a team.
#[utoipa::path(post, path = "/api/teams", tag = "teams", request_body = Value, responses((status = 201, body = Team)))]
pub async fn create_team(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_team($1::text::jsonb)", &[(&body, Type::TEXT)])
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/teams/{id}", tag = "teams", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = Team)))]
pub async fn update_team(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_team($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a team that nothing refers to.
#[utoipa::path(delete, path = "/api/teams/{id}", tag = "teams", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_team(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_team($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}

/// Who is there in the next seven days, hour by hour, and when the team is open with nobody there.
#[utoipa::path(get, path = "/api/teams/{id}/coverage", tag = "teams", params(("id" = i64, Path), CoverageQuery), responses((status = 200, body = Coverage)))]
pub async fn get_coverage(caller: Caller, Path(id): Path<i64>, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.get_coverage($1, $2::text::jsonb)",
            &[(&id, Type::INT8), (&query, Type::TEXT)],
        )
        .await
}

/// How the team stands now: open, waiting, the oldest, the load of its agents.
#[utoipa::path(get, path = "/api/teams/{id}/numbers", tag = "teams", params(("id" = i64, Path)), responses((status = 200, body = TeamNumbers)))]
pub async fn get_team_numbers(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_team_numbers($1)", &[(&id, Type::INT8)])
        .await
}

/// Makes a user a member, or changes whether they lead.
#[utoipa::path(put, path = "/api/teams/{id}/members/{user_id}", tag = "teams", params(("id" = i64, Path), ("user_id" = i64, Path)), request_body = Value, responses((status = 200, body = Team)))]
pub async fn add_member(
    caller: Caller,
    Path((id, user_id)): Path<(i64, i64)>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.add_member($1, $2, $3::text::jsonb)",
            &[
                (&id, Type::INT8),
                (&user_id, Type::INT8),
                (&body, Type::TEXT),
            ],
        )
        .await
}

/// Takes a user out of a team.
#[utoipa::path(delete, path = "/api/teams/{id}/members/{user_id}", tag = "teams", params(("id" = i64, Path), ("user_id" = i64, Path)), responses((status = 200, body = Team)))]
pub async fn remove_member(caller: Caller, Path((id, user_id)): Path<(i64, i64)>) -> ApiResult {
    caller
        .call(
            "api.remove_member($1, $2)",
            &[(&id, Type::INT8), (&user_id, Type::INT8)],
        )
        .await
}
