//! Shapes that many answers share: pages, references and names.

use super::shapes::shapes;
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
    /// 1 to 200, 25 by default
    pub limit: Option<i64>,
    pub after: Option<String>,
    /// A column, with `-` in front for descending
    pub sort: Option<String>,
    /// Free text
    pub q: Option<String>,
}

shapes! {
    Deleted { id: i64, deleted: bool }
    Named { id: i64, name: String }
    TeamRef { id: i64, name: String, color: String }
    Person { id: i64, name: String, email: Option<String> }
    Author { id: i64, name: String, role: String }
}
