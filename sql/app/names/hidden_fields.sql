-- Restricted fields and the rows that name them: whoever may not see a field does not see what names it.

-- Ids of the rows of a table that name a field which the caller may not see, since its name and limits would reveal it.
-- Definer: no role reads the index.
create function app.naming_hidden(p_source text)
  returns bigint[]
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_hidden text[] := autocrm.hidden_fields();
begin
  if v_hidden = '{}' then
    return '{}';
  end if;
  return array(
    select distinct case p_source when 'macro_versions' then n.source_id * 1000000 + n.part else n.source_id end
      from app.names n where n.source = p_source and n.kind = 'field' and n.name = any (v_hidden));
end
$$;
grant execute on function app.naming_hidden(text) to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst;

-- Those of views and macros stand with their other one, in visibility.sql.
do $$
declare
  v_table text;
begin
  foreach v_table in array array['routing_rules', 'triggers', 'automations', 'sla_policies']
  loop
    execute format(
      'create policy what_names_a_hidden_field_is_hidden_with_it on app.%1$I
         as restrictive for select to autocrm_agent, autocrm_integration, autocrm_analyst
         using (app.is_none_of(id, (select app.naming_hidden(%1$L))))', v_table);
  end loop;
end
$$;

-- The definition of a dependent field names the field that it depends on, so its readers must be able to see both. Definer:
-- only admins read forms whole.
create function app.tg_custom_fields__seen_with()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_other text;
begin
  select f.label into v_other from app.custom_fields f
   where f.key = new.visible_when ->> 'field' and not f.visible_to || '{admin}'::app.user_role[] @> new.visible_to;
  if v_other is not null then
    perform autocrm.fail('TK422', format('The custom field ''%s'' cannot be saved as it is', new.key),
      format('visible_when.field: %s is not visible to all who see this field', v_other), 'Let both be visible to the same people.');
  end if;
  select string_agg(x.label, ', ' order by x.label) into v_other
    from (select f.label, f.visible_to, f.visible_when from app.custom_fields f
          union all
          select f.label, f.visible_to, p.visible_when from app.ticket_form_fields p join app.custom_fields f on f.id = p.custom_field_id) x
   where x.visible_when ->> 'field' = new.key and not new.visible_to || '{admin}'::app.user_role[] @> x.visible_to;
  if v_other is not null then
    perform autocrm.fail('TK422', format('The custom field ''%s'' cannot be saved as it is', new.key),
      format('visible_to: others see fields that depend on it: %s', v_other), 'Let all be visible to the same people.');
  end if;
  return new;
end
$$;
create trigger tg_custom_fields__330_seen_with before insert or update on app.custom_fields
  for each row execute function app.tg_custom_fields__seen_with();

create function app.tg_ticket_form_fields__seen_with()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from app.custom_fields o, app.custom_fields f
              where o.key = new.visible_when ->> 'field' and f.id = new.custom_field_id and not o.visible_to || '{admin}'::app.user_role[] @> f.visible_to) then
    perform autocrm.fail('TK422', 'The form cannot be saved as it is',
      format('visible_when.field: %s is not visible to all who see the field', new.visible_when ->> 'field'), 'Let both be visible to the same people.');
  end if;
  return new;
end
$$;
create trigger tg_ticket_form_fields__330_seen_with before insert or update on app.ticket_form_fields
  for each row when (new.visible_when is not null) execute function app.tg_ticket_form_fields__seen_with();

-- The problems of a refusal without the names of restricted fields, for all readers of a ticket.
create function app.conceal_problems(p_detail text)
  returns text
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
  select string_agg(case when exists (
           select from app.custom_fields f where app.is_restricted(f.visible_to) and l.line like '%custom.' || replace(f.key, '_', '\_') || ':%')
           then 'custom.hidden: does not fit, or is missing' else l.line end, e'\n' order by l.n)
    from unnest(string_to_array(p_detail, e'\n')) with ordinality l (line, n)
$$;
