-- Limits and cursors of pages.

-- [value, id] of a cursor of this order, as autocrm.page() and autocrm.cursor() write it. The value is cast to p_type, so that a forged one is refused.
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
