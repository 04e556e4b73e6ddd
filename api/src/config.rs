//! Settings of a serving process: flags, or the environment.

use std::path::PathBuf;

#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    #[arg(long, env = "AUTOCRM_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Connection of the log-in role autocrm_api
    #[arg(long, env = "AUTOCRM_DATABASE_URL", hide_env_values = true)]
    pub database_url: String,
    /// Signs access tokens; at least 32 characters, the same in every process
    #[arg(long, env = "AUTOCRM_SECRET", hide_env_values = true)]
    pub secret: String,
    /// The built web UI
    #[arg(long, env = "AUTOCRM_WEB_DIR", default_value = "web/dist")]
    pub web_dir: PathBuf,
    #[arg(long, env = "AUTOCRM_DB_CONNECTIONS", default_value_t = 8)]
    pub db_connections: usize,
    /// Asked of whoever reads /metrics; without it anybody may
    #[arg(long, env = "AUTOCRM_METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
}
