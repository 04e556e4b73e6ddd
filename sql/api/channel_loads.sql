-- Load of a ticket by its channel, in percent of a slot.

create function api.list_channel_loads()
  returns json
  language sql stable
  set search_path = ''
as $$
  select json_object_agg(c, coalesce(l.load_percent, 100))
    from unnest(enum_range(null::app.channel)) c
    left join app.channel_loads l on l.channel = c
$$;
comment on function api.list_channel_loads() is
  'Load of a ticket by its channel, in percent of a slot: {channel: percent}; 100 unless it was set. Example: select api.list_channel_loads()';

create function api.set_channel_loads(p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, enum_range(null::app.channel)::text[]);
begin
  perform api._need_object(p_body);
  select v_problems || coalesce(array_agg(format('%s: must be a whole number from 1 to 1000', e.k) order by e.k), '{}')
    into v_problems
    from jsonb_each(p_body) e (k, v)
   where e.k = any (enum_range(null::app.channel)::text[])
     and (e.v::text !~ '^[0-9]{1,4}$' or e.v::text::integer not between 1 and 1000);
  if v_problems <> '{}' then
    perform api._refuse('These loads cannot be saved', v_problems);
  end if;
  insert into app.channel_loads as l (channel, load_percent)
  select e.k::app.channel, e.v::integer from jsonb_each(p_body) e (k, v)
  on conflict (channel) do update set load_percent = excluded.load_percent;
  return api.list_channel_loads();
end
$$;
comment on function api.set_channel_loads(jsonb) is
  'Sets the channels given, for tickets made or changed from now on; admins only. Example: select api.set_channel_loads(''{"chat": 50}'')';
