//! Bodies of object types, their fields and records.

use super::super::conditions::VisibleWhen;
use super::super::words::FieldType;
use super::fields::FieldConfig;
use super::shapes::{bodies, bodies_of};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

bodies_of! {
    CreateObjectType { "key": "contract", "name": "Contract", "plural_name": "Contracts", "icon": "file-text" }
    UpdateObjectType { "description": "Devices that we lend out" }
        needs {
            /// Never changed
            #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
            key: String,
            #[schema(min_length = 1, max_length = 100)]
            name: String,
            #[schema(min_length = 1, max_length = 100)]
            plural_name: String,
        }
        takes {
            #[schema(max_length = 10_000)]
            description: String,
            #[schema(pattern = "^[a-z0-9-]{1,40}$")]
            icon: String,
            /// Records are made, changed and removed by admins only
            admins_write: bool,
            /// false: no new records
            active: bool,
        };

    CreateObjectField { "object_type_id": 1, "key": "warranty", "label": "Warranty until", "type": "date" }
    UpdateObjectField { "label": "Serial number" }
        needs {
            /// Never changed
            object_type_id: i64,
            /// Never changed
            #[schema(pattern = "^[a-z][a-z0-9_]{0,59}$")]
            key: String,
            #[schema(min_length = 1, max_length = 200)]
            label: String,
            r#type: FieldType,
        }
        takes {
            #[schema(max_length = 10_000)]
            description: String,
            config: FieldConfig,
            required: bool,
            position: i32,
            active: bool,
        }
        or_null {
            /// A value of its type
            default_value: Value,
            visible_when: VisibleWhen,
        };
}

bodies! {
    CreateObjectRecord { "type": "asset", "name": "Laptop 7", "external_key": "inv-0007", "custom": {"serial": "AB-1234"} }
        needs {
            /// The key of an active object type
            #[schema(max_length = 40)]
            r#type: String,
            #[schema(min_length = 1, max_length = 200)]
            name: String,
        }
        takes {
            /// Values of the type's fields by key
            custom: Map<String, Value>,
        }
        or_null {
            /// What another system calls it; there is one of a type
            #[schema(min_length = 1, max_length = 200)]
            external_key: String,
        };

    UpdateObjectRecord { "name": "Printer in the hall" }
        takes {
            #[schema(min_length = 1, max_length = 200)]
            name: String,
            /// Merged; null removes a value
            custom: Map<String, Value>,
            /// The version that was seen, as If-Match
            version: i64,
        }
        or_null {
            #[schema(min_length = 1, max_length = 200)]
            external_key: String,
        };
}
