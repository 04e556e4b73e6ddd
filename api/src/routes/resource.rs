//! The standard operations of a resource: list, create, read, update and delete, each one call of the SQL function of
//! the same name (`list_skills` calls `api.list_skills`). Updates and deletes take the version of an If-Match header.

/// Defines the five handlers and `fn $routes`, which registers them.
macro_rules! resource {
    (
        routes: $routes:ident, tag: $tag:tt, path: $path:tt, one: $one:tt, shape: $shape:ident;
        $(#[$list_doc:meta])* list: $list:ident($($list_params:tt)*);
        $(#[$get_doc:meta])* read: $get:ident;
        $(#[$create_doc:meta])* create: $create:ident($new:ident);
        $(#[$update_doc:meta])* update: $update:ident($change:ident);
        $(#[$delete_doc:meta])* delete: $delete:ident;
    ) => {
        $(#[$list_doc])*
        #[utoipa::path(get, path = $path, tag = $tag, params($($list_params)*), responses((status = 200, body = Page<$shape>)))]
        pub async fn $list(caller: Caller, Query(query): Query) -> ApiResult {
            let call = concat!("api.", stringify!($list), "($1::text::jsonb)");
            caller.call(call, &[&query]).await
        }

        $(#[$get_doc])*
        #[utoipa::path(get, path = $one, tag = $tag, params(("id" = i64, Path)), responses((status = 200, body = $shape)))]
        pub async fn $get(caller: Caller, Path(id): Path<i64>) -> ApiResult {
            let call = concat!("api.", stringify!($get), "($1)");
            caller.call(call, &[&id]).await
        }

        $(#[$create_doc])*
        #[utoipa::path(post, path = $path, tag = $tag, request_body = $new, responses((status = 201, body = $shape)))]
        pub async fn $create(caller: Caller, Json(body): Json) -> ApiResult {
            let call = concat!("api.", stringify!($create), "($1::text::jsonb)");
            caller.create(call, &[&body]).await
        }

        $(#[$update_doc])*
        #[utoipa::path(patch, path = $one, tag = $tag, params(("id" = i64, Path)), request_body = $change, responses((status = 200, body = $shape)))]
        pub async fn $update(caller: Caller, Path(id): Path<i64>, Json(body): Json) -> ApiResult {
            let call = concat!("api.", stringify!($update), "($1, $2::text::jsonb, $3)");
            caller.call(call, &[&id, &body, &caller.version()]).await
        }

        $(#[$delete_doc])*
        #[utoipa::path(delete, path = $one, tag = $tag, params(("id" = i64, Path)), responses((status = 200, body = Deleted)))]
        pub async fn $delete(caller: Caller, Path(id): Path<i64>) -> ApiResult {
            let call = concat!("api.", stringify!($delete), "($1, $2)");
            caller.call(call, &[&id, &caller.version()]).await
        }

        pub fn $routes() -> OpenApiRouter<App> {
            OpenApiRouter::new()
                .routes(routes!($list, $create))
                .routes(routes!($get, $update, $delete))
        }
    };
}

pub(super) use resource;
