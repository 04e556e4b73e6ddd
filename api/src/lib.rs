//! The desk's HTTP side. A request becomes one SQL call with the identity of its caller, and the answer passes
//! through unchanged. From the top; a module uses only those below it:
//!
//! | module | holds |
//! | --- | --- |
//! | `serve`, `work`, `commands` | what the binary runs: a server, background work, the owner's commands |
//! | `openapi` | the description of the API |
//! | `routes` | the operations, one file per resource |
//! | `model` | the shapes of bodies and answers |
//! | `http` | callers, bodies, tags, keys, rate limit, metrics, headers of every answer |
//! | `app` | the state of a serving process |
//! | `realtime` | the hub of live updates, its LISTEN connection, attendance and presence |
//! | `store`, `mail` | contents of files; outgoing e-mail |
//! | `limits` | counts per minute |
//! | `error` | problems (RFC 9457), mapped from SQLSTATEs |
//! | `auth` | tokens and passwords |
//! | `db` | connections, identities, calls and their retries |
//! | `config` | settings |

pub mod app;
pub mod auth;
pub mod commands;
pub mod config;
pub mod db;
pub mod error;
pub mod http;
pub mod limits;
pub mod mail;
pub mod model;
pub mod openapi;
pub mod realtime;
pub mod reason;
pub mod routes;
pub mod serve;
pub mod store;
pub mod work;
