//! Conditions of rules and views, evaluated over stored tickets or turned into SQL.

pub mod check;
pub mod desk;
pub mod functions;
pub mod schema;
pub mod stored;
pub mod value_test;
pub mod values;
