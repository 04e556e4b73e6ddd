-- Service level agreements: the worker counts the clocks of each ticket that has changed, after the triggers that answer
-- the change (triggers.sql), and of those whose time has come. Whatever fails is set aside (_set_aside.sql).

create trigger tg_sla_policies__200_check before insert or update on app.sla_policies
  for each row execute function autocrm.tg_sla_policies__check();

grant select on app.sla_clocks to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
create policy readers_of_a_ticket_read_its_clocks on app.sla_clocks
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using ((select autocrm.actor_id()) is not null);
create policy keys_read_clocks_of_their_tickets on app.sla_clocks
  for select to autocrm_integration
  using ((select autocrm.actor_has_scope('tickets:read')));

-- What decides about clocks has changed: those of all open tickets are counted again, in the background.
create function app.tg_sla__backfill()
  returns trigger
  language plpgsql volatile security definer -- The worker's rows belong to the owner alone.
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- Without a policy there are no clocks, but for those of one that was removed.
  if exists (select from app.sla_policies) or exists (select from app.sla_tickets) then
    insert into app.sla_backfill (ticket_id) values (0)
    on conflict (singleton) do update set ticket_id = 0;
  end if;
  return null;
end
$$;
create trigger tg_sla_policies__600_backfill after insert or update or delete on app.sla_policies
  for each statement execute function app.tg_sla__backfill();
create trigger tg_schedules__650_sla after update of time_zone, weekly, holidays, exceptions on app.schedules
  for each statement execute function app.tg_sla__backfill();
create trigger tg_teams__650_sla after update of schedule_id on app.teams
  for each statement execute function app.tg_sla__backfill();
create trigger tg_organizations__650_sla after update of schedule_id on app.organizations
  for each statement execute function app.tg_sla__backfill();
create trigger tg_statuses__650_sla after update of category on app.statuses
  for each statement execute function app.tg_sla__backfill();

-- Counts the clocks of one ticket up to now. The ticket is locked first: what happened to it before is committed then,
-- and no other worker counts them.
create function app.advance_sla(p_ticket_id bigint)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform from app.tickets t where t.id = p_ticket_id for no key update;
  if autocrm.advance_sla(p_ticket_id) then
    -- Automations may ask how long it is until the breach.
    perform autocrm.plan_automations(p_ticket_id, null, false);
  end if;
end
$$;

-- The same; a ticket that fails is set aside, and is looked at again when that is retried.
create function app.try_sla(p_ticket_id bigint)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_failure app.failure;
begin
  perform app.advance_sla(p_ticket_id);
exception when others then
  get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
    v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
  perform app.note_failure('sla', format('ticket %s', p_ticket_id), p_ticket_id, '{}', v_failure);
  update app.sla_tickets s set check_at = null where s.ticket_id = p_ticket_id;
end
$$;

-- One round of clocks whose time has come; answers how many tickets there were.
create function app.run_sla(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_ticket bigint;
  v_count integer := 0;
begin
  for v_ticket in
    select s.ticket_id
      from app.sla_tickets s
      join app.tickets t on t.id = s.ticket_id and t.deleted_at is null
     where s.check_at <= autocrm.now()
     order by s.check_at, s.ticket_id
     limit p_most
       for no key update of t skip locked
  loop
    perform app.try_sla(v_ticket);
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

-- Counts the clocks of the next open tickets again, after a change of what decides about them; answers of how many.
create function app.backfill_sla(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_after bigint;
  v_ticket bigint;
  v_count integer := 0;
begin
  select b.ticket_id into v_after from app.sla_backfill b for update skip locked;
  if not found then
    return 0;
  end if;
  for v_ticket in
    select t.id from app.tickets t
     where t.id > v_after and t.deleted_at is null and t.status_id in (select o.id from app.open_statuses o)
     order by t.id limit p_most
  loop
    perform app.try_sla(v_ticket);
    v_count := v_count + 1;
  end loop;
  if v_count < p_most then
    delete from app.sla_backfill;
  else
    update app.sla_backfill set ticket_id = v_ticket;
  end if;
  return v_count;
end
$$;
