-- Readers of the log of events go on from snapshots, and no worker stops at what it cannot do.

-- Whose log this is. A desk that is restored into another cluster goes on in numbers above all that it brought.
create table app.event_log (
  singleton boolean primary key default true check (singleton),
  system_identifier bigint not null,
  -- Added to the cluster's numbers of transactions.
  xid_offset bigint not null default 0 check (xid_offset >= 0)
);
alter table app.event_log enable row level security;
insert into app.event_log (system_identifier) select system_identifier from pg_control_system();

alter table app.events alter column xid set default autocrm.log_xid();
alter table app.audit_log alter column xid set default autocrm.log_xid();
alter table app.field_jobs alter column xid set default autocrm.log_xid();

-- What each worker has heard of: all that `seen` sees; of `within` also every transaction whose last event is at
-- most event_id.
alter table app.rule_cursor add column seen pg_snapshot, add column within pg_snapshot, add column event_id bigint;
alter table app.search_cursor add column seen pg_snapshot, add column within pg_snapshot, add column event_id bigint;
alter table app.notification_cursor add column seen pg_snapshot, add column within pg_snapshot, add column event_id bigint;
update app.rule_cursor set seen = format('%1$s:%1$s:', xid::text::bigint + 1)::pg_snapshot;
update app.search_cursor set seen = format('%1$s:%1$s:', xid::text::bigint + 1)::pg_snapshot;
update app.notification_cursor set seen = format('%1$s:%1$s:', xid::text::bigint + 1)::pg_snapshot;
alter table app.rule_cursor drop column xid, alter column seen set not null, add check ((within is null) = (event_id is null));
alter table app.search_cursor drop column xid, alter column seen set not null, add check ((within is null) = (event_id is null));
alter table app.notification_cursor drop column xid, alter column seen set not null, add check ((within is null) = (event_id is null));

-- Transactions that had written tickets when a job over them began, or hold some that it could not have: what they
-- leave is looked at once more when they have ended.
alter table app.field_jobs add column writers bigint[];

-- What a worker could not do, and why; it goes on without, and tries again later or when an admin says so.
create table app.set_aside (
  id bigint generated always as identity primary key,
  worker text not null check (worker in (
    'triggers', 'automations', 'backfills', 'search', 'notifications', 'mail', 'bulk', 'field_jobs', 'maintenance', 'files', 'indexes')),
  -- What of its work: each once.
  item text not null,
  ticket_id bigint references app.tickets (id) on delete cascade,
  -- What it takes to do it again.
  data jsonb not null default '{}',
  code text not null,
  message text not null,
  detail text,
  hint text,
  attempts integer not null default 1,
  at timestamptz not null default now(),
  tried_at timestamptz not null default now(),
  retry_at timestamptz not null,
  unique (worker, item)
);
create index set_aside_retry_idx on app.set_aside (retry_at);
create index set_aside_ticket_idx on app.set_aside (ticket_id) where ticket_id is not null;
alter table app.set_aside enable row level security;
comment on table app.set_aside is 'What a worker could not do, with the reason; done again later, or at once when an admin asks for it.';

-- What went wrong, as `get stacked diagnostics` tells it.
create type app.failure as (code text, message text, detail text, hint text);
