-- Custom objects: types and fields, which admins define, and records.

create view api.object_types with (security_invoker = true) as
select t.id, t.version, t.key, t.name, t.plural_name, t.description, t.icon, t.admins_write, t.active, t.created_at, t.updated_at
  from app.object_types t;
comment on view api.object_types is 'Types of custom objects.';

create view api.object_fields with (security_invoker = true) as
select f.id, f.version, f.object_type_id, f.key, f.label, f.description, f.type, f.config, f.required, f.default_value,
       f.visible_when, f.position, f.active, f.created_at, f.updated_at
  from app.object_fields f;
comment on view api.object_fields is 'Fields of the records of a type.';

create view api.object_records with (security_invoker = true) as
select r.id, r.version, t.key as type, r.name, r.external_key, r.custom, r.created_at, r.updated_at
  from app.object_records r
  join app.object_types t on t.id = r.object_type_id;
comment on view api.object_records is 'Records, each with the key of its type.';

select api._define_resource('object_types', 'object_type',
  p_filters => '{key,active}', p_search => '{name,plural_name,key}', p_sorts => '{name,key}',
  p_keys => '{key,name,plural_name,description,icon,admins_write,active}',
  p_about => 'key (a-z, 0-9, _; never changed), name, plural_name, description, icon (a-z, 0-9, -), admins_write (whether admins alone write records), active',
  p_query => '{"active": "true"}',
  p_create => '{"key": "contract", "name": "Contract", "plural_name": "Contracts"}',
  p_update => '{"description": "Devices that we lend out"}',
  p_deleting => 'TK409 when it is stale, or while records or relation fields are left. Its fields go with it.');

select api._define_resource('object_fields', 'object_field',
  p_filters => '{object_type_id,type,active}', p_search => '{label,key}', p_sorts => '{position,key}',
  p_keys => '{object_type_id,key,label,description,type,config,required,default_value,visible_when,position,active}',
  p_about => 'object_type_id and key (neither is ever changed), label, description, type and config as of custom fields, required, default_value, visible_when (a condition), position, active',
  p_query => '{"object_type_id": 1}',
  p_create => '{"object_type_id": 1, "key": "warranty", "label": "Warranty until", "type": "date"}',
  p_update => '{"label": "Serial number"}',
  p_deleting => 'TK409 when it is stale or while records have a value.');

-- Ids of the records with a relation to p_target (as in the config of a field) p_id; NULL when there are more than 10,000,
-- since a page then finds enough by itself.
-- Definer: under row-level security the index on custom fields could not be used, since @> is not leakproof. The
-- conditions repeat the policies of app.object_records, under which the records are read afterwards.
create function api._records_related_to(p_target text, p_id bigint)
  returns bigint[]
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_most constant integer := 10000;
  v_all bigint[];
begin
  if autocrm.actor_id() is null
     or not coalesce(autocrm.actor_role() in ('admin', 'agent')
                     or autocrm.actor_role() = 'integration'
                        and (autocrm.actor_has_scope('objects:read') or autocrm.actor_has_scope('objects:write')), false) then
    return '{}';
  end if;
  v_all := array(
    select distinct r.id
      from app.object_fields f
      join app.object_records r on r.object_type_id = f.object_type_id and r.custom @> jsonb_build_object(f.key, p_id)
     where f.active and f.type = 'relation' and f.config ->> 'target' = p_target
     limit v_most + 1);
  return case when cardinality(v_all) <= v_most then v_all end;
end
$$;

create function api.list_object_records(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := api._composed(coalesce(p_query, '{}'));
  v_limit integer := api._limit(v_query);
  v_problems text[] := api._query_problems(v_query, array['limit', 'after', 'sort', 'type', 'name', 'external_key', 'relates_to']);
  v_sort text := coalesce(v_query ->> 'sort', 'name');
  v_column text := case ltrim(v_sort, '-') when 'name' then 'r.name collate app.names' when 'created_at' then 'r.created_at' end;
  v_kind text := case v_column when 'r.created_at' then 'timestamptz' else 'text' end;
  v_direction text := case when v_sort like '-%' then 'desc' else 'asc' end;
  v_where text := 'true';
  v_type bigint;
  v_target text;
  v_ids bigint[];
  v_sql text;
begin
  if v_query ? 'relates_to' and v_query ->> 'relates_to' !~ '^(user|organization|ticket|record):[0-9]{1,18}$' then
    v_problems := v_problems || 'relates_to: must be user:ID, organization:ID, ticket:ID or record:ID'::text;
  end if;
  if v_column is null then
    v_problems := v_problems || 'sort: must be one of name, created_at, with - in front for descending'::text;
  end if;
  if v_query ? 'type' then
    select id into v_type from app.object_types where key = v_query ->> 'type';
    if v_type is null then
      v_problems := v_problems || format('type: ''%s'' is not an object type', v_query ->> 'type');
    end if;
    v_query := v_query || jsonb_build_object('type', v_type);
    v_where := 'r.object_type_id = ($1 ->> ''type'')::bigint';
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  if v_query ->> 'name' <> '' then
    v_where := v_where || ' and r.sort_name >= lower($1 ->> ''name'') and r.sort_name <= lower($1 ->> ''name'') || chr(1114111)';
  end if;
  if v_query ? 'external_key' then
    v_where := v_where || ' and r.external_key = $1 ->> ''external_key''';
  end if;
  if v_query ? 'relates_to' then
    v_target := split_part(v_query ->> 'relates_to', ':', 1);
    v_query := v_query || jsonb_build_object('id', split_part(v_query ->> 'relates_to', ':', 2)::bigint);
    if v_target = 'record' then
      v_target := (select 'object:' || o.type from api.object_records o where o.id = (v_query ->> 'id')::bigint);
    end if;
    v_ids := api._records_related_to(v_target, (v_query ->> 'id')::bigint);
    v_query := v_query || jsonb_build_object('target', v_target, 'ids', v_ids);
    v_where := v_where || case when v_ids is null then
      ' and exists (
          select from app.object_fields f
           where f.object_type_id = r.object_type_id and f.active and f.type = ''relation''
             and f.config ->> ''target'' = $1 ->> ''target'' and r.custom -> f.key = $1 -> ''id'')'
      else ' and r.id = any (array(select x::bigint from jsonb_array_elements_text($1 -> ''ids'') x))' end;
  end if;
  if v_query ? 'after' then
    v_query := v_query || jsonb_build_object('after', api._decode_cursor(v_query ->> 'after', v_sort, v_kind));
    v_where := v_where || format(' and (%s, r.id) %s (($1 -> ''after'' ->> 0)::%s, ($1 -> ''after'' ->> 1)::bigint)',
      v_column, case v_direction when 'desc' then '<' else '>' end, v_kind);
  end if;
  v_sql := format(
    'select p.at::text, o.*
       from (select r.id, %1$s as at from app.object_records r where %3$s order by %1$s %2$s, r.id %2$s limit %4$s) p
       join api.object_records o on o.id = p.id
      order by p.at %2$s, p.id %2$s',
    v_column, v_direction, v_where, v_limit + 1);
  return autocrm.page(v_sql, v_query, v_limit, v_sort);
end
$$;
comment on function api.list_object_records(jsonb) is
  'A page of records: {items, next}. limit 1-200, after, sort (name, created_at; - descending), type (its key), name (how it begins), external_key, relates_to (user:ID, organization:ID, ticket:ID or record:ID: what a relation field of the record points to). TK422. Example: select api.list_object_records(''{"type": "asset", "name": "lap"}'')';

create function api.get_object_record(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._get('object_records', 'record', p_id)
$$;
comment on function api.get_object_record(bigint) is
  'One record: {id, version, type, name, external_key, custom, created_at, updated_at}. TK404 when there is none that the caller can see. Example: select api.get_object_record(1)';

create function api.create_object_record(p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_columns constant text[] := array['type', 'name', 'external_key', 'custom'];
  v_problems text[];
  v_type bigint;
  v_id bigint;
begin
  perform api._need_scope('objects:write');
  perform api._need_object(p_body);
  v_problems := api._unknown_keys(p_body, v_columns) || api._check_types('object_records', p_body, array['name', 'external_key']);
  if not p_body ? 'name' then
    v_problems := v_problems || 'name: is required'::text;
  end if;
  select id into v_type from app.object_types where key = p_body ->> 'type' and active;
  if v_type is null then
    v_problems := v_problems || format('type: must be one of %s',
      coalesce((select string_agg(key, ', ' order by key) from app.object_types where active), 'the object types, of which there is none yet'));
  end if;
  if p_body ? 'custom' and jsonb_typeof(p_body -> 'custom') <> 'object' then
    v_problems := v_problems || 'custom: must be an object of field keys and values'::text;
  end if;
  if v_problems <> '{}' then
    -- Together with the problems of the custom fields.
    if v_type is not null and jsonb_typeof(p_body -> 'custom') = 'object' then
      v_problems := v_problems || autocrm.validate_record(v_type, p_body -> 'custom');
    end if;
    perform api._refuse('The record cannot be saved as it is', v_problems);
  end if;
  insert into app.object_records (object_type_id, name, external_key, custom)
  values (v_type, p_body ->> 'name', p_body ->> 'external_key', coalesce(p_body -> 'custom', '{}'))
  returning id into v_id;
  return api.get_object_record(v_id);
end
$$;
comment on function api.create_object_record(jsonb) is
  'Adds a record; TK403, TK422 with every problem. Keys: type (the key of an object type), name, external_key, custom. Example: select api.create_object_record(''{"type": "asset", "name": "Laptop 7", "custom": {"serial": "AB-1234"}}'')';

create function api.update_object_record(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_record app.object_records;
  v_problems text[];
  v_body jsonb;
begin
  perform api._need_scope('objects:write');
  perform api._need_object(p_body);
  v_problems := api._unknown_keys(p_body, array['name', 'external_key', 'custom', 'version']) || api._version_problems(p_body)
    || api._check_types('object_records', p_body, array['name', 'external_key', 'custom']);
  if v_problems <> '{}' then
    perform api._refuse('The record cannot be saved as it is', v_problems);
  end if;
  select * into v_record from app.object_records where id = p_id;
  if v_record.id is null then
    perform api._not_found('record', p_id);
  end if;
  v_body := p_body - 'version';
  if jsonb_typeof(p_body -> 'custom') = 'object' then
    v_body := v_body || jsonb_build_object('custom', jsonb_strip_nulls(v_record.custom || (p_body -> 'custom')));
  end if;
  -- The version that was merged is compared even when the caller named none: of two at once the later gets TK409.
  return api._update('object_records', 'record', p_id, v_body, coalesce(p_version, (p_body ->> 'version')::bigint, v_record.version),
    array['name', 'external_key', 'custom']);
end
$$;
comment on function api.update_object_record(bigint, jsonb, bigint) is
  'Changes the keys given and answers the record as get_object_record does. Keys: name, external_key, custom (merged; null removes a value). TK403, TK404, TK409 with the current record in DETAIL when p_version is not its version, TK422. Example: select api.update_object_record(1, ''{"name": "Printer in the hall"}'')';

create function api.delete_object_record(p_id bigint, p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  perform api._need_scope('objects:write');
  return api._delete('object_records', 'record', p_id, p_version);
end
$$;
comment on function api.delete_object_record(bigint, bigint) is
  'Removes a record, and empties the relations that point to it: {id, deleted}. TK403, TK404, TK409 when it is stale. Example: select api.delete_object_record(1)';

create function api.list_object_record_tickets(p_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_limit integer := api._limit(v_query);
  v_problems text[] := api._query_problems(v_query, array['limit', 'after']);
  v_sql text;
begin
  perform api.get_object_record(p_id);
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  if v_query ? 'after' then
    v_query := v_query || jsonb_build_object('after', api._decode_cursor(v_query ->> 'after', 'id', 'bigint'));
  end if;
  -- A ticket in the trash is none.
  v_sql := format(
    'select p.id::text, q.*
       from (select l.ticket_id as id
               from app.ticket_records l
               join app.tickets t on t.id = l.ticket_id
              where l.record_id = ($1 ->> ''record'')::bigint and t.deleted_at is null %s
              group by l.ticket_id
              order by l.ticket_id desc limit %s) p
       join api._queue_rows q on q.id = p.id
      order by p.id desc',
    case when v_query ? 'after' then 'and l.ticket_id < ($1 -> ''after'' ->> 1)::bigint' end, v_limit + 1);
  return autocrm.page(v_sql, v_query || jsonb_build_object('record', p_id), v_limit, 'id');
end
$$;
comment on function api.list_object_record_tickets(bigint, jsonb) is
  'A page of the tickets whose relations point to this record, as far as the caller sees tickets and fields, newest first: {items, next}. limit 1-200, after. TK404, TK422. Example: select api.list_object_record_tickets(1)';
