//! `autocrm`: one binary for everything an operator does.

use anyhow::Result;
use autocrm_api::commands::{audit, dump, export, health, import, migrate, seed, user};
use autocrm_api::config::Config;
use autocrm_api::{openapi, serve, work};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "autocrm",
    version,
    about = "A help desk whose rules live in Postgres"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Options of commands that need the owner of the database.
#[derive(clap::Args)]
struct Admin {
    /// Connection of a superuser, such as "host=/run/postgresql dbname=autocrm user=postgres"
    #[arg(long, env = "AUTOCRM_ADMIN_DATABASE_URL", hide_env_values = true)]
    admin_database_url: String,
}

#[derive(Subcommand)]
enum Command {
    /// Serves HTTP, WebSocket and the web UI
    Serve {
        #[command(flatten)]
        config: Config,
        /// Also runs the background work in this process
        #[arg(long)]
        work: bool,
    },
    /// Runs the background work: bulk jobs, partitions ahead of time, audit seals, sweeps
    Work {
        #[command(flatten)]
        config: Config,
    },
    /// Brings the database to this version; a second run changes nothing
    Migrate {
        #[command(flatten)]
        admin: Admin,
        #[command(flatten)]
        options: migrate::Options,
        /// Changes nothing and prints the schema, for migrations/schema.sql
        #[arg(long, conflicts_with_all = ["plan", "check", "to"])]
        dump: bool,
    },
    /// Fills an empty desk with people, rules and tickets to try things on
    Seed {
        #[command(flatten)]
        admin: Admin,
    },
    /// Imports tickets from a CSV file
    #[command(subcommand)]
    Import(Import),
    /// Writes tickets to the standard output
    #[command(subcommand)]
    Export(Export),
    /// Says how the desk fares; ends with 1 when something is bad
    Health {
        #[command(flatten)]
        admin: Admin,
        #[command(flatten)]
        options: health::Options,
    },
    /// Signs the head of the audit log, and verifies the log
    #[command(subcommand)]
    Audit(Audit),
    /// Prints the OpenAPI description
    Openapi,
    /// Adds people, lists them, ends their access
    #[command(subcommand)]
    User(User),
}

#[derive(Subcommand)]
enum Audit {
    /// Prints one signed line that stands for all audit rows up to now, to be kept elsewhere
    Anchor {
        #[command(flatten)]
        admin: Admin,
        #[command(flatten)]
        signature: audit::Signature,
    },
    /// Recomputes the chain of seals and compares it with anchors; ends with 1 when a row was changed, removed or slipped in
    Verify {
        #[command(flatten)]
        admin: Admin,
        #[command(flatten)]
        verification: audit::Verification,
    },
}

#[derive(Subcommand)]
enum Import {
    /// Good rows land, bad rows go to FILE.rejects.csv with their number and every reason
    Tickets {
        #[command(flatten)]
        admin: Admin,
        #[command(flatten)]
        options: import::Options,
    },
}

#[derive(Subcommand)]
enum Export {
    /// One line a ticket, oldest first
    Tickets {
        #[command(flatten)]
        admin: Admin,
        #[arg(long, value_enum, default_value = "csv")]
        format: export::Format,
    },
}

#[derive(Subcommand)]
enum User {
    /// Everybody with a log-in
    List {
        #[command(flatten)]
        admin: Admin,
    },
    /// Ends somebody's access at once
    Deactivate {
        #[command(flatten)]
        admin: Admin,
        /// E-mail address, or the analyst's log-in
        who: String,
    },
    /// Adds a user; an analyst gets a PostgreSQL log-in of their own
    Add {
        #[command(flatten)]
        admin: Admin,
        #[command(flatten)]
        user: user::Add,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| "info,refinery_core=warn".into())
                // Its debug lines hold the parameters of statements, and so hashes and addresses.
                .add_directive("tokio_postgres=info".parse()?),
        )
        .with_writer(std::io::stderr)
        .init();
    match Cli::parse().command {
        Command::Serve { config, work } => {
            let listener = tokio::net::TcpListener::bind(&config.listen).await?;
            if work {
                tokio::spawn(work::start(&config)?);
            }
            serve::serve(listener, config, shutdown()).await
        }
        Command::Work { config } => {
            Box::pin(work::start(&config)?).await;
            Ok(())
        }
        Command::Migrate {
            admin, dump: true, ..
        } => dump::run(&admin.admin_database_url),
        Command::Migrate { admin, options, .. } => {
            migrate::run(&admin.admin_database_url, options).await
        }
        Command::Seed { admin } => seed::run(&admin.admin_database_url).await,
        Command::Import(Import::Tickets { admin, options }) => {
            import::run(&admin.admin_database_url, &options).await?;
            Ok(())
        }
        Command::Audit(Audit::Anchor { admin, signature }) => {
            audit::anchor(&admin.admin_database_url, &signature).await
        }
        Command::Audit(Audit::Verify {
            admin,
            verification,
        }) => audit::verify(&admin.admin_database_url, &verification).await,
        Command::Health { admin, options } => {
            health::run(&admin.admin_database_url, &options).await
        }
        Command::Openapi => {
            println!("{}", openapi::json());
            Ok(())
        }
        Command::Export(Export::Tickets { admin, format }) => {
            export::run(&admin.admin_database_url, format).await
        }
        Command::User(User::List { admin }) => user::list(&admin.admin_database_url).await,
        Command::User(User::Deactivate { admin, who }) => {
            user::deactivate(&admin.admin_database_url, &who).await
        }
        Command::User(User::Add { admin, user }) => {
            user::add(&admin.admin_database_url, user).await
        }
    }
}

async fn shutdown() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
