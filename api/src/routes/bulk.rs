//! Bulk jobs over many tickets, and the trash: see `sql/api/tickets/bulk.sql`, `trash.sql`.

use crate::app::App;
use crate::error::{ApiResult, FieldProblem};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{BulkItem, BulkJob, CreateBulkJob, ListQuery, Page, PageQuery, Ticket, Trashed};
use axum::extract::Path;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_bulk_jobs, create_bulk_job))
        .routes(routes!(get_bulk_job))
        .routes(routes!(list_bulk_items))
        .routes(routes!(cancel_bulk_job))
        .routes(routes!(undo_bulk_job))
        .routes(routes!(restore_ticket))
        .routes(routes!(list_trash))
}

/// Does one thing to many tickets: up to 100 at once, up to 10,000 by the worker.
#[utoipa::path(post, path = "/api/bulk-jobs", tag = "bulk", request_body = CreateBulkJob, responses((status = 201, body = BulkJob)))]
pub async fn create_bulk_job(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_bulk_job($1::text::jsonb)", &[&body])
        .await
}

/// A page of the caller's bulk jobs.
#[utoipa::path(get, path = "/api/bulk-jobs", tag = "bulk", params(ListQuery), responses((status = 200, body = Page<BulkJob>)))]
pub async fn list_bulk_jobs(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_bulk_jobs($1::text::jsonb)", &[&query])
        .await
}

/// One bulk job and how far it is.
#[utoipa::path(get, path = "/api/bulk-jobs/{id}", tag = "bulk", params(("id" = i64, Path)), responses((status = 200, body = BulkJob)))]
pub async fn get_bulk_job(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_bulk_job($1)", &[&id]).await
}

/// What became of each ticket.
#[utoipa::path(get, path = "/api/bulk-jobs/{id}/items", tag = "bulk", params(("id" = i64, Path), PageQuery, ("state" = Option<String>, Query), ("incidents" = Option<bool>, Query, description = "true: only problems whose incidents were solved with them or could not be")), responses((status = 200, body = Page<BulkItem>)))]
pub async fn list_bulk_items(
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query,
) -> ApiResult {
    let page = caller
        .fetch("api.list_bulk_items($1, $2::text::jsonb)", &[&id, &query])
        .await;
    caller.answered(page.map(with_problems)).await
}

/// A page of tickets whose problems are told apart, as those of a refused request are: the database keeps their text.
fn with_problems(page: String) -> String {
    let Ok(mut json) = serde_json::from_str::<Value>(&page) else {
        return page;
    };
    for item in json["items"].as_array_mut().into_iter().flatten() {
        let problems = FieldProblem::lines(item["problem"].as_str().unwrap_or_default());
        if !problems.is_empty() {
            item["problems"] = serde_json::to_value(problems).unwrap_or_default();
        }
    }
    json.to_string()
}

/// Stops a job; what is done stays done.
#[utoipa::path(post, path = "/api/bulk-jobs/{id}/cancel", tag = "bulk", params(("id" = i64, Path)), responses((status = 200, body = BulkJob)))]
pub async fn cancel_bulk_job(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.cancel_bulk_job($1)", &[&id]).await
}

/// Within 10 minutes puts back what a job changed and nobody has changed since.
#[utoipa::path(post, path = "/api/bulk-jobs/{id}/undo", tag = "bulk", params(("id" = i64, Path)), responses((status = 200, body = BulkJob)))]
pub async fn undo_bulk_job(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.undo_bulk_job($1)", &[&id]).await
}

/// Takes a ticket out of the trash.
#[utoipa::path(post, path = "/api/tickets/{id}/restore", tag = "tickets", params(("id" = i64, Path)), responses((status = 200, body = Ticket)))]
pub async fn restore_ticket(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.restore_ticket($1)", &[&id]).await
}

/// A page of deleted tickets, latest first.
#[utoipa::path(get, path = "/api/trash", tag = "tickets", params(PageQuery), responses((status = 200, body = Page<Trashed>)))]
pub async fn list_trash(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_trash($1::text::jsonb)", &[&query])
        .await
}
