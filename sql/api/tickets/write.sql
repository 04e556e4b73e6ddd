-- Creating and changing tickets. These functions check the request and write the row; the triggers on app.tickets
-- complete, validate, route and record it.

-- Definer: under row-level security the index on lower(email) could not be used, since lower() is not
-- leakproof. It reveals no more than a ticket created for this address does. For a merged customer, the one
-- they were merged into.
create function api._user_by_email(p_email text)
  returns bigint
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  -- Computed once, not for each row that is compared.
  v_email constant text := lower(normalize(p_email));
begin
  return (select coalesce(u.merged_into_id, u.id) from app.users u where lower(u.email) = v_email);
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
    values ('customer', left(case when app.name_problem(coalesce(p_requester ->> 'name', '')) is null then trim(p_requester ->> 'name') else v_email end, 200), v_email)
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
  perform api._check_ticket(p_id, coalesce(p_version, (p_body ->> 'version')::bigint), v_version);
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

-- Solving and reopening set the status themselves: a body that names one is refused, never overruled.
create function api._set_category(p_id bigint, p_category app.status_category, p_body jsonb, p_version bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array[
    'subject', 'priority', 'type', 'team_id', 'assignee_id', 'requester_id', 'organization_id', 'tags', 'custom',
    'required_skills', 'preferred_skills', 'language', 'version', 'form_id']);
begin
  perform api._need_scope('tickets:write');
  if v_problems <> '{}' then
    perform api._refuse('The ticket cannot be saved as it is', v_problems);
  end if;
  return api.update_ticket(p_id, p_body || jsonb_build_object('status', (
    select s.key from app.statuses s where s.id = app.first_status(p_category))), p_version);
end
$$;

create function api.solve_ticket(p_id bigint, p_body jsonb default '{}', p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  return api._set_category(p_id, 'solved', coalesce(p_body, '{}'), p_version);
end
$$;
comment on function api.solve_ticket(bigint, jsonb, bigint) is
  'Solves a ticket with the desk''s first status of the category solved, changes the keys given as update_ticket does (without status), and answers the ticket. TK403, TK404, TK409 with the current ticket in DETAIL when p_version is not its version, TK422 when a field required on solving is empty. Example: select api.solve_ticket(7)';

create function api.reopen_ticket(p_id bigint, p_body jsonb default '{}', p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  return api._set_category(p_id, 'open', coalesce(p_body, '{}'), p_version);
end
$$;
comment on function api.reopen_ticket(bigint, jsonb, bigint) is
  'Opens a ticket again with the desk''s first status of the category open, changes the keys given as update_ticket does (without status), and answers the ticket. TK403, TK404, TK409 with the current ticket in DETAIL when p_version is not its version, TK422 when it is closed. Example: select api.reopen_ticket(7)';

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
  'Assigns a ticket to an agent, a team or both, and answers it as get_ticket does. Keys: assignee_id, team_id (null: none), version. TK403, TK404, TK409 with the current ticket in DETAIL when p_version is not its version, TK422. Example: select api.assign_ticket(7, ''{"team_id": 1, "assignee_id": null}'')';
