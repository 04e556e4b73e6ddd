-- Triggers and automations. The worker hears of events one transaction at a time, in their order, and carries
-- out what the rules say; the cursor moves in the same transaction, so that nothing speaks twice or never. See
-- history.sql for the feed, and _set_aside.sql for what becomes of what fails.
create trigger tg_triggers__200_check before insert or update on app.triggers
  for each row execute function autocrm.tg_rules__check('trigger');
create trigger tg_automations__200_check before insert or update on app.automations
  for each row execute function autocrm.tg_rules__check('automation');

-- A new or changed automation looks at every ticket once, in the background.
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

grant select on app.rule_firings to autocrm_admin, autocrm_agent, autocrm_analyst;
create policy readers_of_a_ticket_read_its_firings on app.rule_firings
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using (exists (select from app.tickets t where t.id = ticket_id));

-- Receipts of rules that speak of a ticket: [{id, name, explanation}] → those that had not spoken of it yet.
create function app.note_firings(p_kind text, p_rules jsonb, p_ticket_id bigint, p_xid xid8)
  returns bigint[]
  language sql volatile
  set search_path = pg_catalog, pg_temp
as $$
  with noted as (
    insert into app.rule_firings (at, kind, rule_id, rule_name, ticket_id, cause_xid, explanation)
    select autocrm.now(), p_kind, (r.value ->> 'id')::bigint, r.value ->> 'name', p_ticket_id, p_xid, r.value -> 'explanation'
      from jsonb_array_elements(p_rules) with ordinality r (value, n)
     order by r.n
    on conflict do nothing
    returning id
  )
  select coalesce(array_agg(id order by id), '{}') from noted
$$;

-- Carries out what a rule says. What fails is undone and told in the log; it does not hold up the others.
create function app.carry_out(p_firing_id bigint)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_firing app.rule_firings;
  v_message text;
  v_detail text;
  v_hint text;
begin
  select * into v_firing from app.rule_firings f where f.id = p_firing_id;
  perform autocrm.act(v_firing.kind, v_firing.rule_id, v_firing.ticket_id, v_firing.cause_xid::text);
exception
  -- Not the rule's fault: the whole round is tried again.
  when serialization_failure or deadlock_detected or lock_not_available then
    raise;
  when others then
    get stacked diagnostics v_message = message_text, v_detail = pg_exception_detail, v_hint = pg_exception_hint;
    update app.rule_firings f
       set error = jsonb_build_object('message', v_message, 'detail', app.conceal_problems(nullif(v_detail, '')), 'hint', nullif(v_hint, ''))
     where f.id = p_firing_id;
end
$$;

-- What the triggers say to what one transaction did to one ticket; answers how many spoke.
create function app.answer_with_triggers(p_ticket_id bigint, p_xid xid8)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_firing bigint;
  v_fired integer := 0;
begin
  -- All receipts first: what one rule changes is no news to the others that speak with it.
  foreach v_firing in array
    app.note_firings('trigger', autocrm.matching_triggers(p_ticket_id, p_xid::text), p_ticket_id, p_xid)
  loop
    perform app.carry_out(v_firing);
    v_fired := v_fired + 1;
  end loop;
  perform autocrm.plan_automations(p_ticket_id, null, false);
  return v_fired;
end
$$;

-- One round of the triggers; answers how many rules spoke, or NULL when there was nothing to hear. A ticket that
-- cannot be answered for is set aside, and the others are.
create function app.run_triggers(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_cursor app.rule_cursor;
  v_within pg_snapshot;
  v_event bigint;
  v_heard record;
  v_ticket bigint;
  v_fired integer := 0;
  v_failure app.failure;
begin
  -- Asked before anything is locked: a round with nothing to hear writes nothing.
  if not exists (
    select from app.rule_cursor c where c.within is not null or app.feed_begin(c.seen, autocrm.log_snapshot()) is not null) then
    return null;
  end if;
  select * into v_cursor from app.rule_cursor c for update skip locked;
  if not found then
    return null;
  end if;
  v_within := coalesce(v_cursor.within, autocrm.log_snapshot());
  v_event := coalesce(v_cursor.event_id, app.feed_begin(v_cursor.seen, v_within));
  if v_event is null then
    return null;
  end if;
  for v_heard in
    select f.xid, f.event_id from app.feed_transactions(v_cursor.seen, v_within, v_event, p_most) f
  loop
    for v_ticket in
      select distinct e.ticket_id from app.events e join app.tickets t on t.id = e.ticket_id and t.deleted_at is null
       where e.xid = v_heard.xid and not (e.name = 'ticket.created' and (t.channel = 'import' or t.created_at < e.at - interval '1 day'))
       order by 1
    loop
      begin
        v_fired := v_fired + app.answer_with_triggers(v_ticket, v_heard.xid);
      exception when others then
        get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
          v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
        perform app.put_aside('triggers', format('ticket %s, transaction %s', v_ticket, v_heard.xid), v_ticket,
          jsonb_build_object('xid', v_heard.xid), v_failure);
      end;
    end loop;
    v_event := v_heard.event_id;
    -- What rules write is committed before more is heard: locks stay short.
    exit when v_fired > 0;
  end loop;
  if app.feed_goes_on(v_cursor.seen, v_within, v_event) then
    update app.rule_cursor c set within = v_within, event_id = v_event;
  else
    update app.rule_cursor c set seen = v_within, within = null, event_id = null;
  end if;
  return v_fired;
end
$$;

-- What one automation says of one ticket now.
create function app.answer_with_automation(p_ticket_id bigint, p_automation_id bigint)
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

-- One round of the automations that time has made due; answers how many there were.
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
      perform app.answer_with_automation(v_due.ticket_id, v_due.automation_id);
    exception when others then
      get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
        v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
      perform app.put_aside('automations', format('ticket %s, automation %s', v_due.ticket_id, v_due.automation_id), v_due.ticket_id,
        jsonb_build_object('automation_id', v_due.automation_id), v_failure);
      -- It is due no more until it is tried again.
      update app.automation_due d set due_at = null
       where d.automation_id = v_due.automation_id and d.ticket_id = v_due.ticket_id;
    end;
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

-- Tickets that new automations have yet to look at; answers how many were looked at.
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
      perform app.put_aside('backfills', format('ticket %s, automation %s', v_ticket, v_automation), v_ticket,
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
