//! One row into the desk, in a savepoint of its own: a bad one leaves its batch alone.

use super::map::{Map, Names, Read, Ticket};
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
    headers: csv::StringRecord,
    names: Names,
    actor: Option<Actor>,
    find: Statement,
    create: Statement,
    reply: Statement,
}

/// The administrator who imports, with a session for as long as it takes.
struct Actor {
    session: String,
    claims: String,
}

impl Importer {
    pub async fn open(
        client: &Client,
        email: Option<&str>,
        headers: csv::StringRecord,
        map: Map,
    ) -> Result<Self> {
        let actor = match email {
            Some(email) => Some(actor(client, email).await?),
            None => None,
        };
        Ok(Self {
            map,
            headers,
            names: names(client).await?,
            actor,
            find: client.prepare("select from app.tickets where external_id = $1").await?,
            create: client.prepare("select api.create_ticket($1::text::jsonb) ->> 'id'").await?,
            reply: client.prepare("select from api.create_message($1::text::bigint, jsonb_build_object('body_text', $2::text))").await?,
        })
    }

    pub fn source(&self) -> &str {
        &self.map.source
    }

    /// Makes the rest of the transaction the administrator's, under their policies.
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
        let ticket = self.map.ticket(&self.headers, row, number, &self.names);
        let id = ticket.body["external_id"].as_str().unwrap_or_default();
        if batch.query_opt(&self.find, &[&id]).await?.is_some() {
            return Ok(Outcome::Known);
        }
        let savepoint = batch.savepoint("ticket").await?;
        // A row that cannot be kept is tried all the same: whoever mends it wants to hear of everything.
        let refusal = self.write(&savepoint, &ticket).await?;
        let reasons: Vec<String> = ticket.problems.iter().cloned().chain(refusal).collect();
        if reasons.is_empty() {
            savepoint.commit().await?;
            return Ok(Outcome::Imported);
        }
        savepoint.rollback().await?;
        Ok(Outcome::Rejected(reasons.join("; ")))
    }

    /// What the database has against it, if anything; an error is a lost connection and the like.
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

async fn names(client: &Client) -> Result<Names> {
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
            "select key, type::text from app.custom_fields where active",
            &[],
        )
        .await?;
    names.fields = fields.iter().map(|row| (row.get(0), row.get(1))).collect();
    Ok(names)
}
