//! Custom objects: records, with their types and fields: see `sql/api/objects.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{
    CreateObjectField, CreateObjectRecord, CreateObjectType, Deleted, ListQuery, ObjectField,
    ObjectRecord, ObjectType, Page, PageQuery, QueueRow, UpdateObjectField, UpdateObjectRecord,
    UpdateObjectType,
};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    object_types_routes()
        .merge(object_fields_routes())
        .merge(object_records_routes())
        .routes(routes!(list_object_record_tickets))
}

resource! {
    routes: object_types_routes, tag: "objects", path: "/api/object-types", one: "/api/object-types/{id}", shape: ObjectType;
    /// A page of object types.
    list: list_object_types(ListQuery);
    /// One object type.
    read: get_object_type;
    /// Adds an object type.
    create: create_object_type(CreateObjectType);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_object_type(UpdateObjectType);
    /// Removes an object type that has no records, with its fields.
    delete: delete_object_type;
}

resource! {
    routes: object_fields_routes, tag: "objects", path: "/api/object-fields", one: "/api/object-fields/{id}", shape: ObjectField;
    /// A page of fields of records.
    list: list_object_fields(ListQuery, ("object_type_id" = Option<i64>, Query));
    /// One field of records.
    read: get_object_field;
    /// Adds a field of records.
    create: create_object_field(CreateObjectField);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_object_field(UpdateObjectField);
    /// Removes a field of records that none has a value of.
    delete: delete_object_field;
}

resource! {
    routes: object_records_routes, tag: "objects", path: "/api/object-records", one: "/api/object-records/{id}", shape: ObjectRecord;
    /// A page of records.
    list: list_object_records(PageQuery, ("sort" = Option<String>, Query, description = "name or created_at, with - in front for descending"), ("type" = Option<String>, Query, description = "The key of an object type"), ("name" = Option<String>, Query, description = "How it begins"), ("external_key" = Option<String>, Query), ("relates_to" = Option<String>, Query, description = "Those with a relation to user:ID, organization:ID, ticket:ID or record:ID"));
    /// One record.
    read: get_object_record;
    /// Adds a record.
    create: create_object_record(CreateObjectRecord);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_object_record(UpdateObjectRecord);
    /// Removes a record, and empties the relations that point to it.
    delete: delete_object_record;
}

/// The tickets whose relations point to a record, newest first.
#[utoipa::path(get, path = "/api/object-records/{id}/tickets", tag = "objects", params(("id" = i64, Path), PageQuery), responses((status = 200, body = Page<QueueRow>)))]
pub async fn list_object_record_tickets(
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query,
) -> ApiResult {
    caller
        .call(
            "api.list_object_record_tickets($1, $2::text::jsonb)",
            &[&id, &query],
        )
        .await
}
