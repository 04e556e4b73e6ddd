-- The caller's signature with their own data filled in; NULL without one. It says the same on every ticket, so that it
-- can be shown before a reply is written. One from before placeholders were checked stays as it is.
create function api._signature()
  returns text
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_me app.users;
begin
  select id, name, email, phone, signature into v_me.id, v_me.name, v_me.email, v_me.phone, v_me.signature
    from app.users where id = autocrm.actor_id();
  if position('{{' in v_me.signature) > 0 and autocrm.actor_role() <> 'customer' then
    begin
      return autocrm.render_template(v_me.signature, jsonb_build_object('agent', jsonb_build_object(
        'name', v_me.name, 'first_name', split_part(trim(v_me.name), ' ', 1), 'email', v_me.email, 'phone', v_me.phone)), false);
    exception when sqlstate 'TK422' then
      null;
    end;
  end if;
  return v_me.signature;
end
$$;

-- What is wrong with the placeholders of a signature.
create function api._signature_problems(p_signature text)
  returns text[]
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_detail text;
begin
  if p_signature ~ '\{\{[^}]*\m(ticket|requester|organization|assignee)[.]' then
    return array['signature: names nothing but agent.name, agent.first_name, agent.email and agent.phone'];
  end if;
  perform autocrm.render_template(p_signature, '{}', false);
  return '{}';
exception when sqlstate 'TK422' then
  get stacked diagnostics v_detail = pg_exception_detail;
  return array(
    select regexp_replace(regexp_replace(line, '^[^:]*: ', 'signature: '), '; one of .*$', '; one of agent.name, agent.first_name, agent.email, agent.phone')
      from unnest(string_to_array(v_detail, e'\n')) line);
end
$$;

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
           'signature', (select o.signature from app.users o where o.id = u.id),
           'signature_text', api._signature(),
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
  'The caller: their user as get_user has it, with acting_as (their role), signature (below their replies), signature_text (the same, filled in) and open_tickets (how many they hold). TK401 when nobody is signed in. Example: select api.get_me()';

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
  v_problems text[] := api._unknown_keys(p_body, array['name', 'availability', 'availability_reason', 'locale', 'time_zone', 'phone', 'signature']);
begin
  if v_me is null then
    raise exception using errcode = 'TK401', message = 'Nobody is signed in', hint = 'Log in, or use an API key.';
  end if;
  -- A key's name appears on every ticket that it touches.
  perform api._need_scope('users:write');
  perform api._need_object(p_body);
  v_problems := v_problems || api._check_types('users', p_body, array['name', 'locale', 'time_zone', 'phone', 'availability_reason', 'signature']);
  if p_body ? 'availability' and not coalesce((p_body ->> 'availability') = any (enum_range(null::app.availability)::text[]), false) then
    v_problems := v_problems || format('availability: must be one of %s', array_to_string(enum_range(null::app.availability), ', '));
  end if;
  if position('{{' in p_body ->> 'signature') > 0 then
    v_problems := v_problems || api._signature_problems(p_body ->> 'signature');
  end if;
  if v_problems <> '{}' then
    perform api._refuse('Your settings cannot be saved like this', v_problems);
  end if;
  select version into v_version from app.users where id = v_me for no key update;
  perform api._check_version(p_version, v_version, api.get_me());
  if p_body = '{}' then
    return api.get_me();
  end if;
  -- The reason belongs to the availability that it was given with.
  if p_body ? 'availability' and not p_body ? 'availability_reason' then
    p_body := p_body || '{"availability_reason": null}';
  end if;
  update app.users u
     set (name, availability, availability_reason, locale, time_zone, phone, signature) = (
       select n.name, n.availability, nullif(trim(n.availability_reason), ''), n.locale, n.time_zone, n.phone, nullif(n.signature, '')
         from jsonb_populate_record(u, p_body) n)
   where u.id = v_me;
  return api.get_me();
end
$$;
comment on function api.update_me(jsonb, bigint) is
  'Changes the keys given of the caller''s own user, and answers as get_me does. Keys: name, availability (online, away, busy, offline), availability_reason (cleared when the availability changes without one), signature (plain text; {{agent.name}}, {{agent.first_name}}, {{agent.email}} and {{agent.phone}} are filled in), locale (such as de or pt-BR), time_zone (such as Europe/Berlin), phone. TK401, TK403 for keys without users:write, TK409 with the current user in DETAIL when p_version is not its version, TK422. Example: select api.update_me(''{"availability": "away"}'')';

-- How much the caller has done. Days begin at midnight in their own time zone.
create function api.get_my_numbers()
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_me bigint := autocrm.actor_id();
  v_zone text := (select u.time_zone from app.users u where u.id = v_me);
  v_today timestamptz := date_trunc('day', autocrm.now() at time zone v_zone) at time zone v_zone;
  v_load app.agent_loads;
begin
  if v_me is null then
    raise exception using errcode = 'TK401', message = 'Nobody is signed in', hint = 'Log in.';
  end if;
  select * into v_load from app.agent_loads l where l.user_id = v_me;
  return (
    select json_build_object(
             'open', coalesce(v_load.open, 0), 'load', round(coalesce(v_load.load, 0) / 100.0, 2), 'capacity', coalesce(v_load.capacity, 0) / 100,
             'by_category', coalesce((
               select json_object_agg(c.category, c.tickets) from (
                 select s.category::text, count(*) as tickets
                   from app.tickets t
                   join app.statuses s on s.id = t.status_id and s.category in ('new', 'open', 'pending', 'on_hold')
                  where t.assignee_id = v_me and t.deleted_at is null
                  group by 1) c), '{}'),
             'solved_today', count(*) filter (where t.solved_at >= v_today),
             'solved_week', count(*) filter (where t.solved_at >= v_today - interval '6 days'),
             'first_replies_week', count(*) filter (where t.first_reply_at >= v_today - interval '6 days'),
             'first_reply_seconds', round(extract(epoch from percentile_cont(0.5) within group (order by t.first_reply_at - t.created_at)
                                                        filter (where t.first_reply_at >= v_today - interval '6 days')))::bigint,
             'solved_by_day', coalesce((
               select json_agg(json_build_object('day', d.day::date, 'solved', (
                        select count(*) from app.tickets o
                         where o.assignee_id = v_me and o.deleted_at is null
                           and o.solved_at >= d.day at time zone v_zone and o.solved_at < (d.day + interval '1 day') at time zone v_zone)) order by d.day)
                 from generate_series((v_today at time zone v_zone) - interval '6 days', v_today at time zone v_zone, interval '1 day') d (day)), '[]'))
      from app.tickets t
     where t.assignee_id = v_me and t.deleted_at is null
       and (t.solved_at >= v_today - interval '6 days' or t.first_reply_at >= v_today - interval '6 days'));
end
$$;
comment on function api.get_my_numbers() is
  'The caller''s own work: {open, load and capacity (slots), by_category: {category: tickets}, solved_today, solved_week, first_replies_week, first_reply_seconds (median of the week, null without any), solved_by_day: [{day, solved}]}. A week is today and six days before, from midnight in their time zone; first replies are those on tickets that are theirs now. TK401. Example: select api.get_my_numbers()';
