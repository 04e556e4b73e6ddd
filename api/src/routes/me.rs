//! The signed-in user. See `sql/api/me.sql`.

use crate::caller::{Caller, Json};
use crate::error::ApiResult;
use crate::model::Me;
use tokio_postgres::types::Type;

/// Who is signed in.
#[utoipa::path(get, path = "/api/me", tag = "session", responses((status = 200, body = Me)))]
pub async fn get_me(caller: Caller) -> ApiResult {
    caller.call("api.get_me()", &[]).await
}

/// Changes one's own name, availability, locale, time zone or phone.
#[utoipa::path(patch, path = "/api/me", tag = "session", request_body = Value, responses((status = 200, body = Me)))]
pub async fn update_me(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_me($1::text::jsonb, $2)",
            &[(&body, Type::TEXT), (&caller.version(), Type::INT8)],
        )
        .await
}
