-- What matching would cost without native code: the same rules, the same meaning, in PL/pgSQL over rows.
-- It knows the operators that the benchmark's rules use. The fairest way that we found: conditions are read
-- once per rule by one query, and the ticket's values are put into one jsonb before.
create schema if not exists bench;

create or replace function bench.facts(p_id bigint)
  returns jsonb
  language sql stable
as $$
  select jsonb_build_object(
           'subject', t.subject, 'channel', t.channel, 'priority', p.key, 'requester.email', u.email,
           'tags', (select coalesce(jsonb_agg(g.name), '[]') from app.tags g where g.id = any (t.tag_ids)))
         || (select coalesce(jsonb_object_agg('custom.' || k, v), '{}') from jsonb_each(t.custom) c (k, v))
    from app.tickets t
    join app.priorities p on p.id = t.priority_id
    join app.users u on u.id = t.requester_id
   where t.id = p_id
$$;

create or replace function bench.holds(p_condition jsonb, p_facts jsonb)
  returns boolean
  language plpgsql immutable
as $$
declare
  v_part jsonb;
  v_value jsonb;
begin
  if p_condition ? 'all' then
    for v_part in select x from jsonb_array_elements(p_condition -> 'all') x
    loop
      if not bench.holds(v_part, p_facts) then
        return false;
      end if;
    end loop;
    return true;
  elsif p_condition ? 'any' then
    for v_part in select x from jsonb_array_elements(p_condition -> 'any') x
    loop
      if bench.holds(v_part, p_facts) then
        return true;
      end if;
    end loop;
    return false;
  elsif p_condition ? 'none' then
    return not bench.holds(jsonb_build_object('any', p_condition -> 'none'), p_facts);
  end if;
  v_value := p_facts -> (p_condition ->> 'field');
  return coalesce(case p_condition ->> 'op'
    when 'is' then lower(v_value #>> '{}') = lower(p_condition ->> 'value')
    when 'is_not' then lower(v_value #>> '{}') is distinct from lower(p_condition ->> 'value')
    when 'contains_word' then lower(v_value #>> '{}') ~ ('(^|\W)' || lower(p_condition ->> 'value') || '(\W|$)')
    when 'ends_with' then right(lower(v_value #>> '{}'), length(p_condition ->> 'value')) = lower(p_condition ->> 'value')
    when 'includes_any' then v_value ?| array(select jsonb_array_elements_text(p_condition -> 'value'))
  end, false);
end
$$;

create or replace function bench.matching_rules(p_id bigint)
  returns bigint[]
  language plpgsql stable
as $$
declare
  v_facts jsonb := bench.facts(p_id);
  v_rule record;
  v_matched bigint[] := '{}';
begin
  for v_rule in select id, conditions, stop from app.routing_rules where enabled order by position, id
  loop
    if bench.holds(v_rule.conditions, v_facts) then
      v_matched := v_matched || v_rule.id;
      exit when v_rule.stop;
    end if;
  end loop;
  return v_matched;
end
$$;
