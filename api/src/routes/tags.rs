//! Tags: see `sql/api/tags.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    CreateTag, Deleted, ListQuery, MergeTags, Page, Tag, TagSettings, UpdateTag, UpdateTagSettings,
};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    resource_routes()
        .routes(routes!(merge_tags))
        .routes(routes!(get_tag_settings, update_tag_settings))
}

resource! {
    routes: resource_routes, tag: "tags", path: "/api/tags", one: "/api/tags/{id}", shape: Tag;
    /// A page of tags.
    list: list_tags(ListQuery);
    /// One tag.
    read: get_tag;
    /// Adds a tag.
    create: create_tag(CreateTag);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_tag(UpdateTag);
    /// Removes a tag that nothing refers to.
    delete: delete_tag;
}

/// Gives every ticket of this tag the tag `into` instead, and removes this one.
#[utoipa::path(post, path = "/api/tags/{id}/merge", tag = "tags", params(("id" = i64, Path)), request_body = MergeTags, responses((status = 200, body = Tag)))]
pub async fn merge_tags(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
    caller
        .call("api.merge_tags($1, $2::text::jsonb)", &[&id, &body])
        .await
}

/// Whether tags are made on use, or only by administrators.
#[utoipa::path(get, path = "/api/tags/settings", tag = "tags", responses((status = 200, body = TagSettings)))]
pub async fn get_tag_settings(caller: Caller) -> ApiResult {
    caller.call("api.get_tag_settings()", &[]).await
}

/// Opens or closes the list of tags.
#[utoipa::path(patch, path = "/api/tags/settings", tag = "tags", request_body = UpdateTagSettings, responses((status = 200, body = TagSettings)))]
pub async fn update_tag_settings(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_tag_settings($1::text::jsonb, $2)",
            &[&body, &caller.version()],
        )
        .await
}
