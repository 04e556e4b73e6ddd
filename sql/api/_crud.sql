-- Create, read, update and delete of a plain resource: a view of schema api over a table of schema app. Everything runs
-- with the caller's rights.

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

-- Who changed a row last. Definer: only administrators read the audit log; staff are told this one thing of it, about
-- people, notes and the views that they see.
create function api._changed_by(p_resource text, p_id bigint)
  returns jsonb
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object('id', u.id, 'name', u.name)
    from app.audit_log a
    join app.users u on u.id = a.actor_id
   where a.table_name = p_resource and a.row_key = p_id::text and a.action = 'update'
     and autocrm.actor_role() in ('admin', 'agent')
     and (p_resource in ('users', 'organizations', 'customer_notes')
          or p_resource = 'views' and exists (
               select from app.views v where v.id = p_id and autocrm.sees_shared(v.owner_id, v.team_id)))
   order by a.at desc, a.id desc
   limit 1
$$;

-- What a conflict answers: the row as it is now, and in changed_by who changed it last, where that is told.
create function api._as_changed(p_resource text, p_what text, p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select (api._get(p_resource, p_what, p_id)::jsonb || jsonb_strip_nulls(jsonb_build_object('changed_by', api._changed_by(p_resource, p_id))))::json
$$;

-- A page of a resource: equality on p_filters, free text q over p_search, keyset by one of p_sorts. Texts are in the
-- order of names. The SQL text depends on the keys of the query, never on their values, so that one plan serves all
-- queries of the same shape.
create function api._list(p_resource text, p_query jsonb, p_filters text[], p_search text[], p_sorts text[])
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := api._composed(coalesce(p_query, '{}'));
  v_limit integer := api._limit(v_query);
  v_problems text[] := api._query_problems(v_query, p_filters || array['limit', 'after', 'sort', 'q']);
  v_sort text := coalesce(v_query ->> 'sort', p_sorts[1]);
  v_column text := ltrim(v_sort, '-');
  v_view regclass := ('api.' || quote_ident(p_resource))::regclass;
  v_type text;
  v_order text;
  v_direction text := case when v_sort like '-%' then 'desc' else 'asc' end;
  v_columns text;
  v_where text := 'true';
  v_sql text;
begin
  if v_column <> all (select ltrim(s, '-') from unnest(p_sorts) s) then
    v_problems := v_problems || format('sort: must be one of %s, with - in front for descending', array_to_string(p_sorts, ', '));
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  -- autocrm.page() writes arrays of texts as JSON; other arrays are converted here.
  select string_agg(format(case when t.typcategory = 'A' and t.typname <> '_text' then 'pg_catalog.to_jsonb(r.%1$I) as %1$I' else 'r.%1$I' end,
           a.attname), ', ' order by a.attname <> 'id', a.attnum),
         max(format_type(a.atttypid, a.atttypmod)) filter (where a.attname = v_column)
    into v_columns, v_type
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_type t on t.oid = a.atttypid
   where a.attrelid = v_view and a.attnum > 0 and not a.attisdropped;
  select v_where || coalesce(string_agg(format(' and r.%I::pg_catalog.text = $1 ->> %L', f, f), '' order by f), '') into v_where
    from unnest(p_filters) f where v_query ? f;
  if v_query ->> 'q' <> '' then
    v_where := v_where || format(' and (%s)', (
      select string_agg(format('strpos(lower(r.%I), lower($1 ->> ''q'')) > 0', c), ' or ') from unnest(p_search) c));
  end if;
  v_order := format(case v_type when 'text' then 'r.%I collate app.names' else 'r.%I' end, v_column);
  if v_query ? 'after' then
    v_query := v_query || jsonb_build_object('after', api._decode_cursor(v_query ->> 'after', v_sort, v_type));
    v_where := v_where || format(' and (%1$s, r.id) %2$s (($1 -> ''after'' ->> 0)::%3$s, ($1 -> ''after'' ->> 1)::bigint)',
      v_order, case v_direction when 'desc' then '<' else '>' end, v_type);
  end if;
  v_sql := format('select r.%1$I::pg_catalog.text, %2$s from %3$s r where %4$s order by %5$s %6$s, r.id %6$s limit %7$s',
    v_column, v_columns, v_view, v_where, v_order, v_direction, v_limit + 1);
  return autocrm.page(v_sql, v_query, v_limit, v_sort);
end
$$;

-- Inserts the known keys of p_body and answers the new row. All missing and unknown keys are reported at once.
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

-- Changes only the keys that p_body brings, but none of p_fixed. TK404 when invisible, TK409 when p_version is stale.
create function api._update(p_resource text, p_what text, p_id bigint, p_body jsonb, p_version bigint, p_columns text[], p_fixed text[] default '{}')
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
  v_problems := api._unknown_keys(p_body, p_columns) || api._check_types(p_resource, p_body, p_columns)
    || array(select format('%s: is never changed; add another %s instead', k, p_what) from unnest(p_fixed) k where p_body ? k);
  if v_problems <> '{}' then
    perform api._refuse('This cannot be changed like this', v_problems);
  end if;
  execute format('select version from app.%I where id = $1', p_resource) into v_current using p_id;
  if v_current is null then
    perform api._not_found(p_what, p_id);
  end if;
  if p_version <> v_current then
    perform api._check_version(p_version, v_current, api._as_changed(p_resource, p_what, p_id));
  end if;
  select string_agg(quote_ident(k), ', ') into v_columns from jsonb_object_keys(p_body) k;
  if v_columns is not null then
    -- The version is a part of the condition: of two writers that read the same version, one finds no row. Nothing of
    -- the row is read: of a view, agents do not see all columns.
    execute format(
      'update app.%1$I t set (%2$s) = (select %2$s from jsonb_populate_record(null::app.%1$I, $1)) where t.id = $2 and t.version = $3',
      p_resource, v_columns) using p_body, p_id, v_current;
    get diagnostics v_touched = row_count;
    if v_touched = 0 then
      execute format('select version from app.%I where id = $1', p_resource) into v_touched using p_id;
      if v_touched <> v_current then
        perform api._check_version(v_current, v_touched, api._as_changed(p_resource, p_what, p_id));
      end if;
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
