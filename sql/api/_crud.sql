-- What the functions of this schema share. Every resource is a view (what callers see) over a table of
-- app, plus verb_noun functions that answer JSON. Everything runs with the caller's rights.

-- Raises TK422 with every problem of an input, one "path: message" a line.
create function api._refuse(p_message text, p_problems text[])
  returns void
  language plpgsql immutable
  set search_path = ''
as $$
begin
  raise exception using
    errcode = 'TK422',
    message = p_message,
    detail = array_to_string(p_problems, e'\n'),
    hint = 'Correct each value and send the request again; nothing was saved.';
end
$$;

create function api._not_found(p_what text, p_id bigint)
  returns void
  language plpgsql immutable
  set search_path = ''
as $$
begin
  raise exception using
    errcode = 'TK404',
    message = format('There is no %s %s that you can see', p_what, p_id),
    hint = 'Check the id; it may have been removed, or belong to a team that you are not in.';
end
$$;

-- Raises TK409 with the resource as it is now in DETAIL, when p_version is given and no longer the current one.
create function api._check_version(p_version bigint, p_current bigint, p_resource json)
  returns void
  language plpgsql immutable
  set search_path = ''
as $$
begin
  -- Of several versions that If-Match names, each will do.
  if p_version is not null and p_version <> p_current
     and not coalesce(p_current = any (nullif(current_setting('request.if_match', true), '')::bigint[]), false) then
    raise exception using
      errcode = 'TK409',
      message = format('Somebody changed this meanwhile: you saw version %s, it is at version %s now', p_version, p_current),
      detail = p_resource::text,
      hint = format('Look at the current state, then repeat your change with version %s.', p_current);
  end if;
end
$$;

-- The problem of a version in p_body that could be none.
create function api._version_problems(p_body jsonb)
  returns text[]
  language plpgsql immutable
  set search_path = ''
as $$
begin
  if p_body ? 'version' and not coalesce(p_body ->> 'version', '') ~ '^[0-9]{1,18}$' then
    return array['version: must be the version that you saw, a whole number'];
  end if;
  return '{}';
end
$$;

-- Keys of p_body that nobody here knows, as problems.
create function api._unknown_keys(p_body jsonb, p_known text[])
  returns text[]
  language plpgsql immutable
  set search_path = ''
as $$
begin
  -- Nearly always there are none, and taking keys away tells so at once. That compares every key with every name and
  -- cannot be cancelled, so it is for lists of the desk's own.
  if jsonb_typeof(p_body) is distinct from 'object' or (cardinality(p_known) <= 200 and p_body - p_known = '{}') then
    return '{}';
  end if;
  return array(
    select format('%s: is not known here; one of %s', k, array_to_string(p_known, ', '))
      from jsonb_object_keys(p_body) k
     where k <> all (p_known)
     order by k);
end
$$;

-- An opaque cursor: what the next page starts after, and of which order.
create function api._encode_cursor(p_sort text, p_value text, p_id bigint)
  returns text
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
begin
  return translate(encode(convert_to(jsonb_build_array(p_value, p_id, p_sort)::text, 'UTF8'), 'base64'), E'+/=\n', '-_');
end
$$;

-- [value, id] of a cursor of this order. p_type is the value's type, so that no forged one reaches a comparison.
create function api._decode_cursor(p_cursor text, p_sort text, p_type text)
  returns jsonb
  language plpgsql stable parallel safe
  set search_path = ''
as $$
declare
  v_base64 text := translate(p_cursor, '-_', '+/');
  v_parts jsonb;
  v_problem text := 'after: is not a cursor that a list gave out';
begin
  v_parts := convert_from(decode(rpad(v_base64, (length(v_base64) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb;
  if v_parts ->> 2 is distinct from p_sort then
    v_problem := format('after: belongs to a list in another order; this one is sorted by %s', p_sort);
    raise data_exception;
  end if;
  perform (v_parts ->> 1)::bigint;
  execute format('select %L::%s', v_parts ->> 0, format_type(to_regtype(p_type), null));
  return v_parts;
exception when others then
  perform api._refuse('This page cannot be read', array[v_problem]);
end
$$;

-- The point in time that a text in ISO 8601 names, in UTC where it says no offset; NULL for every other text.
-- Postgres itself would take 'tomorrow', '-infinity', and 03.04.2026 for March.
create function api._instant(p_text text)
  returns timestamptz
  language plpgsql stable strict parallel safe
  set search_path = ''
as $$
begin
  if p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
    return (p_text || 'T00:00:00Z')::timestamptz;
  elsif p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?$' then
    return (p_text || 'Z')::timestamptz;
  elsif p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$' then
    return p_text::timestamptz;
  end if;
  return null;
exception when data_exception then
  return null;
end
$$;

-- Problems of the values of p_query that must be points in time.
create function api._check_times(p_query jsonb, p_keys text[])
  returns text[]
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_key text;
  v_problems text[] := '{}';
begin
  foreach v_key in array p_keys
  loop
    if p_query ->> v_key is not null and api._instant(p_query ->> v_key) is null then
      v_problems := v_problems || format('%s: must be a point in time such as 2026-01-31T09:00:00Z', v_key);
    end if;
  end loop;
  return v_problems;
end
$$;

-- Problems of the comma-separated values of one key that are none of p_known.
create function api._check_words(p_query jsonb, p_key text, p_known text[])
  returns text[]
  language sql immutable
  set search_path = ''
as $$
  select coalesce(array_agg(format('%s: ''%s'' is not known here; one of %s', p_key, w, array_to_string(p_known, ', '))), '{}')
    from unnest(string_to_array(p_query ->> p_key, ',')) w
   where w <> all (p_known)
$$;

create function api._need_object(p_body jsonb)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if jsonb_typeof(p_body) is distinct from 'object' then
    perform api._refuse('The request has no usable body', array['body: must be a JSON object']);
  end if;
end
$$;

create function api._need_admin(p_what text)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if autocrm.actor_role() is distinct from 'admin' then
    raise exception using errcode = 'TK403', message = format('Only administrators %s', p_what), hint = 'Ask an administrator.';
  end if;
end
$$;

-- For functions that believe what they are handed, which only the API's own statements hand over.
create function api._need_api(p_what text)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if autocrm.at_prompt() then
    raise exception using errcode = 'TK403', message = format('%s by the API, not at a SQL prompt', p_what),
      hint = 'Send the request to the API, or write the rows themselves.';
  end if;
end
$$;

-- A key is told which scope it lacks before row-level security refuses it without a reason.
create function api._need_scope(p_scope text)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if not autocrm.actor_has_scope(p_scope) then
    raise exception using
      errcode = 'TK403',
      message = format('This API key lacks the scope %s', p_scope),
      hint = 'Ask an administrator for a key with that scope.';
  end if;
end
$$;

-- A key that has no scope at all may ask who it is, and nothing else. Asked with the identity of a request; what
-- rows a key with some scope reads is the policies' business.
create function api._need_any_scope()
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if not app.has_some_scope() then
    raise exception using
      errcode = 'TK403',
      message = 'This API key has no scope',
      hint = 'Ask an administrator for a key with the scopes that this needs, such as tickets:read.';
  end if;
end
$$;

create function api._limit(p_query jsonb, p_most integer default 200)
  returns integer
  language plpgsql immutable
  set search_path = ''
as $$
begin
  if p_query ? 'limit' and (p_query ->> 'limit' !~ '^[0-9]{1,4}$' or (p_query ->> 'limit')::integer not between 1 and p_most) then
    perform api._refuse('This list cannot be read', array[format('limit: must be a whole number from 1 to %s', p_most)]);
  end if;
  return coalesce((p_query ->> 'limit')::integer, 25);
end
$$;

-- One row of a resource as JSON, or TK404.
create function api._get(p_resource text, p_what text, p_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_row json;
begin
  execute format('select row_to_json(r) from api.%I r where r.id = $1', p_resource) into v_row using p_id;
  if v_row is null then
    perform api._not_found(p_what, p_id);
  end if;
  return v_row;
end
$$;

-- A query with its letters put together as names are kept, so that they meet.
create function api._composed(p_query jsonb)
  returns jsonb
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
begin
  if p_query::text is nfc normalized then
    return p_query;
  end if;
  return normalize(p_query::text)::jsonb;
end
$$;

-- A page of a resource: equality on p_filters, free text q over p_search, keyset by one of p_sorts. Texts are in the
-- order that people expect of names.
create function api._list(p_resource text, p_query jsonb, p_filters text[], p_search text[], p_sorts text[])
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := api._composed(coalesce(p_query, '{}'));
  v_limit integer := api._limit(v_query);
  v_problems text[] := api._unknown_keys(v_query, p_filters || array['limit', 'after', 'sort', 'q']);
  v_sort text := coalesce(v_query ->> 'sort', p_sorts[1]);
  v_column text := ltrim(v_sort, '-');
  v_backwards boolean := v_sort like '-%';
  v_type text;
  v_order text;
  v_where text := 'true';
  v_filter text;
  v_after jsonb;
  v_items json;
  v_next text;
begin
  if v_column <> all (select ltrim(s, '-') from unnest(p_sorts) s) then
    v_problems := v_problems || format('sort: must be one of %s, with - in front for descending', array_to_string(p_sorts, ', '));
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  foreach v_filter in array p_filters
  loop
    if v_query ? v_filter then
      v_where := v_where || format(' and r.%I::text = %L', v_filter, v_query ->> v_filter);
    end if;
  end loop;
  if v_query ->> 'q' <> '' then
    v_where := v_where || format(' and (%s)', (
      select string_agg(format('strpos(lower(r.%I), lower(%L)) > 0', c, v_query ->> 'q'), ' or ') from unnest(p_search) c));
  end if;
  v_type := (
    select format_type(a.atttypid, a.atttypmod) from pg_catalog.pg_attribute a
     where a.attrelid = ('api.' || quote_ident(p_resource))::regclass and a.attname = v_column);
  v_order := format(case v_type when 'text' then 'r.%I collate app.names' else 'r.%I' end, v_column);
  if v_query ? 'after' then
    v_after := api._decode_cursor(v_query ->> 'after', v_sort, v_type);
    v_where := v_where || format(
      ' and (%1$s, r.id) %2$s (%3$L, %4$L::bigint)', v_order, case when v_backwards then '<' else '>' end, v_after ->> 0, v_after ->> 1);
  end if;
  execute format(
    'with page as (
       select r.*, row_number() over (order by %8$s %2$s, r.id %2$s) as _n
         from api.%3$I r where %4$s order by %8$s %2$s, r.id %2$s limit %5$s
     )
     select coalesce(json_agg(to_jsonb(p) - ''_n'' order by _n) filter (where _n <= %6$s), ''[]''),
            max(api._encode_cursor(%7$L, p.%1$I::text, p.id)) filter (where _n = %6$s and (select count(*) from page) > %6$s)
       from page p',
    v_column, case when v_backwards then 'desc' else 'asc' end, p_resource, v_where, v_limit + 1, v_limit, v_sort, v_order)
    into v_items, v_next;
  return json_build_object('items', v_items, 'next', v_next);
end
$$;

-- Problems of values that do not fit their column's type, each told by its own key.
create function api._check_types(p_resource text, p_body jsonb, p_columns text[])
  returns text[]
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_column record;
  v_problems text[] := '{}';
begin
  for v_column in
    select a.attname, format_type(a.atttypid, null) as type, a.attnotnull,
           (select string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = a.atttypid) as labels,
           -- Constraints that limit a column carry the limit in their name.
           (select min(substring(c.conname from '_max_([0-9]+)$')::integer) from pg_catalog.pg_constraint c
             where c.conrelid = a.attrelid and c.conname like p_resource || '_' || a.attname || '_max_%') as most
      from pg_catalog.pg_attribute a
     where a.attrelid = ('app.' || quote_ident(p_resource))::regclass
       and a.attnum > 0 and a.attname::text = any (p_columns) and p_body ? a.attname::text
  loop
    if p_body -> v_column.attname = 'null' then
      if v_column.attnotnull then
        v_problems := v_problems || format('%s: must not be null', v_column.attname);
      end if;
      continue;
    end if;
    if v_column.type like 'timestamp%' then
      v_problems := v_problems || api._check_times(p_body, array[v_column.attname::text]);
      continue;
    end if;
    begin
      execute format('select r.%I from jsonb_populate_record(null::app.%I, $1) r', v_column.attname, p_resource)
        using jsonb_build_object(v_column.attname, p_body -> v_column.attname);
    exception when data_exception or datatype_mismatch or feature_not_supported or program_limit_exceeded then
      v_problems := v_problems || format('%s: must be %s', v_column.attname, case
        when v_column.labels is not null then 'one of ' || v_column.labels
        when v_column.type in ('integer', 'bigint') then 'a whole number'
        when v_column.type = 'boolean' then 'true or false'
        when v_column.type like '%[]' then 'a list'
        else 'a ' || v_column.type end);
      continue;
    end;
    if length(p_body ->> v_column.attname) > v_column.most then
      v_problems := v_problems || format('%s: must have at most %s characters', v_column.attname, v_column.most);
    end if;
  end loop;
  return v_problems;
end
$$;

-- Inserts the known keys of p_body and answers the new row. Everything missing or unknown is told at once.
create function api._create(p_resource text, p_body jsonb, p_columns text[])
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[];
  v_columns text;
  v_id bigint;
begin
  perform api._need_object(p_body);
  v_problems := api._unknown_keys(p_body, p_columns);
  select v_problems || coalesce(array_agg(format('%s: is required', a.attname) order by a.attnum), '{}')
    into v_problems
    from pg_catalog.pg_attribute a
   where a.attrelid = ('app.' || p_resource)::regclass
     and a.attnum > 0 and a.attnotnull and not a.atthasdef and a.attidentity = ''
     and a.attname::text = any (p_columns)
     and not p_body ? a.attname::text;
  v_problems := v_problems || api._check_types(p_resource, p_body, p_columns);
  if v_problems <> '{}' then
    perform api._refuse('This cannot be created as it is', v_problems);
  end if;
  select string_agg(quote_ident(k), ', ') into v_columns from jsonb_object_keys(p_body) k;
  execute format(
    'insert into app.%1$I (%2$s) select %2$s from jsonb_populate_record(null::app.%1$I, $1) returning id',
    p_resource, v_columns) into v_id using p_body;
  return api._get(p_resource, p_resource, v_id);
end
$$;

-- Changes only the keys that p_body brings. TK404 when invisible, TK409 when p_version is stale.
create function api._update(p_resource text, p_what text, p_id bigint, p_body jsonb, p_version bigint, p_columns text[])
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[];
  v_columns text;
  v_current bigint;
  v_touched bigint;
begin
  perform api._need_object(p_body);
  v_problems := api._unknown_keys(p_body, p_columns) || api._check_types(p_resource, p_body, p_columns);
  if v_problems <> '{}' then
    perform api._refuse('This cannot be changed like this', v_problems);
  end if;
  execute format('select version from app.%I where id = $1', p_resource) into v_current using p_id;
  if v_current is null then
    perform api._not_found(p_what, p_id);
  end if;
  perform api._check_version(p_version, v_current, api._get(p_resource, p_what, p_id));
  select string_agg(quote_ident(k), ', ') into v_columns from jsonb_object_keys(p_body) k;
  if v_columns is not null then
    -- The version in the condition: of two that read the same version, one finds no row any more.
    execute format(
      'update app.%1$I t set (%2$s) = (select %2$s from jsonb_populate_record(t, $1)) where t.id = $2 and t.version = $3',
      p_resource, v_columns) using p_body, p_id, v_current;
    get diagnostics v_touched = row_count;
    if v_touched = 0 then
      execute format('select version from app.%I where id = $1', p_resource) into v_touched using p_id;
      perform api._check_version(v_current, v_touched, api._get(p_resource, p_what, p_id));
      raise exception using
        errcode = 'TK403', message = format('You may see this %s, but not change it', p_what),
        hint = 'Ask an administrator.';
    end if;
  end if;
  return api._get(p_resource, p_what, p_id);
end
$$;

create function api._delete(p_resource text, p_what text, p_id bigint, p_version bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_row json := api._get(p_resource, p_what, p_id);
  v_touched bigint;
begin
  perform api._check_version(p_version, (v_row ->> 'version')::bigint, v_row);
  execute format('delete from app.%I where id = $1', p_resource) using p_id;
  get diagnostics v_touched = row_count;
  if v_touched = 0 then
    raise exception using
      errcode = 'TK403', message = format('You may see this %s, but not remove it', p_what), hint = 'Ask an administrator.';
  end if;
  return json_build_object('id', p_id, 'deleted', true);
end
$$;
