//! Macros: see `sql/api/macros.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    ApplyMacro, CreateMacro, Deleted, ListQuery, Macro, MacroApplied, MacroPreview, MacroVersion,
    Page, PageQuery, UpdateMacro,
};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    resource_routes()
        .routes(routes!(list_macro_versions))
        .routes(routes!(preview_macro))
        .routes(routes!(apply_macro))
}

resource! {
    routes: resource_routes, tag: "macros", path: "/api/macros", one: "/api/macros/{id}", shape: Macro;
    /// A page of macros.
    list: list_macros(ListQuery);
    /// One macro.
    read: get_macro;
    /// Adds a macro.
    create: create_macro(CreateMacro);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_macro(UpdateMacro);
    /// Removes a macro that nothing refers to.
    delete: delete_macro;
}

/// What a macro said, the newest version first.
#[utoipa::path(get, path = "/api/macros/{id}/versions", tag = "macros", params(("id" = i64, Path), PageQuery), responses((status = 200, body = Page<MacroVersion>)))]
pub async fn list_macro_versions(
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query,
) -> ApiResult {
    caller
        .call(
            "api.list_macro_versions($1, $2::text::jsonb)",
            &[&id, &query],
        )
        .await
}

/// What a macro would do to a ticket, without doing it.
#[utoipa::path(post, path = "/api/tickets/{id}/macros/{macro_id}/preview", tag = "macros", params(("id" = i64, Path), ("macro_id" = i64, Path)), request_body = ApplyMacro, responses((status = 200, body = MacroPreview)))]
pub async fn preview_macro(
    caller: Caller,
    Path((id, macro_id)): Path<(i64, i64)>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.preview_macro($1, $2, $3::text::jsonb, $4)",
            &[&id, &macro_id, &body, &caller.version()],
        )
        .await
}

/// Applies a macro to a ticket, all of it or nothing; with If-Match or `version`, 409 when somebody was faster.
#[utoipa::path(post, path = "/api/tickets/{id}/macros/{macro_id}/apply", tag = "macros", params(("id" = i64, Path), ("macro_id" = i64, Path)), request_body = ApplyMacro, responses((status = 200, body = MacroApplied)))]
pub async fn apply_macro(
    caller: Caller,
    Path((id, macro_id)): Path<(i64, i64)>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.apply_macro($1, $2, $3::text::jsonb, $4)",
            &[&id, &macro_id, &body, &caller.version()],
        )
        .await
}
