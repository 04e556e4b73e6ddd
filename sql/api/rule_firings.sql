-- Firings of triggers and automations: when, why, and with which error.

create view api.rule_firings with (security_invoker = true) as
select f.id, f.at, f.kind, f.rule_id, f.rule_name, f.ticket_id, f.explanation, f.error
  from app.rule_firings f;
comment on view api.rule_firings is 'Firings of triggers and automations: when, why, and with which error.';

select api._define_resource('rule_firings', 'rule_firing',
  p_filters => '{kind,rule_id,ticket_id}', p_search => '{rule_name}', p_sorts => '{id}',
  p_verbs => '{list}',
  p_query => '{"ticket_id": 7}');
