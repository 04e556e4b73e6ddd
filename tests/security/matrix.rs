//! The permission matrix: role × table × verb × own or another team, as `permissions.md` says, each tried.

use harness::desk::{Desk, Person};
use std::collections::BTreeSet;
use std::fmt::Write;
use tokio_postgres::Client;

/// Everybody who may reach the database, in the columns of the table.
const ROLES: &[&str] = &[
    "admin",
    "agent",
    "key",
    "bare key",
    "customer",
    "analyst",
    "agent in psql",
];

/// Table, the condition that finds one row (`{t}`: a ticket's id), what an insert says, a column to change.
const TABLES: &[(&str, &str, &str, &str)] = &[
    (
        "tickets",
        "id = {t}",
        "(subject, requester_id, team_id) select 'x', 1, team_id from app.tickets where id = {t}",
        "subject",
    ),
    (
        "messages",
        "ticket_id = {t} and kind = 'reply'",
        "(ticket_id, author_id, body_text) values ({t}, autocrm.actor_id(), 'x')",
        "body_text",
    ),
    (
        "drafts",
        "ticket_id = {t}",
        "(ticket_id, author_id, kind) values ({t}, autocrm.actor_id(), 'note')",
        "body_text",
    ),
    (
        "ticket_reads",
        "ticket_id = {t}",
        "(user_id, ticket_id, read_at) values (autocrm.actor_id(), {t}, now())",
        "read_at",
    ),
    (
        "followers",
        "ticket_id = {t}",
        "(ticket_id, user_id, kind) values ({t}, 1, 'cc')",
        "kind",
    ),
    (
        "mentions",
        "ticket_id = {t}",
        "(message_id, message_at, ticket_id, user_id) select id, created_at, ticket_id, author_id from app.messages
          where ticket_id = {t} and author_id = autocrm.actor_id()",
        "notified",
    ),
    ("settings", "true", "default values", "message_edit_minutes"),
    (
        "attachments",
        "ticket_id = {t}",
        "(uploader_id, name, media_type) select autocrm.actor_id(), 'x', 'text/plain' where {t} > 0",
        "inline",
    ),
    (
        "blobs",
        "true",
        "(sha256, size) values (sha256('y'), 1)",
        "size",
    ),
    (
        "events",
        "ticket_id = {t}",
        "(name, ticket_id) values ('x', {t})",
        "name",
    ),
    (
        "routing_decisions",
        "ticket_id = {t}",
        "(ticket_id, explanation) values ({t}, '{}')",
        "at",
    ),
    (
        "users",
        "id = 1",
        "(name, role) values ('x', 'customer')",
        "phone",
    ),
    (
        "passwords",
        "true",
        "(user_id, argon2) values (1, 'x')",
        "argon2",
    ),
    (
        "sessions",
        "true",
        "(user_id, refresh_hash, expires_at) values (1, 'x', now())",
        "user_agent",
    ),
    ("log_in_attempts", "true", "(email) values ('x')", "email"),
    (
        "api_keys",
        "true",
        "(name, prefix, hash, user_id) values ('x', 'x', 'x', 1)",
        "name",
    ),
    (
        "idempotency_keys",
        "key = 'other'",
        "(actor_id, key, operation, request_hash) values (1, 'x', 'x', 'x')",
        "operation",
    ),
    ("organizations", "true", "(name) values ('x')", "notes"),
    (
        "customer_notes",
        "true",
        "(organization_id, body_text) values (1, 'x')",
        "body_text",
    ),
    ("teams", "true", "(name) values ('x')", "color"),
    (
        "memberships",
        "true",
        "(team_id, user_id) values (1, 1)",
        "lead",
    ),
    (
        "statuses",
        "key = 'on_hold'",
        "(key, label, category) values ('x', 'x', 'open')",
        "label",
    ),
    (
        "status_transitions",
        "true",
        "(from_status_id, to_status_id) values (1, 2)",
        "team_id",
    ),
    (
        "priorities",
        "key = 'urgent'",
        "(key, label, weight) values ('x', 'x', 99)",
        "label",
    ),
    ("tags", "true", "(name) values ('x')", "color"),
    (
        "custom_fields",
        "key = 'f'",
        "(key, label, type) values ('x', 'x', 'text')",
        "label",
    ),
    (
        "object_types",
        "key = 'empty'",
        "(key, name, plural_name) values ('x', 'x', 'x')",
        "name",
    ),
    (
        "object_fields",
        "true",
        "(object_type_id, key, label, type) values (1, 'x', 'x', 'text')",
        "label",
    ),
    (
        "object_records",
        "true",
        "(object_type_id, name) values (1, 'x')",
        "external_key",
    ),
    (
        "ticket_records",
        "ticket_id = {t}",
        "(ticket_id, custom_field_id, record_id) values ({t}, 1, 1)",
        "record_id",
    ),
    ("ticket_forms", "true", "(name) values ('x')", "description"),
    (
        "ticket_form_fields",
        "true",
        "(form_id, custom_field_id) values (1, 2)",
        "position",
    ),
    ("skills", "true", "(name) values ('x')", "description"),
    (
        "agent_skills",
        "true",
        "(user_id, skill_id) select max(id), 1 from app.users",
        "level",
    ),
    ("routing_rules", "true", "(name) values ('x')", "name"),
    ("triggers", "true", "(name) values ('x')", "name"),
    ("automations", "true", "(name) values ('x')", "name"),
    (
        "automation_due",
        "true",
        "(automation_id, ticket_id) values (1, {t})",
        "met",
    ),
    (
        "automation_backfills",
        "true",
        "(automation_id) values (1)",
        "ticket_id",
    ),
    ("sla_policies", "true", "(name) values ('x')", "name"),
    (
        "sla_tickets",
        "true",
        "(ticket_id, event_id, state) values ({t}, 0, '{}')",
        "event_id",
    ),
    (
        "sla_clocks",
        "ticket_id = {t}",
        "(ticket_id, metric, instance, started_at, ran, elapsed_seconds, applied_at) values ({t}, 'resolution', 2, now(), '{}', 0, now())",
        "instance",
    ),
    ("sla_backfill", "true", "default values", "ticket_id"),
    (
        "metric_facts",
        "ticket_id = {t}",
        "(ticket_id, n, at, channel, priority_id) values ({t}, 2, now(), 'web', 1)",
        "n",
    ),
    (
        "metrics",
        "facts = {t}",
        "(grain, slot) values ('team', now())",
        "facts",
    ),
    ("metric_cursor", "true", "(seen) values ('1:1:')", "seen"),
    ("metric_rebuild", "true", "(last_id) values (1)", "ticket_id"),
    (
        "retention_policies",
        "true",
        "(name, since, days, action) values ('x', 'closed', 30, 'delete')",
        "days",
    ),
    (
        "retention_runs",
        "true",
        "(policy_id, last_id) values (1, 1)",
        "done",
    ),
    (
        "legal_holds",
        "true",
        "(name, ticket_id) values ('x', {t})",
        "reason",
    ),
    ("erasures", "true", "(user_id) values (1)", "step"),
    (
        "erasure_work",
        "true",
        "(erasure_id, user_ids, ticket_ids, words, own_words) values (2, '{}', '{}', '{}', '{}')",
        "after_id",
    ),
    (
        "archived_tickets",
        "id = {t}",
        "(id, closed_at, created_at, subject, status_id, priority_id, requester_id, words, document) values ({t}, now() + interval '1 second', now(), 'x', 1, 1, 1, '', '{}')",
        "subject",
    ),
    (
        "archived_files",
        "ticket_id = {t}",
        "(attachment_id, ticket_id, sha256) values (99, {t}, 'x')",
        "ticket_id",
    ),
    (
        "archived_links",
        "ticket_id = {t}",
        "(id, kind, ticket_id, other_id, created_at) values (99, 'related', {t}, 1, now())",
        "kind",
    ),
    (
        "rule_firings",
        "ticket_id = {t}",
        "(kind, rule_id, rule_name, ticket_id) values ('trigger', 1, 'x', {t})",
        "rule_name",
    ),
    ("rule_cursor", "true", "(seen) values ('1:1:')", "seen"),
    ("search_cursor", "true", "(seen) values ('1:1:')", "seen"),
    ("event_log", "true", "(system_identifier) values (1)", "xid_offset"),
    (
        "set_aside",
        "true",
        "(worker, item, code, message, retry_at) values ('search', 'y', 'x', 'x', now())",
        "retry_at",
    ),
    (
        "schedules",
        "true",
        "(name, time_zone) values ('x', 'UTC')",
        "name",
    ),
    ("agent_loads", "true", "(user_id) values (1)", "open"),
    ("places", "true", "(team_id, user_id) values (1, 1)", "turn"),
    (
        "waiting",
        "ticket_id = {t}",
        "(ticket_id, team_id, weight, created_at, load) values ({t}, 2, 1, now(), 1)",
        "weight",
    ),
    (
        "channel_loads",
        "true",
        "(channel) values ('email')",
        "load_percent",
    ),
    (
        "audit_log",
        "true",
        "(action, table_name) values ('insert', 'x')",
        "row_key",
    ),
    (
        "audit_seals",
        "true",
        "(from_xid, to_xid, row_count, digest) values ('0', '1', 1, 'x')",
        "row_count",
    ),
    ("imports", "true", "(source) values ('x')", "imported"),
    (
        "ticket_links",
        "ticket_id = {t}",
        "(kind, ticket_id, other_id) select 'child', {t}, id from app.tickets where subject = 'Beside ' || (select subject from app.tickets where id = {t})",
        "created_by",
    ),
    (
        "bulk_jobs",
        "true",
        "(action, body, created_by, role, claims) values ('delete', '{}', 1, 'x', '{}')",
        "total",
    ),
    (
        "bulk_items",
        "true",
        "(job_id, ticket_id) values (1, 99)",
        "state",
    ),
    ("workflow", "true", "(id) values (1)", "reopen_days"),
    (
        "views",
        "visibility = 'everyone'",
        "(name, visibility) values ('x', 'everyone')",
        "name",
    ),
    (
        "macros",
        "scope = 'shared'",
        "(name, scope, owner_id) values ('x', 'private', autocrm.actor_id())",
        "description",
    ),
    (
        "macro_versions",
        "true",
        "(macro_id, version, name, description, actions, changed_at) values (1, 99, 'x', '', '[]', now())",
        "name",
    ),
    (
        "macro_uses",
        "true",
        "(macro_id) select max(id) from app.macros",
        "uses",
    ),
    (
        "tag_counts",
        "true",
        "(tag_id, tickets) values (1, 1)",
        "tickets",
    ),
    (
        "ticket_counts",
        "true",
        "(status_id, priority_id, tickets) values (1, 1, 1)",
        "tickets",
    ),
    (
        "names",
        "true",
        "(source, source_id, kind, name, sets) values ('views', 1, 'tag', 'x', false)",
        "name",
    ),
    (
        "tag_settings",
        "true",
        "(singleton) values (true) on conflict do nothing",
        "closed",
    ),
    (
        "search_documents",
        "true",
        "(ticket_id, readers, subject, document) values (-1, '{}', 'x', '')",
        "subject",
    ),
    (
        "presence",
        "ticket_id = {t}",
        "(ticket_id, user_id, state) values ({t}, autocrm.actor_id(), 'viewing')",
        "state",
    ),
    (
        "notifications",
        "ticket_id = {t}",
        "(user_id, kind, delivery, ticket_id, event_id) values (autocrm.actor_id(), 'followed', 'in_app', {t}, -1)",
        "read_at",
    ),
    (
        "notification_preferences",
        "kind = 'mentioned'",
        "(user_id, kind, delivery) values (autocrm.actor_id(), 'followed', 'off')",
        "delivery",
    ),
    ("notification_cursor", "true", "(seen) values ('1:1:')", "seen"),
    (
        "digest_preferences",
        "true",
        "(user_id) values (autocrm.actor_id()) on conflict (user_id) do update set hour = 9",
        "hour",
    ),
    (
        "mail_outbox",
        "true",
        "(kind, dedupe_key, user_id, not_before) values ('digest', 'x', autocrm.actor_id(), now())",
        "state",
    ),
    (
        "ticket_field_values",
        "ticket_id = {t}",
        "(ticket_id, field_key, value) values ({t}, 'f', '1')",
        "value",
    ),
    (
        "field_jobs",
        "true",
        "(field_id, kind, last_id, total) values (1, 'move', 0, 0)",
        "done",
    ),
    (
        "worker_tasks",
        "name = 'rules'",
        "(name, expected_seconds) values ('x', 1)",
        "paused",
    ),
    (
        "schema_state",
        "true",
        "(sql_digest) values ('x')",
        "sql_digest",
    ),
];

/// Whether a statement touches or shows anything; everything it did is undone.
async fn may(client: &Client, identity: &str, sql: &str) -> bool {
    client
        .batch_execute(&format!("begin; {identity}"))
        .await
        .expect("an identity");
    let touched = client.execute(sql, &[]).await;
    client.batch_execute("rollback").await.expect("undone");
    touched.is_ok_and(|rows| rows > 0)
}

fn identity(person: &Person, role: &str) -> String {
    let claims = person.claims();
    format!(
        "select set_config('role', '{role}', true), set_config('request.jwt.claims', '{claims}', true)"
    )
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let desk = Desk::open().await;
    let (own, other) = (
        desk.ticket("Own", "billing").await,
        desk.ticket("Other", "tech").await,
    );
    for (ticket, subject, team) in [
        (own, "Beside Own", "billing"),
        (other, "Beside Other", "tech"),
    ] {
        let beside = desk.ticket(subject, team).await;
        desk.run(&format!("insert into app.ticket_links (kind, ticket_id, other_id) values ('related', {ticket}, {beside})")).await;
    }
    let admin = desk.admin().await;
    let agent = desk.agent("Ada", "billing").await;
    let all = [
        "tickets:read",
        "tickets:write",
        "notes:read",
        "notes:write",
        "users:read",
        "users:write",
        "objects:read",
        "objects:write",
    ];
    let key = desk.key(&all, Some("billing")).await;
    let bare = desk.key(&[], Some("billing")).await;
    let customer = desk.person("customer", "Cus", "teams").await;
    desk.run(&format!(
        "update app.tickets set requester_id = {} where id = {own}",
        customer.id
    ))
    .await;
    desk.run(
        "insert into app.organizations (name) values ('o'); insert into app.customer_notes (organization_id, body_text) values (1, 'n'); insert into app.tags (name) values ('t');
         insert into app.custom_fields (key, label, type) values ('f', 'F', 'text'); insert into app.skills (name) values ('s');
         insert into app.agent_skills (user_id, skill_id) values (1, 1); insert into app.routing_rules (name, conditions) values ('r', '{\"any\": []}');
         insert into app.schedules (name, time_zone) values ('s', 'UTC');
         insert into app.status_transitions (from_status_id, to_status_id) values (5, 6); insert into app.imports (source) values ('i');
         insert into app.channel_loads (channel) values ('chat');
         insert into app.triggers (name) values ('t'); insert into app.automations (name, enabled) values ('a', false);
         insert into app.automation_due (automation_id, ticket_id) select 1, id from app.tickets;
         insert into app.rule_firings (kind, rule_id, rule_name, ticket_id) select 'trigger', 1, 't', id from app.tickets;
         insert into app.sla_policies (name) values ('s'); insert into app.sla_tickets (ticket_id, event_id, state) select id, 0, '{}' from app.tickets;
         insert into app.sla_clocks (ticket_id, metric, instance, started_at, ran, elapsed_seconds, applied_at) select id, 'resolution', 1, now(), '{}', 0, now() from app.tickets;
         insert into app.metric_facts (ticket_id, n, at, team_id, channel, priority_id) select id, 1, now(), team_id, 'web', 1 from app.tickets;
         insert into app.metrics (grain, slot, team_id, facts) select 'team', now() + id * interval '1 second', team_id, id from app.tickets; insert into app.metric_rebuild (last_id) values (1);
         insert into app.retention_policies (name, since, days, action) values ('r', 'closed', 30, 'delete'); insert into app.retention_runs (policy_id, last_id) values (1, 1);
         insert into app.legal_holds (name, organization_id, until) values ('h', 1, now() - interval '1 day');
         insert into app.erasures (user_id, status) values (99, 'done'), (98, 'done'); insert into app.erasure_work values (1, '{}', '{}', '{}', '{}');
         select app.ensure_archive_year(now());
         insert into app.archived_tickets (id, closed_at, created_at, subject, status_id, priority_id, requester_id, team_id, words, document)
           select id, now(), now(), subject, status_id, priority_id, requester_id, team_id, '', '{}' from app.tickets;
         insert into app.archived_files (attachment_id, ticket_id, sha256) select id, id, 'x' from app.tickets;
         insert into app.archived_links (id, kind, ticket_id, other_id, created_at) select id, 'related', id, 0, now() from app.tickets;
         insert into app.set_aside (worker, item, code, message, retry_at) values ('search', 'x', 'x', 'x', now());
         insert into app.macros (name) values ('m'); insert into app.macro_uses (macro_id) values (1); insert into app.tag_counts (tag_id, tickets) values (1, 1);
         insert into app.agent_loads (user_id) select max(id) from app.users where role = 'agent' on conflict do nothing;
         insert into app.idempotency_keys (actor_id, key, operation, request_hash) values (1, 'other', 'x', 'x');
         insert into app.passwords (user_id, argon2) values (1, 'x'); insert into app.log_in_attempts (email) values ('x');
         insert into app.audit_seals (from_xid, to_xid, row_count, digest) values ('0', '1', 0, 'x')",
    )
    .await;
    // A record that both tickets point to, and a form.
    desk.run(&format!(
        "insert into app.object_types (key, name, plural_name) values ('asset', 'Asset', 'Assets'), ('empty', 'E', 'E');
         insert into app.object_fields (object_type_id, key, label, type) values (1, 'f', 'F', 'text');
         insert into app.object_records (object_type_id, name) values (1, 'a');
         insert into app.custom_fields (key, label, type, config) values ('asset', 'A', 'relation', '{{\"target\": \"object:asset\"}}');
         insert into app.ticket_records (ticket_id, custom_field_id, record_id) values ({own}, 2, 1), ({other}, 2, 1);
         insert into app.ticket_forms (name) values ('f'); insert into app.ticket_form_fields (form_id, custom_field_id) values (1, 1)"
    ))
    .await;
    // Own words on the ticket of the own team; a draft, a follower and a mention on both.
    desk.run(&format!(
        "insert into app.messages (ticket_id, author_id, body_text) values ({own}, {a}, 'x');
         insert into app.drafts (ticket_id, author_id, kind) values ({own}, {a}, 'reply'), ({other}, {a}, 'reply');
         insert into app.ticket_reads (user_id, ticket_id, read_at) values ({a}, {own}, now()), ({a}, {other}, now());
         insert into app.followers (ticket_id, user_id) values ({own}, {r}), ({other}, {r});
         insert into app.presence (ticket_id, user_id, state) values ({own}, {r}, 'viewing'), ({other}, {r}, 'viewing');
         insert into app.mentions (message_id, message_at, ticket_id, user_id)
           select id, created_at, ticket_id, {r} from app.messages where body_text <> 'x';
         insert into app.blobs (sha256, size) values (sha256('x'), 1);
         insert into app.attachments (uploader_id, name, media_type, sha256, size, ticket_id, message_id, message_at)
           select {a}, 'x', 'text/plain', sha256('x'), 1, ticket_id, id, created_at from app.messages where body_text <> 'x'",
        a = agent.id, r = admin.id
    ))
    .await;
    // The admin is told of both tickets, the agent too, who sees one.
    desk.run(&format!(
        "insert into app.notifications (user_id, kind, delivery, ticket_id, event_id)
           select u, 'followed', 'in_app', t, t from unnest(array[{a}, {r}]) u, unnest(array[{own}, {other}]) t;
         insert into app.notification_preferences (user_id, kind, delivery) values ({a}, 'mentioned', 'off');
         insert into app.digest_preferences (user_id) values ({a});
         insert into app.mail_outbox (kind, dedupe_key, user_id, not_before) values ('notification', 'a', {a}, now())",
        a = agent.id, r = admin.id
    ))
    .await;
    // A field that admins and agents see.
    desk.run(
        "insert into app.custom_fields (key, label, type, visible_to) values ('g', 'G', 'text', '{admin,agent}');
         insert into app.ticket_field_values (ticket_id, field_key, value) select id, 'g', '1' from app.tickets;
         insert into app.field_jobs (field_id, kind, last_id, total) values (1, 'move', 0, 0)",
    )
    .await;
    // Somebody else's.
    desk.run(
        "insert into app.bulk_jobs (action, body, created_by, role, claims) values ('delete', '{}', 1, 'autocrm_admin', '{}');
         insert into app.bulk_items (job_id, ticket_id) values (1, 1)",
    )
    .await;
    let api = desk.log_in("autocrm_api").await;
    let analyst = desk.analyst(Some("billing")).await;
    // The same agent at a SQL prompt.
    let login = format!("agent_{}", desk.database);
    desk.run(&format!(
        "create role {login} login in role autocrm_agent; update app.users set pg_role = '{login}' where id = {}",
        agent.id
    ))
    .await;
    let prompt = desk.log_in(&login).await;
    let people: [(&Client, String); 7] = [
        (&api, identity(&admin, "autocrm_admin")),
        (&api, identity(&agent, "autocrm_agent")),
        (&api, identity(&key, "autocrm_integration")),
        (&api, identity(&bare, "autocrm_integration")),
        (&api, identity(&customer, "autocrm_customer")),
        (&analyst, String::new()),
        (&prompt, String::new()),
    ];

    let mut found = format!(
        "| table | verb | {} |\n| --- | --- |{}\n",
        ROLES.join(" | "),
        " --- |".repeat(ROLES.len())
    );
    for (table, condition, insert, column) in TABLES {
        let by_team = condition.contains("{t}");
        for (scope, ticket) in [("own", own), ("other", other)] {
            if !by_team && scope == "other" {
                continue;
            }
            let fill = |text: &str| text.replace("{t}", &ticket.to_string());
            for (verb, sql) in [
                (
                    "select",
                    format!("select {column} from app.{table} where {}", fill(condition)),
                ),
                (
                    "insert",
                    format!("insert into app.{table} {}", fill(insert)),
                ),
                (
                    "update",
                    format!(
                        "update app.{table} set {column} = {column} where {}",
                        fill(condition)
                    ),
                ),
                (
                    "delete",
                    format!("delete from app.{table} where {}", fill(condition)),
                ),
            ] {
                let name = if by_team {
                    format!("{table}, {scope} team")
                } else {
                    (*table).to_owned()
                };
                let _ = write!(found, "| {name} | {verb} |");
                for (client, identity) in &people {
                    let _ = write!(
                        found,
                        " {} |",
                        if may(client, identity, &sql).await {
                            "yes"
                        } else {
                            "–"
                        }
                    );
                }
                found.push('\n');
            }
        }
    }
    found.push_str(&columns(&prompt).await);
    let expected = include_str!("permissions.md")
        .split_once("\n\n")
        .map(|(_, table)| table)
        .unwrap_or_default();
    let wrong: Vec<&str> = found
        .lines()
        .filter(|line| !expected.lines().any(|known| known == *line))
        .collect();
    assert!(
        wrong.is_empty(),
        "these differ from tests/security/permissions.md:\n{}",
        wrong.join("\n")
    );
}

/// The columns that an agent may write, table by table, as Postgres says them: ids, versions, times and histories are
/// in none. Those of `tickets` and `messages` that the functions of schema api need are tried in prompt.rs.
async fn columns(prompt: &Client) -> String {
    let rows = prompt
        .query(
            "select c.relname::text,
                    coalesce(string_agg(a.attname, ', ' order by a.attnum) filter (where has_column_privilege(c.oid, a.attnum, 'insert')), '–'),
                    coalesce(string_agg(a.attname, ', ' order by a.attnum) filter (where has_column_privilege(c.oid, a.attnum, 'update')), '–')
               from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
              where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                and has_any_column_privilege(c.oid, 'insert, update')
              group by c.relname order by c.relname",
            &[],
        )
        .await
        .expect("columns");
    let mut found = String::from("\n| agent in psql | inserts | updates |\n| --- | --- | --- |\n");
    for row in rows {
        let _ = writeln!(
            found,
            "| {} | {} | {} |",
            row.get::<_, String>(0),
            row.get::<_, String>(1),
            row.get::<_, String>(2)
        );
    }
    found
}

#[tokio::test]
async fn every_table_stands_in_the_matrix() {
    let desk = Desk::open().await;
    let rows = desk
        .sql()
        .query("select relname::text from pg_class where relnamespace = 'app'::regnamespace and relkind in ('r', 'p') and not relispartition", &[])
        .await
        .expect("tables");
    let there: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    let tried: BTreeSet<String> = TABLES
        .iter()
        .map(|(table, ..)| (*table).to_owned())
        .collect();
    assert_eq!(there, tried);
}
