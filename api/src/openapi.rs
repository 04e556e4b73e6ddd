//! The OpenAPI 3.1 description: generated from the handlers, completed here with what all operations share.

use crate::app::App;
use crate::error::Problem;
use crate::routes;
use std::collections::BTreeSet;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, RefOr, ResponseBuilder, Schema};
use utoipa::{OpenApi, PartialSchema};
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "AutoCRM",
        description = "A help desk whose rules live in Postgres. Errors are RFC 9457 problems; lists are keyset pages; \
                       every read carries an ETag of what it shows, which begins with the version of a single resource and is taken \
                       back as If-Match; POST takes an Idempotency-Key. Bodies have at most 1 MiB and 100 levels, and no text holds U+0000; \
                       every text and list says how long it may be, and one that is longer is refused with its path and limit. The WebSocket /api/live is described in docs/live.md."
    ),
    components(schemas(Problem))
)]
pub struct Description;

/// The operations of the API, with their description.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi()).merge(routes::routes())
}

/// The description as JSON, without a database or a server.
pub fn json() -> String {
    finish(api().to_openapi())
}

/// Adds what all operations share: the security schemes and the shape of errors.
pub fn finish(mut document: Document) -> String {
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(
        "token",
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
    );
    components.add_security_scheme(
        "cookie",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("autocrm_access"))),
    );
    let none: [String; 0] = [];
    document.security = Some(vec![
        SecurityRequirement::new("token", none.clone()),
        SecurityRequirement::new("cookie", none),
    ]);
    let problem = ResponseBuilder::new()
        .description("What is wrong, where, and how to mend it")
        .content(
            "application/problem+json",
            ContentBuilder::new()
                .schema(Some(Problem::schema()))
                .build(),
        )
        .build();
    let bodies = &components.schemas;
    let optional: BTreeSet<String> = bodies
        .iter()
        .filter(|(_, schema)| needs_nothing(schema))
        .map(|(name, _)| format!("#/components/schemas/{name}"))
        .collect();
    for item in document.paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            for parameter in operation.parameters.iter_mut().flatten() {
                limit(parameter);
            }
            if let Some(body) = &mut operation.request_body
                && body.content.values().any(|content| {
                    matches!(&content.schema, Some(RefOr::Ref(schema)) if optional.contains(&schema.ref_location))
                })
            {
                body.required = None;
            }
            operation
                .responses
                .responses
                .insert("default".to_owned(), RefOr::T(problem.clone()));
        }
    }
    document.to_pretty_json().unwrap_or_default()
}

/// Characters of a value in a query, as `api._query_problems` checks it.
const LONGEST_VALUE: usize = 8000;

/// A text in a query has the limit of all, unless it has one of its own.
fn limit(parameter: &mut Parameter) {
    if let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema
        && matches!(parameter.parameter_in, ParameterIn::Query)
        && object.format.is_none()
        && object.enum_values.is_none()
        && is_text(&object.schema_type)
    {
        object.max_length.get_or_insert(LONGEST_VALUE);
    }
}

fn is_text(kind: &SchemaType) -> bool {
    match kind {
        SchemaType::Type(kind) => *kind == Type::String,
        SchemaType::Array(kinds) => kinds.contains(&Type::String),
        SchemaType::AnyValue => false,
    }
}

/// Whether a body may be left out: an empty one is `{}`.
fn needs_nothing(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.required.is_empty())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_description_is_current() {
        let committed = include_str!("../openapi.json");
        assert!(
            committed.trim() == super::json().trim(),
            "api/openapi.json is stale: run cargo dev gen"
        );
    }
}
