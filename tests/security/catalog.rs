//! Properties of every table, function and view, so that a new one cannot forget them.

use harness::desk::Desk;

async fn none(desk: &Desk, what: &str, sql: &str) {
    let rows = desk.sql().query(sql, &[]).await.expect("a query");
    let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(found.is_empty(), "{what}: {}", found.join(", "));
}

#[tokio::test]
async fn every_table_has_row_level_security() {
    let desk = Desk::open().await;
    none(
        &desk,
        "tables without row-level security",
        "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname in ('app', 'api', 'worker', 'reporting', 'public') and c.relkind in ('r', 'p') and not c.relrowsecurity",
    )
    .await;
}

#[tokio::test]
async fn every_table_that_holds_state_is_audited() {
    let desk = Desk::open().await;
    // Left out: history itself, the books of router, rules and store, what nobody has said yet, and what is
    // swept within days.
    none(
        &desk,
        "tables without an audit trigger",
        "select c.relname::text from pg_class c
          where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and c.relname not in ('events', 'audit_log', 'audit_seals', 'routing_decisions', 'agent_loads', 'places', 'waiting', 'automation_due', 'automation_backfills', 'sla_tickets', 'sla_clocks', 'sla_backfill', 'metric_facts', 'metrics', 'metric_cursor', 'metric_rebuild', 'retention_runs', 'erasure_work', 'archived_tickets', 'archived_files', 'archived_links', 'rule_firings', 'rule_cursor', 'search_cursor', 'notifications', 'notification_cursor', 'idempotency_keys', 'log_in_attempts', 'schema_state', 'drafts', 'ticket_reads', 'blobs', 'bulk_items', 'search_documents', 'presence', 'macro_versions', 'macro_uses', 'tag_counts', 'ticket_counts', 'ticket_records', 'mail_outbox', 'event_log', 'names')
            and not exists (
              select from pg_trigger t
               where t.tgrelid = c.oid and t.tgfoid in (
                 'autocrm.tg_audit()'::regprocedure, 'autocrm.tg_tickets__record()'::regprocedure,
                 'autocrm.tg_messages__record()'::regprocedure, 'autocrm.tg_mentions__record()'::regprocedure)
                 -- For each row, after inserts and deletes at the least, and not switched off.
                 and t.tgtype & 1 = 1 and t.tgtype & 2 = 0 and t.tgtype & 12 = 12 and t.tgenabled in ('O', 'A'))",
    )
    .await;
}

#[tokio::test]
async fn every_view_asks_as_its_reader_and_every_definer_pins_its_path() {
    let desk = Desk::open().await;
    none(
        &desk,
        "views that ask as their owner",
        "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname in ('app', 'api', 'worker', 'reporting') and c.relkind = 'v'
            and not coalesce(c.reloptions @> array['security_invoker=true'], false)",
    )
    .await;
    none(
        &desk,
        "functions without a pinned search_path",
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where n.nspname in ('app', 'api', 'worker', 'reporting')
            and not exists (select from unnest(p.proconfig) c where c like 'search_path=%')",
    )
    .await;
    none(
        &desk,
        "functions that everybody may call",
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where n.nspname in ('app', 'api', 'worker', 'reporting', 'autocrm') and has_function_privilege('public', p.oid, 'execute')",
    )
    .await;
}

/// Its functions believe what they are handed, and act as the owner.
#[tokio::test]
async fn schema_worker_is_the_apis_own() {
    let desk = Desk::open().await;
    none(
        &desk,
        "roles that reach into schema worker",
        "select format('%s reaches %s', r.rolname, coalesce(p.oid::regprocedure::text, 'the schema'))
           from pg_roles r
           left join pg_proc p on p.pronamespace = 'worker'::regnamespace and has_function_privilege(r.oid, p.oid, 'execute')
          where r.rolname like 'autocrm\\_%' and r.rolname not in ('autocrm_owner', 'autocrm_api')
            and (p.oid is not null or has_schema_privilege(r.oid, 'worker', 'usage'))",
    )
    .await;
    none(
        &desk,
        "functions of schema worker that the API cannot call",
        "select p.oid::regprocedure::text from pg_proc p
          where p.pronamespace = 'worker'::regnamespace and not has_function_privilege('autocrm_api', p.oid, 'execute')",
    )
    .await;
    // What the API's log-in calls as itself is there and nowhere else.
    none(
        &desk,
        "functions of schema api that the API calls as itself",
        "select p.oid::regprocedure::text from pg_proc p
          where p.pronamespace = 'api'::regnamespace and p.proname <> '_need_any_scope'
            and has_function_privilege('autocrm_api', p.oid, 'execute')",
    )
    .await;
}

#[tokio::test]
async fn nobody_but_the_owner_reads_what_opens_doors() {
    let desk = Desk::open().await;
    none(
        &desk,
        "roles that read secrets",
        "select format('%s reads %s', r.rolname, t.name) from pg_roles r,
           (values ('app.passwords'), ('app.sessions'), ('app.log_in_attempts')) t (name)
          where r.rolname like 'autocrm\\_%' and r.rolname <> 'autocrm_owner' and has_table_privilege(r.rolname, t.name, 'select')
         union all
         select format('%s reads the hash of keys', r.rolname) from pg_roles r
          where r.rolname like 'autocrm\\_%' and r.rolname <> 'autocrm_owner' and has_column_privilege(r.rolname, 'app.api_keys', 'hash', 'select')",
    )
    .await;
}

#[tokio::test]
async fn rows_are_dated_by_one_clock() {
    let desk = Desk::open().await;
    none(
        &desk,
        "columns dated by the server's clock",
        "select format('%s.%s', d.adrelid::regclass, a.attname)
           from pg_attrdef d
           join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
           join pg_class c on c.oid = d.adrelid
          where c.relnamespace = 'app'::regnamespace
            and pg_get_expr(d.adbin, d.adrelid) ~ '(^|[^.])\\m(now|clock_timestamp|transaction_timestamp|statement_timestamp)\\(\\)'",
    )
    .await;
    none(
        &desk,
        "functions that write the server's time",
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where n.nspname in ('app', 'api', 'worker') and p.prosrc ~* '(^|[^._a-z])(now\\(\\)|current_timestamp|transaction_timestamp)'",
    )
    .await;
}

/// An UPDATE that names a column of such an index locks its row FOR UPDATE: whoever writes a reference to it waits.
#[tokio::test]
async fn what_others_refer_to_has_one_key_for_foreign_keys() {
    let desk = Desk::open().await;
    none(
        &desk,
        "unique indexes that a foreign key could refer to, and none does",
        "select x.indexrelid::regclass::text
           from pg_index x
           join pg_class c on c.oid = x.indrelid
          where c.relnamespace = 'app'::regnamespace
            and x.indisunique and not x.indisprimary and x.indpred is null and x.indexprs is null
            and exists (select from pg_constraint f where f.contype = 'f' and f.confrelid = c.oid)
            and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = x.indexrelid)",
    )
    .await;
    // The primary keys are nobody's to update.
    none(
        &desk,
        "roles that may update what foreign keys refer to",
        "select format('%s updates %s.%s', r.rolname, x.indrelid::regclass, a.attname)
           from pg_index x
           join pg_attribute a on a.attrelid = x.indrelid and a.attnum = any (x.indkey)
          cross join pg_roles r
          where x.indisprimary and x.indrelid in (select f.confrelid from pg_constraint f where f.contype = 'f' and f.connamespace = 'app'::regnamespace)
            and r.rolname like 'autocrm\\_%' and r.rolname <> 'autocrm_owner'
            and has_column_privilege(r.rolname, x.indrelid, a.attnum, 'update')",
    )
    .await;
}

/// Who is on which ticket is worth nothing after a crash, and never reaches the server's log of changes.
#[tokio::test]
async fn presence_is_kept_in_an_unlogged_table() {
    let desk = Desk::open().await;
    let unlogged: bool = desk
        .one("select relpersistence = 'u' from pg_class where oid = 'app.presence'::regclass")
        .await;
    assert!(unlogged);
}
