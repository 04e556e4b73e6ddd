//! `autocrm user`: adds, lists and deactivates users. An analyst gets a PostgreSQL log-in; an agent or administrator may
//! have one beside the web's.

use crate::commands::migrate;
use crate::{auth, db};
use anyhow::{Result, ensure};
use postgres_protocol::password::scram_sha_256;

#[derive(clap::Args)]
#[group(skip)]
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
    /// A SQL prompt for the agent or administrator: creates the PostgreSQL role NAME, with the same password
    #[arg(long, value_name = "NAME", requires = "email")]
    login: Option<String>,
    #[arg(long)]
    name: Option<String>,
    /// Limits what the analyst or agent sees to this team; may be repeated
    #[arg(long)]
    team: Vec<String>,
    /// Taken from here, or made and printed once
    #[arg(long, env = "AUTOCRM_NEW_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// Reads the password from the first line of the standard input
    #[arg(long, conflicts_with = "password")]
    password_stdin: bool,
}

/// Everybody with a log-in, one a line.
pub async fn list(url: &str) -> Result<()> {
    let client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    let rows = client
        .query(
            "select role::text, name, coalesce(email, pg_role::text, ''), active
               from app.users where role <> 'customer' order by role, name collate app.names",
            &[],
        )
        .await?;
    for row in rows {
        let (role, name, login): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        println!(
            "{role:<12} {name:<28} {login}{}",
            if row.get(3) { "" } else { "  (inactive)" }
        );
    }
    Ok(())
}

/// Ends a person's access at once: log-in, sessions, API keys and the PostgreSQL role. Their history stays.
pub async fn deactivate(url: &str, who: &str) -> Result<()> {
    let mut client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    let transaction = client.transaction().await?;
    let found = transaction
        .query_opt(
            "update app.users set active = false, availability = 'offline'
              where (lower(email) = lower(normalize($1)) or pg_role::text = $1) and role <> 'customer'
             returning id, pg_role::text",
            &[&who],
        )
        .await?;
    let Some(row) = found else {
        anyhow::bail!(
            "there is no user with the e-mail address or log-in '{who}'; see: autocrm user list"
        );
    };
    let id: i64 = row.get(0);
    transaction
        .execute(
            "update app.sessions set revoked_at = now() where user_id = $1 and revoked_at is null",
            &[&id],
        )
        .await?;
    transaction
        .execute(
            "update app.api_keys set revoked_at = now() where user_id = $1 and revoked_at is null",
            &[&id],
        )
        .await?;
    if let Some(login) = row.get::<_, Option<String>>(1) {
        let sql: String = transaction
            .query_one(
                "select format('alter role %I nologin', $1::text)",
                &[&login],
            )
            .await?
            .get(0);
        transaction.batch_execute(&sql).await?;
        // Open connections are terminated when this commits.
        transaction.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1::text::name", &[&login]).await?;
    }
    transaction.commit().await?;
    println!("{who} can no longer log in");
    Ok(())
}

pub async fn add(url: &str, mut user: Add) -> Result<()> {
    if user.password_stdin {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        user.password = Some(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let mut client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    let role = match (&user.analyst, user.agent, user.admin) {
        (Some(_), ..) => "analyst",
        (_, true, _) => "agent",
        (_, _, true) => "admin",
        _ => anyhow::bail!("say who to add: --analyst NAME, --agent or --admin"),
    };
    tracing::debug!(role, "adding a user");
    let given = user.password.is_some();
    ensure!(
        user.password
            .as_ref()
            .is_none_or(|p| p.chars().count() >= 8),
        "a password has at least 8 characters"
    );
    let password = user
        .password
        .unwrap_or_else(|| auth::random_token()[..20].to_owned());
    let name = user
        .name
        .or_else(|| user.analyst.clone())
        .or_else(|| user.email.clone())
        .unwrap_or_default();
    let transaction = client.transaction().await?;
    let prompt = user.analyst.as_ref().or(user.login.as_ref());
    ensure_new(&transaction, user.email.as_ref(), prompt).await?;
    if let Some(login) = prompt {
        make_login(&transaction, login, role, &password).await?;
    }
    let access = if role == "admin" || (role == "analyst" && user.team.is_empty()) {
        "all"
    } else {
        "teams"
    };
    let id: i64 = transaction
        .query_one(
            "insert into app.users (role, name, email, pg_role, ticket_access)
             values ($1::text::app.user_role, $2, $3, $4::text::name, $5::text::app.ticket_access) returning id",
            &[&role, &name, &user.email, &prompt, &access],
        )
        .await?
        .get(0);
    for team in &user.team {
        let added = transaction
            .execute("insert into app.memberships (team_id, user_id) select id, $2 from app.teams where lower(name) = lower(normalize($1))", &[team, &id])
            .await?;
        ensure!(added == 1, "there is no team '{team}'");
    }
    if user.analyst.is_none() {
        let hash = auth::hash_password(&password)?;
        transaction
            .execute(
                "insert into app.passwords (user_id, argon2) values ($1, $2)",
                &[&id, &hash],
            )
            .await?;
    }
    transaction.commit().await?;
    let login = user.analyst.or(user.email).unwrap_or_default();
    let login = match &user.login {
        Some(prompt) => format!("{login} (at a SQL prompt: {prompt})"),
        None => login,
    };
    if given {
        println!("{role} {login} added");
    } else {
        println!("{role} {login} added; password, shown this once: {password}");
    }
    Ok(())
}

/// Says in words what a unique index would: who has this address or log-in already.
async fn ensure_new(
    transaction: &tokio_postgres::Transaction<'_>,
    email: Option<&String>,
    login: Option<&String>,
) -> Result<()> {
    let taken = transaction
        .query_opt(
            "select name, role::text, active from app.users where lower(email) = lower(normalize($1)) or pg_role::text = $2",
            &[&email, &login],
        )
        .await?;
    if let Some(row) = taken {
        let (name, role): (String, String) = (row.get(0), row.get(1));
        let way_out = if row.get(2) {
            "nothing was changed; see: autocrm user list"
        } else {
            "they are inactive; nothing was changed"
        };
        anyhow::bail!("this e-mail address or log-in belongs to {name} ({role}): {way_out}");
    }
    let role = transaction
        .query_opt(
            "select from pg_catalog.pg_roles where rolname = $1::text::name",
            &[&login],
        )
        .await?;
    ensure!(
        role.is_none(),
        "this server has a role of that name already; choose another log-in"
    );
    Ok(())
}

/// The PostgreSQL role of a user, with limits on server resources. The watchdog (work/watchdog.rs) enforces those that a
/// user may change for their own session.
async fn make_login(
    transaction: &tokio_postgres::Transaction<'_>,
    login: &str,
    role: &str,
    password: &str,
) -> Result<()> {
    let fits = login.len() <= 63
        && login.starts_with(|c: char| c.is_ascii_lowercase())
        && login
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !login.starts_with("autocrm_")
        && !login.starts_with("pg_");
    ensure!(
        fits,
        "the log-in name must be lower-case letters, digits and _, and may not begin with autocrm_ or pg_"
    );
    // The SCRAM verifier, so that no log ever holds the password.
    let verifier = scram_sha_256(password.as_bytes());
    let statements: String = transaction
        .query_one(
            "select format(
               'create role %1$I login inherit connection limit 5 in role %2$I password %3$L;
                alter role %1$I set statement_timeout = %4$L;
                alter role %1$I set idle_in_transaction_session_timeout = %5$L;
                alter role %1$I set temp_file_limit = %6$L;
                alter role %1$I set work_mem = %7$L;',
               $1::text, 'autocrm_' || $2::text, $3::text,
               s.prompt_statement_seconds || 's', s.prompt_idle_seconds || 's', '1GB', '16MB')
               from app.settings s",
            &[&login, &role, &verifier],
        )
        .await?
        .get(0);
    transaction.batch_execute(&statements).await?;
    Ok(())
}
