-- What people are told of, and by which way.

-- The first that fits is what somebody is told: of one message nobody hears twice.
create type app.notification_kind as enum ('mentioned', 'requester_replied', 'assigned', 'followed', 'team_unassigned');
create type app.notification_delivery as enum ('in_app', 'email', 'off');

create table app.notifications (
  id bigint generated always as identity primary key,
  user_id bigint not null references app.users (id) on delete cascade,
  kind app.notification_kind not null,
  -- email: in the app, and by e-mail too.
  delivery app.notification_delivery not null check (delivery <> 'off'),
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  event_id bigint not null,
  message_id bigint,
  actor_id bigint references app.users (id) on delete set null,
  at timestamptz not null default now(),
  read_at timestamptz,
  unique (user_id, event_id)
);
create index notifications_user_idx on app.notifications (user_id, id desc);
create index notifications_unread_idx on app.notifications (user_id, id desc) where read_at is null;
create index notifications_ticket_idx on app.notifications (ticket_id);
alter table app.notifications enable row level security;
comment on table app.notifications is 'Derived from events: what somebody is told of.';

-- Only what somebody has chosen; the rest is app.default_delivery.
create table app.notification_preferences (
  user_id bigint not null references app.users (id) on delete cascade,
  kind app.notification_kind not null,
  delivery app.notification_delivery not null,
  primary key (user_id, kind)
);
alter table app.notification_preferences enable row level security;

-- Up to which transaction events have been told. What happened before now is over.
create table app.notification_cursor (
  singleton boolean primary key default true check (singleton),
  xid xid8 not null
);
insert into app.notification_cursor (xid) values (pg_snapshot_xmin(pg_current_snapshot()));
alter table app.notification_cursor enable row level security;
