-- Metrics: what happened to each ticket, as far as reports count it, and its sums.
create table app.metric_facts (
  ticket_id bigint not null,
  -- Counts the facts of a ticket in their order, from 1.
  n integer not null,
  at timestamptz not null,
  -- Those of the ticket at that moment; of a reply the agent who wrote it.
  team_id bigint,
  agent_id bigint,
  channel app.channel not null,
  priority_id bigint not null,
  -- 1 where it happened.
  created smallint not null default 0,
  solved smallint not null default 0,
  reopened smallint not null default 0,
  merged smallint not null default 0,
  replies smallint not null default 0,
  one_touch smallint not null default 0,
  sla_kept smallint not null default 0,
  sla_breached smallint not null default 0,
  -- 1 where an open ticket comes to this team, agent and priority, -1 where it leaves.
  backlog smallint not null default 0,
  -- Seconds until this moment, by the clock and in the business hours of the ticket's organization, or else of its team.
  first_reply bigint,
  first_reply_business bigint,
  next_reply bigint,
  next_reply_business bigint,
  resolution bigint,
  resolution_business bigint,
  full_resolution bigint,
  full_resolution_business bigint,
  handle bigint,
  primary key (ticket_id, n)
);
alter table app.metric_facts enable row level security;
comment on table app.metric_facts is
  'Derived from tickets, messages, events and SLA clocks: what happened to each ticket, as far as reports count it. Tickets in the trash have none.';

create table app.metrics (
  -- What the row is a sum by: all (team, agent, channel and priority), or the team and one of agent, channel and priority,
  -- the team alone, or now: open tickets of today by all four, without a time.
  grain text not null check (grain in ('all', 'team', 'agent', 'channel', 'priority', 'now')),
  -- When the time begins that it sums up: half an hour, so that days begin where they do in zones like India's too; infinity
  -- for now.
  slot timestamptz not null,
  -- How long it is. Sums of six hours are kept beside those of half-hours, except by all four, so that a year is read at once.
  minutes smallint not null default 30 check (minutes in (30, 360)),
  team_id bigint,
  agent_id bigint,
  channel app.channel,
  priority_id bigint,
  -- How many facts it sums up. A sum that is 0 is NULL: most are, and take no place.
  facts bigint not null,
  created bigint,
  solved bigint,
  reopened bigint,
  merged bigint,
  replies bigint,
  one_touch bigint,
  sla_kept bigint,
  sla_breached bigint,
  backlog bigint,
  -- Of each duration: how many there are, their sum in seconds, and their distribution (autocrm.quantile).
  first_reply_count bigint,
  first_reply_seconds bigint,
  first_reply_sketch bytea,
  first_reply_business_seconds bigint,
  first_reply_business_sketch bytea,
  next_reply_count bigint,
  next_reply_seconds bigint,
  next_reply_sketch bytea,
  next_reply_business_seconds bigint,
  next_reply_business_sketch bytea,
  resolution_count bigint,
  resolution_seconds bigint,
  resolution_sketch bytea,
  resolution_business_seconds bigint,
  resolution_business_sketch bytea,
  full_resolution_count bigint,
  full_resolution_seconds bigint,
  full_resolution_sketch bytea,
  full_resolution_business_seconds bigint,
  full_resolution_business_sketch bytea,
  handle_count bigint,
  handle_seconds bigint,
  handle_sketch bytea,
  unique nulls not distinct (grain, minutes, slot, team_id, agent_id, channel, priority_id)
) with (fillfactor = 80);
-- There is no key: whole rows identify what a logical replica changes.
alter table app.metrics replica identity full;
create index metrics_agent_idx on app.metrics (agent_id, minutes, slot) where grain = 'agent';
alter table app.metrics enable row level security;
comment on table app.metrics is 'Derived: sums of app.metric_facts by half-hours and by six hours, counted by the worker as events come.';

-- Which events the metrics have counted, as for the other readers of the feed. What happened before now is counted by
-- the rebuild.
create table app.metric_cursor (
  singleton boolean primary key default true check (singleton),
  seen pg_snapshot not null,
  within pg_snapshot,
  event_id bigint,
  check ((within is null) = (event_id is null))
);
insert into app.metric_cursor (seen) values (autocrm.log_snapshot());
alter table app.metric_cursor enable row level security;

-- A rebuild under way: tickets above this id are counted next, up to the last.
create table app.metric_rebuild (
  singleton boolean primary key default true check (singleton),
  ticket_id bigint not null default 0,
  last_id bigint not null,
  started_at timestamptz not null default autocrm.now()
);
insert into app.metric_rebuild (last_id) select max(id) from app.tickets having max(id) is not null;
alter table app.metric_rebuild enable row level security;

alter table app.set_aside drop constraint set_aside_worker_check;
alter table app.set_aside add constraint set_aside_worker_check check (worker in (
  'triggers', 'automations', 'backfills', 'sla', 'metrics', 'search', 'notifications', 'mail', 'bulk', 'field_jobs', 'maintenance', 'files', 'indexes'));
