-- Tickets and configuration as they were at a moment: for whoever sees the ticket today, and for admins.

-- Problems of a query that must name a moment.
create function api._moment_problems(p_query jsonb)
  returns text[]
  language sql stable
  set search_path = ''
as $$
  select case when p_query ->> 'at' is null then array['at: must be a point in time such as 2026-01-31T09:00:00Z']
              else api._check_times(p_query, array['at']) end
$$;

create function api.get_ticket_as_of(p_id bigint, p_query jsonb)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_problems text[] := api._query_problems(p_query, array['at']) || api._moment_problems(p_query);
  v_at timestamptz;
  v_ticket jsonb;
begin
  perform api._need_ticket(p_id);
  if v_problems <> '{}' then
    perform api._refuse('The ticket cannot be read like this', v_problems);
  end if;
  v_at := api._instant(p_query ->> 'at');
  v_ticket := app.ticket_as_of(p_id, v_at);
  if v_ticket is null then
    raise exception using errcode = 'TK404', message = format('There was no ticket %s at that time', p_id),
      hint = 'It was created later, or was in the trash: its timeline has the times.';
  end if;
  return (
    select json_build_object(
      'id', p_id, 'at', v_at, 'subject', t.subject, 'description', t.description, 'description_html', t.description_html,
      'status', v_ticket -> 'status', 'status_category', v_ticket -> 'status_category', 'priority', v_ticket -> 'priority',
      'type', t.type, 'channel', t.channel,
      -- As far as the caller sees people.
      'requester', (select json_build_object('id', u.id, 'name', u.name, 'email', u.email) from app.users u where u.id = t.requester_id),
      'organization', (select json_build_object('id', o.id, 'name', o.name) from app.organizations o where o.id = t.organization_id),
      'team', case when t.team_id is not null then json_build_object('id', t.team_id, 'name', v_ticket -> 'team') end,
      'assignee', (select json_build_object('id', u.id, 'name', u.name) from app.users u where u.id = t.assignee_id),
      'tags', v_ticket -> 'tags', 'custom', v_ticket -> 'custom',
      'required_skills', api._skill_names(t.required_skills), 'preferred_skills', api._skill_names(t.preferred_skills),
      'language', t.language, 'external_id', t.external_id,
      'form', (select json_build_object('id', f.id, 'name', f.name) from app.ticket_forms f where f.id = t.form_id),
      'created_at', t.created_at, 'updated_at', t.updated_at, 'first_reply_at', t.first_reply_at, 'solved_at', t.solved_at,
      'closed_at', t.closed_at)
      from jsonb_populate_record(null::app.tickets, v_ticket) t);
end
$$;
comment on function api.get_ticket_as_of(bigint, jsonb) is
  'A ticket as it was at a moment, rebuilt from the audit log: {id, at, subject, description, description_html, status, status_category, priority, type, channel, requester, organization, team, assignee, tags, custom, required_skills, preferred_skills, language, external_id, form, created_at, updated_at, first_reply_at, solved_at, closed_at}. Names are those of today, but for statuses, priorities, teams and tags that are gone; custom has the fields that the caller may see today; redacted texts stay redacted. Keys of the query: at. TK404 when the caller does not see the ticket, or it was not there then, TK422. Example: select api.get_ticket_as_of(7, ''{"at": "2126-01-31T09:00:00Z"}'')';

create function api.get_row_as_of(p_query jsonb)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_problems text[] := api._query_problems(p_query, array['table', 'key', 'at']);
  v_at timestamptz;
  v_row jsonb;
begin
  perform api._need_admin('read the audit log');
  v_problems := v_problems || api._moment_problems(p_query)
    || case when p_query ->> 'key' is null then array['key: is required; the key of the row as the audit log has it'] else '{}' end
    || case when app._audit_key((p_query ->> 'table')::name) is null
            then array['table: must be a table of the audit log, such as routing_rules'] else '{}' end;
  if v_problems <> '{}' then
    perform api._refuse('The row cannot be read like this', v_problems);
  end if;
  v_at := api._instant(p_query ->> 'at');
  v_row := app.row_as_of((p_query ->> 'table')::name, p_query ->> 'key', v_at);
  if v_row is null then
    raise exception using errcode = 'TK404', message = format('There was no row %s of %s at that time', p_query ->> 'key', p_query ->> 'table'),
      hint = 'The audit log has the times of its creation and deletion.';
  end if;
  return json_build_object('table', p_query ->> 'table', 'key', p_query ->> 'key', 'at', v_at, 'row', v_row);
end
$$;
comment on function api.get_row_as_of(jsonb) is
  'A row of an audited table as it was at a moment: {table, key, at, row: {column: value}}. key as in list_audit. Columns that the audit leaves out (version, updated_at) are missing, secrets are masked. Admins only. TK403, TK404, TK422. Example: select api.get_row_as_of(''{"table": "teams", "key": "1", "at": "2126-01-31T09:00:00Z"}'')';
