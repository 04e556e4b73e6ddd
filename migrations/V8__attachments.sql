-- Attachments. Their content is in the object store under its SHA-256; these rows say whose it is.

-- What the store holds, each content once. Nobody reads this: it would tell that somebody else has a file.
create table app.blobs (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  size bigint not null check (size >= 0),
  stored_at timestamptz not null default now()
);

-- Uploaded first, without ticket and message; then attached to a message, once and for good.
create table app.attachments (
  id bigint generated always as identity primary key,
  uploader_id bigint references app.users (id) on delete set null,
  name text not null check (length(name) between 1 and 255),
  media_type text not null,
  -- NULL while it is being uploaded.
  size bigint,
  sha256 bytea references app.blobs (sha256),
  -- Of images that could be read.
  width integer,
  height integer,
  thumbnail boolean not null default false,
  ticket_id bigint references app.tickets (id) on delete cascade,
  message_id bigint,
  message_at timestamptz,
  -- Shown inside the message's HTML.
  inline boolean not null default false,
  created_at timestamptz not null default now(),
  check ((message_id is null) = (ticket_id is null) and (message_id is null) = (message_at is null))
);
create index attachments_message_idx on app.attachments (message_id);
create index attachments_ticket_idx on app.attachments (ticket_id);
create index attachments_blob_idx on app.attachments (sha256);
create index attachments_waiting_idx on app.attachments (created_at) where message_id is null;

alter table app.drafts add column attachment_ids bigint[] not null default '{}';

alter table app.settings
  add column attachment_max_bytes bigint not null default 52428800 check (attachment_max_bytes > 0),
  -- Such as image/* or application/pdf; NULL: every type.
  add column attachment_types text[],
  -- By the end of the name, in lower case.
  add column attachment_blocked_extensions text[] not null default '{bat,cmd,com,cpl,exe,hta,jar,js,jse,lnk,msi,ps1,scr,vbe,vbs,wsf}';

alter table app.blobs enable row level security;
alter table app.attachments enable row level security;
