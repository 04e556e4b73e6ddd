-- Service level agreements: policies, whose targets say how long a ticket may wait, and the clocks that measure it.
create table app.sla_policies (
  id bigint generated always as identity primary key,
  position integer not null default 0,
  name text not null check (name <> '' and length(name) <= 200),
  enabled boolean not null default true,
  conditions jsonb not null default '{"all": []}',
  -- [{"metric": "first_reply", "priority": "high", "minutes": 60, "hours": "business"}]; priority and hours may be left out.
  targets jsonb not null default '[]',
  -- Percent of a target after which a breach is near; NULL: no notice of it.
  near_breach_percent integer default 80 check (near_breach_percent >= 1 and near_breach_percent <= 99),
  version bigint not null default 1,
  created_at timestamptz not null default autocrm.now(),
  updated_at timestamptz not null default autocrm.now()
);
alter table app.sla_policies enable row level security;
comment on table app.sla_policies is 'How long tickets may wait. The first by position whose conditions hold applies to a ticket.';

-- A ticket's open clocks as autocrm.advance_sla() stored them, and the last event that they know of.
create table app.sla_tickets (
  ticket_id bigint primary key references app.tickets (id) on delete cascade,
  event_id bigint not null,
  state jsonb not null,
  -- When time alone changes a clock next; NULL while it does not.
  check_at timestamptz
) with (fillfactor = 80);
create index sla_tickets_check_idx on app.sla_tickets (check_at) where check_at is not null;
alter table app.sla_tickets enable row level security;
comment on table app.sla_tickets is 'Derived: the state from which a ticket''s clocks are counted on.';

create table app.sla_clocks (
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  metric text not null check (metric in (
    'first_reply', 'next_reply', 'periodic_update', 'pausable_update', 'requester_wait', 'agent_work', 'resolution')),
  -- Counts the cycles of the metric, from 1.
  instance integer not null,
  -- The policy that applied, as it was then; NULL once none does.
  policy_id bigint,
  policy_version bigint,
  target_seconds bigint,
  -- Whose hours count; NULL: those of the calendar.
  schedule_id bigint,
  started_at timestamptz not null,
  -- The intervals in which it ran until it was paused or ended, and since when it has been running.
  ran tstzmultirange not null,
  running_since timestamptz,
  -- What those intervals come to in the hours that count.
  elapsed_seconds bigint not null,
  -- Since when this target applies.
  applied_at timestamptz not null,
  -- When a breach is near, and when the target runs out; NULL while it is paused.
  near_at timestamptz,
  due_at timestamptz,
  -- When they happened.
  warned_at timestamptz,
  breached_at timestamptz,
  fulfilled_at timestamptz,
  primary key (ticket_id, metric, instance)
) with (fillfactor = 80);
alter table app.sla_clocks enable row level security;
comment on table app.sla_clocks is 'The clocks of tickets under a policy: one row for each metric and cycle.';

-- Open tickets above this id have their clocks counted again, since a policy or a schedule has changed.
create table app.sla_backfill (
  singleton boolean primary key default true check (singleton),
  ticket_id bigint not null default 0
);
alter table app.sla_backfill enable row level security;

-- When the first of a ticket's targets runs out, or has run out while nobody has met it.
alter table app.tickets add column next_breach_at timestamptz;
create index tickets_next_breach_idx on app.tickets (next_breach_at, id) where next_breach_at is not null;

-- The business hours of its tickets, before those of their team.
alter table app.organizations add column schedule_id bigint references app.schedules (id) on delete set null;
create index organizations_schedule_idx on app.organizations (schedule_id);

alter table app.set_aside drop constraint set_aside_worker_check;
alter table app.set_aside add constraint set_aside_worker_check check (worker in (
  'triggers', 'automations', 'backfills', 'sla', 'search', 'notifications', 'mail', 'bulk', 'field_jobs', 'maintenance', 'files', 'indexes'));
