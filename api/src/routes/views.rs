//! Saved queues: see `sql/api/views.sql`, and `sql/api/tickets/page.sql` for their pages.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    CreateView, Deleted, ListQuery, Page, TicketQuery, UpdateView, View, ViewCounts, ViewRow,
};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    resource_routes()
        .routes(routes!(count_views))
        .routes(routes!(list_view_tickets))
}

resource! {
    routes: resource_routes, tag: "views", path: "/api/views", one: "/api/views/{id}", shape: View;
    /// A page of views.
    list: list_views(ListQuery);
    /// One view.
    read: get_view;
    /// Saves a view, private unless `visibility` says otherwise.
    create: create_view(CreateView);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_view(UpdateView);
    /// Removes a view, not its tickets.
    delete: delete_view;
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
        .call("api.list_view_tickets($1, $2::text::jsonb)", &[&id, &query])
        .await
}
