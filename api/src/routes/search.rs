//! Search: see `sql/api/search.sql`.

use crate::caller::{Caller, Query};
use crate::error::ApiResult;
use crate::model::{FoundPage, SearchQuery};
use tokio_postgres::types::Type;

/// A page of tickets that match, best first.
#[utoipa::path(get, path = "/api/search", tag = "search", params(SearchQuery), responses((status = 200, body = FoundPage)))]
pub async fn search_tickets(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call(
            "api.search_tickets($1::text::jsonb)",
            &[(&query, Type::TEXT)],
        )
        .await
}
