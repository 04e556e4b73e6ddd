//! Followers and CCs: see `sql/api/followers.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{AddFollower, Deleted, Follower, Page, PageQuery};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_followers, add_follower))
        .routes(routes!(remove_follower))
}

/// Followers of a ticket among the staff, and its CCs.
#[utoipa::path(get, path = "/api/tickets/{id}/followers", tag = "messages", params(("id" = i64, Path), ("kind" = Option<String>, Query), PageQuery), responses((status = 200, body = Page<Follower>)))]
pub async fn list_followers(caller: Caller, Path(id): Path<i64>, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_followers($1, $2::text::jsonb)", &[&id, &query])
        .await
}

/// Adds a follower (`user_id`) or a CC (`kind: cc`, with `user_id` or `email`).
#[utoipa::path(post, path = "/api/tickets/{id}/followers", tag = "messages", params(("id" = i64, Path)), request_body = AddFollower, responses((status = 201, body = Follower)))]
pub async fn add_follower(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .create("api.add_follower($1, $2::text::jsonb)", &[&id, &body])
        .await
}

/// Takes a follower or CC off a ticket.
#[utoipa::path(delete, path = "/api/tickets/{id}/followers/{user_id}", tag = "messages", params(("id" = i64, Path), ("user_id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn remove_follower(caller: Caller, Path((id, user_id)): Path<(i64, i64)>) -> ApiResult {
    caller
        .call("api.remove_follower($1, $2)", &[&id, &user_id])
        .await
}
