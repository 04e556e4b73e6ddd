-- Triggers: rules that apply when something changed. The worker reads the feed of events (events.sql) transaction by
-- transaction and moves its cursor in the transaction of the actions, so that each rule applies exactly once; what
-- fails is set aside (_set_aside.sql). The clocks of the ticket are counted behind them (sla.sql); what happens to clocks
-- is in the log too, and no rule answers it.

create trigger tg_triggers__200_check before insert or update on app.triggers
  for each row execute function autocrm.tg_rules__check('trigger');

-- Applies the triggers that match what one transaction did to one ticket; answers how many fired.
create function app.apply_triggers(p_ticket_id bigint, p_xid xid8)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_firing bigint;
  v_fired integer := 0;
begin
  -- All firings are recorded first: changes of one rule do not affect the others of the same round.
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

-- One round of the triggers; answers how many fired, or NULL without new events. A ticket that fails is set aside.
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
  v_sla boolean;
  v_failure app.failure;
begin
  -- Checked before anything is locked: a round without new events writes nothing.
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
  v_sla := exists (select from app.sla_policies p where p.enabled);
  for v_heard in
    -- Fewer where clocks are counted: their tickets stay locked until the round ends.
    select f.xid, f.event_id from app.feed_transactions(v_cursor.seen, v_within, v_event, case when v_sla then p_most / 5 else p_most end) f
  loop
    for v_ticket in
      select distinct e.ticket_id from app.events e join app.tickets t on t.id = e.ticket_id and t.deleted_at is null
       where e.xid = v_heard.xid and e.name not like 'sla.%' and not (e.name = 'ticket.created' and (t.channel = 'import' or t.created_at < e.at - interval '1 day'))
       order by 1
    loop
      begin
        v_fired := v_fired + app.apply_triggers(v_ticket, v_heard.xid);
      exception when others then
        get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
          v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
        perform app.note_failure('triggers', format('ticket %s, transaction %s', v_ticket, v_heard.xid), v_ticket,
          jsonb_build_object('xid', v_heard.xid), v_failure);
      end;
      if v_sla then
        perform app.try_sla(v_ticket);
      end if;
    end loop;
    v_event := v_heard.event_id;
    -- Changes are committed before more is read, so that locks stay short.
    exit when v_fired > 0;
  end loop;
  if app.feed_has_more(v_cursor.seen, v_within, v_event) then
    update app.rule_cursor c set within = v_within, event_id = v_event;
  else
    update app.rule_cursor c set seen = v_within, within = null, event_id = null;
  end if;
  return v_fired;
end
$$;
