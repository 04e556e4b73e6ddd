-- Retention of tickets, legal holds, and the erasure of persons.

-- How long tickets are kept. Of the policies with one action the first by position whose conditions hold applies.
create table app.retention_policies (
  id bigint generated always as identity primary key,
  position integer not null default 0,
  name text not null check (name <> '' and length(name) <= 200),
  -- Switched on once its preview was read.
  enabled boolean not null default false,
  conditions jsonb not null default '{"all": []}',
  -- From which moment of a ticket the days count.
  since text not null check (since in ('created', 'solved', 'closed', 'trashed')),
  days integer not null check (days >= 1 and days <= 36500),
  action text not null check (action in ('delete', 'anonymise')),
  version bigint not null default 1,
  created_at timestamptz not null default autocrm.now(),
  updated_at timestamptz not null default autocrm.now()
);
alter table app.retention_policies enable row level security;
comment on table app.retention_policies is 'How long tickets are kept, and what becomes of them then.';

-- The last round of a policy over all tickets: how far it is, and what it did.
create table app.retention_runs (
  policy_id bigint primary key references app.retention_policies (id) on delete cascade,
  -- Tickets up to this id are done; those after last_id wait for the next round.
  ticket_id bigint not null default 0,
  last_id bigint not null,
  looked_at bigint not null default 0,
  done bigint not null default 0,
  held bigint not null default 0,
  failed bigint not null default 0,
  started_at timestamptz not null default autocrm.now(),
  finished_at timestamptz
) with (fillfactor = 50);
alter table app.retention_runs enable row level security;
comment on table app.retention_runs is 'Derived: how far each retention policy is.';

-- When the texts of a ticket and the link to its requester were removed.
alter table app.tickets add column anonymised_at timestamptz;

-- What must stay as it is: while a hold lasts, nothing of its ticket, person or organization is deleted, anonymised or erased.
create table app.legal_holds (
  id bigint generated always as identity primary key,
  name text not null check (name <> '' and length(name) <= 200),
  reason text not null default '' constraint legal_holds_reason_max_2000 check (length(reason) <= 2000),
  ticket_id bigint references app.tickets (id) on delete cascade,
  user_id bigint references app.users (id) on delete cascade,
  organization_id bigint references app.organizations (id) on delete cascade,
  -- NULL: until it is removed.
  until timestamptz,
  placed_by bigint references app.users (id) on delete set null,
  version bigint not null default 1,
  created_at timestamptz not null default autocrm.now(),
  updated_at timestamptz not null default autocrm.now(),
  constraint legal_holds_one_subject check (num_nonnulls(ticket_id, user_id, organization_id) = 1)
);
create index legal_holds_ticket_idx on app.legal_holds (ticket_id) where ticket_id is not null;
create index legal_holds_user_idx on app.legal_holds (user_id) where user_id is not null;
create index legal_holds_organization_idx on app.legal_holds (organization_id) where organization_id is not null;
create index legal_holds_placed_idx on app.legal_holds (placed_by) where placed_by is not null;
alter table app.legal_holds enable row level security;
comment on table app.legal_holds is 'Tickets, people and organizations of which nothing is deleted, anonymised or erased.';

-- Erasures of persons: each row becomes the certificate of what was erased, and holds nothing of the person but their id.
create table app.erasures (
  id bigint generated always as identity primary key,
  -- No reference: a certificate outlives what it is about.
  user_id bigint not null,
  -- What becomes of the texts that they wrote: redact removes them, keep removes only the person's name and addresses.
  texts text not null default 'redact' check (texts in ('redact', 'keep')),
  status text not null default 'running' check (status in ('running', 'done', 'incomplete')),
  -- What is looked through right now, and up to which id.
  step text,
  reached_id bigint not null default 0,
  -- By table, how many rows were changed or removed.
  counts jsonb not null default '{}',
  -- Why it is incomplete: tables and ids of rows that could not be changed.
  problems text[] not null default '{}',
  requested_by bigint references app.users (id) on delete set null,
  created_at timestamptz not null default autocrm.now(),
  finished_at timestamptz
);
create unique index erasures_running_key on app.erasures (user_id) where status = 'running';
create index erasures_user_idx on app.erasures (user_id);
create index erasures_requested_idx on app.erasures (requested_by) where requested_by is not null;
alter table app.erasures enable row level security;
comment on table app.erasures is 'Erasures of persons, and their certificates.';

-- What an erasure looks for; removed with its end.
create table app.erasure_work (
  erasure_id bigint primary key references app.erasures (id) on delete cascade,
  -- The person and the entries that were merged into theirs.
  user_ids bigint[] not null,
  -- Their tickets, and those that they follow.
  ticket_ids bigint[] not null,
  -- Removed wherever they stand, and in those tickets alone.
  words text[] not null,
  own_words text[] not null,
  -- The position within the step.
  after_id bigint not null default 0
);
alter table app.erasure_work enable row level security;
comment on table app.erasure_work is 'Derived: what erasures that are under way look for.';

alter table app.set_aside drop constraint set_aside_worker_check;
alter table app.set_aside add constraint set_aside_worker_check check (worker in (
  'triggers', 'automations', 'backfills', 'sla', 'metrics', 'search', 'notifications', 'mail', 'bulk', 'field_jobs', 'maintenance', 'files', 'indexes',
  'retention', 'erasures'));

-- A person's data that was read as a whole, and left the desk.
alter type app.audit_action add value 'read';
