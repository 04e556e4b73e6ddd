-- Automations: rules that apply when time has passed. The worker runs those that are due (app.run_automations).

create trigger tg_automations__200_check before insert or update on app.automations
  for each row execute function autocrm.tg_rules__check('automation');

-- A new or changed automation is evaluated for every ticket once, in the background.
create function app.tg_automations__backfill()
  returns trigger
  language plpgsql volatile security definer -- The books belong to the owner alone.
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into app.automation_backfills (automation_id) values (new.id)
  on conflict (automation_id) do update set ticket_id = 0;
  return null;
end
$$;
create trigger tg_automations__600_backfill after insert or update of conditions, enabled on app.automations
  for each row execute function app.tg_automations__backfill();

-- Applies one automation to one ticket, when its moment has come.
create function app.apply_automation(p_ticket_id bigint, p_automation_id bigint)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_rule jsonb := autocrm.plan_automations(p_ticket_id, p_automation_id, true);
begin
  if v_rule is not null then
    perform app.carry_out(f) from unnest(app.note_firings('automation', jsonb_build_array(v_rule), p_ticket_id, null)) f;
  end if;
end
$$;

-- One round of automations that are due; answers how many there were.
create function app.run_automations(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_due record;
  v_count integer := 0;
  v_failure app.failure;
begin
  for v_due in
    select d.automation_id, d.ticket_id
      from app.automation_due d
      join app.tickets t on t.id = d.ticket_id and t.deleted_at is null
     where d.due_at <= autocrm.now()
     order by d.due_at, d.ticket_id
     limit p_most
       for update of d, t skip locked
  loop
    begin
      perform app.apply_automation(v_due.ticket_id, v_due.automation_id);
    exception when others then
      get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
        v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
      perform app.note_failure('automations', format('ticket %s, automation %s', v_due.ticket_id, v_due.automation_id), v_due.ticket_id,
        jsonb_build_object('automation_id', v_due.automation_id), v_failure);
      -- Not due until it is retried.
      update app.automation_due d set due_at = null
       where d.automation_id = v_due.automation_id and d.ticket_id = v_due.ticket_id;
    end;
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

-- Evaluates new automations for the next tickets; answers for how many.
create function app.backfill_automations(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_automation bigint;
  v_ticket bigint;
  v_count integer := 0;
  v_failure app.failure;
begin
  select b.automation_id, b.ticket_id into v_automation, v_ticket
    from app.automation_backfills b limit 1 for update skip locked;
  if not found then
    return 0;
  end if;
  for v_ticket in
    select t.id from app.tickets t
     where t.id > v_ticket and t.deleted_at is null
       and t.status_id in (select s.id from app.statuses s where s.category <> 'closed')
     order by t.id limit p_most
  loop
    begin
      perform autocrm.plan_automations(v_ticket, v_automation, false);
    exception when others then
      get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
        v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
      perform app.note_failure('backfills', format('ticket %s, automation %s', v_ticket, v_automation), v_ticket,
        jsonb_build_object('automation_id', v_automation), v_failure);
    end;
    v_count := v_count + 1;
  end loop;
  if v_count < p_most then
    delete from app.automation_backfills b where b.automation_id = v_automation;
  else
    update app.automation_backfills b set ticket_id = v_ticket where b.automation_id = v_automation;
  end if;
  return v_count;
end
$$;
