-- Balancing: agent_loads, places and waiting are the router's books, written by native triggers and read by staff.

create trigger tg_users__600_places
  after insert or update of active, role, availability, capacity, schedule_id on app.users
  for each row when (new.role in ('agent', 'admin')) execute function autocrm.tg_refresh_agent('id');
-- Users who stop being staff are offered no more tickets.
create trigger tg_users__610_places
  after update of role on app.users
  for each row when (old.role in ('agent', 'admin') and new.role not in ('agent', 'admin'))
  execute function autocrm.tg_refresh_agent('id');
create trigger tg_memberships__600_places after insert or update or delete on app.memberships
  for each row execute function autocrm.tg_refresh_agent('user_id');
create trigger tg_agent_skills__600_places after insert or update or delete on app.agent_skills
  for each row execute function autocrm.tg_refresh_agent('user_id');
create trigger tg_teams__600_terms
  after update of balancing, fair_count, fair_minutes, ramp_minutes, wrap_up_seconds, hand_back_minutes, schedule_id on app.teams
  for each row execute function autocrm.tg_teams__terms();
create trigger tg_schedules__600_shifts
  after update of time_zone, weekly, holidays, exceptions on app.schedules
  for each row execute function autocrm.tg_schedules__shifts();
-- Tickets in this status become open work, or stop being so.
create trigger tg_statuses__600_recount after update of category on app.statuses
  for each row when (old.category <> new.category) execute function autocrm.tg_statuses__recount();
-- Row triggers collect the agents that a statement concerns; their books are written at its end, in the order of ids, so
-- that no two statements deadlock.
create trigger tg_users__700_books after insert or update on app.users
  for each statement execute function autocrm.tg_settle_books();
create trigger tg_memberships__700_books after insert or update or delete on app.memberships
  for each statement execute function autocrm.tg_settle_books();
create trigger tg_agent_skills__700_books after insert or update or delete on app.agent_skills
  for each statement execute function autocrm.tg_settle_books();
create trigger tg_teams__700_books after update on app.teams
  for each statement execute function autocrm.tg_settle_books();
create trigger tg_schedules__700_books after update on app.schedules
  for each statement execute function autocrm.tg_settle_books();

grant select on app.places to autocrm_admin, autocrm_agent, autocrm_analyst;
create policy staff_read_places on app.places
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using ((select autocrm.actor_id()) is not null);

grant select on app.waiting to autocrm_admin, autocrm_agent, autocrm_analyst, autocrm_integration;
create policy readers_of_a_ticket_see_it_wait on app.waiting
  for select to autocrm_admin, autocrm_agent, autocrm_analyst, autocrm_integration
  using (exists (select from app.tickets t where t.id = ticket_id));

-- Loads are the router's books: staff may read them.
create policy keys_read_their_own_load on app.agent_loads
  for select to autocrm_integration
  using (user_id = (select autocrm.actor_id()));
grant select on app.agent_loads to autocrm_admin, autocrm_agent, autocrm_analyst, autocrm_integration;
create policy staff_read_loads on app.agent_loads
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using ((select autocrm.actor_id()) is not null);

-- What the queue does to one ticket. A ticket that refuses it (a check that its row broke before the check was there, a
-- trigger of the operator's) is set aside and tried again later: neither the sweep nor the agent whose own change made
-- room stops at it. p_work: 'waiting' to be given to somebody, 'hand back' to be taken from somebody.

create function app._queue_item(p_work text, p_ticket_id bigint)
  returns text
  language sql immutable
  set search_path = ''
as $$
  select format('%s: ticket %s', p_work, p_ticket_id)
$$;

create function app._is_set_aside(p_work text, p_ticket_id bigint)
  returns boolean
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  return exists (
    select from app.set_aside s
     where s.worker = 'maintenance' and s.item = app._queue_item(p_work, p_ticket_id) and s.retry_at > autocrm.now());
end
$$;

-- Whether the ticket is theirs now. What waits is read once more, now that the ticket is locked: it may have been solved or
-- changed while its lock was got.
create function app._give_ticket(p_ticket_id bigint, p_user_id bigint, p_team_id bigint, p_room integer, p_skills bigint[])
  returns boolean
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_failure app.failure;
begin
  update app.tickets t set assignee_id = p_user_id, team_id = p_team_id
   where t.id = p_ticket_id and t.assignee_id is null
     and exists (
       select from app.waiting w
         join app.statuses s on s.id = t.status_id and s.category not in ('solved', 'closed') and t.deleted_at is null
        where w.ticket_id = p_ticket_id and w.team_id = p_team_id
          and (t.team_id = w.team_id or w.team_id = any (t.sun_team_ids)) and w.load <= p_room and w.wanted <@ p_skills
          and w.not_user_id is distinct from p_user_id);
  return found;
exception when others then
  get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
    v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
  perform app.note_failure('maintenance', app._queue_item('waiting', p_ticket_id), p_ticket_id, '{}', v_failure);
  return false;
end
$$;

-- The decision is only there when the ticket went back.
create function app._take_ticket_back(p_ticket_id bigint, p_user_id bigint, p_explanation jsonb)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_failure app.failure;
begin
  insert into app.routing_decisions (ticket_id, at, explanation) values (p_ticket_id, autocrm.now(), p_explanation);
  update app.tickets t set assignee_id = null where t.id = p_ticket_id and t.assignee_id = p_user_id;
exception when others then
  get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
    v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
  perform app.note_failure('maintenance', app._queue_item('hand back', p_ticket_id), p_ticket_id, '{}', v_failure);
end
$$;

-- Forgets the tickets that the queue has nothing more to do with: given, taken back, or dealt with by people.
create function app._forget_queue_items()
  returns void
  language sql volatile
  set search_path = pg_catalog, pg_temp
as $$
  delete from app.set_aside s
   where s.worker = 'maintenance'
     and (s.item = app._queue_item('waiting', s.ticket_id) and not exists (select from app.waiting w where w.ticket_id = s.ticket_id)
          or s.item = app._queue_item('hand back', s.ticket_id)
             and not exists (
               select from app.tickets t
                 join app.agent_loads l on l.user_id = t.assignee_id and l.away_at is not null
                where t.id = s.ticket_id))
$$;
