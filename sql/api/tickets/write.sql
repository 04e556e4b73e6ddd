-- Tickets over REST and SQL. Completing, validating, routing, audit and events happen in the triggers on
-- app.tickets; these functions read the request and answer the resource.

-- {"skill id": …} with the skills' names instead.
create function api._skill_names(p_skills jsonb)
  returns jsonb
  language plpgsql stable
  set search_path = ''
as $$
begin
  -- Nearly every ticket asks for none.
  if p_skills = '{}' then
    return p_skills;
  end if;
  return (
    select coalesce(jsonb_object_agg(s.name, case
             when jsonb_typeof(e.value) = 'object'
             then jsonb_build_object('level', e.value -> 'level', 'for_minutes', e.value -> 'until')
             else e.value end), '{}')
      from jsonb_each(p_skills) e
      join app.skills s on s.id = e.key::bigint);
end
$$;

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

create view api.tickets with (security_invoker = true) as
select t.id, t.version, t.subject, t.description, t.description_html,
       s.key as status, s.category as status_category, p.key as priority, t.type, t.channel,
       json_build_object('id', r.id, 'name', r.name, 'email', r.email) as requester,
       case when o.id is not null then json_build_object('id', o.id, 'name', o.name) end as organization,
       case when m.id is not null then json_build_object('id', m.id, 'name', m.name, 'color', m.color) end as team,
       case when a.id is not null then json_build_object('id', a.id, 'name', a.name) end as assignee,
       autocrm.tag_names(t.tag_ids) as tags,
       -- As app.custom_of(t), which would cost a call a row where nothing is restricted.
       case when (select autocrm.parts_fields()) then (t.custom - (select autocrm.hidden_fields())) || coalesce((
         select jsonb_object_agg(v.field_key, v.value) from app.ticket_field_values v where v.ticket_id = t.id), '{}') else t.custom end as custom,
       api._skill_names(t.required_skills) as required_skills, api._skill_names(t.preferred_skills) as preferred_skills,
       t.language, t.external_id, case when f.id is not null then json_build_object('id', f.id, 'name', f.name) end as form,
       t.created_at, t.updated_at, t.first_reply_at, t.solved_at, t.closed_at
  from app.tickets t
  left join app.statuses s on s.id = t.status_id
  left join app.priorities p on p.id = t.priority_id
  left join app.users r on r.id = t.requester_id
  left join app.organizations o on o.id = t.organization_id
  left join app.teams m on m.id = t.team_id
  left join app.users a on a.id = t.assignee_id
  left join app.ticket_forms f on f.id = t.form_id
 -- For the owner too, whom no policy keeps from the trash.
 where t.deleted_at is null;
comment on view api.tickets is 'Tickets in words: keys and names instead of ids.';

-- A queue row: a ticket without what only its own page shows. A column a.b is key b of the object a.
create view api._queue_rows with (security_invoker = true) as
select t.id, t.version, t.subject, left(t.description, 160) as snippet,
       s.key as status, s.category::text as status_category, p.key as priority, t.type::text, t.channel::text,
       r.id as "requester.id", r.name as "requester.name", r.email as "requester.email",
       o.id as "organization.id", o.name as "organization.name",
       m.id as "team.id", m.name as "team.name", m.color as "team.color",
       a.id as "assignee.id", a.name as "assignee.name",
       autocrm.tag_names(t.tag_ids) as tags,
       t.created_at, t.updated_at, t.solved_at
  from app.tickets t
  left join app.statuses s on s.id = t.status_id
  left join app.priorities p on p.id = t.priority_id
  left join app.users r on r.id = t.requester_id
  left join app.organizations o on o.id = t.organization_id
  left join app.teams m on m.id = t.team_id
  left join app.users a on a.id = t.assignee_id
 where t.deleted_at is null;
comment on view api._queue_rows is 'Tickets as a queue shows them, flat.';

create view api.queue with (security_invoker = true) as
select q.id, q.version, q.subject, q.snippet, q.status, q.status_category, q.priority, q.type, q.channel,
       json_build_object('id', q."requester.id", 'name', q."requester.name", 'email', q."requester.email") as requester,
       case when q."organization.id" is not null then json_build_object('id', q."organization.id", 'name', q."organization.name") end as organization,
       case when q."team.id" is not null then json_build_object('id', q."team.id", 'name', q."team.name", 'color', q."team.color") end as team,
       case when q."assignee.id" is not null then json_build_object('id', q."assignee.id", 'name', q."assignee.name") end as assignee,
       q.tags, q.created_at, q.updated_at, q.solved_at
  from api._queue_rows q;
comment on view api.queue is 'Tickets as a queue shows them.';

-- The WHERE clause of a query over api.queue's base table t. It is made of the keys that were asked, never of
-- their values (those are read from $1), so that one plan serves every query of a shape.
create function api._ticket_filters(p_query jsonb)
  returns text
  language plpgsql immutable
  set search_path = ''
as $$
begin
  return (select coalesce(string_agg(w, ' and ' order by k), 'true')
    from jsonb_each_text(p_query) e (k, v)
   cross join lateral (select case k
      when 'status' then $w$t.status_id = any (array(
        select id from app.statuses where key = any (string_to_array($1 ->> 'status', ','))))$w$
      when 'status_category' then $w$t.status_id = any (array(
        select id from app.statuses
         where category::text = any (string_to_array(replace($1 ->> 'status_category', 'active', 'new,open,pending,on_hold'), ','))))$w$
      when 'priority' then $w$t.priority_id = any (array(
        select id from app.priorities where key = any (string_to_array($1 ->> 'priority', ','))))$w$
      when 'team' then case v when 'none' then 't.team_id is null' else $w$t.team_id = ($1 ->> 'team')::bigint$w$ end
      when 'assignee' then case v
        when 'me' then 't.assignee_id = (select autocrm.actor_id())'
        when 'none' then 't.assignee_id is null'
        else $w$t.assignee_id = ($1 ->> 'assignee')::bigint$w$ end
      when 'channel' then $w$t.channel = any (string_to_array($1 ->> 'channel', ',')::app.channel[])$w$
      when 'type' then $w$t.type = any (string_to_array($1 ->> 'type', ',')::app.ticket_type[])$w$
      when 'tag' then $w$t.tag_ids && array(select id from app.tags where lower(name) = lower(normalize($1 ->> 'tag')))$w$
      when 'requester' then $w$t.requester_id = ($1 ->> 'requester')::bigint$w$
      when 'organization' then $w$t.organization_id = ($1 ->> 'organization')::bigint$w$
      when 'external_id' then $w$t.external_id = $1 ->> 'external_id'$w$
      when 'q' then $w$(strpos(lower(t.subject), lower(normalize($1 ->> 'q'))) > 0 or t.id::text = $1 ->> 'q')$w$
      when 'updated_after' then $w$t.updated_at > (select api._instant($1 ->> 'updated_after'))$w$
      when 'created_after' then $w$t.created_at > (select api._instant($1 ->> 'created_after'))$w$
    end) c (w)
   where w is not null);
end
$$;

-- Everything that is wrong with a query of tickets, at once.
create function api._ticket_query_problems(p_query jsonb, p_column text)
  returns text[]
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_query, array[
    'limit', 'after', 'sort', 'q', 'status', 'status_category', 'priority', 'team', 'assignee', 'channel', 'type', 'tag',
    'requester', 'organization', 'external_id', 'updated_after', 'created_after']);
begin
  if p_column not in ('updated_at', 'created_at', 'id', 'priority') then
    v_problems := v_problems || 'sort: must be one of updated_at, created_at, id, priority, with - in front for descending'::text;
  end if;
  select v_problems || coalesce(array_agg(format('%s: must be a whole number%s', k,
           case k when 'team' then ', or none' when 'assignee' then ', me or none' else '' end)), '{}')
    into v_problems
    from unnest(array['team', 'assignee', 'requester', 'organization']) k
   where p_query ? k and p_query ->> k !~ '^[0-9]{1,18}$'
     and not (k = 'team' and p_query ->> k = 'none') and not (k = 'assignee' and p_query ->> k in ('none', 'me'));
  if p_query ?| array['status', 'status_category', 'priority', 'channel', 'type', 'created_after', 'updated_after'] then
    v_problems := v_problems
      || api._check_words(p_query, 'status', array(select key from app.statuses order by position))
      || api._check_words(p_query, 'status_category', 'active'::text || enum_range(null::app.status_category)::text[])
      || api._check_words(p_query, 'priority', array(select key from app.priorities order by weight))
      || api._check_words(p_query, 'channel', enum_range(null::app.channel)::text[])
      || api._check_words(p_query, 'type', enum_range(null::app.ticket_type)::text[])
      || api._check_times(p_query, array['created_after', 'updated_after']);
  end if;
  return v_problems;
end
$$;

create function api.list_tickets(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_sort text := '-updated_at';
  v_problems text[];
begin
  -- The page that everybody opens first has nothing to be looked at.
  if v_query <> '{}' then
    v_sort := coalesce(v_query ->> 'sort', v_sort);
    v_problems := api._ticket_query_problems(v_query, ltrim(v_sort, '-'));
    if v_problems <> '{}' then
      perform api._refuse('This list cannot be read', v_problems);
    end if;
  end if;
  return api._ticket_page(v_query, v_sort);
end
$$;
comment on function api.list_tickets(jsonb) is
  'A page of queue rows: {items, next}. limit 1-200, after, sort (updated_at, created_at, id, priority; - descending), filters. Example: select api.list_tickets(''{"status_category": "active", "assignee": "me"}'')';

create function api.get_ticket(p_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_ticket json;
begin
  select row_to_json(t) into v_ticket from api.tickets t where t.id = p_id;
  if v_ticket is null then
    perform api._not_found('ticket', p_id);
  end if;
  return v_ticket;
end
$$;
comment on function api.get_ticket(bigint) is 'One ticket; TK404 when there is none that the caller can see.';

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
  'Changes the keys given (custom merges, null removes a value) and answers the ticket. TK404, TK409 with the current ticket, TK422.';

create function api.solve_ticket(p_id bigint, p_body jsonb default '{}', p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  return api.update_ticket(p_id, coalesce(p_body, '{}') || jsonb_build_object('status', (
    select key from app.statuses where category = 'solved' and active order by position limit 1)), p_version);
end
$$;
comment on function api.solve_ticket(bigint, jsonb, bigint) is 'Solves a ticket; TK422 when a field required on solving is empty.';

create function api.reopen_ticket(p_id bigint, p_body jsonb default '{}', p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  return api.update_ticket(p_id, coalesce(p_body, '{}') || jsonb_build_object('status', (
    select key from app.statuses where category = 'open' and active order by position limit 1)), p_version);
end
$$;
comment on function api.reopen_ticket(bigint, jsonb, bigint) is 'Opens a ticket again; TK422 when it is closed.';

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
comment on function api.assign_ticket(bigint, jsonb, bigint) is 'Hands a ticket to an agent, a team or both.';

create function api.count_tickets()
  returns json
  language sql stable
  set search_path = ''
as $$
  -- One scan: grouped first, so that the joins see a handful of rows.
  with groups as materialized (
    select t.status_id, t.team_id, t.assignee_id is null as unassigned,
           t.assignee_id = (select autocrm.actor_id()) as mine, count(*) as n
      from app.tickets t
     group by 1, 2, 3, 4
  ), named as (
    select g.*, s.category in ('new', 'open', 'pending', 'on_hold') as active, s.category
      from groups g join app.statuses s on s.id = g.status_id
  )
  select json_build_object(
    'views', json_build_object(
      'mine', coalesce(sum(n) filter (where mine and active), 0),
      'active', coalesce(sum(n) filter (where active), 0),
      'unassigned', coalesce(sum(n) filter (where unassigned and active), 0),
      'waiting', coalesce(sum(n) filter (where category = 'pending'), 0),
      'on_hold', coalesce(sum(n) filter (where category = 'on_hold'), 0),
      'all', coalesce(sum(n), 0)),
    'teams', (select coalesce(json_object_agg(team_id, n), '{}')
                from (select team_id, sum(n) as n from named where active and team_id is not null group by 1) x))
    from named
$$;
comment on function api.count_tickets() is 'How many tickets each built-in view and team holds, as far as the caller may see.';

create function api.explain_routing(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  -- "items": what was decided then; "now": what the rules of today would say and why.
  select json_build_object('items', e -> 'decisions', 'now', e - 'decisions')
    from (select autocrm.explain_routing(p_id)::jsonb) x (e)
$$;
comment on function api.explain_routing(bigint) is 'Why routing did what it did to this ticket: rules that matched, candidates with their load, who was chosen.';
