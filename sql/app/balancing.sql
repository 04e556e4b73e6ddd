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
-- room stops at it.

create function app._is_set_aside(p_ticket_id bigint)
  returns boolean
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  return exists (
    select from app.set_aside s
     where s.worker = 'maintenance' and s.item = format('waiting: ticket %s', p_ticket_id) and s.retry_at > autocrm.now());
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
  if not found then
    return false;
  end if;
  delete from app.set_aside s where s.worker = 'maintenance' and s.item = format('waiting: ticket %s', p_ticket_id);
  return true;
exception when others then
  get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
    v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
  perform app.note_failure('maintenance', format('waiting: ticket %s', p_ticket_id), p_ticket_id, '{}', v_failure);
  return false;
end
$$;

create function app._take_ticket_back(p_ticket_id bigint, p_user_id bigint)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_failure app.failure;
begin
  update app.tickets t set assignee_id = null where t.id = p_ticket_id and t.assignee_id = p_user_id;
exception when others then
  get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
    v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
  perform app.note_failure('maintenance', format('waiting: ticket %s', p_ticket_id), p_ticket_id, '{}', v_failure);
end
$$;
