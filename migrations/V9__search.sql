-- Full-text search: one document a ticket, kept by the worker (sql/app/search.sql).
create schema if not exists trgm;
comment on schema trgm is 'The extension pg_trgm, for words with typos.';
create extension if not exists pg_trgm with schema trgm;

create table app.search_documents (
  -- No foreign key: a trigger removes it with its ticket, and a check would cost every new ticket a look-up.
  ticket_id bigint primary key,
  -- Who may find it at all: twice the team's id, or 0 without one; twice the assignee's id, plus 1.
  readers bigint[] not null,
  subject text not null,
  -- Words of notes are marked "n ", of people "p ", so that a question finds only what its asker may read.
  document tsvector not null
) with (toast_tuple_target = 1024);
-- One index over all, so that what others' tickets say costs a question nothing. Writers put words on a list that
-- is merged in batches: a shorter one (512 kB was tried) made each message pay for the merging.
create index search_documents_idx on app.search_documents using gin (readers, document, subject trgm.gin_trgm_ops)
  with (gin_pending_list_limit = 4096);
alter table app.search_documents enable row level security;

-- Up to which transaction the documents tell what happened.
create table app.search_cursor (
  singleton boolean primary key default true check (singleton),
  xid xid8 not null
);
insert into app.search_cursor (xid) values (pg_snapshot_xmin(pg_current_snapshot()));
alter table app.search_cursor enable row level security;

-- Which languages the desk's tickets have.
create index tickets_language_idx on app.tickets (language) where language is not null;
-- People by a part of their name or address, and with typos.
create index users_words_idx on app.users using gin (lower(name || ' ' || coalesce(email, '')) trgm.gin_trgm_ops);
