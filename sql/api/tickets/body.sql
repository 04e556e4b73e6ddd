-- The body of a ticket: checked, and turned from keys and names into columns of app.tickets.

-- {"name": …} as {"skill id": …}, for the column p_key.
create function api._skill_ids(p_key text, p_skills jsonb)
  returns jsonb
  language sql stable
  set search_path = ''
as $$
  select coalesce(jsonb_object_agg(s.id, case p_key
           when 'required_skills' then e.value
           else jsonb_build_object('level', coalesce(e.value -> 'level', '1'), 'until', coalesce(e.value -> 'for_minutes', '0')) end), '{}')
    from jsonb_each(p_skills) e
    join app.skills s on lower(s.name) = lower(normalize(e.key))
$$;

-- Problems of the skills in a body.
create function api._skill_problems(p_body jsonb)
  returns text[]
  language sql stable
  set search_path = ''
as $$
  select coalesce(array_agg(p order by p), '{}')
    from (
      select format('%s: must be an object of skills', k) as p
        from unnest(array['required_skills', 'preferred_skills']) k
       where p_body ? k and jsonb_typeof(p_body -> k) <> 'object'
      union all
      select format('%s.%s: there is no such skill; one of %s', k, e.key, (select string_agg(s.name, ', ' order by s.name collate app.names) from app.skills s))
        from unnest(array['required_skills', 'preferred_skills']) k
       cross join lateral jsonb_each(case when jsonb_typeof(p_body -> k) = 'object' then p_body -> k end) e
       where not exists (select from app.skills s where lower(s.name) = lower(normalize(e.key)))
      union all
      select format('required_skills.%s: must be a level from 1 to 5', e.key)
        from jsonb_each(case when jsonb_typeof(p_body -> 'required_skills') = 'object' then p_body -> 'required_skills' end) e
       where e.value::text !~ '^[1-5]$'
      union all
      select format('preferred_skills.%s: must be such as {"level": 2, "for_minutes": 15}', e.key)
        from jsonb_each(case when jsonb_typeof(p_body -> 'preferred_skills') = 'object' then p_body -> 'preferred_skills' end) e
       where jsonb_typeof(e.value) <> 'object' or coalesce(e.value ->> 'level', '1') !~ '^[1-5]$'
          or coalesce(e.value ->> 'for_minutes', '0') !~ '^[0-9]{1,5}$' or e.value - array['level', 'for_minutes'] <> '{}'
    ) x
$$;

-- Ids of tags by name; unknown ones are made.
create function api._tag_ids(p_names jsonb)
  returns bigint[]
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_names text[] := array(select distinct on (lower(x)) x from (select normalize(n) from jsonb_array_elements_text(p_names) n) e (x));
begin
  insert into app.tags (name)
  select n from unnest(v_names) n where not exists (select from app.tags t where lower(t.name) = lower(n))
  on conflict do nothing;
  return array(select t.id from app.tags t where lower(t.name) in (select lower(n) from unnest(v_names) n) order by 1);
end
$$;

-- Problems of {"email": …, "name": …}.
create function api._requester_problems(p_requester jsonb)
  returns text[]
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(case jsonb_typeof(p_requester) when 'object' then p_requester else '{}' end, array['email', 'name']);
begin
  if length(p_requester ->> 'email') > 320 then
    v_problems := v_problems || 'email: must have at most 320 characters'::text;
  end if;
  if not coalesce(p_requester ->> 'email', '') ~ '^\s*[^@\s]+@[^@\s]+\s*$' then
    v_problems := v_problems || 'email: must be an e-mail address such as ada@example.com'::text;
  end if;
  if p_requester ? 'name' then
    v_problems := v_problems || api._text_problems(p_requester, array['name']);
    -- Without a name the address is one.
    if app.name_problem(p_requester ->> 'name') <> 'must not be empty' then
      v_problems := v_problems || ('name: ' || app.name_problem(p_requester ->> 'name'));
    end if;
    if length(p_requester ->> 'name') > 200 then
      v_problems := v_problems || 'name: must have at most 200 characters'::text;
    end if;
  end if;
  return case when v_problems = '{}' then v_problems else array(select 'requester.' || x from unnest(v_problems) x) end;
end
$$;

-- A ticket's body, checked, as columns of app.tickets. All problems at once.
create function api._ticket_columns(p_body jsonb, p_known text[], p_required boolean default false)
  returns jsonb
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_references constant text[] := array['requester_id', 'organization_id', 'team_id', 'assignee_id', 'form_id'];
  v_problems text[];
  v_columns jsonb;
  v_id bigint;
  v_key text;
begin
  perform api._need_object(p_body);
  v_problems := api._unknown_keys(p_body, p_known);
  v_columns := p_body - array['status', 'priority', 'tags', 'custom', 'requester', 'version', 'attachment_ids'];
  if not p_required and p_body -> 'requester_id' = 'null' then
    v_problems := v_problems || 'requester_id: must not be null'::text;
  end if;
  if p_required and not p_body ? 'subject' then
    v_problems := v_problems || 'subject: is required'::text;
  end if;
  v_problems := v_problems || api._text_problems(p_body, array['subject', 'description', 'description_html', 'language', 'external_id']);
  if length(p_body ->> 'external_id') > 255 then
    v_problems := v_problems || 'external_id: must have at most 255 characters'::text;
  end if;
  if length(p_body ->> 'language') > 35 then
    v_problems := v_problems || 'language: must have at most 35 characters'::text;
  end if;
  if p_body ? 'requester' then
    v_problems := v_problems || api._requester_problems(p_body -> 'requester');
  end if;
  if not p_required then
    v_problems := v_problems || api._version_problems(p_body);
  end if;
  if p_body ? 'created_at' then
    v_problems := v_problems || api._check_times(p_body, array['created_at']);
  end if;
  if p_body ? 'subject' and length(trim(coalesce(p_body ->> 'subject', ''))) not between 1 and 500 then
    v_problems := v_problems || 'subject: must have 1 to 500 characters'::text;
  end if;
  if p_body ? 'created_at' and autocrm.actor_id() is not null and autocrm.actor_role() <> 'admin' then
    v_problems := v_problems || 'created_at: only administrators, who import, say when a ticket was made'::text;
  end if;
  if p_body ? 'status' then
    select id into v_id from app.statuses where key = p_body ->> 'status' and active;
    if v_id is null then
      v_problems := v_problems || format('status: ''%s'' is not a status; one of %s', p_body ->> 'status',
        (select string_agg(key, ', ' order by position) from app.statuses where active));
    end if;
    v_columns := v_columns || jsonb_build_object('status_id', v_id);
  end if;
  if p_body ? 'priority' then
    select id into v_id from app.priorities where key = p_body ->> 'priority' and active;
    if v_id is null then
      v_problems := v_problems || format('priority: ''%s'' is not a priority; one of %s', p_body ->> 'priority',
        (select string_agg(key, ', ' order by weight) from app.priorities where active));
    end if;
    v_columns := v_columns || jsonb_build_object('priority_id', v_id);
  end if;
  if p_body ? 'type' and not coalesce((p_body ->> 'type') = any (enum_range(null::app.ticket_type)::text[]), false) then
    v_problems := v_problems || format('type: must be one of %s', array_to_string(enum_range(null::app.ticket_type), ', '));
  end if;
  if p_body ? 'channel' and not coalesce((p_body ->> 'channel') = any (enum_range(null::app.channel)::text[]), false) then
    v_problems := v_problems || format('channel: must be one of %s', array_to_string(enum_range(null::app.channel), ', '));
  end if;
  if p_body ?| v_references then
    foreach v_key in array v_references
    loop
      if p_body ? v_key and p_body -> v_key <> 'null' and p_body ->> v_key !~ '^[0-9]{1,18}$' then
        v_problems := v_problems || format('%s: must be a whole number or null', v_key);
      end if;
    end loop;
  end if;
  -- A key that is limited to teams sees no others.
  if p_body ->> 'team_id' ~ '^[0-9]{1,18}$' and not exists (
    select from app.teams
     where id = (p_body ->> 'team_id')::bigint and active
       and (autocrm.actor_api_key_id() is null or autocrm.actor_sees_all() or id = any (autocrm.actor_team_ids()))
  ) then
    v_problems := v_problems || format('team_id: there is no team %s', p_body ->> 'team_id');
  end if;
  if p_body ? 'tags' then
    if jsonb_typeof(p_body -> 'tags') <> 'array' or exists (
      select from jsonb_array_elements(p_body -> 'tags') x where jsonb_typeof(x) <> 'string' or x #>> '{}' !~ '^[^\s,]{1,80}$'
    ) then
      v_problems := v_problems || 'tags: must be a list of words without blanks or commas, each of at most 80 characters'::text;
    elsif jsonb_array_length(p_body -> 'tags') > 500 then
      v_problems := v_problems || 'tags: must have at most 500 entries'::text;
    end if;
  end if;
  if p_body ?| array['required_skills', 'preferred_skills'] then
    v_problems := v_problems || api._skill_problems(p_body);
  end if;
  if p_body ? 'custom' and jsonb_typeof(p_body -> 'custom') <> 'object' then
    v_problems := v_problems || 'custom: must be an object of field keys and values'::text;
  end if;
  if v_problems <> '{}' then
    -- Together with the problems of the custom fields.
    if jsonb_typeof(p_body -> 'custom') = 'object' then
      v_problems := v_problems || autocrm.validate_fields(p_body -> 'custom', case when p_required then 'create' else 'update' end);
    end if;
    perform api._refuse('The ticket cannot be saved as it is', v_problems);
  end if;
  -- Ids may come as strings; they become numbers.
  if p_body ?| v_references then
    select v_columns || jsonb_object_agg(k, (p_body ->> k)::bigint) into v_columns from unnest(v_references) k where p_body ? k;
  end if;
  -- As it was read, whatever the time zone of the session.
  if p_body ? 'created_at' then
    v_columns := v_columns || jsonb_build_object('created_at', api._instant(p_body ->> 'created_at'));
  end if;
  if p_body ?| array['required_skills', 'preferred_skills'] then
    select v_columns || jsonb_object_agg(k, api._skill_ids(k, p_body -> k))
      into v_columns from unnest(array['required_skills', 'preferred_skills']) k where p_body ? k;
  end if;
  if p_body ? 'tags' then
    v_columns := v_columns || jsonb_build_object('tag_ids', to_jsonb(api._tag_ids(p_body -> 'tags')));
  end if;
  return v_columns;
end
$$;
