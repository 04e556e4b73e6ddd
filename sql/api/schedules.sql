-- Business hours: weekly intervals in the wall time of a zone, holidays, and exceptions by date.
create view api.schedules with (security_invoker = true) as
select s.id, s.version, s.name, s.time_zone, s.weekly, s.holidays, s.exceptions, s.created_at, s.updated_at
  from app.schedules s;
comment on view api.schedules is 'Business hours: weekly intervals in the wall time of a zone, holidays, and exceptions by date.';

select api._define_resource('schedules', 'schedule',
  p_filters => '{name,time_zone}', p_search => '{name,time_zone}', p_sorts => '{name}',
  p_keys => '{name,time_zone,weekly,holidays,exceptions}',
  p_about => 'name, time_zone (such as Europe/Berlin), weekly ([{day, from, to}] in wall time), holidays (dates), exceptions ([{date, intervals}])',
  p_create => '{"name": "Office", "time_zone": "Europe/Berlin", "weekly": [{"day": "mon", "from": "09:00", "to": "17:00"}], "holidays": ["2026-12-25"]}',
  p_update => '{"holidays": ["2026-12-25", "2026-12-26"]}',
  p_deleting => 'TK409 when it is stale. Its agents follow their team''s schedule again; its teams are always open.');

-- Coverage of a team in the next seven days, hour by hour in UTC, counted by one native call.
create function api.get_coverage(p_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_problems text[] := api._query_problems(v_query, array['from', 'skill', 'level']) || api._check_times(v_query, array['from']);
  v_skill bigint;
begin
  perform api._get('teams', 'team', p_id);
  -- Without the scope a key sees no users, and the counts would be zero.
  perform api._need_scope('users:read');
  if v_query ? 'skill' then
    select s.id into v_skill
      from app.skills s
     where s.id::text = v_query ->> 'skill' or lower(s.name) = lower(normalize(v_query ->> 'skill'))
     order by s.id::text = v_query ->> 'skill' desc
     limit 1;
    if v_skill is null then
      v_problems := v_problems || 'skill: is neither the id nor the name of a skill of this desk'::text;
    end if;
  end if;
  if v_query ? 'level' and v_query ->> 'level' !~ '^[1-5]$' then
    v_problems := v_problems || 'level: must be a whole number from 1 to 5'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This coverage cannot be told', v_problems);
  end if;
  return autocrm.coverage(
    p_id, coalesce(api._instant(v_query ->> 'from'), autocrm.now()), v_skill, coalesce((v_query ->> 'level')::integer, 1));
end
$$;
comment on function api.get_coverage(bigint, jsonb) is
  'Whether a team is open and how many of its agents are on shift, in each of the 168 hours (UTC) from p_query.from on (now by default), and when it is open without an agent: {team_id, from, to, hours: [{from, open, agents}], uncovered: [{from, to}]}. p_query.skill (id or name) and level (1 to 5) count only agents who have it. TK404, TK422. Example: select api.get_coverage(1, ''{"skill": "Refunds", "level": 3}'')';
