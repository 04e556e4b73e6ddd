//! `autocrm migrate`: brings a database to this version, in one transaction: roles, the extension, pending migrations,
//! then the whole of `sql/` when it differs from what was last applied. Concurrent runs wait for each other.

mod file;
mod history;
mod plan;

use crate::db;
use anyhow::{Result, bail};
use file::{FOLDERS, Locked, digest, file, is_current, names};
use std::time::Duration;
use tokio_postgres::Transaction;
use tokio_postgres::error::SqlState;

const LOCK: i64 = 7_164_205_811;
/// How long one attempt waits for a lock on a table: whoever wants the table next waits behind it.
const PATIENCE: &str = "2s";
/// How often it is tried, with pauses that grow to `LONGEST`.
const ATTEMPTS: u32 = 30;
const LONGEST: Duration = Duration::from_secs(20);

/// Drops everything that `sql/` rebuilds afterwards. Tables and their rows are not touched.
const TEAR_DOWN: &str = "
do $$
declare
  v record;
begin
  drop schema if exists worker cascade;
  drop schema if exists api cascade;
  drop schema if exists reporting cascade;
  for v in select c.relname from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind = 'v'
  loop
    execute format('drop view app.%I cascade', v.relname);
  end loop;
  for v in select policyname, tablename from pg_policies where schemaname = 'app'
  loop
    execute format('drop policy %I on app.%I', v.policyname, v.tablename);
  end loop;
  for v in
    select t.tgname, c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where c.relnamespace = 'app'::regnamespace and not t.tgisinternal and t.tgparentid = 0
  loop
    execute format('drop trigger %I on app.%I', v.tgname, v.relname);
  end loop;
  for v in select oid::regprocedure as name from pg_proc where pronamespace = 'app'::regnamespace
  loop
    execute format('drop function %s cascade', v.name);
  end loop;
end
$$;
create schema api;
comment on schema api is 'What callers use: views and verb_noun functions that answer JSON. Rebuilt at every migrate.';
create schema worker;
comment on schema worker is 'What only the API''s own log-in calls: sessions, rounds of the worker, maintenance. Rebuilt at every migrate.';
create schema reporting;
comment on schema reporting is 'Views for data teams. Rebuilt at every migrate.';
";

/// What a run is to do.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
#[group(multiple = false)]
pub struct Options {
    /// Changes nothing, and prints what a migrate would do
    #[arg(long)]
    plan: bool,
    /// As --plan; ends with 1 when there is something to do
    #[arg(long)]
    check: bool,
    /// Applies migrations up to this one, such as 38, and no more; the functions of the release before stay in place
    #[arg(long, value_name = "VERSION")]
    to: Option<i32>,
}

fn is_locked(error: &anyhow::Error) -> bool {
    let code = error.downcast_ref::<tokio_postgres::Error>();
    error.is::<Locked>()
        || code.and_then(tokio_postgres::Error::code) == Some(&SqlState::LOCK_NOT_AVAILABLE)
}

pub async fn run(url: &str, options: Options) -> Result<()> {
    if let Some(to) = options.to {
        history::ensure_known(to)?;
    }
    let mut client = db::connect(url).await?;
    client
        .batch_execute("set client_min_messages = warning")
        .await?;
    if options.plan || options.check {
        let transaction = client.transaction().await?;
        let steps = plan::steps(&transaction).await?;
        println!("{}", plan::told(&steps));
        if options.check && !steps.is_empty() {
            bail!("the database is not at this version; run: autocrm migrate");
        }
        return Ok(());
    }
    for attempt in 1..=ATTEMPTS {
        match once(&mut client, options.to).await {
            Ok(applied) => {
                println!("{applied}");
                return Ok(());
            }
            Err(error) if is_locked(&error) && attempt < ATTEMPTS => {
                let pause = LONGEST.min(Duration::from_millis(250 * 2u64.pow(attempt.min(10))));
                let locked = Locked("an object".to_owned());
                let error = error.downcast_ref().unwrap_or(&locked);
                eprintln!(
                    "{error}; nothing was changed, attempt {} of {ATTEMPTS} follows in {} s",
                    attempt + 1,
                    pause.as_secs_f32()
                );
                tokio::time::sleep(pause).await;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn once(client: &mut tokio_postgres::Client, to: Option<i32>) -> Result<String> {
    // Roles belong to the whole cluster, so the lock does too: it is taken where all databases see it.
    let transaction = client.transaction().await?;
    transaction
        .batch_execute("set local lock_timeout = '60s'")
        .await?;
    transaction
        .execute("select pg_advisory_xact_lock($1)", &[&LOCK])
        .await?;
    history::pending(&transaction).await?;
    roles(&transaction).await?;
    transaction
        .batch_execute(&format!("set local lock_timeout = '{PATIENCE}'"))
        .await?;
    let applied = apply(&transaction, to).await?;
    transaction.commit().await?;
    Ok(applied)
}

/// Twenty databases of one cluster may be migrated at once, and catalogs of roles have one row a role.
async fn roles(transaction: &Transaction<'_>) -> Result<()> {
    transaction
        .batch_execute("lock table pg_catalog.pg_authid in share row exclusive mode")
        .await?;
    file(transaction, "roles.sql").await?;
    transaction
        .batch_execute(
            "do $$ begin
               execute format('grant create on database %I to autocrm_owner', current_database());
               execute format('revoke all on database %I from public', current_database());
               execute format('revoke temporary on database %I from public', current_database());
               execute format('grant connect on database %I to autocrm_api, autocrm_admin, autocrm_agent, autocrm_analyst', current_database());
             end $$",
        )
        .await?;
    Ok(())
}

async fn apply(transaction: &Transaction<'_>, to: Option<i32>) -> Result<String> {
    transaction
        .batch_execute("create extension if not exists autocrm; alter extension autocrm update")
        .await?;
    file(transaction, "native.sql").await?;
    let restored = adopt_log(transaction).await?;
    let new = history::apply(transaction, to).await?;
    if let Some(to) = to {
        return Ok(format!(
            "{restored}{new} migrations applied, up to V{to}; sql/ is as it was"
        ));
    }
    if new == 0 && is_current(transaction).await? {
        return Ok(format!("{restored}the database is up to date"));
    }
    transaction
        .batch_execute("set local role autocrm_owner")
        .await?;
    transaction.batch_execute(TEAR_DOWN).await?;
    for folder in FOLDERS {
        for name in names(folder) {
            file(transaction, &name).await?;
        }
    }
    file(transaction, "seed/base.sql").await?;
    transaction
        .execute(
            "insert into app.schema_state (sql_digest) values ($1)
             on conflict (singleton) do update set sql_digest = excluded.sql_digest, applied_at = now()",
            &[&digest()],
        )
        .await?;
    transaction.batch_execute("reset role").await?;
    Ok(format!(
        "{restored}{new} migrations applied, sql/ brought up to date"
    ))
}

/// A desk that was restored into another cluster has transactions of that one in its logs, with numbers that this
/// cluster has still to give out. From here on the logs count on above all of them, so that readers miss nothing and
/// the audit's seals hold. The message for the operator, if there was anything to do.
async fn adopt_log(transaction: &Transaction<'_>) -> Result<String> {
    let there = transaction
        .query_one(
            "select to_regclass('app.event_log') is not null, to_regclass('app.metric_cursor') is not null",
            &[],
        )
        .await?;
    if !there.get::<_, bool>(0) {
        return Ok(String::new());
    }
    // Later than the others, and not there in what an earlier release wrote.
    let metrics = if there.get::<_, bool>(1) {
        "union all select seen, within from app.metric_cursor"
    } else {
        ""
    };
    let adopted = transaction
        .query_opt(
            &format!("with top as (
               select greatest(
                 (select max(e.xid) from app.events e), (select max(a.xid) from app.audit_log a),
                 (select max(s.to_xid) from app.audit_seals s), (select max(f.cause_xid) from app.rule_firings f),
                 (select max(greatest(pg_snapshot_xmax(c.seen), pg_snapshot_xmax(c.within)))
                    from (select seen, within from app.rule_cursor union all select seen, within from app.search_cursor
                           union all select seen, within from app.notification_cursor {metrics}) c))::text::bigint as xid
             )
             update app.event_log l
                set system_identifier = c.system_identifier,
                    xid_offset = greatest(0, coalesce(top.xid, 0) + 1 - pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
               from pg_control_system() c, top
              where l.system_identifier <> c.system_identifier
             returning xid_offset"),
            &[],
        )
        .await?;
    Ok(adopted.map_or_else(String::new, |row| {
        format!(
            "this desk comes from another cluster: its logs go on above what they brought, {} above this cluster's numbers\n",
            row.get::<_, i64>(0)
        )
    }))
}

/// Refuses a database that was never migrated.
pub async fn ensure_migrated(client: &tokio_postgres::Client) -> Result<()> {
    let row = client
        .query_one("select to_regclass('app.schema_state') is not null", &[])
        .await?;
    if !row.get::<_, bool>(0) {
        bail!("this database has no desk yet; run: autocrm migrate");
    }
    Ok(())
}
