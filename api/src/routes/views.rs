//! Saved queues: see `sql/api/views.sql`, `_pages.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, Page, TicketQuery, View, ViewCounts, ViewRow};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of views.
#[utoipa::path(get, path = "/api/views", tag = "views", params(ListQuery), responses((status = 200, body = Page<View>)))]
pub async fn list_views(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_views($1::text::jsonb)", &[(&query, Type::TEXT)])
        .await
}

/// One view.
#[utoipa::path(get, path = "/api/views/{id}", tag = "views", params(("id" = i64, Path)), responses((status = 200, body = View)))]
pub async fn get_view(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_view($1)", &[(&id, Type::INT8)]).await
}

/// Saves a view, private unless `visibility` says otherwise.
#[utoipa::path(post, path = "/api/views", tag = "views", request_body = Value, responses((status = 201, body = View)))]
pub async fn create_view(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_view($1::text::jsonb)", &[(&body, Type::TEXT)])
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/views/{id}", tag = "views", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = View)))]
pub async fn update_view(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_view($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a view, not its tickets.
#[utoipa::path(delete, path = "/api/views/{id}", tag = "views", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_view(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_view($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}

/// How many tickets each view holds.
#[utoipa::path(get, path = "/api/views/counts", tag = "views", responses((status = 200, body = ViewCounts)))]
pub async fn count_views(caller: Caller) -> ApiResult {
    caller.call("api.count_views()", &[]).await
}

/// A page of a view's tickets; every filter of the list of tickets may come on top.
#[utoipa::path(get, path = "/api/views/{id}/tickets", tag = "views", params(("id" = i64, Path), TicketQuery), responses((status = 200, body = Page<ViewRow>)))]
pub async fn list_view_tickets(
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query,
) -> ApiResult {
    caller
        .call(
            "api.list_view_tickets($1, $2::text::jsonb)",
            &[(&id, Type::INT8), (&query, Type::TEXT)],
        )
        .await
}
