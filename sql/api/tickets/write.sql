-- Creating and changing tickets. These functions check the request and write the row; the triggers on app.tickets
-- complete, validate, route and record it.

-- {"name": …} as {"skill id": …}. p_key says which of the two columns it is for.
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

-- Everything that is wrong with the skills that a body asks for.
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

-- A ticket's body in words, checked, as the columns of app.tickets. All problems at once.
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
  if p_required and not p_body ? 'subject' then
    v_problems := v_problems || 'subject: is required'::text;
  end if;
  if length(p_body ->> 'external_id') > 255 then
    v_problems := v_problems || 'external_id: must have at most 255 characters'::text;
  end if;
  if length(p_body ->> 'language') > 35 then
    v_problems := v_problems || 'language: must have at most 35 characters'::text;
  end if;
  if p_body ? 'requester' and length(p_body #>> '{requester,email}') > 320 then
    v_problems := v_problems || 'requester.email: must have at most 320 characters'::text;
  end if;
  if p_body ? 'requester' and not coalesce(p_body #>> '{requester,email}', '') ~ '^\s*[^@\s]+@[^@\s]+\s*$' then
    v_problems := v_problems || 'requester.email: must be an e-mail address such as ada@example.com'::text;
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
  -- A key that is limited to teams knows no others.
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
    end if;
  end if;
  if p_body ?| array['required_skills', 'preferred_skills'] then
    v_problems := v_problems || api._skill_problems(p_body);
  end if;
  if p_body ? 'custom' and jsonb_typeof(p_body -> 'custom') <> 'object' then
    v_problems := v_problems || 'custom: must be an object of field keys and values'::text;
  end if;
  if v_problems <> '{}' then
    -- What is wrong with the custom fields is told in the same breath.
    if jsonb_typeof(p_body -> 'custom') = 'object' then
      v_problems := v_problems || autocrm.validate_fields(p_body -> 'custom', case when p_required then 'create' else 'update' end);
    end if;
    perform api._refuse('The ticket cannot be saved as it is', v_problems);
  end if;
  -- In SQL a number may come as a word too; here it is one.
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

-- Definer: under row-level security the index on lower(email) could not be used, since lower() is not
-- leakproof. Tells no more than the ticket that is made for this address does. Of a merged entry, the kept one.
create function api._user_by_email(p_email text)
  returns bigint
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  return (select coalesce(u.merged_into_id, u.id) from app.users u where lower(u.email) = lower(normalize(p_email)));
end
$$;

-- The requester by e-mail: found, or added as a customer. Definer: whoever may write tickets may write one for
-- anybody, so that it never tells who is known here already.
create function api._requester(p_requester jsonb)
  returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_email text := trim(p_requester ->> 'email');
  v_id bigint;
begin
  if autocrm.actor_id() is null and session_user = 'autocrm_api' or autocrm.actor_role() = 'customer'
     or not autocrm.actor_has_scope('tickets:write') then
    return null;
  end if;
  v_id := api._user_by_email(v_email);
  if v_id is null then
    insert into app.users (role, name, email)
    values ('customer', left(coalesce(nullif(trim(p_requester ->> 'name'), ''), v_email), 200), v_email)
    on conflict do nothing;
    v_id := api._user_by_email(v_email);
  end if;
  return v_id;
end
$$;

create function api.create_ticket(p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_columns jsonb;
  v_row app.tickets;
begin
  perform api._need_scope('tickets:write');
  v_columns := api._ticket_columns(p_body, array[
    'subject', 'description', 'description_html', 'requester_id', 'requester', 'organization_id', 'status', 'priority', 'type',
    'channel', 'team_id', 'assignee_id', 'tags', 'custom', 'language', 'external_id', 'created_at', 'required_skills',
    'preferred_skills', 'attachment_ids', 'form_id'], true);
  perform api._check_opening_files(p_body);
  if p_body ? 'requester' then
    v_columns := v_columns || jsonb_build_object('requester_id', api._requester(p_body -> 'requester'));
  elsif not p_body ? 'requester_id' then
    v_columns := v_columns || jsonb_build_object('requester_id', autocrm.actor_id());
  end if;
  v_row := jsonb_populate_record(null::app.tickets, v_columns);
  -- The id comes first: RETURNING would ask whether the caller may see the team that routing chose.
  v_row.id := autocrm.next_id('tickets');
  insert into app.tickets (
    id, subject, description, description_html, requester_id, organization_id, status_id, priority_id, type, channel,
    team_id, assignee_id, tag_ids, custom, required_skills, preferred_skills, language, external_id, created_at, updated_at, form_id)
  values (
    v_row.id, trim(v_row.subject), coalesce(v_row.description, ''), v_row.description_html, v_row.requester_id,
    v_row.organization_id, v_row.status_id, v_row.priority_id, coalesce(v_row.type, 'question'), coalesce(v_row.channel, 'web'),
    v_row.team_id, v_row.assignee_id, coalesce(v_row.tag_ids, '{}'), coalesce(p_body -> 'custom', '{}'),
    coalesce(v_row.required_skills, '{}'), coalesce(v_row.preferred_skills, '{}'), v_row.language,
    v_row.external_id, v_row.created_at, v_row.created_at, v_row.form_id);
  if p_body ? 'attachment_ids' then
    perform api._attach(v_row.id, (select min(m.id) from app.messages m where m.ticket_id = v_row.id), p_body -> 'attachment_ids');
  end if;
  return api.get_ticket(v_row.id);
end
$$;
comment on function api.create_ticket(jsonb) is
  'Opens a ticket, routed by the rules, and answers it. TK422 with every problem. Example: select api.create_ticket(''{"subject": "No invoice", "description": "…", "requester": {"email": "ada@example.com"}}'')';

create function api.update_ticket(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_columns jsonb;
  v_version bigint;
begin
  perform api._need_scope('tickets:write');
  v_columns := api._ticket_columns(p_body, array[
    'subject', 'status', 'priority', 'type', 'team_id', 'assignee_id', 'requester_id', 'organization_id', 'tags', 'custom',
    'required_skills', 'preferred_skills', 'language', 'version', 'form_id']);
  -- Locked before it is compared: of two writers with the same version one waits, then meets the other's.
  select version into v_version from app.tickets where id = p_id for update;
  if v_version is null then
    perform api._not_found('ticket', p_id);
  end if;
  perform api._check_version(coalesce(p_version, (p_body ->> 'version')::bigint), v_version, api.get_ticket(p_id));
  if p_body - 'version' = '{}' then
    return api.get_ticket(p_id);
  end if;
  update app.tickets t
     set (subject, status_id, priority_id, type, team_id, assignee_id, requester_id, organization_id, tag_ids, custom,
          required_skills, preferred_skills, language, form_id) = (
       select coalesce(trim(n.subject), t.subject), n.status_id, n.priority_id, n.type, n.team_id, n.assignee_id, n.requester_id,
              n.organization_id, n.tag_ids,
              case when p_body ? 'custom' then t.custom || (p_body -> 'custom') else t.custom end,
              n.required_skills, n.preferred_skills, n.language, n.form_id
         from jsonb_populate_record(t, v_columns) n)
   where t.id = p_id;
  return api.get_ticket(p_id);
end
$$;
comment on function api.update_ticket(bigint, jsonb, bigint) is
  'Changes the keys given (custom is merged, null removes a value) and answers the ticket as get_ticket does. Keys: subject, status, priority, type, team_id, assignee_id, requester_id, organization_id, tags, custom, required_skills, preferred_skills, language, form_id, version. TK403, TK404, TK409 with the current ticket in DETAIL when p_version is not its version, TK422 with every problem. Example: select api.update_ticket(7, ''{"priority": "high", "tags": ["refund"]}'')';

create function api.solve_ticket(p_id bigint, p_body jsonb default '{}', p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  return api.update_ticket(p_id, coalesce(p_body, '{}') || jsonb_build_object('status', (
    select s.key from app.statuses s where s.id = app.first_status('solved'))), p_version);
end
$$;
comment on function api.solve_ticket(bigint, jsonb, bigint) is
  'Solves a ticket with the desk''s first status of the category solved, changes the keys given as update_ticket does, and answers the ticket. TK403, TK404, TK409 with the current ticket in DETAIL when p_version is not its version, TK422 when a field required on solving is empty. Example: select api.solve_ticket(7)';

create function api.reopen_ticket(p_id bigint, p_body jsonb default '{}', p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  return api.update_ticket(p_id, coalesce(p_body, '{}') || jsonb_build_object('status', (
    select s.key from app.statuses s where s.id = app.first_status('open'))), p_version);
end
$$;
comment on function api.reopen_ticket(bigint, jsonb, bigint) is
  'Opens a ticket again with the desk''s first status of the category open, changes the keys given as update_ticket does, and answers the ticket. TK403, TK404, TK409 with the current ticket in DETAIL when p_version is not its version, TK422 when it is closed. Example: select api.reopen_ticket(7)';

create function api.assign_ticket(p_id bigint, p_body jsonb, p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['assignee_id', 'team_id', 'version']);
begin
  if not (p_body ? 'assignee_id' or p_body ? 'team_id') then
    v_problems := v_problems || 'assignee_id: give assignee_id, team_id or both; null takes it away'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('The ticket cannot be assigned like this', v_problems);
  end if;
  return api.update_ticket(p_id, p_body, p_version);
end
$$;
comment on function api.assign_ticket(bigint, jsonb, bigint) is
  'Assigns a ticket to an agent, a team or both, and answers it as get_ticket does. Keys: assignee_id, team_id (null: nobody), version. TK403, TK404, TK409 with the current ticket in DETAIL when p_version is not its version, TK422. Example: select api.assign_ticket(7, ''{"team_id": 1, "assignee_id": null}'')';
