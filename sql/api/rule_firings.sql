-- Firings of triggers and automations: when, why, and with which error.

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
