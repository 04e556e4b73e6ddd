//! The desk's HTTP side: requests become one SQL call as the caller, answers pass through unchanged.

pub mod auth;
pub mod caller;
pub mod config;
pub mod db;
pub mod dump;
pub mod error;
pub mod export;
pub mod files;
pub mod import;
pub mod limits;
pub mod mail;
pub mod migrate;
pub mod model;
pub mod observe;
pub mod openapi;
pub mod realtime;
pub mod router;
pub mod routes;
pub mod seed;
pub mod told;
pub mod user;
pub mod work;
