//! `autocrm migrate`: brings a database to this version, in one transaction: roles, the extension, pending migrations,
//! then the whole of `sql/` when it differs from what was last applied. Concurrent runs wait for each other.

use crate::auth::sha256;
use crate::db;
use anyhow::{Context, Result, bail};
use include_dir::{Dir, include_dir};
use refinery_core::Migration;
use refinery_core::traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction};
use tokio_postgres::Transaction;
use tokio_postgres::error::{ErrorPosition, SqlState};

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../migrations");
static SQL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../sql");

const HISTORY: &str = "public.schema_history";
/// The folders under sql/ that are applied whole, in this order: one for each schema.
const FOLDERS: [&str; 4] = ["app", "api", "worker", "reporting"];
const LOCK: i64 = 7_164_205_811;

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

pub async fn run(url: &str) -> Result<()> {
    let mut client = db::connect(url).await?;
    client
        .batch_execute("set client_min_messages = warning")
        .await?;
    // Roles belong to the whole cluster, so the lock does too: it is taken where all databases see it.
    let transaction = client.transaction().await?;
    transaction
        .batch_execute("set local lock_timeout = '60s'")
        .await?;
    transaction
        .execute("select pg_advisory_xact_lock($1)", &[&LOCK])
        .await?;
    roles(&transaction).await?;
    let applied = apply(&transaction).await?;
    transaction.commit().await?;
    println!("{applied}");
    Ok(())
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

async fn apply(transaction: &Transaction<'_>) -> Result<String> {
    transaction
        .batch_execute("create extension if not exists autocrm; alter extension autocrm update")
        .await?;
    file(transaction, "native.sql").await?;
    let restored = adopt_log(transaction).await?;

    let mut migrations = Vec::new();
    for entry in MIGRATIONS.files() {
        let name = entry
            .path()
            .file_stem()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        if name.starts_with('V') {
            let sql = entry.contents_utf8().context("a migration is not UTF-8")?;
            migrations.push(Migration::unapplied(name, sql)?);
        }
    }
    migrations.sort();
    let mut outer = Outer {
        transaction,
        failure: None,
    };
    let report = outer
        .migrate(
            &migrations,
            true,
            true,
            true,
            refinery_core::Target::Latest,
            HISTORY,
        )
        .await
        .map_err(|error| outer.failure.take().unwrap_or_else(|| error.into()))?;
    transaction
        .batch_execute("reset role; alter table public.schema_history enable row level security")
        .await?;

    let digest = sha256(&source().collect::<String>());
    let known = transaction
        .query_opt("select sql_digest from app.schema_state", &[])
        .await?;
    let new = report.applied_migrations().len();
    if new == 0 && known.is_some_and(|row| row.get::<_, Vec<u8>>(0) == digest) {
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
            &[&digest],
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
        .query_one("select to_regclass('app.event_log') is not null", &[])
        .await?;
    if !there.get::<_, bool>(0) {
        return Ok(String::new());
    }
    let adopted = transaction
        .query_opt(
            "with top as (
               select greatest(
                 (select max(e.xid) from app.events e), (select max(a.xid) from app.audit_log a),
                 (select max(s.to_xid) from app.audit_seals s), (select max(f.cause_xid) from app.rule_firings f),
                 (select max(greatest(pg_snapshot_xmax(c.seen), pg_snapshot_xmax(c.within)))
                    from (select seen, within from app.rule_cursor union all select seen, within from app.search_cursor
                           union all select seen, within from app.notification_cursor) c))::text::bigint as xid
             )
             update app.event_log l
                set system_identifier = c.system_identifier,
                    xid_offset = greatest(0, coalesce(top.xid, 0) + 1 - pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
               from pg_control_system() c, top
              where l.system_identifier <> c.system_identifier
             returning xid_offset",
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

/// The files of a folder under sql/ and of its sub-folders, in the order in which they are applied: by path, byte by
/// byte. So a name with `_` in front comes before all others, and `zz_` after them.
fn names(folder: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders: Vec<&Dir> = SQL.get_dir(folder).into_iter().collect();
    while let Some(dir) = folders.pop() {
        folders.extend(dir.dirs());
        names.extend(
            dir.files()
                .filter(|file| file.path().extension().is_some_and(|e| e == "sql"))
                .filter_map(|file| file.path().to_str().map(str::to_owned)),
        );
    }
    names.sort();
    names
}

fn source() -> impl Iterator<Item = &'static str> {
    FOLDERS
        .into_iter()
        .flat_map(names)
        .chain([
            "roles.sql".to_owned(),
            "native.sql".to_owned(),
            "seed/base.sql".to_owned(),
        ])
        .filter_map(|name| SQL.get_file(name)?.contents_utf8())
}

async fn file(transaction: &Transaction<'_>, name: &str) -> Result<()> {
    let sql = SQL
        .get_file(name)
        .and_then(|f| f.contents_utf8())
        .with_context(|| format!("sql/{name} is missing"))?;
    apply_file(transaction, sql)
        .await
        .map_err(|failed| failed.explain(&format!("sql/{name}")))
}

/// An error, and its line in the file.
struct Failed {
    line: usize,
    error: tokio_postgres::Error,
}

/// Runs a file as a whole.
async fn apply_file(transaction: &Transaction<'_>, sql: &str) -> Result<(), Failed> {
    let at_start = |error| Failed { line: 1, error };
    let run = |sql| transaction.batch_execute(sql);
    run("savepoint file").await.map_err(at_start)?;
    if let Err(error) = run(sql).await {
        let line = match position(sql, &error) {
            Some(at) => line_at(sql, at),
            None => failing_line(transaction, sql).await,
        };
        return Err(Failed { line, error });
    }
    run("release savepoint file").await.map_err(at_start)
}

/// The byte of the file at which an error points.
fn position(sql: &str, error: &tokio_postgres::Error) -> Option<usize> {
    let (from, characters) = match error.as_db_error()?.position()? {
        ErrorPosition::Original(at) => (0, *at),
        // Into the body of a function.
        ErrorPosition::Internal { position, query } => (sql.find(query.as_str())?, *position),
    };
    let (at, _) = sql[from..]
        .char_indices()
        .nth((characters as usize).saturating_sub(1))?;
    Some(from + at)
}

/// The line of a byte, from 1.
fn line_at(sql: &str, at: usize) -> usize {
    sql[..at].matches('\n').count() + 1
}

/// The line of the statement that fails, for an error without a position: the file runs again in pieces that end with a
/// semicolon. The server decides where a statement ends: a piece that is cut off is a syntax error, and grows.
async fn failing_line(transaction: &Transaction<'_>, sql: &str) -> usize {
    let run = |sql| transaction.batch_execute(sql);
    let (mut start, mut end) = (0, 0);
    if run("rollback to savepoint file").await.is_ok() {
        for line in sql.split_inclusive('\n') {
            end += line.len();
            if !line.trim_end().ends_with(';') || run("savepoint piece").await.is_err() {
                continue;
            }
            match run(&sql[start..end]).await {
                Ok(()) => start = end,
                Err(error) => {
                    let _ = run("rollback to savepoint piece").await;
                    if error.code() != Some(&SqlState::SYNTAX_ERROR) {
                        break;
                    }
                }
            }
        }
    }
    line_at(sql, start + before_statement(&sql[start..]))
}

/// Bytes of blank lines and line comments in front of a statement.
fn before_statement(sql: &str) -> usize {
    sql.split_inclusive('\n')
        .take_while(|line| line.trim().is_empty() || line.starts_with("--"))
        .map(str::len)
        .sum()
}

impl Failed {
    /// `sql/api/tags.sql:12: message`, with what Postgres adds.
    fn explain(&self, name: &str) -> anyhow::Error {
        let line = self.line;
        let Some(db) = self.error.as_db_error() else {
            return anyhow::anyhow!("{name}:{line}: {}", self.error);
        };
        let more: Vec<String> = [db.detail(), db.hint(), db.where_()]
            .into_iter()
            .flatten()
            .map(|t| format!("\n  {t}"))
            .collect();
        anyhow::anyhow!(
            "{name}:{line}: {}{}\nNothing was changed.",
            db.message(),
            more.concat()
        )
    }
}

/// The file under migrations/ that holds this text.
fn migration_file(sql: &str) -> Option<&'static str> {
    MIGRATIONS
        .files()
        .find(|entry| entry.contents_utf8() == Some(sql))
        .and_then(|entry| entry.path().to_str())
}

/// refinery within the one transaction of a migrate.
struct Outer<'a> {
    transaction: &'a Transaction<'a>,
    /// The error with its file and line, which refinery's own error lacks.
    failure: Option<anyhow::Error>,
}

impl AsyncTransaction for Outer<'_> {
    type Error = tokio_postgres::Error;

    async fn execute<'a, T: Iterator<Item = &'a str> + Send + 'a>(
        &'a mut self,
        queries: T,
    ) -> Result<usize, Self::Error> {
        let mut count = 0;
        for query in queries {
            // The history belongs to the migrating superuser, the tables to the owner.
            let role = if query.contains(HISTORY) {
                "reset role"
            } else {
                "set local role autocrm_owner"
            };
            self.transaction.batch_execute(role).await?;
            if let Err(failed) = apply_file(self.transaction, query).await {
                if let Some(file) = migration_file(query) {
                    self.failure = Some(failed.explain(&format!("migrations/{file}")));
                }
                return Err(failed.error);
            }
            count += 1;
        }
        Ok(count)
    }
}

impl AsyncQuery<Vec<Migration>> for Outer<'_> {
    async fn query<'a>(&'a mut self, query: &'a str) -> Result<Vec<Migration>, Self::Error> {
        self.transaction.batch_execute("reset role").await?;
        let rows = self.transaction.query(query, &[]).await?;
        Ok(rows
            .iter()
            .map(|row| {
                let at: String = row.get(2);
                let at = time::OffsetDateTime::parse(
                    &at,
                    &time::format_description::well_known::Rfc3339,
                )
                .unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
                let sum: String = row.get(3);
                Migration::applied(row.get(0), row.get(1), at, sum.parse().unwrap_or_default())
            })
            .collect())
    }
}

impl AsyncMigrate for Outer<'_> {}

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

#[cfg(test)]
mod tests {
    use super::{before_statement, line_at};

    #[test]
    fn a_statement_begins_after_blank_lines_and_comments() {
        let sql = "-- one; two\n\nselect 1;\n";
        assert_eq!(line_at(sql, before_statement(sql)), 3);
        assert_eq!(line_at(sql, before_statement("select 1;")), 1);
    }
}
