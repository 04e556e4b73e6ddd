-- Forms of tickets: which custom fields they ask for, in which order, and when.
create view api.ticket_forms with (security_invoker = true) as
select f.id, f.version, f.name, f.description, f.position, f.active, f.is_default, f.shown_to, f.team_ids,
       coalesce((
         select json_agg(json_build_object('field', c.key, 'required', p.required, 'visible_when', p.visible_when) order by p.position, c.id)
           from app.ticket_form_fields p join app.custom_fields c on c.id = p.custom_field_id where p.form_id = f.id), '[]') as fields,
       f.created_at, f.updated_at
  from app.ticket_forms f;
comment on view api.ticket_forms is 'Forms of tickets, each with its fields in their order.';

select api._define_resource('ticket_forms', 'ticket_form',
  p_filters => '{active,is_default}', p_search => '{name}', p_sorts => '{position,name}',
  p_verbs => '{list,get,delete}',
  p_query => '{"active": "true"}',
  p_deleting => 'TK409 when it is stale or while tickets have it.');

-- Everything wrong with the fields of a form, and with to whom it is shown.
create function api._form_problems(p_body jsonb)
  returns text[]
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_problems text[] := '{}';
  v_fields jsonb := case when jsonb_typeof(p_body -> 'fields') = 'array' then p_body -> 'fields' else '[]' end;
begin
  if p_body ? 'fields' and jsonb_typeof(p_body -> 'fields') <> 'array' then
    v_problems := v_problems || 'fields: must be a list such as [{"field": "serial", "required": "solve"}]'::text;
  end if;
  v_problems := v_problems || api._most_problems(p_body, 'shown_to', 2) || api._most_problems(p_body, 'team_ids', 1000);
  if jsonb_array_length(v_fields) > 500 then
    -- Each is compared with all others.
    return v_problems || api._most_problems(p_body, 'fields', 500);
  end if;
  select v_problems || coalesce(array_agg(x.problem order by x.n), '{}') into v_problems
    from (
      select e.n, case
               when jsonb_typeof(e.value) <> 'object' then format('fields[%s]: must be such as {"field": "serial", "required": "solve"}', e.n - 1)
               when not exists (select from app.custom_fields c where c.key = e.value ->> 'field')
                 then format('fields[%s].field: must be the key of a custom field', e.n - 1)
               when exists (select from jsonb_array_elements(v_fields) with ordinality o (value, n)
                             where o.n < e.n and o.value ->> 'field' = e.value ->> 'field')
                 then format('fields[%s].field: stands on the form already', e.n - 1)
             end as problem
        from jsonb_array_elements(v_fields) with ordinality e (value, n)
      union all
      select e.n, format('fields[%s].required: must be create, solve, never, or null for as the field says', e.n - 1)
        from jsonb_array_elements(v_fields) with ordinality e (value, n)
       where coalesce(e.value -> 'required', 'null') not in ('null', '"create"', '"solve"', '"never"')
      union all
      select e.n, format('fields[%s].visible_when: must be {"field": key of another field of the form, "in": [values]}, or null', e.n - 1)
        from jsonb_array_elements(v_fields) with ordinality e (value, n)
       where coalesce(e.value -> 'visible_when', 'null') <> 'null'
         and (jsonb_typeof(e.value #> '{visible_when,in}') is distinct from 'array'
              or e.value #>> '{visible_when,field}' is not distinct from e.value ->> 'field'
              or not exists (select from jsonb_array_elements(v_fields) o where o ->> 'field' = e.value #>> '{visible_when,field}'))
      union all
      select e.n, format('fields[%s].%s: is not known here; one of field, required, visible_when', e.n - 1, k)
        from jsonb_array_elements(v_fields) with ordinality e (value, n)
       cross join lateral jsonb_object_keys(case when jsonb_typeof(e.value) = 'object' then e.value else '{}' end) k
       where k <> all (array['field', 'required', 'visible_when'])
    ) x
   where x.problem is not null;
  if p_body ? 'shown_to' and jsonb_typeof(p_body -> 'shown_to') is distinct from 'array' or not coalesce(p_body -> 'shown_to', '[]') <@ '["agent", "customer"]' then
    v_problems := v_problems || 'shown_to: must be a list of agent, customer'::text;
  end if;
  if coalesce(p_body -> 'team_ids', 'null') <> 'null' and (
    jsonb_typeof(p_body -> 'team_ids') <> 'array'
    or exists (select from jsonb_array_elements(p_body -> 'team_ids') x where not exists (select from app.teams t where to_jsonb(t.id) = x))
  ) then
    v_problems := v_problems || 'team_ids: must be a list of ids of teams, or null for all'::text;
  end if;
  return v_problems;
end
$$;

-- Puts these fields on a form, in this order, and takes the others off.
create function api._place_fields(p_id bigint, p_fields jsonb)
  returns void
  language plpgsql volatile
  set search_path = ''
as $$
begin
  delete from app.ticket_form_fields p
   where p.form_id = p_id
     and p.custom_field_id not in (select c.id from app.custom_fields c join jsonb_array_elements(p_fields) e on e ->> 'field' = c.key);
  insert into app.ticket_form_fields (form_id, custom_field_id, position, required, visible_when)
  select p_id, c.id, e.n, (e.value ->> 'required')::app.form_requirement, nullif(e.value -> 'visible_when', 'null')
    from jsonb_array_elements(p_fields) with ordinality e (value, n)
    join app.custom_fields c on c.key = e.value ->> 'field'
  on conflict (form_id, custom_field_id) do update
    set position = excluded.position, required = excluded.required, visible_when = excluded.visible_when;
end
$$;

create function api.create_ticket_form(p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_columns constant text[] := array['name', 'description', 'position', 'active', 'is_default', 'shown_to', 'team_ids'];
  v_problems text[];
  v_row json;
begin
  perform api._need_admin('manage ticket forms');
  perform api._need_object(p_body);
  v_problems := api._unknown_keys(p_body, v_columns || 'fields'::text)
    || api._check_types('ticket_forms', p_body - array['shown_to', 'team_ids'], v_columns) || api._form_problems(p_body);
  if not p_body ? 'name' then
    v_problems := v_problems || 'name: is required'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This form cannot be saved as it is', v_problems);
  end if;
  -- The new default takes the place of the old one.
  if p_body -> 'is_default' = 'true' then
    update app.ticket_forms set is_default = false where is_default;
  end if;
  v_row := api._create('ticket_forms', p_body - 'fields', v_columns);
  perform api._place_fields((v_row ->> 'id')::bigint, coalesce(p_body -> 'fields', '[]'));
  return api.get_ticket_form((v_row ->> 'id')::bigint);
end
$$;
comment on function api.create_ticket_form(jsonb) is
  'Adds a form of tickets; admins only. TK422 with every problem. Keys: name, description, position, active, is_default (then the others are not), shown_to (agent, customer), team_ids, fields. Example: select api.create_ticket_form(''{"name": "Repair", "fields": [{"field": "order_number", "required": "create"}]}'')';

create function api.update_ticket_form(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_columns constant text[] := array['name', 'description', 'position', 'active', 'is_default', 'shown_to', 'team_ids'];
  v_problems text[];
  v_row json;
begin
  perform api.get_ticket_form(p_id), api._need_admin('manage ticket forms');
  perform api._need_object(p_body);
  v_problems := api._unknown_keys(p_body, v_columns || 'fields'::text)
    || api._check_types('ticket_forms', p_body - array['shown_to', 'team_ids'], v_columns) || api._form_problems(p_body);
  if v_problems <> '{}' then
    perform api._refuse('This form cannot be saved as it is', v_problems);
  end if;
  -- Locked before it is compared, since fields change with it.
  perform from app.ticket_forms f where f.id = p_id for no key update;
  v_row := api._get('ticket_forms', 'ticket form', p_id);
  perform api._check_version(p_version, (v_row ->> 'version')::bigint, v_row);
  if p_body = '{}' then
    return v_row;
  end if;
  if p_body -> 'is_default' = 'true' then
    update app.ticket_forms set is_default = false where is_default and id <> p_id;
  end if;
  if p_body ? 'fields' then
    perform api._place_fields(p_id, p_body -> 'fields');
  end if;
  -- Another order of its fields is another version of the form.
  return api._update('ticket_forms', 'ticket form', p_id,
    jsonb_build_object('name', v_row -> 'name') || (p_body - 'fields'), (v_row ->> 'version')::bigint, v_columns);
end
$$;
comment on function api.update_ticket_form(bigint, jsonb, bigint) is
  'Changes the keys given and answers the form as get_ticket_form does. Keys: as of create_ticket_form; fields replaces the whole list. Admins only. TK403, TK404, TK409 with the current form in DETAIL when p_version is not its version, TK422. Example: select api.update_ticket_form(1, ''{"description": "For anything about invoices"}'')';
