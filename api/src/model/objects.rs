//! Object types, their fields and records.

use super::bodies::FieldConfig;
use super::conditions::VisibleWhen;
use super::shapes::shapes;
use super::words::FieldType;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

shapes! {
    /// A type of records that the desk has made for itself.
    ObjectType {
        id: i64, version: i64, key: String, name: String, plural_name: String, description: String, icon: String,
        /// Records are made, changed and removed by admins only
        admins_write: bool,
        /// false: no new records
        active: bool, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    ObjectField {
        id: i64, version: i64, object_type_id: i64, key: String, label: String, description: String, r#type: FieldType,
        #[schema(value_type = FieldConfig)]
        config: Value, required: bool, default_value: Option<Value>,
        #[schema(value_type = Option<VisibleWhen>)]
        visible_when: Option<Value>, position: i32,
        active: bool, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
    ObjectRecord {
        id: i64, version: i64,
        /// The key of its object type
        r#type: String,
        name: String,
        /// What another system calls it; there is one of a type
        external_key: Option<String>,
        custom: Map<String, Value>, created_at: DateTime<Utc>, updated_at: DateTime<Utc>,
    }
}
