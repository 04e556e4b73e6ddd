//! A person's data: its export, its erasure, and the certificates: see `sql/api/erasures.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{ErasePerson, Erasure, ExportPerson, ListQuery, Page, PersonExport};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(export_person))
        .routes(routes!(erase_person))
        .routes(routes!(list_erasures))
        .routes(routes!(get_erasure))
}

/// A page of all that the desk has of a person; the audit log tells who had it, so this is no GET. Admins only.
#[utoipa::path(post, path = "/api/users/{id}/export", tag = "users", params(("id" = i64, Path)), request_body = ExportPerson, responses((status = 200, body = PersonExport)))]
pub async fn export_person(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call("api.export_person($1, $2::text::jsonb)", &[&id, &body])
        .await
}

/// Erases a customer everywhere, at once and in the background; answers what becomes the certificate. Admins only.
#[utoipa::path(post, path = "/api/users/{id}/erase", tag = "users", params(("id" = i64, Path)), request_body = ErasePerson, responses((status = 200, body = Erasure)))]
pub async fn erase_person(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call("api.erase_person($1, $2::text::jsonb)", &[&id, &body])
        .await
}

/// A page of erasures and certificates, the newest first; admins only.
#[utoipa::path(get, path = "/api/erasures", tag = "retention", params(ListQuery), responses((status = 200, body = Page<Erasure>)))]
pub async fn list_erasures(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_erasures($1::text::jsonb)", &[&query])
        .await
}

/// One erasure: how far it is, or its certificate.
#[utoipa::path(get, path = "/api/erasures/{id}", tag = "retention", params(("id" = i64, Path)), responses((status = 200, body = Erasure)))]
pub async fn get_erasure(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.get_erasure($1)", &[&id]).await
}
