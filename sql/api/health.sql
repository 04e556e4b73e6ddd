-- How the desk fares, for administrators.
create function api.get_health()
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  perform api._need_admin('see how the desk fares');
  return (
    with checks as materialized (select h.*, row_number() over () as n from app.health() h)
    select json_build_object(
      'status', case when bool_or(c.status = 'bad') then 'bad' when bool_or(c.status = 'warn') then 'warn' else 'ok' end,
      'checks', json_agg(json_build_object('name', c.name, 'status', c.status, 'value', c.value, 'limit', c."limit", 'advice', c.advice)
        order by c.n))
      from checks c);
end
$$;
comment on function api.get_health() is
  'How the desk fares: {status, checks: [{name, status, value, limit, advice}]}; status is ok, warn or bad, above that of the worst check. Rounds of the worker, lag of the feed, seals, partitions, tables and indexes, settings of the server. Admins only. TK403. Example: select api.get_health()';
