//! What workers could not do, for administrators: see `sql/api/set_aside.sql`.

use crate::caller::{Caller, Query};
use crate::error::ApiResult;
use crate::model::{ListQuery, Page, SetAside};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of what workers could not do, each with its reason; filters worker, ticket_id, code.
#[utoipa::path(get, path = "/api/set-aside", tag = "settings", params(ListQuery), responses((status = 200, body = Page<SetAside>)))]
pub async fn list_set_aside(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_set_aside($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// Has a worker try at once what it could not do; admins only.
#[utoipa::path(post, path = "/api/set-aside/{id}/retry", tag = "settings", params(("id" = i64, Path)), responses((status = 200, body = SetAside)))]
pub async fn retry_set_aside(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.retry_set_aside($1)", &[(&id, Type::INT8)])
        .await
}
