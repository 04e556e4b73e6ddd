//! Macros: see `sql/api/macros.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, Macro, MacroApplied, MacroPreview, MacroVersion, Page};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of macros.
#[utoipa::path(get, path = "/api/macros", tag = "macros", params(ListQuery), responses((status = 200, body = Page<Macro>)))]
pub async fn list_macros(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_macros($1::text::jsonb)", &[(&query, Type::TEXT)])
        .await
}

/// One macro.
#[utoipa::path(get, path = "/api/macros/{id}", tag = "macros", params(("id" = i64, Path)), responses((status = 200, body = Macro)))]
pub async fn get_macro(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_macro($1)", &[(&id, Type::INT8)]).await
}

/// Adds a macro.
#[utoipa::path(post, path = "/api/macros", tag = "macros", request_body = Value, responses((status = 201, body = Macro)))]
pub async fn create_macro(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create("api.create_macro($1::text::jsonb)", &[(&body, Type::TEXT)])
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/macros/{id}", tag = "macros", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = Macro)))]
pub async fn update_macro(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_macro($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes a macro that nothing refers to.
#[utoipa::path(delete, path = "/api/macros/{id}", tag = "macros", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_macro(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_macro($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}

/// What a macro said, the newest version first.
#[utoipa::path(get, path = "/api/macros/{id}/versions", tag = "macros", params(("id" = i64, Path), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query)), responses((status = 200, body = Page<MacroVersion>)))]
pub async fn list_macro_versions(
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query,
) -> ApiResult {
    caller
        .call(
            "api.list_macro_versions($1, $2::text::jsonb)",
            &[(&id, Type::INT8), (&query, Type::TEXT)],
        )
        .await
}

/// What a macro would do to a ticket, without doing it.
#[utoipa::path(post, path = "/api/tickets/{id}/macros/{macro_id}/preview", tag = "macros", params(("id" = i64, Path), ("macro_id" = i64, Path)), request_body = Value, responses((status = 200, body = MacroPreview)))]
pub async fn preview_macro(
    caller: Caller,
    Path((id, macro_id)): Path<(i64, i64)>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.preview_macro($1, $2, $3::text::jsonb, $4)",
            &[
                (&id, Type::INT8),
                (&macro_id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Applies a macro to a ticket, all of it or nothing; with If-Match or `version`, 409 when somebody was faster.
#[utoipa::path(post, path = "/api/tickets/{id}/macros/{macro_id}/apply", tag = "macros", params(("id" = i64, Path), ("macro_id" = i64, Path)), request_body = Value, responses((status = 200, body = MacroApplied)))]
pub async fn apply_macro(
    caller: Caller,
    Path((id, macro_id)): Path<(i64, i64)>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.apply_macro($1, $2, $3::text::jsonb, $4)",
            &[
                (&id, Type::INT8),
                (&macro_id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}
