-- Explanation of how a ticket was routed.

create function api.explain_routing(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  -- items: the decisions at the time; now: the decision that today's rules would make, and why.
  select json_build_object('items', e -> 'decisions', 'now', e - 'decisions')
    from (select autocrm.explain_routing(p_id)::jsonb) x (e)
$$;
comment on function api.explain_routing(bigint) is
  'Why routing did what it did to this ticket: {items: [decision], now: {rules, candidates}}, with the rules that matched, who was chosen with their load, and the next in the order of the team who had room too, each with the reason (behind, lacks_skills with the skills and levels, paced, off_shift, full). TK404. Example: select api.explain_routing(7)';
