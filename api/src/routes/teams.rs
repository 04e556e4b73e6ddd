//! Teams: see `sql/api/teams.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    AddMember, Coverage, CoverageQuery, CreateTeam, Deleted, ListQuery, Page, Team, TeamNumbers,
    UpdateTeam,
};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    resource_routes()
        .routes(routes!(get_coverage))
        .routes(routes!(get_team_numbers))
        .routes(routes!(add_member, remove_member))
}

resource! {
    routes: resource_routes, tag: "teams", path: "/api/teams", one: "/api/teams/{id}", shape: Team;
    /// A page of teams.
    list: list_teams(ListQuery);
    /// One team.
    read: get_team;
    /// Adds a team.
    create: create_team(CreateTeam);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_team(UpdateTeam);
    /// Removes a team that nothing refers to.
    delete: delete_team;
}

/// Who is there in the next seven days, hour by hour, and when the team is open with nobody there.
#[utoipa::path(get, path = "/api/teams/{id}/coverage", tag = "teams", params(("id" = i64, Path), CoverageQuery), responses((status = 200, body = Coverage)))]
pub async fn get_coverage(caller: Caller, Path(id): Path<i64>, Query(query): Query) -> ApiResult {
    caller
        .call("api.get_coverage($1, $2::text::jsonb)", &[&id, &query])
        .await
}

/// How the team stands now: open, waiting, the oldest, the load of its agents.
#[utoipa::path(get, path = "/api/teams/{id}/numbers", tag = "teams", params(("id" = i64, Path)), responses((status = 200, body = TeamNumbers)))]
pub async fn get_team_numbers(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_team_numbers($1)", &[&id]).await
}

/// Makes a user a member, or changes whether they lead.
#[utoipa::path(put, path = "/api/teams/{id}/members/{user_id}", tag = "teams", params(("id" = i64, Path), ("user_id" = i64, Path)), request_body = AddMember, responses((status = 200, body = Team)))]
pub async fn add_member(
    caller: Caller,
    Path((id, user_id)): Path<(i64, i64)>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.add_member($1, $2, $3::text::jsonb)",
            &[&id, &user_id, &body],
        )
        .await
}

/// Takes a user out of a team.
#[utoipa::path(delete, path = "/api/teams/{id}/members/{user_id}", tag = "teams", params(("id" = i64, Path), ("user_id" = i64, Path)), responses((status = 200, body = Team)))]
pub async fn remove_member(caller: Caller, Path((id, user_id)): Path<(i64, i64)>) -> ApiResult {
    caller
        .call("api.remove_member($1, $2)", &[&id, &user_id])
        .await
}
