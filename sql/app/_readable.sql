-- Names and labels are read by people: each is one line with something to see in it. A name of blanks, or one that turns
-- the direction of writing, looks like another or like none at all.

-- The problem of a name; NULL without one. Joiners and marks of direction are parts of names in several scripts, so they
-- only do not count as something to see.
create function app.name_problem(p_name text)
  returns text
  language sql immutable parallel safe
  set search_path = ''
as $$
  select case
    when p_name !~ '[^\s\u0001-\u0020\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]'
      then 'must not be empty'
    when p_name ~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029]' then 'must be one line, without control characters'
    when p_name ~ '[\u202a-\u202e\u2066-\u2069]' then 'must not hold characters that turn the direction of writing'
  end
$$;
comment on function app.name_problem(text) is 'Why a name or label is not taken, or NULL. Example: select app.name_problem('' '')';
grant execute on function app.name_problem(text) to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer;

-- Arguments: the columns. A name from before this rule stays until it is changed.
create function app.tg_readable()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_old jsonb := case tg_op when 'UPDATE' then to_jsonb(old) else '{}' end;
  v_new jsonb := to_jsonb(new);
  v_problems text[] := array(
    select format('%s: %s', c, app.name_problem(v_new ->> c)) from unnest(tg_argv) c
     where app.name_problem(v_new ->> c) is not null and v_new -> c is distinct from v_old -> c);
begin
  if v_problems <> '{}' then
    perform autocrm.fail('TK422', 'This cannot be saved under such a name', array_to_string(v_problems, e'\n'),
      'Give it a name of one line that people can read; nothing was saved.');
  end if;
  return new;
end
$$;

-- WHEN decides the usual case, without calling the trigger.
do $$
declare
  v_table record;
begin
  for v_table in
    select t.name, string_agg(format('app.name_problem(new.%I) is not null', c), ' or ') as condition,
           string_agg(quote_literal(c), ', ') as columns, string_agg(quote_ident(c), ', ') as listed
      from (values
        ('organizations', '{name}'::text[]), ('teams', '{name}'), ('users', '{name}'), ('tags', '{name}'), ('skills', '{name}'),
        ('schedules', '{name}'), ('ticket_forms', '{name}'), ('macros', '{name}'), ('views', '{name}'), ('statuses', '{label}'),
        ('priorities', '{label}'), ('custom_fields', '{label}'), ('object_types', '{name,plural_name}'), ('object_fields', '{label}'),
        ('object_records', '{name}'), ('routing_rules', '{name}'), ('triggers', '{name}'), ('automations', '{name}'), ('sla_policies', '{name}'),
        ('retention_policies', '{name}'), ('legal_holds', '{name}'),
        ('api_keys', '{name}')) t (name, columns)
     cross join unnest(t.columns) c
     group by t.name
  loop
    execute format(
      'create trigger tg_%1$s__060_readable before insert or update of %4$s on app.%1$I
         for each row when (%2$s) execute function app.tg_readable(%3$s)', v_table.name, v_table.condition, v_table.columns, v_table.listed);
  end loop;
end
$$;

-- Whether none of these ids is this one, or that of a part of it (see app.naming_hidden). As an operator it would cost as much
-- as any comparison of the caller's, and might come after it, so that the time which that takes, or an error of it, would
-- tell of a row that a policy hides.
create function app.is_none_of(p_id bigint, p_ids bigint[], p_part bigint default null)
  returns boolean
  language plpgsql immutable parallel safe cost 0.01
  set search_path = ''
as $$
begin
  return coalesce(p_id * 1000000 + p_part, p_id) <> all (p_ids);
end
$$;
grant execute on function app.is_none_of(bigint, bigint[], bigint) to
  autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst, autocrm_api;
