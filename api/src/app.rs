//! The state of a serving process, which every handler may reach.

use crate::config::Config;
use crate::limits::Limits;
use crate::realtime::hub::Hub;
use crate::store::files::Files;
use deadpool_postgres::Pool;
use std::sync::Arc;

#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub pool: Pool,
    pub hub: Arc<Hub>,
    pub limits: Arc<Limits>,
    pub files: Arc<Files>,
}
