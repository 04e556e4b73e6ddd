-- Custom fields that not all of the staff may see.
alter table app.custom_fields
  -- Whether values may be in field_values: from the moment the field is restricted until all are back.
  add column apart boolean not null default false,
  -- Whether maintenance keeps an index for views that ask for the field or are sorted by it.
  add column filterable boolean not null default false;

-- Values of restricted fields, beside the tickets' own rows: a row can be hidden, a key of a jsonb cannot.
create table app.ticket_field_values (
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  field_key text not null references app.custom_fields (key),
  value jsonb not null,
  primary key (ticket_id, field_key)
);
create index ticket_field_values_field_idx on app.ticket_field_values (field_key, ticket_id);
alter table app.ticket_field_values enable row level security;

-- The restricted field that an event tells of, and then of nothing else.
alter table app.events add column field_key text;

-- What is done to the values of a field on every ticket, in the background: move, after a change of who may see
-- it; fill, where it is missing.
create table app.field_jobs (
  id bigint generated always as identity primary key,
  field_id bigint not null references app.custom_fields (id) on delete cascade,
  kind text not null check (kind in ('move', 'fill')),
  value jsonb check ((kind = 'fill') = (value is not null)),
  conditions jsonb,
  status app.bulk_status not null default 'queued',
  -- Tickets up to this one are done; those after last_id are none of its business.
  ticket_id bigint not null default 0,
  last_id bigint not null,
  -- Tickets to look at, looked at, changed, and those that refused the value, with the first refusal.
  total bigint not null,
  done bigint not null default 0,
  changed bigint not null default 0,
  failed bigint not null default 0,
  problem text,
  -- It begins when all transactions have ended that began before it: none writes by the old definition any more.
  xid xid8 not null default pg_current_xact_id(),
  created_by bigint references app.users (id) on delete set null,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index field_jobs_waiting_idx on app.field_jobs (id) where status in ('queued', 'running');
create index field_jobs_field_idx on app.field_jobs (field_id, id);
alter table app.field_jobs enable row level security;
