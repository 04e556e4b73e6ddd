//! Imports one row, in a savepoint of its own, so that a bad row does not fail its batch.

use super::map::{Columns, Map, Names, Read, Ticket};
use anyhow::{Context, Result};
use std::collections::HashMap;
use tokio_postgres::{Client, Statement, Transaction};

pub enum Outcome {
    Imported,
    Known,
    Earlier,
    Rejected(String),
}

pub struct Importer {
    map: Map,
    columns: Columns,
    names: Names,
    actor: Option<Actor>,
    /// Prefix for the external ids of tickets without one: a digest of the file, so that another file of the same name
    /// gets others.
    file: String,
    find: Statement,
    find_exported: Statement,
    create: Statement,
    reply: Statement,
    link: Statement,
}

/// The administrator who imports, with a session for the duration of the import.
struct Actor {
    session: String,
    claims: String,
}

impl Importer {
    pub async fn open(
        client: &Client,
        email: Option<&str>,
        columns: Columns,
        map: Map,
        names: Names,
        file: String,
    ) -> Result<Self> {
        let actor = match email {
            Some(email) => Some(actor(client, email).await?),
            None => None,
        };
        Ok(Self {
            map,
            columns,
            names,
            actor,
            file,
            find: client.prepare("select from app.tickets where external_id = $1").await?,
            find_exported: client
                .prepare("select from app.tickets where id = $1::text::bigint and external_id is null and created_at = api._instant($2)")
                .await?,
            create: client.prepare("select api._import_ticket($1::text::jsonb)::text").await?,
            reply: client.prepare("select from api.create_message($1::text::bigint, jsonb_build_object('body_text', $2::text))").await?,
            link: client.prepare("select api._import_links($1::text::jsonb)").await?,
        })
    }

    pub fn source(&self) -> &str {
        &self.map.source
    }

    /// Gives the rest of the transaction the administrator's identity, under their policies.
    pub async fn act(&self, transaction: &Transaction<'_>) -> Result<()> {
        if let Some(actor) = &self.actor {
            transaction
                .batch_execute(
                    "set local session authorization autocrm_api; set local role autocrm_admin",
                )
                .await?;
            transaction
                .execute(
                    "select set_config('request.jwt.claims', $1, true)",
                    &[&actor.claims],
                )
                .await?;
        }
        Ok(())
    }

    pub async fn close(&self, client: &Client) -> Result<()> {
        if let Some(actor) = &self.actor {
            client
                .execute(
                    "delete from app.sessions where id = $1::text::uuid",
                    &[&actor.session],
                )
                .await?;
        }
        Ok(())
    }

    pub async fn land(
        &self,
        batch: &mut Transaction<'_>,
        number: u64,
        row: &Read,
    ) -> Result<Outcome> {
        let row = match row {
            Read::Good(row) => row,
            Read::Earlier => return Ok(Outcome::Earlier),
            Read::Bad(reason) => return Ok(Outcome::Rejected(reason.clone())),
        };
        let ticket = self.ticket(number, row);
        let id = ticket.body["external_id"].as_str().unwrap_or_default();
        if batch.query_opt(&self.find, &[&id]).await?.is_some() {
            return Ok(Outcome::Known);
        }
        // A ticket without an external id is exported with its number: in its own desk it already exists.
        if let Some(own) = id.strip_prefix("ticket-").filter(|_| self.map.exact)
            && own.len() < 19
            && own.bytes().all(|byte| byte.is_ascii_digit())
            && let Some(at) = ticket.body["created_at"].as_str()
            && batch
                .query_opt(&self.find_exported, &[&own, &at])
                .await?
                .is_some()
        {
            return Ok(Outcome::Known);
        }
        let savepoint = batch.savepoint("ticket").await?;
        // A row that is already refused is tried all the same, so that all its problems are reported together.
        let refusal = self.write(&savepoint, &ticket).await?;
        let reasons: Vec<String> = ticket.problems.iter().cloned().chain(refusal).collect();
        if reasons.is_empty() {
            savepoint.commit().await?;
            return Ok(Outcome::Imported);
        }
        savepoint.rollback().await?;
        Ok(Outcome::Rejected(reasons.join("; ")))
    }

    fn ticket(&self, number: u64, row: &csv::StringRecord) -> Ticket {
        let default_id = || format!("{}#{}.{number}", self.map.source, self.file);
        self.map.ticket(&self.columns, row, default_id, &self.names)
    }

    /// Whether tickets of the file may refer to tickets in later rows.
    pub fn links(&self) -> bool {
        self.map.exact && !self.names.links.is_empty()
    }

    /// Sets the relations of a ticket to tickets of later rows; the problems, if any.
    pub async fn link(
        &self,
        client: &mut Client,
        number: u64,
        row: &csv::StringRecord,
    ) -> Result<Vec<String>> {
        let mut ticket = self.ticket(number, row);
        let cells = ticket.body["cells"].as_object_mut();
        let links: serde_json::Map<_, _> = cells
            .map(std::mem::take)
            .unwrap_or_default()
            .into_iter()
            .filter(|(key, _)| self.names.links.contains(key))
            .collect();
        if links.is_empty() {
            return Ok(Vec::new());
        }
        ticket.body["cells"] = links.into();
        let transaction = client.transaction().await?;
        self.act(&transaction).await?;
        let body = ticket.body.to_string();
        let told = transaction.query_one(&self.link, &[&body]).await?;
        transaction.commit().await?;
        Ok(told.get(0))
    }

    /// The refusal of the database, if any; an `Err` is a lost connection and the like.
    async fn write(&self, savepoint: &Transaction<'_>, ticket: &Ticket) -> Result<Option<String>> {
        let body = ticket.body.to_string();
        let answer = match savepoint.query_one(&self.create, &[&body]).await {
            Ok(row) => match &ticket.reply {
                Some(reply) => savepoint
                    .query_one(&self.reply, &[&row.get::<_, String>(0), reply])
                    .await
                    .map(drop),
                None => Ok(()),
            },
            Err(error) => Err(error),
        };
        match answer {
            Ok(()) => Ok(None),
            Err(error) => match error.as_db_error() {
                Some(db) => Ok(Some(match db.detail() {
                    Some(detail) => format!("{}; {}", db.message(), detail.replace('\n', "; ")),
                    None => db.message().to_owned(),
                })),
                None => Err(error.into()),
            },
        }
    }
}

async fn actor(client: &Client, email: &str) -> Result<Actor> {
    let user = client
        .query_opt("select id::text from app.users where lower(email) = lower($1) and role = 'admin' and active", &[&email])
        .await?
        .with_context(|| format!("there is no active administrator {email}"))?;
    let user: String = user.get(0);
    let session: String = client
        .query_one(
            "insert into app.sessions (user_id, refresh_hash, user_agent, expires_at)
             values ($1::text::bigint, sha256(gen_random_uuid()::text::bytea), 'autocrm import', now() + interval '1 day')
             returning id::text",
            &[&user],
        )
        .await?
        .get(0);
    let claims = serde_json::json!({"sub": user, "role": "admin", "sid": session}).to_string();
    Ok(Actor { session, claims })
}

/// The names of the desk to which a file may refer.
pub async fn names(client: &Client) -> Result<Names> {
    let mut names = Names::default();
    for (sql, into) in [
        (
            "select lower(name), id from app.teams where active",
            &mut names.teams,
        ),
        (
            "select lower(email), id from app.users where role in ('agent', 'admin') and active and email is not null",
            &mut names.agents,
        ),
        (
            "select lower(name), id from app.organizations",
            &mut names.organizations,
        ),
        (
            "select lower(name), id from app.ticket_forms where active",
            &mut names.forms,
        ),
    ] {
        *into = client
            .query(sql, &[])
            .await?
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect::<HashMap<String, i64>>();
    }
    let fields = client
        .query(
            "select key, type::text, coalesce(config ->> 'target' = 'ticket', false) from app.custom_fields where active",
            &[],
        )
        .await?;
    for row in &fields {
        if row.get(2) {
            names.links.insert(row.get(0));
        }
        names.fields.insert(row.get(0), row.get(1));
    }
    Ok(names)
}
