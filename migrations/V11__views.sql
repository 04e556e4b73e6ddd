create type app.view_visibility as enum ('everyone', 'team', 'private');

-- Saved queues: which tickets, in which columns and order.
create table app.views (
  id bigint generated always as identity primary key,
  name text not null check (name <> '' and length(name) <= 100),
  description text not null default '',
  visibility app.view_visibility not null default 'private',
  -- Whose it is: of a team, or of one person.
  team_id bigint references app.teams (id) on delete cascade,
  owner_id bigint references app.users (id) on delete cascade,
  -- In the language of routing rules; "current_user" as an assignee is whoever looks.
  conditions jsonb not null default '{"all": []}',
  columns text[] not null default '{id,subject,status,priority,requester,assignee,updated_at}',
  sort text not null default '-updated_at',
  group_by text,
  position integer not null default 0,
  active boolean not null default true,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((visibility = 'team') = (team_id is not null)),
  check ((visibility = 'private') = (owner_id is not null))
);
create index views_team_idx on app.views (team_id);
create index views_owner_idx on app.views (owner_id);
alter table app.views enable row level security;

-- A page of a queue is merged from the first rows of each team and status it may have, so that it costs
-- the same however many tickets lie between: every order needs its index under both.
create index tickets_team_status_updated_idx on app.tickets (team_id, status_id, updated_at, id);
create index tickets_team_status_created_idx on app.tickets (team_id, status_id, created_at, id);
create index tickets_team_status_idx on app.tickets (team_id, status_id, id);
create index tickets_team_status_priority_idx on app.tickets (team_id, status_id, priority_id, id);
create index tickets_status_created_idx on app.tickets (status_id, created_at, id);
create index tickets_status_idx on app.tickets (status_id, id);
create index tickets_status_priority_idx on app.tickets (status_id, priority_id, id);
create index tickets_created_idx on app.tickets (created_at, id);
create index tickets_solved_idx on app.tickets (solved_at);
create index tickets_assignee_status_updated_idx on app.tickets (assignee_id, status_id, updated_at, id);
drop index app.tickets_team_updated_idx, app.tickets_assignee_updated_idx;
