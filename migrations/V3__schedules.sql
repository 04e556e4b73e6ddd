-- Business hours, of teams and of agents.
create table app.schedules (
  id bigint generated always as identity primary key,
  name text not null check (name <> '' and length(name) <= 100),
  -- An IANA name; hours are in its wall time.
  time_zone text not null,
  -- [{"day": "mon", "from": "09:00", "to": "17:00"}], over midnight when "to" is not after "from".
  weekly jsonb not null default '[]',
  -- ["2026-12-25"]: no hours that day.
  holidays jsonb not null default '[]',
  -- [{"date": "2026-12-24", "intervals": [{"from": "09:00", "to": "12:00"}]}], in place of the day's other hours.
  exceptions jsonb not null default '[]',
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index schedules_name_key on app.schedules (lower(name));
alter table app.schedules enable row level security;

-- NULL: as the team; a team without one is always open.
alter table app.users add column schedule_id bigint references app.schedules (id) on delete set null;
alter table app.teams add column schedule_id bigint references app.schedules (id) on delete set null;
create index users_schedule_idx on app.users (schedule_id);
create index teams_schedule_idx on app.teams (schedule_id);
