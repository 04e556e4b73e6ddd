//! How much capacity a ticket of each channel takes: see `sql/api/channel_loads.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::model::{ChannelLoads, SetChannelLoads};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_channel_loads, set_channel_loads))
}

/// Load of a ticket by its channel, in percent of a slot.
#[utoipa::path(get, path = "/api/channel-loads", tag = "teams", responses((status = 200, body = ChannelLoads)))]
pub async fn list_channel_loads(caller: Caller) -> ApiResult {
    caller.call("api.list_channel_loads()", &[]).await
}

/// Changes the channels given; the tickets there are keep their weight.
#[utoipa::path(put, path = "/api/channel-loads", tag = "teams", request_body = SetChannelLoads, responses((status = 200, body = ChannelLoads)))]
pub async fn set_channel_loads(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call("api.set_channel_loads($1::text::jsonb)", &[&body])
        .await
}
