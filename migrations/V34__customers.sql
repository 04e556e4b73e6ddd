-- What the desk knows of its customers beside their tickets: values of the desk's own, as organizations have them, and
-- notes about a person or an organization, of which one may be pinned.

alter table app.users
  add column custom jsonb not null default '{}',
  add constraint users_custom_check check (jsonb_typeof(custom) = 'object'),
  add constraint users_custom_bytes_100000 check (octet_length(custom::text) <= 100000);

create table app.customer_notes (
  id bigint generated always as identity primary key,
  user_id bigint references app.users (id) on delete cascade,
  organization_id bigint references app.organizations (id) on delete cascade,
  body_text text not null check (trim(body_text) <> '' and length(body_text) <= 20000),
  pinned boolean not null default false,
  author_id bigint references app.users (id) on delete set null,
  version bigint not null default 1,
  created_at timestamptz not null default autocrm.now(),
  updated_at timestamptz not null default autocrm.now(),
  constraint customer_notes_one_subject check (num_nonnulls(user_id, organization_id) = 1)
);
create index customer_notes_user_idx on app.customer_notes (user_id, created_at desc) where user_id is not null;
create index customer_notes_organization_idx on app.customer_notes (organization_id, created_at desc) where organization_id is not null;
create index customer_notes_author_idx on app.customer_notes (author_id) where author_id is not null;
create unique index customer_notes_pinned_user_key on app.customer_notes (user_id) where pinned and user_id is not null;
create unique index customer_notes_pinned_organization_key on app.customer_notes (organization_id) where pinned and organization_id is not null;
alter table app.customer_notes enable row level security;
