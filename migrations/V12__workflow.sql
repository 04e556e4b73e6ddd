create type app.link_kind as enum ('merged', 'split', 'incident', 'child', 'related', 'follow_up');

-- One ticket's tie to another: ticket_id was merged into, was split off, is an incident or a child of, is
-- related to, or follows up other_id. A row is the act itself: inserting a merge closes the source.
create table app.ticket_links (
  id bigint generated always as identity primary key,
  kind app.link_kind not null,
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  other_id bigint not null references app.tickets (id) on delete cascade,
  created_by bigint references app.users (id) on delete set null,
  created_at timestamptz not null default now(),
  check (ticket_id <> other_id),
  unique (kind, ticket_id, other_id)
);
create index ticket_links_other_idx on app.ticket_links (other_id);
-- Merged once, one problem, one parent, one origin.
create unique index ticket_links_one_key on app.ticket_links (ticket_id, kind) where kind <> 'related';
alter table app.ticket_links enable row level security;

-- How the desk as a whole goes about its work; one row.
create table app.workflow (
  id bigint primary key default 1 check (id = 1),
  -- Days after solving within which the requester's reply opens the ticket again; later it makes a new one.
  reopen_days integer not null default 14 check (reopen_days between 0 and 3650),
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
insert into app.workflow default values;
alter table app.workflow enable row level security;
