-- Explanation of how a ticket was routed.

create function api.explain_routing(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  -- "items": what was decided then; "now": what the rules of today would say and why.
  select json_build_object('items', e -> 'decisions', 'now', e - 'decisions')
    from (select autocrm.explain_routing(p_id)::jsonb) x (e)
$$;
comment on function api.explain_routing(bigint) is 'Why routing did what it did to this ticket: rules that matched, candidates with their load, who was chosen.';
