//! Skills: see `sql/api/skills.sql`.

use super::resource::resource;
use crate::app::App;
use crate::error::ApiResult;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::model::{CreateSkill, Deleted, ListQuery, Page, Skill, UpdateSkill};
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

resource! {
    routes: routes, tag: "skills", path: "/api/skills", one: "/api/skills/{id}", shape: Skill;
    /// A page of skills.
    list: list_skills(ListQuery);
    /// One skill.
    read: get_skill;
    /// Adds a skill.
    create: create_skill(CreateSkill);
    /// Changes the keys given; with If-Match, 409 when somebody was faster.
    update: update_skill(UpdateSkill);
    /// Removes a skill that nothing refers to.
    delete: delete_skill;
}
