//! Notifications of the signed-in user, and their preferences: see `sql/api/notifications.sql`.

use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    MarkNotifications, NotificationPage, NotificationPreferences, NotificationsMarked,
    NotificationsRead, PageQuery, ReadNotifications, UpdateNotificationPreferences,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_notifications, mark_notifications))
        .routes(routes!(read_notifications))
        .routes(routes!(
            get_notification_preferences,
            update_notification_preferences
        ))
}

/// A page of notifications, newest first, with how many are unread.
#[utoipa::path(get, path = "/api/me/notifications", tag = "session", params(("unread" = Option<bool>, Query), ("done" = Option<bool>, Query), ("kind" = Option<String>, Query), PageQuery), responses((status = 200, body = NotificationPage)))]
pub async fn list_notifications(caller: Caller, Query(query): Query) -> ApiResult {
    caller
        .call("api.list_notifications($1::text::jsonb)", &[&query])
        .await
}

/// Marks notifications as read or unread, as done or not.
#[utoipa::path(patch, path = "/api/me/notifications", tag = "session", request_body = MarkNotifications, responses((status = 200, body = NotificationsMarked)))]
pub async fn mark_notifications(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call("api.mark_notifications($1::text::jsonb)", &[&body])
        .await
}

/// Marks notifications as read: `ids`, or all up to the one `up_to`.
#[utoipa::path(post, path = "/api/me/notifications/read", tag = "session", request_body = ReadNotifications, responses((status = 200, body = NotificationsRead)))]
pub async fn read_notifications(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call("api.read_notifications($1::text::jsonb)", &[&body])
        .await
}

/// Which notifications one gets, and how.
#[utoipa::path(get, path = "/api/me/notification-preferences", tag = "session", responses((status = 200, body = NotificationPreferences)))]
pub async fn get_notification_preferences(caller: Caller) -> ApiResult {
    caller.call("api.get_notification_preferences()", &[]).await
}

/// Changes how one is notified of the kinds given: `in_app`, `email` (at once), `digest` or `off`; `digest_every` is `hourly` or `daily`, at `digest_hour`.
#[utoipa::path(patch, path = "/api/me/notification-preferences", tag = "session", request_body = UpdateNotificationPreferences, responses((status = 200, body = NotificationPreferences)))]
pub async fn update_notification_preferences(caller: Caller, Json(body): Json) -> ApiResult {
    caller
        .call(
            "api.update_notification_preferences($1::text::jsonb)",
            &[&body],
        )
        .await
}
