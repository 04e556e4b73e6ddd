-- Whom a team's next ticket goes to is read off the first entry of an index, with skills as without.
alter table app.places
  -- The order in which those of a team are asked: in one that goes round by turn, else by share.
  add column rank bigint not null default 0,
  -- Those of a team with the same skills at the same levels.
  add column kind bigint not null generated always as (hash_array_extended(skills, team_id)) stored;
update app.places p
   set rank = case when t.balancing = 'round_robin' then p.turn else p.share end
  from app.teams t
 where t.id = p.team_id;
drop index app.places_least_loaded_idx, app.places_round_robin_idx;
create index places_order_idx on app.places (team_id, rank, user_id) where free > 0;
-- Whoever has no skill is sought in no other order.
create index places_kind_order_idx on app.places (team_id, kind, rank, user_id) where free > 0 and skills <> '{}';
-- A turn is the moment at which it was had, in microseconds: later than all numbers of the sequence.
drop sequence app.turns;
-- Counts move with each ticket, and in no index: room on the page keeps them there.
alter table app.agent_loads set (fillfactor = 70);
