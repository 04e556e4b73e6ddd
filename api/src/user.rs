//! `autocrm user add`: people from the command line. An analyst is a PostgreSQL log-in role of their own.

use crate::{auth, db, migrate};
use anyhow::{Result, ensure};

#[derive(clap::Args)]
pub struct Add {
    /// A data team's log-in: creates the PostgreSQL role NAME
    #[arg(long, value_name = "NAME", conflicts_with_all = ["agent", "admin"])]
    analyst: Option<String>,
    #[arg(long, requires = "email")]
    agent: bool,
    #[arg(long, requires = "email", conflicts_with = "agent")]
    admin: bool,
    #[arg(long)]
    email: Option<String>,
    #[arg(long)]
    name: Option<String>,
    /// Limits what the analyst or agent sees to this team; may be repeated
    #[arg(long)]
    team: Vec<String>,
    /// Taken from here, or made and printed once
    #[arg(long, env = "AUTOCRM_NEW_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

pub async fn add(url: &str, user: Add) -> Result<()> {
    let mut client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    let role = match (&user.analyst, user.agent, user.admin) {
        (Some(_), ..) => "analyst",
        (_, true, _) => "agent",
        (_, _, true) => "admin",
        _ => anyhow::bail!("say who to add: --analyst NAME, --agent or --admin"),
    };
    let given = user.password.is_some();
    let password = user.password.unwrap_or_else(|| auth::random_token()[..20].to_owned());
    let name = user.name.or_else(|| user.analyst.clone()).or_else(|| user.email.clone()).unwrap_or_default();
    let transaction = client.transaction().await?;
    if let Some(login) = &user.analyst {
        let fits = login.len() <= 63
            && login.starts_with(|c: char| c.is_ascii_lowercase())
            && login.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && !login.starts_with("autocrm_") && !login.starts_with("pg_");
        ensure!(fits, "the log-in name must be lower-case letters, digits and _, and may not begin with autocrm_ or pg_");
        let create: String = transaction
            .query_one("select format('create role %I login inherit in role autocrm_analyst password %L', $1::text, $2::text)", &[login, &password])
            .await?
            .get(0);
        transaction.batch_execute(&create).await?;
    }
    let access = if role == "admin" || (role == "analyst" && user.team.is_empty()) { "all" } else { "teams" };
    let id: i64 = transaction
        .query_one(
            "insert into app.users (role, name, email, pg_role, ticket_access)
             values ($1::text::app.user_role, $2, $3, $4::text::name, $5::text::app.ticket_access) returning id",
            &[&role, &name, &user.email, &user.analyst, &access],
        )
        .await?
        .get(0);
    for team in &user.team {
        let added = transaction
            .execute("insert into app.memberships (team_id, user_id) select id, $2 from app.teams where lower(name) = lower($1)", &[team, &id])
            .await?;
        ensure!(added == 1, "there is no team '{team}'");
    }
    if user.analyst.is_none() {
        let hash = auth::hash_password(&password)?;
        transaction.execute("insert into app.passwords (user_id, argon2) values ($1, $2)", &[&id, &hash]).await?;
    }
    transaction.commit().await?;
    let login = user.analyst.or(user.email).unwrap_or_default();
    if given {
        println!("{role} {login} added");
    } else {
        println!("{role} {login} added; password, shown this once: {password}");
    }
    Ok(())
}
