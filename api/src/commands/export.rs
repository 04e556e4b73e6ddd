//! `autocrm export tickets`: every ticket with names instead of ids, streamed to the standard output. `autocrm import
//! tickets` reads the CSV back without a map, and a desk that is filled from it exports the same.

use crate::commands::migrate;
use crate::db;
use anyhow::{Context, Result};
use futures_util::{StreamExt, pin_mut};
use std::fmt::Write as _;
use std::io::{BufWriter, Write};

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Format {
    Csv,
    Jsonl,
}

/// The columns that every export has; `custom.<key>` for each custom field in use come after them. A file that has
/// all of these is imported unchanged.
pub const COLUMNS: &[&str] = &[
    "external_id",
    "subject",
    "description",
    "description_html",
    "status",
    "priority",
    "type",
    "channel",
    "language",
    "requester.name",
    "requester.email",
    "organization",
    "team",
    "assignee",
    "form",
    "tags",
    "required_skills",
    "preferred_skills",
    "created_at",
    "updated_at",
    "first_reply_at",
    "solved_at",
    "closed_at",
];

/// The names of a ticket's tags, which the view shows only to users: an export has no user.
const TAGS: &str = "order by g.name collate \"C\") from app.tags g where g.id = any (r.tag_ids))";

pub async fn run(url: &str, format: Format) -> Result<()> {
    let client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    // Before the first row: who stops reading has read.
    client
        .execute(
            "select app.note_read('tickets', jsonb_build_object('export', $1::text))",
            &[&format!("{format:?}").to_lowercase()],
        )
        .await?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    match format {
        Format::Csv => {
            let chunks = client.copy_out(&csv(&client).await?).await?;
            pin_mut!(chunks);
            while let Some(chunk) = chunks.next().await {
                out.write_all(&chunk?).context("cannot write")?;
            }
        }
        Format::Jsonl => {
            let none: [&str; 0] = [];
            let rows = client
                .query_raw(
                    &format!(
                        "select (to_jsonb(t) - 'next_breach_at' || jsonb_build_object('tags', coalesce((select json_agg(g.name {TAGS}, '[]')))::text
                           from api.tickets t join app.tickets r on r.id = t.id order by t.id"
                    ),
                    none,
                )
                .await?;
            pin_mut!(rows);
            while let Some(row) = rows.next().await {
                writeln!(out, "{}", row?.get::<_, &str>(0)).context("cannot write")?;
            }
        }
    }
    out.flush().context("cannot write")
}

/// The COPY that writes the columns. Names stand for ids wherever another desk has ids of its own.
async fn csv(client: &tokio_postgres::Client) -> Result<String> {
    let mut columns = String::new();
    for name in COLUMNS {
        let value = match *name {
            "external_id" => "coalesce(t.external_id, 'ticket-' || t.id)".to_owned(),
            "requester.name" => "t.requester ->> 'name'".to_owned(),
            "requester.email" => "t.requester ->> 'email'".to_owned(),
            "organization" | "team" | "form" => format!("t.{name} ->> 'name'"),
            "assignee" => {
                "(select coalesce(u.email, u.name) from app.users u where u.id = (t.assignee ->> 'id')::bigint)".to_owned()
            }
            "tags" => format!("(select string_agg(g.name, ',' {TAGS}"),
            "required_skills" | "preferred_skills" => format!("nullif(t.{name}::text, '{{}}')"),
            time if time.ends_with("_at") => {
                format!("to_char(t.{time} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
            }
            plain => format!("t.{plain}"),
        };
        write!(columns, "{value} as \"{name}\", ")?;
    }
    let fields = client
        .query(
            "select key, type::text, coalesce(config ->> 'target', '') from app.custom_fields where active order by position, key",
            &[],
        )
        .await?;
    for field in &fields {
        // A key is made of small letters, digits and _.
        let (key, kind, target): (&str, &str, &str) = (field.get(0), field.get(1), field.get(2));
        let words = format!("t.custom ->> '{key}'");
        let value = match kind {
            "multiselect" => format!(
                "case when jsonb_typeof(t.custom -> '{key}') = 'array' then (
                   select case when count(*) = 0 or bool_or(x ~ '[,;]|^\\s|\\s$|^\\[' or x = '') then (t.custom -> '{key}')::text
                               else string_agg(x, ',' order by n) end
                     from jsonb_array_elements_text(case jsonb_typeof(t.custom -> '{key}') when 'array' then t.custom -> '{key}' end)
                          with ordinality e (x, n))
                 else {words} end"
            ),
            "relation" => relation(key, target),
            _ => words,
        };
        write!(columns, "{value} as \"custom.{key}\", ")?;
    }
    Ok(format!(
        "copy (select {} from api.tickets t join app.tickets r on r.id = t.id order by t.id) to stdout with (format csv, header)",
        columns.trim_end_matches(", ")
    ))
}

/// The target of a relation, by the name under which an import finds it.
fn relation(key: &str, target: &str) -> String {
    let (name, table) = match target {
        "user" => ("coalesce(r.email, r.name)", "users"),
        "organization" => ("r.name", "organizations"),
        "ticket" => ("coalesce(r.external_id, 'ticket-' || r.id)", "tickets"),
        _ => ("coalesce(r.external_key, r.name)", "object_records"),
    };
    format!("(select {name} from app.{table} r where r.id::text = t.custom ->> '{key}')")
}
