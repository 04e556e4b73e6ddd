//! Parameters of a call. Statements are not prepared, so the type of each parameter is sent with its value.

use tokio_postgres::types::{ToSql, Type};

/// A value that knows its SQL type.
pub trait Param: ToSql + Sync {
    fn sql_type(&self) -> Type;
    fn value(&self) -> &(dyn ToSql + Sync);
}

pub type Params<'a> = &'a [&'a dyn Param];

macro_rules! params {
    ($($rust:ty => $sql:ident),* $(,)?) => {
        $(impl Param for $rust {
            fn sql_type(&self) -> Type {
                Type::$sql
            }

            fn value(&self) -> &(dyn ToSql + Sync) {
                self
            }
        })*
    };
}

params! {
    bool => BOOL,
    i32 => INT4,
    i64 => INT8,
    Option<i32> => INT4,
    Option<i64> => INT8,
    &str => TEXT,
    String => TEXT,
    Option<&str> => TEXT,
    Option<String> => TEXT,
    &[u8] => BYTEA,
    Vec<u8> => BYTEA,
    Option<Vec<u8>> => BYTEA,
    &[i64] => INT8_ARRAY,
    Vec<i64> => INT8_ARRAY,
    &[String] => TEXT_ARRAY,
    Vec<&str> => TEXT_ARRAY,
    Vec<String> => TEXT_ARRAY,
}

/// As `query_typed` takes them.
pub(super) fn typed(params: Params<'_>) -> Vec<(&(dyn ToSql + Sync), Type)> {
    params
        .iter()
        .map(|param| (param.value(), param.sql_type()))
        .collect()
}
