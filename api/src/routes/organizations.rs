//! Organizations: see `sql/api/organizations.sql`.

use crate::caller::{Caller, Json, Query};
use crate::error::ApiResult;
use crate::model::{Deleted, ListQuery, Organization, Page};
use axum::extract::Path;
use tokio_postgres::types::Type;

/// A page of organizations.
#[utoipa::path(get, path = "/api/organizations", tag = "organizations", params(ListQuery), responses((status = 200, body = Page<Organization>)))]
pub async fn list_organizations(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.list_organizations($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}

/// One organization.
#[utoipa::path(get, path = "/api/organizations/{id}", tag = "organizations", params(("id" = i64, Path)), responses((status = 200, body = Organization)))]
pub async fn get_organization(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call("api.get_organization($1)", &[(&id, Type::INT8)])
        .await
}

/// Adds an organization.
#[utoipa::path(post, path = "/api/organizations", tag = "organizations", request_body = Value, responses((status = 201, body = Organization)))]
pub async fn create_organization(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .create(
            "api.create_organization($1::text::jsonb)",
            &[(&body, Type::TEXT)],
        )
        .await
}

/// Changes the keys given; with If-Match, 409 when somebody was faster.
#[utoipa::path(patch, path = "/api/organizations/{id}", tag = "organizations", params(("id" = i64, Path)), request_body = Value, responses((status = 200, body = Organization)))]
pub async fn update_organization(
    caller: Caller,
    Path(id): Path<i64>,
    Json(body): Json,
) -> ApiResult {
    caller
        .call(
            "api.update_organization($1, $2::text::jsonb, $3)",
            &[
                (&id, Type::INT8),
                (&body, Type::TEXT),
                (&caller.version(), Type::INT8),
            ],
        )
        .await
}

/// Removes an organization that nothing refers to.
#[utoipa::path(delete, path = "/api/organizations/{id}", tag = "organizations", params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
pub async fn delete_organization(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller
        .call(
            "api.delete_organization($1, $2)",
            &[(&id, Type::INT8), (&caller.version(), Type::INT8)],
        )
        .await
}
