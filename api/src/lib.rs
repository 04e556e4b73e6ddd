//! The desk's HTTP side. A request becomes one SQL call with the identity of its caller, and the answer passes
//! through unchanged. Higher folders use lower ones, never the other way round:
//!
//! | folder | holds |
//! | --- | --- |
//! | `serve`, `commands` | a serving process; the other commands of the binary |
//! | `routes`, `openapi` | the operations of the API, one file per resource, and their description |
//! | `work` | background work: maintenance, feeds, jobs, e-mail, files |
//! | `realtime` | the WebSocket and the hub behind it |
//! | `app` | the state that handlers share |
//! | `http` | callers, bodies, tags, limits, errors, metrics |
//! | `model` | the shapes of bodies and answers |
//! | `store`, `mail` | the object store of files; e-mail |
//! | `db`, `auth`, `config` | connections and calls; tokens and passwords; settings |

pub mod app;
pub mod auth;
pub mod commands;
pub mod config;
pub mod db;
pub mod http;
pub mod mail;
pub mod model;
pub mod openapi;
pub mod realtime;
pub mod routes;
pub mod serve;
pub mod store;
pub mod work;
