-- Conversation: drafts, mentions, followers; editing and redacting what was said; settings of the desk.

-- One row: what administrators set for the whole desk.
create table app.settings (
  singleton boolean primary key default true check (singleton),
  -- How long an author may edit a message; 0: never.
  message_edit_minutes integer not null default 15 check (message_edit_minutes between 0 and 525600),
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
insert into app.settings default values;

-- An agent who may take words out of messages for good, as administrators may.
alter table app.users add column may_redact boolean not null default false;

alter table app.messages
  add column edited_at timestamptz,
  add column redacted_at timestamptz,
  -- Characters of body_text before its quoted tail.
  add column quote_from integer;

-- What somebody is about to say, in a row of its own: no update of the ticket touches it.
create table app.drafts (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  author_id bigint not null references app.users (id) on delete cascade,
  kind app.message_kind not null check (kind <> 'system'),
  body_text text not null default '',
  body_html text,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (ticket_id, author_id, kind)
);
create index drafts_author_idx on app.drafts (author_id, updated_at desc, id desc);

create type app.follower_kind as enum ('follower', 'cc');

-- Followers are staff and hear of everything; CCs get the public replies.
create table app.followers (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  user_id bigint not null references app.users (id) on delete cascade,
  kind app.follower_kind not null default 'follower',
  added_by bigint references app.users (id) on delete set null,
  created_at timestamptz not null default now(),
  unique (ticket_id, user_id)
);
create index followers_user_idx on app.followers (user_id, id);

-- One row a person whom a message mentions. The month of a message is part of its key, so it stands here too.
create table app.mentions (
  id bigint generated always as identity primary key,
  message_id bigint not null,
  message_at timestamptz not null,
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  user_id bigint not null references app.users (id) on delete cascade,
  -- Mentioned as a member of this team.
  team_id bigint references app.teams (id) on delete set null,
  -- false: a member of the team who could not see the ticket, and so heard nothing.
  notified boolean not null default true,
  created_at timestamptz not null default now(),
  unique (message_id, user_id)
);
create index mentions_user_idx on app.mentions (user_id, id);
create index mentions_ticket_idx on app.mentions (ticket_id);

-- A row whose values were erased keeps the digest of what it was, and names the row that tells of the erasure.
alter table app.audit_log
  add column digest bytea,
  add column erased_by bigint;
alter type app.audit_action add value 'redact';

-- 1: over the rows themselves; 2: over their digests, so that values can be erased and the chain holds.
alter table app.audit_seals add column format smallint not null default 1;
alter table app.audit_seals alter column format set default 2;

alter table app.settings enable row level security;
alter table app.drafts enable row level security;
alter table app.followers enable row level security;
alter table app.mentions enable row level security;
