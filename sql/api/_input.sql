-- Validation of a request's body or query. Each function answers its problems as "path: message".

-- Problems for the keys of p_body that are not in p_known. Every function with a body calls it first, so this is where
-- one that is no object is refused: it has no keys, and would be taken for one that asks for nothing.
create function api._unknown_keys(p_body jsonb, p_known text[])
  returns text[]
  language plpgsql immutable
  set search_path = ''
as $$
begin
  perform api._need_object(p_body);
  -- The usual case, without unknown keys, is decided by one subtraction. It compares every key with every name and
  -- cannot be cancelled, so p_known must be a short list.
  if cardinality(p_known) <= 200 and p_body - p_known = '{}' then
    return '{}';
  end if;
  return array(
    select format('%s: is not known here; one of %s', k, array_to_string(p_known, ', '))
      from jsonb_object_keys(p_body) k
     where k <> all (p_known)
     order by k);
end
$$;

-- Problems of a query: keys that are not in p_known, and values that are too long. The longest that a list needs is a
-- cursor after a subject.
create function api._query_problems(p_query jsonb, p_known text[])
  returns text[]
  language plpgsql immutable
  set search_path = ''
as $$
declare
  v_most constant integer := 8000;
  v_problems text[] := api._unknown_keys(p_query, p_known);
begin
  -- The usual query is short as a whole.
  if length(p_query::text) > v_most then
    v_problems := v_problems || array(
      select format('%s: must have at most %s characters', e.key, v_most)
        from jsonb_each_text(p_query) e
       where length(e.value) > v_most
       order by e.key);
  end if;
  return v_problems;
end
$$;

-- Problems of a list in a body that has more entries than it may.
create function api._most_problems(p_body jsonb, p_key text, p_most integer)
  returns text[]
  language sql immutable
  set search_path = ''
as $$
  select case when jsonb_typeof(p_body -> p_key) = 'array' and jsonb_array_length(case jsonb_typeof(p_body -> p_key) when 'array' then p_body -> p_key end) > p_most
              then array[format('%s: must have at most %s entries', p_key, p_most)] else '{}' end
$$;

-- Parses a point in time in ISO 8601, as UTC when it has no offset; NULL for any other text. A cast would also accept
-- 'tomorrow' and '-infinity', and read 03.04.2026 as a day in March. In the years 1 to 9999 of UTC, whatever the offset:
-- what is answered as a point in time is one.
create function api._instant(p_text text)
  returns timestamptz
  language plpgsql stable strict parallel safe
  set search_path = ''
as $$
declare
  v_at timestamptz;
begin
  if p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
    v_at := (p_text || 'T00:00:00Z')::timestamptz;
  elsif p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?$' then
    v_at := (p_text || 'Z')::timestamptz;
  elsif p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$' then
    v_at := p_text::timestamptz;
  end if;
  return case when extract(year from v_at at time zone 'UTC') between 1 and 9999 then v_at end;
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

-- Problems of values that must be texts. A cast would take any JSON.
create function api._text_problems(p_body jsonb, p_keys text[])
  returns text[]
  language plpgsql immutable
  set search_path = ''
as $$
declare
  v_key text;
  v_problems text[] := '{}';
begin
  foreach v_key in array p_keys
  loop
    if jsonb_typeof(p_body -> v_key) not in ('string', 'null') then
      v_problems := v_problems || format('%s: must be a text', v_key);
    end if;
  end loop;
  return v_problems;
end
$$;

create function api._need_object(p_body jsonb)
  returns void
  language plpgsql immutable
  set search_path = ''
as $$
begin
  if jsonb_typeof(p_body) is distinct from 'object' then
    perform api._refuse('The request has no usable body', array['body: must be a JSON object']);
  end if;
end
$$;

-- The query in Unicode's normal form NFC, as names are stored (app/_normalise.sql).
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

-- The statement that answers what the first constraint of this column alone asks that the value $1 does not keep; NULL
-- without constraints.
create function api._asking(p_table regclass, p_column smallint)
  returns text
  language sql stable
  set search_path = ''
as $$
  select string_agg(format('select %L::text from pg_catalog.jsonb_populate_record(null::%s, $1) r where not (%s)',
           app._asked_by(c.conname, pg_catalog.pg_get_constraintdef(c.oid)), p_table, pg_catalog.pg_get_expr(c.conbin, c.conrelid)),
           ' union all ' order by c.conname) || ' limit 1'
    from pg_catalog.pg_constraint c
   where c.conrelid = p_table and c.contype = 'c' and c.conkey = array[p_column]
$$;

-- Problems of values that do not fit their column's type, or what its constraints ask. Types are those of JSON: a cast
-- would read "0" as false.
create function api._check_types(p_resource text, p_body jsonb, p_columns text[])
  returns text[]
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_table constant regclass := ('app.' || quote_ident(p_resource))::regclass;
  v_column record;
  v_value jsonb;
  v_kind text;
  v_fits boolean;
  v_asking text;
  v_problem text;
  v_problems text[] := '{}';
begin
  for v_column in
    select a.attname::text as name, a.attnum, format_type(a.atttypid, null) as type, a.attnotnull,
           (select string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = a.atttypid) as labels
      from pg_catalog.pg_attribute a
     where a.attrelid = v_table and a.attnum > 0 and a.attname::text = any (p_columns) and p_body ? a.attname::text
     order by a.attnum
  loop
    v_value := p_body -> v_column.name;
    v_kind := jsonb_typeof(v_value);
    v_problem := null;
    if v_kind = 'null' then
      if v_column.attnotnull then
        v_problems := v_problems || format('%s: must not be null', v_column.name);
      end if;
      continue;
    end if;
    if v_column.type like 'timestamp%' then
      v_problems := v_problems || api._check_times(p_body, array[v_column.name]);
      continue;
    end if;
    v_fits := case
      when v_column.type = 'text' then v_kind = 'string'
      when v_column.type = 'boolean' then v_kind = 'boolean'
      when v_column.type in ('integer', 'bigint') then v_kind = 'number'
      when v_column.type = 'text[]' then v_kind = 'array' and not jsonb_path_exists(v_value, 'strict $[*] ? (@.type() != "string")')
      when v_column.type like '%[]' then v_kind = 'array' and not jsonb_path_exists(v_value, 'strict $[*] ? (@.type() == "null" || @.type() == "array")')
      else true end;
    if v_fits then
      begin
        execute format('select r.%I from jsonb_populate_record(null::app.%I, $1) r', v_column.name, p_resource)
          using jsonb_build_object(v_column.name, v_value);
      exception when data_exception or datatype_mismatch or feature_not_supported or program_limit_exceeded then
        v_fits := false;
      end;
    end if;
    if not v_fits then
      v_problem := 'must be ' || case
        when v_column.labels is not null then 'one of ' || v_column.labels
        when v_column.type = 'text' then 'a text'
        when v_column.type in ('integer', 'bigint') then 'a whole number'
        when v_column.type = 'boolean' then 'true or false'
        when v_column.type = 'text[]' then 'a list of texts'
        when v_column.type like '%[]' then 'a list'
        else 'a ' || v_column.type end;
    elsif v_column.name in ('name', 'label', 'plural_name') then
      v_problem := app.name_problem(v_value #>> '{}');
    elsif p_resource = 'users' and v_column.name = 'locale' then
      v_problem := app.locale_problem(v_value #>> '{}');
    elsif p_resource = 'users' and v_column.name = 'time_zone' then
      v_problem := app.time_zone_problem(v_value #>> '{}');
    elsif p_resource = 'users' and v_column.name = 'phone' then
      v_problem := app.phone_problem(v_value #>> '{}');
    elsif p_resource = 'organizations' and v_column.name = 'domains' then
      v_problem := app.domains_problem(array(select d from jsonb_array_elements_text(v_value) d));
    elsif p_resource = 'customer_notes' and v_column.name = 'body_text' then
      v_problem := app.note_problem(v_value #>> '{}');
    end if;
    if v_problem is null then
      v_asking := api._asking(v_table, v_column.attnum);
      if v_asking is not null then
        execute v_asking into v_problem using jsonb_build_object(v_column.name, v_value);
      end if;
    end if;
    if v_problem is not null then
      v_problems := v_problems || format('%s: %s', v_column.name, v_problem);
    end if;
  end loop;
  return v_problems;
end
$$;
