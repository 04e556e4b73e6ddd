//! Shapes that many answers share: pages, references and names.

use super::shapes::shapes;
use super::words::UserRole;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Send as `after` for the next page; null on the last.
    pub next: Option<String>,
}

/// What every list understands; filters are named by each.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// 25 by default
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    pub after: Option<String>,
    /// A column, with `-` in front for descending
    pub sort: Option<String>,
    /// Free text
    pub q: Option<String>,
}

/// What a list without filters understands.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// 25 by default
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    pub after: Option<String>,
}

shapes! {
    Deleted { id: i64, deleted: bool }
    Named { id: i64, name: String }
    TeamRef { id: i64, name: String, color: String }
    Person { id: i64, name: String, email: Option<String> }
    Author { id: i64, name: String, role: UserRole }
}
