-- Macros: actions on a ticket and a message from a template, in one go. And what tags are counted and limited by.
create type app.macro_scope as enum ('shared', 'team', 'private');

create table app.macros (
  id bigint generated always as identity primary key,
  name text not null check (name <> '' and length(name) <= 200),
  description text not null default '',
  scope app.macro_scope not null default 'shared',
  team_id bigint references app.teams (id) on delete cascade,
  owner_id bigint references app.users (id) on delete cascade,
  -- As those of routing rules, but for balance; "assign" also knows me and none.
  actions jsonb not null default '[]',
  -- NULL: no message.
  message_kind app.message_kind check (message_kind in ('reply', 'note')),
  body_text text,
  body_html text,
  active boolean not null default true,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((scope = 'team') = (team_id is not null)),
  check ((scope = 'private') = (owner_id is not null))
);
create unique index macros_name_key on app.macros (lower(name), team_id, owner_id) nulls not distinct;
create index macros_team_idx on app.macros (team_id);
create index macros_owner_idx on app.macros (owner_id);

-- What each version said.
create table app.macro_versions (
  macro_id bigint not null references app.macros (id) on delete cascade,
  version bigint not null,
  name text not null,
  description text not null,
  actions jsonb not null,
  message_kind app.message_kind,
  body_text text,
  body_html text,
  changed_by bigint references app.users (id) on delete set null,
  changed_at timestamptz not null,
  primary key (macro_id, version)
);

-- Apart from the macros, whose version it must not change.
create table app.macro_uses (
  macro_id bigint primary key references app.macros (id) on delete cascade,
  uses bigint not null default 0,
  last_used_at timestamptz
) with (fillfactor = 50);

-- How many tickets have a tag is the sum of its rows: writers add rows and wait for nobody, _maintain() folds them.
create table app.tag_counts (
  id bigint generated always as identity primary key,
  tag_id bigint not null references app.tags (id) on delete cascade,
  tickets bigint not null
);
create index tag_counts_tag_idx on app.tag_counts (tag_id);
insert into app.tag_counts (tag_id, tickets)
select g.id, count(*) from app.tickets t, unnest(t.tag_ids) x join app.tags g on g.id = x group by g.id;

create table app.tag_settings (
  singleton boolean primary key default true check (singleton),
  -- Only administrators make tags.
  closed boolean not null default false,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
insert into app.tag_settings default values;

alter table app.macros enable row level security;
alter table app.macro_versions enable row level security;
alter table app.macro_uses enable row level security;
alter table app.tag_counts enable row level security;
alter table app.tag_settings enable row level security;
