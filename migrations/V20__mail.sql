-- Notifications by e-mail: at once or gathered in digests, from an outbox that workers empty.

-- A value added to a type cannot be used in the same transaction, so the type is made anew. Functions that
-- know the old one come back with sql/.
alter type app.notification_delivery rename to notification_delivery_before;
create type app.notification_delivery as enum ('in_app', 'email', 'digest', 'off');
alter table app.notifications
  drop constraint notifications_delivery_check,
  alter column delivery type app.notification_delivery using delivery::text::app.notification_delivery;
alter table app.notifications add constraint notifications_delivery_check check (delivery <> 'off');
alter table app.notification_preferences
  alter column delivery type app.notification_delivery using delivery::text::app.notification_delivery;
drop type app.notification_delivery_before cascade;

create type app.digest_period as enum ('hourly', 'daily');
create table app.digest_preferences (
  user_id bigint primary key references app.users (id) on delete cascade,
  every app.digest_period not null default 'daily',
  -- Of a daily one, in the person's time zone.
  hour integer not null default 8 check (hour between 0 and 23)
);
alter table app.digest_preferences enable row level security;
comment on table app.digest_preferences is 'When somebody wants their digest; without a row daily at 8.';

create type app.mail_kind as enum ('notification', 'digest');
-- dropped: when its time came, there was nothing left to say to its recipient.
create type app.mail_state as enum ('waiting', 'sent', 'dropped', 'failed');

-- What it says is not here: it is composed at each attempt, from what the recipient may read then.
create table app.mail_outbox (
  id bigint generated always as identity primary key,
  kind app.mail_kind not null,
  dedupe_key text not null unique,
  -- In the Message-ID, so that a mail that is sent again is known by its receiver.
  token uuid not null default gen_random_uuid(),
  user_id bigint not null references app.users (id) on delete cascade,
  state app.mail_state not null default 'waiting',
  -- Of one that is being sent: when another worker may try.
  not_before timestamptz not null,
  attempts integer not null default 0,
  error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz check ((finished_at is null) = (state = 'waiting'))
);
create index mail_outbox_waiting_idx on app.mail_outbox (not_before, id) where state = 'waiting';
create index mail_outbox_finished_idx on app.mail_outbox (finished_at) where finished_at is not null;
create index mail_outbox_user_idx on app.mail_outbox (user_id);
alter table app.mail_outbox enable row level security;
comment on table app.mail_outbox is 'Mails to send, each at least once; one with the same dedupe_key is never made twice.';

alter table app.notifications add column mail_id bigint references app.mail_outbox (id) on delete set null;
create index notifications_mail_idx on app.notifications (mail_id) where mail_id is not null;
create index notifications_read_idx on app.notifications (read_at) where read_at is not null;

-- How long notifications that were read, and notes of mails, are kept.
alter table app.settings add column notification_days integer not null default 90 check (notification_days between 1 and 3650);
