-- Balancing: how much work a ticket is, who may be offered the next one, and what waits for somebody.
--
-- Loads and capacities are counted in hundredths of a place: an agent of capacity 4 has 400, a ticket takes
-- 100 unless its channel or priority weighs more or less.

-- ---------------------------------------------------------------- what people set

alter table app.priorities add column load_percent integer not null default 100 check (load_percent between 1 and 1000);

create table app.channel_loads (
  channel app.channel primary key,
  load_percent integer not null default 100 check (load_percent between 1 and 1000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version bigint not null default 1
);
alter table app.channel_loads enable row level security;
comment on table app.channel_loads is 'How much of a place a ticket of a channel takes up; 100 where there is no row.';

alter table app.teams
  -- What the team is there for, in words of the desk.
  add column focus_areas text[] not null default '{}',
  add column balancing text not null default 'least_loaded'
    check (balancing in ('least_loaded', 'round_robin', 'most_skilled', 'none')),
  -- At most fair_count tickets to one agent in fair_minutes.
  add column fair_count integer check (fair_count between 1 and 100),
  add column fair_minutes integer check (fair_minutes between 1 and 1440),
  -- An agent's whole capacity counts only this long after they came.
  add column ramp_minutes integer check (ramp_minutes between 1 and 1440),
  add column wrap_up_seconds integer not null default 0 check (wrap_up_seconds between 0 and 86400),
  -- Open work of an agent who is away goes back after this long; NULL is never.
  add column hand_back_minutes integer check (hand_back_minutes between 0 and 10080),
  add constraint teams_fairness_is_whole check ((fair_count is null) = (fair_minutes is null));

alter table app.tickets
  -- The trigger sets the desk's own time.
  alter column created_at drop default,
  alter column updated_at drop default,
  -- {"skill id": {"level": lowest, "until": minutes after which it is wanted no longer}}
  add column preferred_skills jsonb not null default '{}',
  -- What a rule chose; NULL is the team's own way.
  add column balancing text
    check (balancing in ('least_loaded', 'round_robin', 'most_skilled', 'follow_the_sun', 'none')),
  -- The teams that a ticket which follows the sun may go to.
  add column sun_team_ids bigint[],
  add column load integer not null default 100;

-- ---------------------------------------------------------------- the books, kept by triggers

alter table app.agent_loads
  add column load integer not null default 0,
  add column capacity integer not null default 0,
  -- Online, active and staff: may be offered work while on shift. Claims look at it under the row's lock.
  add column available boolean not null default false,
  -- Since when they may be offered work, or since when they have been away.
  add column online_at timestamptz,
  add column away_at timestamptz,
  add column hand_back_at timestamptz,
  -- Last sign of a live connection, and whether its end is why they are away.
  add column seen_at timestamptz,
  add column auto_away boolean not null default false;
create index agent_loads_hand_back_idx on app.agent_loads (hand_back_at) where hand_back_at is not null;
create index agent_loads_seen_idx on app.agent_loads (seen_at) where seen_at is not null;

-- An agent in a team, as the next ticket of that team sees them. Whoever writes here holds the lock of the
-- agent's row in agent_loads.
create table app.places (
  team_id bigint not null references app.teams (id) on delete cascade,
  user_id bigint not null references app.users (id) on delete cascade,
  -- Hundredths of a place; 0 while they may not be offered anything.
  free integer not null default 0,
  -- Millionths of their capacity in use.
  share integer not null default 0,
  -- Grows with each ticket that the machine gives them; 0 before the first.
  turn bigint not null default 0,
  -- When the machine gave them their latest tickets, as many as the fairness window counts.
  recent timestamptz[] not null default '{}',
  wrap_until timestamptz,
  -- The shift that they are on, or their next; NULL: no schedule sets a limit. Past until_at it is reckoned anew.
  shift_at timestamptz,
  until_at timestamptz,
  -- Not before this; whoever is due is found by it.
  next_at timestamptz,
  -- skill id * 8 + level, for each level that they reach.
  skills bigint[] not null default '{}',
  primary key (user_id, team_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
create index places_least_loaded_idx on app.places (team_id, share, user_id) where free > 0;
create index places_round_robin_idx on app.places (team_id, turn, user_id) where free > 0;
create index places_until_idx on app.places (until_at) where until_at is not null;
create index places_next_idx on app.places (next_at) where next_at is not null;
alter table app.places enable row level security;
comment on table app.places is 'Derived: who of a team may be offered its next ticket, in the order of each strategy.';
create sequence app.turns;
-- Who has a rare skill is found by it.
create index agent_skills_skill_level_idx on app.agent_skills (skill_id, level, user_id);
drop index app.agent_skills_skill_idx;

create table app.waiting (
  ticket_id bigint not null references app.tickets (id) on delete cascade,
  team_id bigint not null references app.teams (id) on delete cascade,
  -- The priority's weight, the time by which an answer is due, the age: the order in which tickets are offered.
  weight integer not null,
  due_at timestamptz not null default 'infinity',
  created_at timestamptz not null,
  load integer not null,
  -- skill id * 8 + level.
  wanted bigint[] not null default '{}',
  -- When the next preferred skill is wanted no longer.
  relax_at timestamptz,
  -- From whom a person took it away: they are not offered it again.
  not_user_id bigint,
  primary key (team_id, ticket_id)
);
create index waiting_next_idx on app.waiting (team_id, weight desc, due_at, created_at, ticket_id);
create index waiting_ticket_idx on app.waiting (ticket_id);
create index waiting_relax_idx on app.waiting (relax_at) where relax_at is not null;
alter table app.waiting enable row level security;
comment on table app.waiting is 'Derived: tickets that nobody fits yet, in the order in which they will be offered.';

-- ---------------------------------------------------------------- what is there already

insert into app.agent_loads (user_id)
select id from app.users where role in ('agent', 'admin')
on conflict do nothing;

update app.agent_loads l
   set load = l.open * 100,
       capacity = u.capacity * 100,
       available = u.active and u.availability = 'online' and u.role in ('agent', 'admin'),
       online_at = case when u.availability = 'online' then now() end,
       away_at = case when u.availability in ('away', 'offline') then now() end
  from app.users u
 where u.id = l.user_id;

insert into app.places (team_id, user_id, free, share, until_at, skills)
select m.team_id, m.user_id,
       case when l.available then greatest(l.capacity - l.load, 0) else 0 end,
       case when l.capacity > 0 then least(l.load::bigint * 1000000 / l.capacity, 2000000000) else 1000000 end,
       -- Long past: the first sweep looks up the shift.
       case when coalesce(u.schedule_id, t.schedule_id) is not null then timestamptz '2000-01-01 00:00Z' end,
       array(select s.skill_id * 8 + n from app.agent_skills s, generate_series(1, s.level) n where s.user_id = m.user_id order by 1)
  from app.memberships m
  join app.teams t on t.id = m.team_id
  join app.users u on u.id = m.user_id
  join app.agent_loads l on l.user_id = m.user_id;

-- Whoever routed by hand until now keeps what they left open: only new work is offered, and what
-- autocrm.recount_loads() finds when an administrator asks for it.
