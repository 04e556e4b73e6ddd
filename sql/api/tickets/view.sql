-- Tickets as callers read them: one ticket, and rows of queues.

-- {"skill id": …} with the skills' names instead.
create function api._skill_names(p_skills jsonb)
  returns jsonb
  language plpgsql stable
  set search_path = ''
as $$
begin
  -- Nearly every ticket needs none.
  if p_skills = '{}' then
    return p_skills;
  end if;
  return (
    select coalesce(jsonb_object_agg(s.name, case
             when jsonb_typeof(e.value) = 'object'
             then jsonb_build_object('level', e.value -> 'level', 'for_minutes', e.value -> 'until')
             else e.value end), '{}')
      from jsonb_each(p_skills) e
      -- Keys that are no ids, from before they were checked, name no skill.
      join app.skills s on s.id::text = e.key);
end
$$;

create view api.tickets with (security_invoker = true) as
select t.id, t.version, t.subject, t.description, t.description_html,
       s.key as status, s.category as status_category, p.key as priority, t.type, t.channel,
       json_build_object('id', r.id, 'name', r.name, 'email', r.email) as requester,
       case when o.id is not null then json_build_object('id', o.id, 'name', o.name) end as organization,
       case when m.id is not null then json_build_object('id', m.id, 'name', m.name, 'color', m.color) end as team,
       case when a.id is not null then json_build_object('id', a.id, 'name', a.name) end as assignee,
       autocrm.tag_names(t.tag_ids) as tags,
       -- The same as app.custom_of(t), without a call per row when no field is restricted.
       case when (select autocrm.parts_fields()) then coalesce((
         select jsonb_object_agg(v.key, v.value) from jsonb_each(t.custom) v where autocrm.sees_field(v.key)), '{}') || coalesce((
         select jsonb_object_agg(v.field_key, v.value) from app.ticket_field_values v where v.ticket_id = t.id), '{}') else t.custom end as custom,
       api._skill_names(t.required_skills) as required_skills, api._skill_names(t.preferred_skills) as preferred_skills,
       t.language, t.external_id, case when f.id is not null then json_build_object('id', f.id, 'name', f.name) end as form,
       t.created_at, t.updated_at, t.first_reply_at, t.solved_at, t.closed_at, t.next_breach_at
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

-- One ticket as an answer shows it, for autocrm.item(): as api.tickets, flat. A column a.b is key b of the object a, and a@
-- an id that is shown as the configuration has it.
create view api._ticket_answers with (security_invoker = true) as
select t.id, t.version, t.subject, t.description, t.description_html,
       t.status_id as "status@", t.status_id as "status_category@", t.priority_id as "priority@", t.type, t.channel,
       json_build_object('id', r.id, 'name', r.name, 'email', r.email) as requester,
       o.id as "organization.id", o.name as "organization.name", t.team_id as "team@",
       a.id as "assignee.id", a.name as "assignee.name",
       autocrm.tag_names(t.tag_ids) as tags,
       case when (select autocrm.parts_fields()) then app.custom_of(t) else t.custom end as custom,
       api._skill_names(t.required_skills) as required_skills, api._skill_names(t.preferred_skills) as preferred_skills,
       t.language, t.external_id, t.form_id as "form@",
       t.created_at, t.updated_at, t.first_reply_at, t.solved_at, t.closed_at, t.next_breach_at
  from app.tickets t
  left join app.users r on r.id = t.requester_id
  left join app.organizations o on o.id = t.organization_id
  left join app.users a on a.id = t.assignee_id
 where t.deleted_at is null;
comment on view api._ticket_answers is 'One ticket as an answer shows it, flat.';

-- A queue row: a ticket without the columns that only its own page shows, for autocrm.page().
create view api._queue_rows with (security_invoker = true) as
select t.id, t.version, t.subject, left(t.description, 160) as snippet,
       t.status_id as "status@", t.status_id as "status_category@", t.priority_id as "priority@", t.type::text, t.channel::text,
       r.id as "requester.id", r.name as "requester.name", r.email as "requester.email",
       o.id as "organization.id", o.name as "organization.name", t.team_id as "team@",
       a.id as "assignee.id", a.name as "assignee.name",
       autocrm.tag_names(t.tag_ids) as tags,
       t.created_at, t.updated_at, t.solved_at, t.next_breach_at
  from app.tickets t
  left join app.users r on r.id = t.requester_id
  left join app.organizations o on o.id = t.organization_id
  left join app.users a on a.id = t.assignee_id
 where t.deleted_at is null;
comment on view api._queue_rows is 'Tickets as a queue shows them, flat.';

create view api.queue with (security_invoker = true) as
select t.id, t.version, t.subject, left(t.description, 160) as snippet,
       s.key as status, s.category::text as status_category, p.key as priority, t.type::text, t.channel::text,
       json_build_object('id', r.id, 'name', r.name, 'email', r.email) as requester,
       case when o.id is not null then json_build_object('id', o.id, 'name', o.name) end as organization,
       case when m.id is not null then json_build_object('id', m.id, 'name', m.name, 'color', m.color) end as team,
       case when a.id is not null then json_build_object('id', a.id, 'name', a.name) end as assignee,
       autocrm.tag_names(t.tag_ids) as tags,
       t.created_at, t.updated_at, t.solved_at, t.next_breach_at
  from app.tickets t
  left join app.statuses s on s.id = t.status_id
  left join app.priorities p on p.id = t.priority_id
  left join app.users r on r.id = t.requester_id
  left join app.organizations o on o.id = t.organization_id
  left join app.teams m on m.id = t.team_id
  left join app.users a on a.id = t.assignee_id
 where t.deleted_at is null;
comment on view api.queue is 'Tickets as a queue shows them.';

-- There is no such ticket for the caller, or it is in the archive, and then only whoever sees it is told where.
create function api._no_ticket(p_id bigint)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if app.sees_archived(p_id) then
    raise exception using
      errcode = 'TK410', message = format('Ticket %s is in the archive', p_id),
      hint = format('Read it at /api/archived-tickets/%s; an administrator can restore it.', p_id);
  end if;
  perform api._not_found('ticket', p_id);
end
$$;

-- Raises TK404 unless the caller sees the ticket: for functions that need no more of it.
create function api._need_ticket(p_id bigint)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if not coalesce(autocrm.sees_ticket(p_id), false)
     and not (app._is_unlimited() and exists (select from app.tickets t where t.id = p_id and t.deleted_at is null)) then
    perform api._no_ticket(p_id);
  end if;
end
$$;

create function api.get_ticket(p_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_problems text[];
  v_sql text := 'select t.* from api._ticket_answers t where t.id = ($1 ->> ''id'')::bigint';
  v_ticket json;
begin
  if coalesce(p_query, '{}') <> '{}' then
    v_problems := api._query_problems(p_query, array['include']) || api._check_words(p_query, 'include', array['messages']);
    if v_problems <> '{}' then
      perform api._refuse('The ticket cannot be read like this', v_problems);
    end if;
    v_sql := replace(v_sql, 't.*', 't.*, api.list_messages(t.id) as messages');
  end if;
  v_ticket := autocrm.item(v_sql, jsonb_build_object('id', p_id));
  if v_ticket is null then
    perform api._no_ticket(p_id);
  end if;
  return v_ticket;
end
$$;
comment on function api.get_ticket(bigint, jsonb) is
  'One ticket in words: {id, version, subject, description, description_html, status, status_category, priority, type, channel, requester, organization, team, assignee, tags, custom, required_skills, preferred_skills, language, external_id, form, created_at, updated_at, first_reply_at, solved_at, closed_at, next_breach_at (of its SLA, see get_ticket_sla)}. With include = messages also {messages: {items, next}}, the first page of list_messages. TK404 when there is none that the caller can see, TK410 when it is in the archive (see get_archived_ticket), TK422. Example: select api.get_ticket(7, ''{"include": "messages"}'')';

-- TK404 without a current version, TK409 with the ticket as it is now unless that is the version that the caller saw.
create function api._check_ticket(p_id bigint, p_version bigint, p_current bigint)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if p_current is null then
    perform api._no_ticket(p_id);
  elsif p_version <> p_current then
    perform api._check_version(p_version, p_current, api.get_ticket(p_id));
  end if;
end
$$;
