-- The signed-in user.
create function api.get_me()
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_me json;
begin
  select to_jsonb(u) || jsonb_build_object(
           'acting_as', autocrm.actor_role(),
           'open_tickets', coalesce((select l.open from app.agent_loads l where l.user_id = u.id), 0))
    into v_me
    from api.users u
   where u.id = autocrm.actor_id();
  if v_me is null then
    raise exception using errcode = 'TK401', message = 'Nobody is signed in', hint = 'Log in, or use an API key.';
  end if;
  return v_me;
end
$$;
comment on function api.get_me() is
  'The caller: their user as get_user has it, with acting_as (their role) and open_tickets (how many they hold). TK401 when nobody is signed in. Example: select api.get_me()';

-- Definer: agents may change these few columns of their own row and no other column of any staff row,
-- which a policy cannot tell apart.
create function api.update_me(p_body jsonb, p_version bigint default null)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_me bigint := autocrm.actor_id();
  v_version bigint;
  v_problems text[] := api._unknown_keys(p_body, array['name', 'availability', 'locale', 'time_zone', 'phone']);
begin
  if v_me is null then
    raise exception using errcode = 'TK401', message = 'Nobody is signed in', hint = 'Log in, or use an API key.';
  end if;
  -- A key's name appears on every ticket that it touches.
  perform api._need_scope('users:write');
  perform api._need_object(p_body);
  v_problems := v_problems || api._check_types('users', p_body, array['locale', 'phone']) || api._text_problems(p_body, array['name', 'time_zone']);
  if p_body ? 'availability' and not coalesce((p_body ->> 'availability') = any (enum_range(null::app.availability)::text[]), false) then
    v_problems := v_problems || format('availability: must be one of %s', array_to_string(enum_range(null::app.availability), ', '));
  end if;
  if p_body ? 'time_zone' and not exists (select from pg_catalog.pg_timezone_names where name = p_body ->> 'time_zone') then
    v_problems := v_problems || 'time_zone: must be a time zone such as Europe/Berlin'::text;
  end if;
  if p_body ? 'name' and coalesce(trim(p_body ->> 'name'), '') = '' then
    v_problems := v_problems || 'name: must not be empty'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('Your settings cannot be saved like this', v_problems);
  end if;
  select version into v_version from app.users where id = v_me for update;
  perform api._check_version(p_version, v_version, api.get_me());
  if p_body = '{}' then
    return api.get_me();
  end if;
  update app.users u
     set (name, availability, locale, time_zone, phone) = (
       select n.name, n.availability, n.locale, n.time_zone, n.phone from jsonb_populate_record(u, p_body) n)
   where u.id = v_me;
  return api.get_me();
end
$$;
comment on function api.update_me(jsonb, bigint) is
  'Changes the keys given of the caller''s own user, and answers as get_me does. Keys: name, availability (online, away, busy, offline), locale, time_zone (such as Europe/Berlin), phone. TK401, TK403 for keys without users:write, TK409 with the current user in DETAIL when p_version is not its version, TK422. Example: select api.update_me(''{"availability": "away"}'')';
