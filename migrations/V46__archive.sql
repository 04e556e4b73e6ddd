-- The archive: tickets that were closed long ago leave the tables of daily work, and stay readable.

alter table app.retention_policies drop constraint retention_policies_action_check;
alter table app.retention_policies add constraint retention_policies_action_check check (action in ('delete', 'anonymise', 'archive'));

-- What moves is neither deleted nor new.
alter type app.audit_action add value if not exists 'archive';
alter type app.audit_action add value if not exists 'restore';

-- A row a ticket: what lists and policies ask for, and one document with all that belongs to it. Partitions are made by
-- year as they are needed (app.ensure_archive_year).
create table app.archived_tickets (
  id bigint not null,
  closed_at timestamptz not null,
  archived_at timestamptz not null default autocrm.now(),
  created_at timestamptz not null,
  subject text not null,
  external_id text,
  status_id bigint not null,
  priority_id bigint not null,
  -- No references: what they named may be removed, and whoever sees all still sees the ticket.
  requester_id bigint not null,
  organization_id bigint,
  team_id bigint,
  assignee_id bigint,
  -- Who asked, wrote or followed when it was archived.
  people_ids bigint[] not null default '{}',
  tag_ids bigint[] not null default '{}',
  -- The document of the search index, as app.search_documents had it.
  words tsvector not null,
  -- Rows as their tables had them, by table, and names of what they refer to.
  document jsonb not null,
  primary key (id, closed_at)
) partition by range (closed_at);
alter table app.archived_tickets enable row level security;
comment on table app.archived_tickets is 'Tickets in the archive, by the year in which they were closed.';
create index archived_tickets_closed_idx on app.archived_tickets (closed_at, id);
create index archived_tickets_team_idx on app.archived_tickets (team_id, closed_at, id);
create index archived_tickets_requester_idx on app.archived_tickets (requester_id);
create index archived_tickets_organization_idx on app.archived_tickets (organization_id) where organization_id is not null;
create index archived_tickets_external_idx on app.archived_tickets (external_id) where external_id is not null;
create index archived_tickets_people_idx on app.archived_tickets using gin (people_ids);
create index archived_tickets_tags_idx on app.archived_tickets using gin (tag_ids);
create index archived_tickets_words_idx on app.archived_tickets using gin (words);
do $$
begin
  alter table app.archived_tickets alter column document set compression lz4;
exception when feature_not_supported then
  null; -- A server that was built without it.
end
$$;

-- Files of archived tickets: their contents stay in the store, and are found by their ids.
create table app.archived_files (
  attachment_id bigint primary key,
  ticket_id bigint not null,
  sha256 bytea not null
);
create index archived_files_sha256_idx on app.archived_files (sha256);
create index archived_files_ticket_idx on app.archived_files (ticket_id);
alter table app.archived_files enable row level security;
comment on table app.archived_files is 'Files of archived tickets.';

-- Links with an archived ticket at one end or both.
create table app.archived_links (
  id bigint primary key,
  kind app.link_kind not null,
  ticket_id bigint not null,
  other_id bigint not null,
  created_by bigint,
  created_at timestamptz not null
);
create index archived_links_ticket_idx on app.archived_links (ticket_id);
create index archived_links_other_idx on app.archived_links (other_id);
alter table app.archived_links enable row level security;
comment on table app.archived_links is 'Links with an archived ticket at one end or both.';
