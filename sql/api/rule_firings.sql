-- When triggers and automations spoke, why, and what kept them from it.
create view api.rule_firings with (security_invoker = true) as
select f.id, f.at, f.kind, f.rule_id, f.rule_name, f.ticket_id, f.explanation, f.error
  from app.rule_firings f;
comment on view api.rule_firings is 'When triggers and automations spoke, why, and what kept them from it.';

create function api.list_rule_firings(p_query jsonb default '{}')
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._list('rule_firings', p_query, array['kind', 'rule_id', 'ticket_id'], array['rule_name'], array['id'])
$$;
comment on function api.list_rule_firings(jsonb) is
  'A page of firings of rules: {items, next}. Filters: kind (trigger, automation), rule_id, ticket_id, q; sort: id. TK422 for what it does not know. Example: select api.list_rule_firings(''{"ticket_id": 7}'')';

-- The worker's round; answers whether there may be more to do. Definer: rules act for the desk, and see every ticket.
-- Whoever holds a ticket for long keeps it: it is set aside, and the others are answered for.
create function api._run_rules()
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '300ms'
as $$
begin
  return app.run_triggers(200) is not null
      or app.run_automations(20) > 0
      or app.backfill_automations(500) > 0;
end
$$;
