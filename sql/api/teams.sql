-- Teams of agents.
create view api.teams with (security_invoker = true) as
select t.id, t.version, t.name, t.color, t.description, t.focus_areas, t.active, t.schedule_id, t.balancing, t.fair_count, t.fair_minutes,
       t.ramp_minutes, t.wrap_up_seconds, t.hand_back_minutes,
       array(select json_build_object('id', u.id, 'name', u.name, 'lead', m.lead)
               from app.memberships m join app.users u on u.id = m.user_id
              where m.team_id = t.id order by u.name collate app.names, u.id) as members,
       t.created_at, t.updated_at
  from app.teams t;
comment on view api.teams is 'Teams of agents.';

select api._define_resource('teams', 'team',
  p_filters => '{active}', p_search => '{name}', p_sorts => '{name}',
  p_keys => '{name,color,description,focus_areas,active,schedule_id,balancing,fair_count,fair_minutes,ramp_minutes,wrap_up_seconds,hand_back_minutes}',
  p_about => 'name, color (#rrggbb), description, focus_areas (a list), active, schedule_id, balancing (least_loaded, round_robin, most_skilled, none), fair_count tickets in fair_minutes at most, ramp_minutes (1 to 1440), wrap_up_seconds (0 to 86400), hand_back_minutes (0 to 10080)',
  p_create => '{"name": "Returns", "balancing": "least_loaded"}',
  p_update => '{"wrap_up_seconds": 120}');

create function api.add_member(p_team_id bigint, p_user_id bigint, p_body jsonb default '{}')
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['lead']);
begin
  perform api._get('teams', 'team', p_team_id), api._get('users', 'user', p_user_id);
  if jsonb_typeof(coalesce(p_body -> 'lead', 'false')) <> 'boolean' then
    v_problems := v_problems || 'lead: must be true or false'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This member cannot be added like this', v_problems);
  end if;
  insert into app.memberships (team_id, user_id, lead)
  values (p_team_id, p_user_id, coalesce((p_body ->> 'lead')::boolean, false))
  on conflict (team_id, user_id) do update set lead = excluded.lead;
  return api._get('teams', 'team', p_team_id);
end
$$;
comment on function api.add_member(bigint, bigint, jsonb) is
  'Makes the user p_user_id a member of a team, or changes whether they lead it; answers the team as get_team does. Key: lead (true or false). TK403, TK404, TK422. Example: select api.add_member(1, 2, ''{"lead": true}'')';

create function api.remove_member(p_team_id bigint, p_user_id bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  perform api._get('teams', 'team', p_team_id);
  delete from app.memberships where team_id = p_team_id and user_id = p_user_id;
  if not found then
    perform api._not_found('member', p_user_id);
  end if;
  return api._get('teams', 'team', p_team_id);
end
$$;
comment on function api.remove_member(bigint, bigint) is
  'Removes the user p_user_id from a team; answers the team as get_team does. TK403, TK404 when they were not in it. Example: select api.remove_member(1, 7)';

-- How many agents a team has, and their slots. Definer: keys read no books, but may know their sums.
create function api._team_agents(p_team_id bigint, out agents bigint, out available bigint, out load numeric, out capacity bigint)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not app._is_unlimited() and (coalesce(autocrm.actor_role() not in ('admin', 'agent', 'analyst', 'integration'), true)
                                  or not autocrm.actor_has_scope('tickets:read')) then
    return;
  end if;
  select count(*), count(*) filter (where l.available and (p.shift_at is null or p.shift_at <= autocrm.now())
                                      and (p.until_at is null or p.until_at > autocrm.now())),
         coalesce(sum(l.load), 0) / 100.0, coalesce(sum(l.capacity), 0) / 100
    into agents, available, load, capacity
    from app.places p
    join app.agent_loads l on l.user_id = p.user_id
   where p.team_id = p_team_id;
end
$$;

create function api.get_team_numbers(p_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  perform api._get('teams', 'team', p_id), api._need_scope('tickets:read');
  -- A key that is limited to teams knows nothing of the others.
  if autocrm.actor_api_key_id() is not null and not (autocrm.actor_sees_all() or p_id = any (autocrm.actor_team_ids())) then
    perform api._not_found('team', p_id);
  end if;
  return (
    select json_build_object(
             'team_id', p_id, 'open', t.open, 'unassigned', t.unassigned, 'oldest_open_at', t.oldest,
             'waiting', w.waiting, 'oldest_waiting_at', w.oldest,
             'agents', a.agents, 'available_agents', a.available, 'load', a.load, 'capacity', a.capacity)
      from (select count(*) as open, count(*) filter (where k.assignee_id is null) as unassigned, min(k.created_at) as oldest
              from app.tickets k
             where k.team_id = p_id
               and k.status_id in (select o.id from app.open_statuses o)) t,
           (select count(*) as waiting, min(q.created_at) as oldest from app.waiting q where q.team_id = p_id) w,
           api._team_agents(p_id) a);
end
$$;
comment on function api.get_team_numbers(bigint) is
  'The load of a team now: {team_id, open, unassigned, oldest_open_at, waiting, oldest_waiting_at, agents, available_agents, load, capacity}. Counts tickets that the caller may see (open, unassigned, waiting for an agent) and its agents (all, and those who may be offered work now); load and capacity are in slots and include their work for other teams. TK404, TK403 without tickets:read. Example: select api.get_team_numbers(1)';
