-- The foundation: schemas, types and the tables of identity, configuration, tickets and history.
-- Append-only once landed. Functions, views, policies, triggers and grants live in sql/.
--
-- Every table is owned by the role that migrates (autocrm_owner); row-level security is switched on
-- here and its policies are bound in sql/app/.

create schema app;
comment on schema app is 'Tables of the desk. Protected by row-level security; see sql/app/.';

-- ---------------------------------------------------------------- types

create type app.user_role as enum ('admin', 'agent', 'customer', 'analyst', 'integration');
create type app.ticket_access as enum ('all', 'teams');
create type app.availability as enum ('online', 'away', 'busy', 'offline');
create type app.status_category as enum ('new', 'open', 'pending', 'on_hold', 'solved', 'closed');
create type app.ticket_type as enum ('question', 'incident', 'problem', 'task');
create type app.channel as enum ('web', 'email', 'api', 'phone', 'chat', 'social', 'import');
create type app.message_kind as enum ('reply', 'note', 'system');
create type app.field_type as enum (
  'text', 'multiline', 'integer', 'decimal', 'boolean', 'date', 'datetime',
  'dropdown', 'multiselect', 'regex', 'url', 'email', 'relation'
);
create type app.audit_action as enum ('insert', 'update', 'delete', 'refused');

-- ---------------------------------------------------------------- people

create table app.organizations (
  id bigint generated always as identity primary key,
  name text not null check (name <> '' and length(name) <= 200),
  domains text[] not null default '{}',
  notes text not null default '',
  custom jsonb not null default '{}',
  external_id text unique,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index organizations_name_key on app.organizations (lower(name));

create table app.users (
  id bigint generated always as identity primary key,
  role app.user_role not null default 'customer',
  name text not null check (name <> '' and length(name) <= 200),
  email text check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 320),
  organization_id bigint references app.organizations (id) on delete set null,
  -- The PostgreSQL log-in role that is this person at a SQL prompt.
  pg_role name unique,
  ticket_access app.ticket_access not null default 'teams',
  availability app.availability not null default 'offline',
  capacity integer not null default 10 check (capacity between 0 and 1000),
  locale text not null default 'en',
  time_zone text not null default 'UTC',
  phone text,
  active boolean not null default true,
  external_id text unique,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index users_email_key on app.users (lower(email));
create index users_organization_idx on app.users (organization_id);
create index users_role_idx on app.users (role, id);

-- Apart from users, so that no grant on people ever shows a hash.
create table app.passwords (
  user_id bigint primary key references app.users (id) on delete cascade,
  argon2 text not null,
  changed_at timestamptz not null default now()
);

create table app.teams (
  id bigint generated always as identity primary key,
  name text not null check (name <> '' and length(name) <= 100),
  color text not null default '#64748b' check (color ~ '^#[0-9a-f]{6}$'),
  description text not null default '',
  active boolean not null default true,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index teams_name_key on app.teams (lower(name));

create table app.memberships (
  team_id bigint not null references app.teams (id) on delete cascade,
  user_id bigint not null references app.users (id) on delete cascade,
  lead boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (team_id, user_id)
);
create index memberships_user_idx on app.memberships (user_id);

-- ---------------------------------------------------------------- access

create table app.sessions (
  id uuid primary key default gen_random_uuid(),
  user_id bigint not null references app.users (id) on delete cascade,
  -- SHA-256 of the refresh token in force, and of the one it replaced (its reuse ends the session).
  refresh_hash bytea not null unique,
  previous_hash bytea,
  user_agent text not null default '',
  created_at timestamptz not null default now(),
  refreshed_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index sessions_user_idx on app.sessions (user_id);
create index sessions_previous_idx on app.sessions (previous_hash);

create table app.log_in_attempts (
  id bigint generated always as identity primary key,
  email text not null,
  ip inet,
  at timestamptz not null default now(),
  succeeded boolean not null default false
);
create index log_in_attempts_email_idx on app.log_in_attempts (lower(email), at);
create index log_in_attempts_ip_idx on app.log_in_attempts (ip, at);

create table app.api_keys (
  id bigint generated always as identity primary key,
  name text not null check (name <> ''),
  -- The first characters of the key, to tell keys apart; the key itself is shown once and kept as SHA-256.
  prefix text not null,
  hash bytea not null unique,
  -- The integration user on whose behalf the key acts.
  user_id bigint not null references app.users (id) on delete cascade,
  scopes text[] not null default '{}',
  -- NULL: every team.
  team_ids bigint[],
  created_by bigint references app.users (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  version bigint not null default 1,
  updated_at timestamptz not null default now()
);

-- One row per Idempotency-Key and caller; swept after a day.
create table app.idempotency_keys (
  actor_id bigint not null,
  key text not null check (length(key) between 1 and 255),
  operation text not null,
  request_hash bytea not null,
  response json,
  created_at timestamptz not null default now(),
  primary key (actor_id, key)
);
create index idempotency_keys_created_idx on app.idempotency_keys (created_at);

-- ---------------------------------------------------------------- configuration

create table app.statuses (
  id bigint generated always as identity primary key,
  key text not null unique check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  label text not null,
  color text not null default '#64748b' check (color ~ '^#[0-9a-f]{6}$'),
  category app.status_category not null,
  position integer not null default 0,
  active boolean not null default true,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Which status may follow which, for one team or (team_id NULL) for all.
-- A status without any row may go anywhere.
create table app.status_transitions (
  id bigint generated always as identity primary key,
  team_id bigint references app.teams (id) on delete cascade,
  from_status_id bigint not null references app.statuses (id) on delete cascade,
  to_status_id bigint not null references app.statuses (id) on delete cascade,
  created_at timestamptz not null default now(),
  unique nulls not distinct (team_id, from_status_id, to_status_id)
);

create table app.priorities (
  id bigint generated always as identity primary key,
  key text not null unique check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  label text not null,
  color text not null default '#64748b' check (color ~ '^#[0-9a-f]{6}$'),
  -- Higher is more pressing.
  weight integer not null unique,
  active boolean not null default true,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table app.tags (
  id bigint generated always as identity primary key,
  name text not null check (name ~ '^[^\s,]{1,80}$'),
  color text not null default '#64748b' check (color ~ '^#[0-9a-f]{6}$'),
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index tags_name_key on app.tags (lower(name));

create table app.custom_fields (
  id bigint generated always as identity primary key,
  key text not null unique check (key ~ '^[a-z][a-z0-9_]{0,59}$'),
  label text not null check (label <> ''),
  description text not null default '',
  type app.field_type not null,
  -- By type: {"min":…, "max":…, "max_length":…, "pattern":…, "options":[{"value":…, "label":…}], "target":"user|organization|ticket"}.
  config jsonb not null default '{}',
  required_on_create boolean not null default false,
  required_on_solve boolean not null default false,
  default_value jsonb,
  -- {"field": key, "in": [values]}: asked for only when another field has one of these values.
  visible_when jsonb,
  -- Roles that may see and set it; staff only by default.
  visible_to app.user_role[] not null default '{admin,agent,analyst,integration}',
  position integer not null default 0,
  active boolean not null default true,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table app.skills (
  id bigint generated always as identity primary key,
  name text not null check (name <> ''),
  description text not null default '',
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index skills_name_key on app.skills (lower(name));

create table app.agent_skills (
  user_id bigint not null references app.users (id) on delete cascade,
  skill_id bigint not null references app.skills (id) on delete cascade,
  level integer not null default 3 check (level between 1 and 5),
  created_at timestamptz not null default now(),
  primary key (user_id, skill_id)
);
create index agent_skills_skill_idx on app.agent_skills (skill_id);

create table app.routing_rules (
  id bigint generated always as identity primary key,
  position integer not null default 0,
  name text not null check (name <> ''),
  enabled boolean not null default true,
  conditions jsonb not null default '{"all": []}',
  actions jsonb not null default '[]',
  -- false: later rules are tried too.
  stop boolean not null default true,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index routing_rules_position_idx on app.routing_rules (position, id);

-- ---------------------------------------------------------------- tickets

create table app.tickets (
  id bigint generated by default as identity primary key,
  subject text not null check (length(subject) between 1 and 500),
  -- The opening message as plain text; a trigger writes it as the first message too.
  description text not null default '',
  description_html text,
  status_id bigint not null references app.statuses (id),
  priority_id bigint not null references app.priorities (id),
  type app.ticket_type not null default 'question',
  channel app.channel not null default 'web',
  requester_id bigint not null references app.users (id),
  organization_id bigint references app.organizations (id) on delete set null,
  team_id bigint references app.teams (id) on delete set null,
  assignee_id bigint references app.users (id) on delete set null,
  tag_ids bigint[] not null default '{}',
  -- {"skill id": lowest level}
  required_skills jsonb not null default '{}',
  custom jsonb not null default '{}',
  language text,
  external_id text unique,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  first_reply_at timestamptz,
  solved_at timestamptz,
  closed_at timestamptz
);
create index tickets_updated_idx on app.tickets (updated_at desc, id desc);
create index tickets_team_updated_idx on app.tickets (team_id, updated_at desc, id desc);
create index tickets_assignee_updated_idx on app.tickets (assignee_id, updated_at desc, id desc);
create index tickets_status_updated_idx on app.tickets (status_id, updated_at desc, id desc);
create index tickets_requester_idx on app.tickets (requester_id, id desc);
create index tickets_organization_idx on app.tickets (organization_id, id desc);
create index tickets_tags_idx on app.tickets using gin (tag_ids);

-- How many open tickets each agent holds. A trigger keeps it; assignment claims a place in it under a
-- row lock, which is what keeps everybody below capacity.
create table app.agent_loads (
  user_id bigint primary key references app.users (id) on delete cascade,
  open integer not null default 0,
  assigned_at timestamptz
) with (fillfactor = 50);

create table app.messages (
  id bigint generated always as identity,
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  kind app.message_kind not null default 'reply',
  author_id bigint references app.users (id) on delete set null,
  body_text text not null default '',
  body_html text,
  channel app.channel not null default 'web',
  created_at timestamptz not null default now(),
  primary key (id, created_at)
) partition by range (created_at);
create index messages_ticket_idx on app.messages (ticket_id, created_at, id);

-- ---------------------------------------------------------------- history

create table app.events (
  id bigint generated always as identity,
  -- The writing transaction: readers stay below pg_snapshot_xmin() and so never skip a late commit.
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default now(),
  name text not null,
  ticket_id bigint,
  message_id bigint,
  actor_id bigint,
  api_key_id bigint,
  -- {"column": [old, new]} in brief, plus what the event is about.
  data jsonb not null default '{}',
  causation_id bigint,
  primary key (id, at)
) partition by range (at);
create index events_cursor_idx on app.events (xid, id);
create index events_ticket_idx on app.events (ticket_id, at, id);

create table app.audit_log (
  id bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default now(),
  actor_id bigint,
  api_key_id bigint,
  session_user_name name not null default session_user,
  action app.audit_action not null,
  table_name name not null,
  row_key text,
  -- {"column": [old, new]}; secrets appear as "[redacted]".
  changes jsonb not null default '{}',
  primary key (id, at)
) partition by range (at);
create index audit_log_cursor_idx on app.audit_log (xid, id);
create index audit_log_row_idx on app.audit_log (table_name, row_key, at);

-- The chain over the audit log: each seal digests the rows of all transactions that ended since the
-- last one, together with the digest before it.
create table app.audit_seals (
  id bigint generated always as identity primary key,
  from_xid xid8 not null,
  to_xid xid8 not null,
  row_count bigint not null,
  digest bytea not null,
  sealed_at timestamptz not null default now()
);

-- Why the router did what it did, one row a decision.
create table app.routing_decisions (
  id bigint generated always as identity,
  ticket_id bigint not null,
  at timestamptz not null default now(),
  -- {"rules": [{"id","name","matched"}], "assignee": …, "reason": …}
  explanation jsonb not null,
  primary key (id, at)
) partition by range (at);
create index routing_decisions_ticket_idx on app.routing_decisions (ticket_id, at);

-- ---------------------------------------------------------------- import

create table app.imports (
  id bigint generated always as identity primary key,
  source text not null unique,
  next_row bigint not null default 0,
  imported bigint not null default 0,
  rejected bigint not null default 0,
  finished_at timestamptz,
  started_by bigint references app.users (id) on delete set null,
  created_at timestamptz not null default now()
);

-- What sql/ was last applied, so that a second migrate changes nothing.
create table app.schema_state (
  singleton boolean primary key default true check (singleton),
  sql_digest bytea not null,
  applied_at timestamptz not null default now()
);

-- ---------------------------------------------------------------- row-level security, everywhere

do $$
declare
  v_table regclass;
begin
  for v_table in
    select c.oid::regclass
      from pg_class c
     where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
  loop
    execute format('alter table %s enable row level security', v_table);
  end loop;
end
$$;
