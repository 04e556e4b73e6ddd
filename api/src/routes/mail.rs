//! The outbox of e-mail, for administrators. See `sql/api/mail.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{Mail, Page, PageQuery};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_mails))
        .routes(routes!(retry_mail))
}

/// A page of the e-mails to send and sent, newest first; admins only.
#[utoipa::path(get, path = "/api/mails", tag = "settings", params(("state" = Option<String>, Query, description = "waiting, sent, dropped, failed; some with commas between"), PageQuery), responses((status = 200, body = Page<Mail>)))]
pub async fn list_mails(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_mails($1::text::jsonb)", &[&query])
        .await
}

/// Puts an e-mail that failed back into the queue; admins only.
#[utoipa::path(post, path = "/api/mails/{id}/retry", tag = "settings", params(("id" = i64, Path)), responses((status = 200, body = Mail)))]
pub async fn retry_mail(caller: Caller, Path(id): Path<i64>) -> ApiResult {
    caller.call("api.retry_mail($1)", &[&id]).await
}
