-- Triggers, which speak when something happened to a ticket, and automations, which speak when time did.
create table app.triggers (
  id bigint generated always as identity primary key,
  position integer not null default 0,
  name text not null check (name <> '' and length(name) <= 200),
  enabled boolean not null default true,
  conditions jsonb not null default '{"all": []}',
  actions jsonb not null default '[]',
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table app.triggers enable row level security;

create table app.automations (
  id bigint generated always as identity primary key,
  position integer not null default 0,
  name text not null check (name <> '' and length(name) <= 200),
  enabled boolean not null default true,
  conditions jsonb not null default '{"all": []}',
  actions jsonb not null default '[]',
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table app.automations enable row level security;

-- When an automation must look at a ticket next. `met`: its conditions held when it last looked, and it has
-- spoken; it speaks again once they have ceased to hold.
create table app.automation_due (
  automation_id bigint not null references app.automations (id) on delete cascade,
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  due_at timestamptz,
  met boolean not null default false,
  primary key (automation_id, ticket_id)
) with (fillfactor = 80);
create index automation_due_idx on app.automation_due (due_at) where due_at is not null;
create index automation_due_ticket_idx on app.automation_due (ticket_id);
alter table app.automation_due enable row level security;
comment on table app.automation_due is 'Derived: when time may next turn the conditions of an automation for a ticket.';

-- Tickets that a new or changed automation has yet to look at: those above ticket_id.
create table app.automation_backfills (
  automation_id bigint primary key references app.automations (id) on delete cascade,
  ticket_id bigint not null default 0
);
alter table app.automation_backfills enable row level security;

-- Each time a rule spoke: the receipt that keeps it from speaking twice, and the log that says why.
create table app.rule_firings (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  kind text not null check (kind in ('trigger', 'automation')),
  rule_id bigint not null,
  rule_name text not null,
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  -- The transaction that a trigger answers; an automation answers none.
  cause_xid xid8,
  -- The conditions as they were written, with what each test found.
  explanation jsonb not null default '{}',
  -- Why the actions could not be carried out: {"message", "detail", "hint"}.
  error jsonb
);
create unique index rule_firings_receipt_key on app.rule_firings (kind, rule_id, ticket_id, cause_xid) where cause_xid is not null;
create index rule_firings_rule_idx on app.rule_firings (kind, rule_id, id);
create index rule_firings_ticket_idx on app.rule_firings (ticket_id, id);
alter table app.rule_firings enable row level security;

-- Up to which transaction the triggers have heard of events. What happened before now is over.
create table app.rule_cursor (
  singleton boolean primary key default true check (singleton),
  xid xid8 not null
);
insert into app.rule_cursor (xid) values (pg_snapshot_xmin(pg_current_snapshot()));
alter table app.rule_cursor enable row level security;
