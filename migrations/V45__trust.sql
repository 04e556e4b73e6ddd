-- Through which door somebody acted, and by which rule. Rows of before have neither, and keep the digests of their seals.
alter table app.audit_log
  add column door text,
  add column cause jsonb;
comment on column app.audit_log.door is 'session, key, prompt, worker, operator or import; NULL for rows of before it was recorded.';
comment on column app.audit_log.cause is 'The rule that made the change: {kind, id, name}; NULL where none did.';
-- An export reads what nobody could read row by row.
alter type app.audit_action add value if not exists 'read';

-- Ended sessions are removed after a while, the oldest first.
create index sessions_ended_idx on app.sessions (least(expires_at, revoked_at));

-- What the background worker does, so that an administrator can pause it, and see when it was last done.
create table app.worker_tasks (
  id bigint generated always as identity primary key,
  name text not null unique,
  -- After so long without a round, something is wrong.
  expected_seconds integer not null,
  -- Whether every installation has it: mail needs a server, indexes a log-in of the owner.
  optional boolean not null default false,
  -- The limits of SQL prompts are no matter of maintenance.
  paused boolean not null default false constraint worker_tasks_paused_check check (not paused or name <> 'watchdog'),
  -- Until a round answers it, also while the task is paused.
  wanted_at timestamptz,
  -- When a round began; noted twice a minute at the most.
  ran_at timestamptz
) with (fillfactor = 50);
alter table app.worker_tasks enable row level security;
comment on table app.worker_tasks is 'Tasks of the background worker: loops, and steps of maintenance.';

-- Tickets that a kept answer holds: their values leave it with them, and no retention reads all answers of a day for each.
-- Answers of before are gone within the day.
alter table app.idempotency_keys add column ticket_ids bigint[] not null default '{}';
create index idempotency_keys_tickets_idx on app.idempotency_keys using gin (ticket_ids) with (fastupdate = off) where ticket_ids <> '{}';
comment on column app.idempotency_keys.ticket_ids is 'The tickets that the answer holds, or that the request was about.';

-- Beside a draft stand those that another device has written over, until their author discards them.
alter table app.drafts
  add column overtaken boolean not null default false,
  drop constraint drafts_ticket_id_author_id_kind_key;
create unique index drafts_ticket_id_author_id_kind_key on app.drafts (ticket_id, author_id, kind) where not overtaken;
create index drafts_overtaken_idx on app.drafts (ticket_id, author_id, kind);
comment on column app.drafts.overtaken is 'Another device has written over it; there is one draft that is not, and the newest five that are.';
