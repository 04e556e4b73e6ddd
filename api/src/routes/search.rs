//! Search: see `sql/api/search/`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{FoundPage, SearchQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search_tickets))
}

/// A page of tickets that match, best first.
#[utoipa::path(get, path = "/api/search", tag = "search", params(SearchQuery), responses((status = 200, body = FoundPage)))]
pub async fn search_tickets(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.search_tickets($1::text::jsonb)", &[&query])
        .await
}
