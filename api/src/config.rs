//! Settings of a process that serves or works: flags, or the environment.

use ipnet::IpNet;
use std::net::IpAddr;
use std::path::PathBuf;

#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    #[arg(long, env = "AUTOCRM_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Connection of the log-in role autocrm_api
    #[arg(long, env = "AUTOCRM_DATABASE_URL", hide_env_values = true)]
    pub database_url: String,
    /// Connection for LISTEN, when that of AUTOCRM_DATABASE_URL goes through a pooler in transaction mode
    #[arg(long, env = "AUTOCRM_LISTEN_DATABASE_URL", hide_env_values = true)]
    pub listen_database_url: Option<String>,
    /// Signs access tokens; at least 32 characters, the same in every process
    #[arg(long, env = "AUTOCRM_SECRET", hide_env_values = true)]
    pub secret: String,
    /// The built web UI
    #[arg(long, env = "AUTOCRM_WEB_DIR", default_value = "web/dist")]
    pub web_dir: PathBuf,
    /// Connection of a superuser: the background work keeps indexes on filterable fields with it
    #[arg(long, env = "AUTOCRM_ADMIN_DATABASE_URL", hide_env_values = true)]
    pub admin_database_url: Option<String>,
    #[arg(long, env = "AUTOCRM_DB_CONNECTIONS", default_value_t = 8)]
    pub db_connections: usize,
    /// Asked of whoever reads /metrics; without it anybody may
    #[arg(long, env = "AUTOCRM_METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
    /// Folder of the attachments' contents; every process needs the same one
    #[arg(long, env = "AUTOCRM_FILES", default_value = "files")]
    pub files: PathBuf,
    /// Keeps them in this bucket of an S3-compatible store instead
    #[arg(long, env = "AUTOCRM_S3_BUCKET")]
    pub s3_bucket: Option<String>,
    /// Its address, when it is not Amazon's own
    #[arg(long, env = "AUTOCRM_S3_ENDPOINT")]
    pub s3_endpoint: Option<String>,
    #[arg(long, env = "AUTOCRM_S3_REGION", default_value = "us-east-1")]
    pub s3_region: String,
    /// Without key and secret: those of the machine's role
    #[arg(long, env = "AUTOCRM_S3_ACCESS_KEY", hide_env_values = true)]
    pub s3_access_key: Option<String>,
    #[arg(long, env = "AUTOCRM_S3_SECRET_KEY", hide_env_values = true)]
    pub s3_secret_key: Option<String>,
    /// Sends e-mail through this server: smtps://user:password@host, or smtp://host:587?tls=required; without it none is sent
    #[arg(long, env = "AUTOCRM_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Whom e-mails are from, such as "Help Desk <desk@example.com>"
    #[arg(long, env = "AUTOCRM_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Address of the desk as people type it, for links in e-mails
    #[arg(long, env = "AUTOCRM_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Proxies in front of this process, such as 10.0.0.0/8,192.0.2.7: their X-Forwarded-For says who sends a request
    #[arg(long, env = "AUTOCRM_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
    /// Cookies go over https alone; without it: when the public URL begins with https
    #[arg(long, env = "AUTOCRM_SECURE_COOKIES")]
    pub secure_cookies: Option<bool>,
    /// How long one statement of a request may take, as Postgres reads it; 0: no limit
    #[arg(long, env = "AUTOCRM_STATEMENT_TIMEOUT", default_value = "10s")]
    pub statement_timeout: String,
    /// Seconds that a request's headers may take, and a silence within its body
    #[arg(long, env = "AUTOCRM_READ_TIMEOUT", default_value_t = 15)]
    pub read_timeout: u64,
}

impl Config {
    pub fn cookies_are_secure(&self) -> bool {
        self.secure_cookies.unwrap_or_else(|| {
            self.public_url
                .as_deref()
                .is_some_and(|url| url.starts_with("https://"))
        })
    }
}

/// A network as a setting names it: `10.0.0.0/8`, or one address.
pub fn network(text: &str) -> Result<IpNet, String> {
    text.trim()
        .parse()
        .or_else(|_| text.trim().parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("{text} is no network such as 10.0.0.0/8"))
}
