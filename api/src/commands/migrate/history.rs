//! The migrations of this release, beside those that a database has had. refinery applies them, within the one
//! transaction of a migrate.

use super::file::apply_file;
use anyhow::{Context, Result};
use include_dir::{Dir, include_dir};
use refinery_core::traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction};
use refinery_core::{Migration, Target};
use tokio_postgres::Transaction;

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../migrations");

pub const TABLE: &str = "public.schema_history";

/// All migrations of this release, in their order.
pub fn known() -> Result<Vec<Migration>> {
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
    Ok(migrations)
}

pub fn ensure_known(version: i32) -> Result<()> {
    let known = known()?;
    if known.iter().any(|each| each.version() == version) {
        return Ok(());
    }
    let newest = known.last().map_or(0, Migration::version);
    anyhow::bail!("there is no migration V{version} in this release; the newest is V{newest}")
}

/// The migrations that this database lacks; an error when it has others than this release knows.
pub async fn pending(transaction: &Transaction<'_>) -> Result<Vec<Migration>> {
    let known = known()?;
    let there = transaction
        .query_one("select to_regclass($1) is not null", &[&TABLE])
        .await?;
    let mut applied = Vec::new();
    if there.get::<_, bool>(0) {
        let mut outer = Outer::new(transaction);
        applied = outer
            .query(&format!(
                "select version, name, applied_on, checksum from {TABLE} order by version"
            ))
            .await?;
    }
    let newest = known.last().map_or(0, Migration::version);
    let mut problems = Vec::new();
    for one in &applied {
        let named = format!("V{} ({})", one.version(), one.name());
        match known.iter().find(|each| each.version() == one.version()) {
            Some(same) if same == one => {}
            Some(_) => problems.push(format!(
                "{named}: its text is not the one that was applied; a released migration never changes"
            )),
            None if one.version() > newest => problems.push(format!(
                "{named}: is of a newer release than this one ({})",
                env!("CARGO_PKG_VERSION")
            )),
            None => problems.push(format!("{named}: was applied, and is unknown to this release")),
        }
    }
    let last = applied.iter().map(Migration::version).max().unwrap_or(0);
    let pending: Vec<Migration> = known
        .into_iter()
        .filter(|each| !applied.iter().any(|one| one.version() == each.version()))
        .collect();
    for gap in pending.iter().filter(|each| each.version() < last) {
        problems.push(format!(
            "V{} ({}): was left out, although V{last} was applied",
            gap.version(),
            gap.name()
        ));
    }
    if problems.is_empty() {
        return Ok(pending);
    }
    anyhow::bail!(
        "The migrations of this database are not those of this release:\n  {}\nNothing was changed. Use the release that \
         migrated it last, or restore a backup from before.",
        problems.join("\n  ")
    )
}

/// Applies what is pending, up to this version; how many there were.
pub async fn apply(transaction: &Transaction<'_>, to: Option<i32>) -> Result<usize> {
    let mut outer = Outer::new(transaction);
    let target = to.map_or(Target::Latest, Target::Version);
    let report = outer
        .migrate(&known()?, true, true, true, target, TABLE)
        .await
        .map_err(|error| outer.failure.take().unwrap_or_else(|| error.into()))?;
    transaction
        .batch_execute("reset role; alter table public.schema_history enable row level security")
        .await?;
    Ok(report.applied_migrations().len())
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

impl<'a> Outer<'a> {
    fn new(transaction: &'a Transaction<'a>) -> Self {
        Self {
            transaction,
            failure: None,
        }
    }
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
            let role = if query.contains(TABLE) {
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
