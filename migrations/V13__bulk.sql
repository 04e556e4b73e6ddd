-- The trash: what was deleted is hidden from everybody, can be put back for 30 days, then goes for good.
alter table app.tickets
  add column deleted_at timestamptz,
  add column deleted_by bigint references app.users (id) on delete set null;
create index tickets_deleted_idx on app.tickets (deleted_at, id) where deleted_at is not null;

create type app.bulk_status as enum ('queued', 'running', 'done', 'cancelled', 'undoing', 'undone');
create type app.bulk_state as enum ('pending', 'done', 'failed', 'skipped', 'undone', 'kept');

-- One act on many tickets. The selection is frozen in bulk_items when the job is made.
create table app.bulk_jobs (
  id bigint generated always as identity primary key,
  -- update, merge, delete or restore.
  action text not null check (action in ('update', 'merge', 'delete', 'restore')),
  -- What it does to each: {"changes": …, "add_tags": …, "remove_tags": …, "into": …}.
  body jsonb not null,
  status app.bulk_status not null default 'queued',
  total integer not null default 0,
  done integer not null default 0,
  failed integer not null default 0,
  -- While it is undone: items put back, and those left as somebody else has made them since.
  undone integer not null default 0,
  kept integer not null default 0,
  created_by bigint not null references app.users (id) on delete cascade,
  -- As whom the worker acts: the role, and claims that outlive the log-in of whoever asked. Read by the owner only.
  role name not null,
  claims jsonb not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index bulk_jobs_waiting_idx on app.bulk_jobs (id) where status in ('queued', 'running', 'undoing');
create index bulk_jobs_creator_idx on app.bulk_jobs (created_by, id);
alter table app.bulk_jobs enable row level security;

create table app.bulk_items (
  job_id bigint not null references app.bulk_jobs (id) on delete cascade,
  ticket_id bigint not null,
  state app.bulk_state not null default 'pending',
  -- Why it failed, or what undoing left alone.
  problem text,
  -- The columns that the job changed, as they were and as it made them.
  before jsonb,
  after jsonb,
  primary key (job_id, ticket_id)
);
create index bulk_items_pending_idx on app.bulk_items (job_id, ticket_id) where state = 'pending';
create index bulk_items_done_idx on app.bulk_items (job_id, ticket_id) where state = 'done';
alter table app.bulk_items enable row level security;
