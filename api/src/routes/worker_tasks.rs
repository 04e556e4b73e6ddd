//! Tasks of the background worker, for administrators: see `sql/api/worker_tasks.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{ListQuery, Page, UpdateWorkerTask, WorkerTask};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_worker_tasks))
        .routes(routes!(update_worker_task))
        .routes(routes!(run_worker_task))
}

/// A page of the worker's tasks, with their last rounds; filters name, paused.
#[utoipa::path(get, path = "/api/worker-tasks", tag = "settings", params(ListQuery), responses((status = 200, body = Page<WorkerTask>)))]
pub async fn list_worker_tasks(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_worker_tasks($1::text::jsonb)", &[&query])
        .await
}

/// Pauses a task, or lets it go on; admins only.
#[utoipa::path(patch, path = "/api/worker-tasks/{id}", tag = "settings", params(("id" = i64, Path)), request_body = UpdateWorkerTask, responses((status = 200, body = WorkerTask)))]
pub async fn update_worker_task(
    caller: Caller,
    Path(id): Path<i64>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call("api.update_worker_task($1, $2::text::jsonb)", &[&id, &body])
        .await
}

/// Has the worker make one round of a task, also while it is paused; admins only.
#[utoipa::path(post, path = "/api/worker-tasks/{id}/run", tag = "settings", params(("id" = i64, Path)), responses((status = 200, body = WorkerTask)))]
pub async fn run_worker_task(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.run_worker_task($1)", &[&id]).await
}
