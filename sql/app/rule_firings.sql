-- Firings of triggers and automations: one row for each rule that applied to a ticket, with its error.

grant select on app.rule_firings to autocrm_admin, autocrm_agent, autocrm_analyst;
create policy readers_of_a_ticket_read_its_firings on app.rule_firings
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using (exists (select from app.tickets t where t.id = ticket_id));

-- Records firings of rules on a ticket, [{id, name, explanation}]; answers the ids of those that are new.
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

-- Carries out the actions of a firing. Errors are rolled back and recorded in the firing; they do not stop other rules.
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
  -- Transient: the whole round is retried.
  when serialization_failure or deadlock_detected or lock_not_available then
    raise;
  when others then
    get stacked diagnostics v_message = message_text, v_detail = pg_exception_detail, v_hint = pg_exception_hint;
    update app.rule_firings f
       set error = jsonb_build_object('message', v_message, 'detail', app.conceal_problems(nullif(v_detail, '')), 'hint', nullif(v_hint, ''))
     where f.id = p_firing_id;
end
$$;
