-- The archive, for whoever saw the tickets before: a list with search, one ticket with all that belongs to it, and its way back.

-- Changes of a ticket without the names of people and their organizations, for keys that may not read these.
create function api._without_people(p_changes jsonb)
  returns jsonb
  language sql immutable
  set search_path = ''
as $$
  select coalesce(pg_catalog.jsonb_object_agg(c.key,
           case when c.key in ('requester_id', 'assignee_id', 'organization_id') then '[null, null]' else c.value end), '{}')
    from pg_catalog.jsonb_each(p_changes) c
$$;

-- The archived ticket as the caller may see it, as get_ticket and its neighbours would answer; NULL when there is none.
-- Definer: the document holds notes, hidden fields and people, which are left out here by the rules of their policies.
create function api._archived_ticket(p_id bigint)
  returns json
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_unlimited boolean := app._is_unlimited();
  v_me bigint := autocrm.actor_id();
  v_role text := autocrm.actor_role();
  v_staff boolean := v_unlimited or coalesce(v_role in ('admin', 'agent', 'analyst'), false);
  v_key boolean := coalesce(v_role = 'integration', false);
  v_notes boolean := v_staff or v_key and autocrm.actor_has_scope('notes:read');
  v_people boolean := v_staff or v_key and autocrm.actor_has_scope('users:read');
  v_row app.archived_tickets;
  v_ticket app.tickets;
  v_names jsonb;
  v_who jsonb;
  v_merged app.archived_tickets[];
begin
  select * into v_row
    from app.archived_tickets a
   where a.id = p_id and (v_unlimited or autocrm.sees_row(a.id, a.team_id, a.assignee_id, a.requester_id));
  if not found or not (v_staff or v_key or v_role = 'customer') then
    return null;
  end if;
  v_ticket := jsonb_populate_record(null::app.tickets, v_row.document -> 'ticket');
  v_names := v_row.document -> 'names';
  -- Messages of merged tickets are shown here: to staff all, to others those of tickets that they see.
  v_merged := array(
    select a from app.archived_tickets a
     where a.id in (select l.ticket_id from app.archived_links l where l.kind = 'merged' and l.other_id = p_id)
       and (v_staff or autocrm.sees_row(a.id, a.team_id, a.assignee_id, a.requester_id)));
  -- People as they are today, else as they were; nobody that the caller may not see.
  select coalesce(jsonb_object_agg(p.key, jsonb_build_object('id', p.key::bigint, 'name', coalesce(u.name, p.value ->> 'name'),
                                                             'role', coalesce(u.role::text, p.value ->> 'role'), 'email', u.email)), '{}')
    into v_who
    from (select distinct on (n.key) n.key, n.value
            from (select v_names as names union all select m.document -> 'names' from unnest(v_merged) m) x
           cross join jsonb_each(x.names -> 'people') n) p
    left join app.users u on u.id = p.key::bigint
   where v_people or p.key::bigint = v_me;
  return json_build_object(
    'id', v_row.id, 'version', v_ticket.version, 'subject', v_ticket.subject, 'description', v_ticket.description,
    'description_html', v_ticket.description_html,
    'status', coalesce((select s.key from app.statuses s where s.id = v_row.status_id), v_names #>> '{status,key}'),
    'status_category', coalesce((select s.category::text from app.statuses s where s.id = v_row.status_id), v_names #>> '{status,category}'),
    'priority', coalesce((select p.key from app.priorities p where p.id = v_row.priority_id), v_names ->> 'priority'),
    'type', v_ticket.type, 'channel', v_ticket.channel,
    'requester', (select jsonb_build_object('id', w -> 'id', 'name', w -> 'name', 'email', w -> 'email')
                    from (select coalesce(v_who -> v_row.requester_id::text, '{"id": null, "name": null, "email": null}')) x (w)),
    -- Those of the desk's own words that the policies of their tables give to the caller.
    'organization', case when v_people and v_row.organization_id is not null then jsonb_build_object('id', v_row.organization_id,
      'name', coalesce((select o.name from app.organizations o where o.id = v_row.organization_id), v_names ->> 'organization')) end,
    'team', case when (v_staff or v_key) and v_row.team_id is not null then (
      select jsonb_build_object('id', v_row.team_id, 'name', coalesce(m.name, v_names ->> 'team'), 'color', coalesce(m.color, '#64748b'))
        from (select) one left join app.teams m on m.id = v_row.team_id) end,
    'assignee', case when v_row.assignee_id is not null then (
      select jsonb_build_object('id', w -> 'id', 'name', w -> 'name') from (select v_who -> v_row.assignee_id::text) x (w) where w is not null) end,
    'tags', (select coalesce(jsonb_agg(g.name order by g.name collate app.names), '[]')
               from (select coalesce((select t.name from app.tags t where t.id = x), v_names #>> array['tags', x::text]) as name
                       from unnest(v_row.tag_ids) x where v_staff or v_key) g where g.name is not null),
    'custom', (select coalesce(jsonb_object_agg(c.key, c.value), '{}')
                 from (select e.key, e.value from jsonb_each(v_ticket.custom) e
                        union all
                       select v ->> 'field_key', v -> 'value' from jsonb_array_elements(coalesce(v_row.document -> 'ticket_field_values', '[]')) v) c
                where v_unlimited or autocrm.sees_field(c.key)),
    'language', v_ticket.language, 'external_id', v_ticket.external_id,
    'created_at', v_ticket.created_at, 'updated_at', v_ticket.updated_at, 'first_reply_at', v_ticket.first_reply_at,
    'solved_at', v_ticket.solved_at, 'closed_at', v_ticket.closed_at, 'archived_at', v_row.archived_at,
    'messages', (
      select coalesce(json_agg(json_build_object(
               'id', m.id, 'ticket_id', m.ticket_id, 'kind', m.kind,
               'author', (select jsonb_build_object('id', w -> 'id', 'name', w -> 'name', 'role', w -> 'role')
                            from (select v_who -> m.author_id::text) x (w) where w is not null),
               'body_text', m.body_text, 'body_html', m.body_html, 'quote_from', m.quote_from, 'channel', m.channel,
               'mentions', (
                 select coalesce(json_agg(json_build_object('id', p.user_id,
                          'name', (select u.name from app.users u where u.id = p.user_id and (v_people or u.id = v_me)),
                          'team_id', p.team_id, 'notified', p.notified) order by p.id), '[]')
                   from jsonb_populate_recordset(null::app.mentions, d.document -> 'mentions') p where p.message_id = m.id and (v_staff or v_key)),
               'attachments', (
                 select coalesce(json_agg(json_build_object(
                          'id', f.id, 'name', f.name, 'type', f.media_type, 'size', f.size, 'inline', f.inline,
                          'width', f.width, 'height', f.height, 'thumbnail', f.thumbnail) order by f.position, f.id), '[]')
                   from jsonb_populate_recordset(null::app.attachments, d.document -> 'attachments') f where f.message_id = m.id),
               'created_at', m.created_at, 'edited_at', m.edited_at, 'redacted_at', m.redacted_at) order by m.created_at, m.id), '[]')
        from (select v_row.document as document union all select x.document from unnest(v_merged) x) d
       cross join lateral jsonb_populate_recordset(null::app.messages, d.document -> 'messages') m
       where v_notes or m.kind = 'reply'),
    'followers', (
      select coalesce(json_agg(json_build_object(
               'id', f.id, 'ticket_id', f.ticket_id, 'kind', f.kind, 'user_id', f.user_id, 'name', v_who #>> array[f.user_id::text, 'name'],
               'email', v_who #>> array[f.user_id::text, 'email'], 'added_by', f.added_by, 'created_at', f.created_at) order by f.id), '[]')
        from jsonb_populate_recordset(null::app.followers, v_row.document -> 'followers') f
       where v_staff or v_key),
    'links', (
      select coalesce(json_agg(api._archived_link(l, p_id) order by l.id), '[]')
        from app.archived_links l
       where p_id in (l.ticket_id, l.other_id) and (v_staff or v_key)
         and (l.kind = 'merged' or v_unlimited
              or autocrm.sees_ticket(case when l.ticket_id = p_id then l.other_id else l.ticket_id end)
              or app.sees_archived(case when l.ticket_id = p_id then l.other_id else l.ticket_id end))),
    -- History stays where it is: its rules are those of app.events_of.
    'events', (
      select coalesce(json_agg(json_build_object(
               'id', e.id, 'at', e.at, 'name', e.name, 'message_id', e.message_id,
               'actor', (select json_build_object('id', u.id, 'name', u.name) from app.users u where u.id = e.actor_id and (v_people or u.id = v_me)),
               'changes', api._readable_changes(case when v_people then coalesce(e.data -> 'changes', '{}') else api._without_people(e.data -> 'changes') end), 'data', e.data - 'changes' - 'chain') order by e.at, e.id), '[]')
        from (
          select e.* from app.events e
           where e.ticket_id = p_id and e.name <> 'message.created' and (v_staff or v_key)
             and (v_notes or e.data ->> 'kind' is distinct from 'note')
             and (e.field_key is null or v_unlimited or autocrm.sees_field(e.field_key))
             and (e.name <> 'ticket.linked' or v_unlimited or v_role = 'admin' or autocrm.sees_ticket((case
                    when (e.data ->> 'ticket_id')::bigint = p_id then e.data ->> 'other_id' else e.data ->> 'ticket_id' end)::bigint))
           order by e.at, e.id limit 1000) e));
end
$$;

-- A link with an archived ticket, seen from one of its tickets. For definers: it tells the subject only of what the caller sees.
create function api._archived_link(p_link app.archived_links, p_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_link app.ticket_links;
  v_other bigint := case when p_link.ticket_id = p_id then p_link.other_id else p_link.ticket_id end;
  v_json jsonb;
begin
  v_link.id := p_link.id;
  v_link.kind := p_link.kind;
  v_link.ticket_id := p_link.ticket_id;
  v_link.other_id := p_link.other_id;
  v_link.created_at := p_link.created_at;
  v_json := api._link(v_link, p_id)::jsonb || '{"subject": null, "status": null}';
  return v_json || coalesce(
    (select jsonb_build_object('subject', t.subject, 'status', s.key)
       from app.tickets t join app.statuses s on s.id = t.status_id
      where t.id = v_other and (app._is_unlimited() or autocrm.sees_ticket(t.id))),
    (select jsonb_build_object('subject', a.subject, 'status', (select s.key from app.statuses s where s.id = a.status_id))
       from app.archived_tickets a where a.id = v_other and app.sees_archived(a.id)), '{}');
end
$$;

-- Links of a ticket of daily work with archived ones, for api.list_links: of those that the caller sees, and merges.
create function api._archived_links(p_id bigint)
  returns json[]
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not (app._is_unlimited() or coalesce(autocrm.sees_ticket(p_id) and autocrm.actor_role() in ('admin', 'agent', 'integration', 'analyst'), false)) then
    return '{}';
  end if;
  return array(
    select api._archived_link(l, p_id)
      from app.archived_links l
     where p_id in (l.ticket_id, l.other_id)
       and app.sees_archived(case when l.ticket_id = p_id then l.other_id else l.ticket_id end)
     order by l.id);
end
$$;

-- A file of an archived ticket, as api.attachments has those of others; NULL unless the caller sees its message. Definer:
-- it is in the document.
create function api._archived_attachment(p_id bigint)
  returns json
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_unlimited boolean := app._is_unlimited();
  v_staff boolean := v_unlimited or coalesce(autocrm.actor_role() in ('admin', 'agent', 'analyst'), false);
  v_notes boolean := v_staff or coalesce(autocrm.actor_role() = 'integration' and autocrm.actor_has_scope('notes:read'), false);
begin
  return (
    select json_build_object('id', f.id, 'ticket_id', f.ticket_id, 'message_id', f.message_id, 'name', f.name, 'type', f.media_type, 'size', f.size,
             'sha256', encode(f.sha256, 'hex'), 'inline', f.inline, 'width', f.width, 'height', f.height, 'thumbnail', f.thumbnail, 'created_at', f.created_at)
      from app.archived_files x
      join app.archived_tickets a on a.id = x.ticket_id
     cross join lateral jsonb_populate_recordset(null::app.attachments, a.document -> 'attachments') f
      join lateral jsonb_populate_recordset(null::app.messages, a.document -> 'messages') m on m.id = f.message_id
     where x.attachment_id = p_id and f.id = p_id and (v_notes or m.kind = 'reply')
       and (v_unlimited or autocrm.sees_row(a.id, a.team_id, a.assignee_id, a.requester_id)
            or v_staff and exists (
                 select from app.archived_links l
                   join app.archived_tickets t on t.id = l.other_id
                  where l.kind = 'merged' and l.ticket_id = a.id and autocrm.sees_row(t.id, t.team_id, t.assignee_id, t.requester_id))));
end
$$;

create function api.get_archived_ticket(p_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_ticket json;
begin
  perform api._need_scope('tickets:read');
  v_ticket := api._archived_ticket(p_id);
  if v_ticket is null then
    perform api._not_found('archived ticket', p_id);
  end if;
  return v_ticket;
end
$$;
comment on function api.get_archived_ticket(bigint) is
  'A ticket in the archive, with all that belongs to it and that the caller could see before: {id, version, subject, description, description_html, status, status_category, priority, type, channel, requester, organization, team, assignee, tags, custom, language, external_id, created_at, updated_at, first_reply_at, solved_at, closed_at, archived_at, messages, followers, links, events (the first 1,000)}. TK404 when there is none that the caller can see. Example: select api.get_archived_ticket(70)';

-- Definer: neither the search document nor, for customers, the names beside the ids are theirs to read.
create function api._archived_page(p_query jsonb, p_limit integer, p_after jsonb)
  returns json
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  set jit = off
  set client_min_messages = warning
  set plan_cache_mode = force_custom_plan
as $$
declare
  v_unlimited boolean := app._is_unlimited();
  v_role text := autocrm.actor_role();
  v_me bigint := autocrm.actor_id();
  v_staff boolean := v_unlimited or coalesce(v_role in ('admin', 'agent', 'analyst'), false);
  v_people boolean := v_staff or coalesce(v_role = 'integration' and autocrm.actor_has_scope('users:read'), false);
  v_teams bigint[] := case when not v_unlimited and not autocrm.actor_sees_all() and v_role in ('analyst', 'integration') then autocrm.actor_team_ids() end;
  v_own bigint := case when v_role = 'customer' then v_me end;
  v_words jsonb;
  v_question tsquery;
  v_where text := '';
  v_tags bigint[];
  v_answer json;
begin
  if not (v_staff or coalesce(v_role in ('integration', 'customer'), false)) then
    return json_build_object('items', '[]'::json, 'next', null);
  end if;
  if p_query ? 'q' then
    v_words := autocrm.search_plan(p_query ->> 'q');
    if v_words ->> 'filter' <> 'true' then
      perform api._refuse('The archive cannot be searched like this', array['q: takes words and phrases; use the other filters for the rest']);
    end if;
    select q.question into v_question
      from api._search_question(v_words -> 'words', api._search_configs(),
             v_role is distinct from 'customer' and (v_unlimited or autocrm.actor_has_scope('notes:read')), v_people) q;
    if v_role = 'customer' then
      v_question := api._search_public(v_question);
    end if;
    if v_question is null then
      return json_build_object('items', '[]'::json, 'next', null);
    end if;
    v_where := ' and a.words @@ $3';
  end if;
  if p_query ? 'tag' then
    v_tags := array(select g.id from app.tags g where lower(g.name) = any (string_to_array(lower(normalize(p_query ->> 'tag')), ',')) and v_role is distinct from 'customer');
    v_where := v_where || ' and a.tag_ids && $4';
  end if;
  v_where := v_where
    || case when p_query ? 'team' then ' and a.team_id = any (string_to_array($1 ->> ''team'', '','')::bigint[])' else '' end
    || case when p_query ? 'assignee' then ' and a.assignee_id = any (string_to_array($1 ->> ''assignee'', '','')::bigint[])' else '' end
    || case when p_query ? 'requester' then ' and a.requester_id = any (string_to_array($1 ->> ''requester'', '','')::bigint[])' else '' end
    || case when p_query ? 'organization' then ' and a.organization_id = any (string_to_array($1 ->> ''organization'', '','')::bigint[])' else '' end
    || case when p_query ? 'external_id' then ' and a.external_id = $1 ->> ''external_id''' else '' end
    || case when p_query ? 'closed_after' then ' and a.closed_at >= api._instant($1 ->> ''closed_after'')' else '' end
    || case when p_query ? 'closed_before' then ' and a.closed_at < api._instant($1 ->> ''closed_before'')' else '' end
    || case when p_after is not null then ' and (a.closed_at, a.id) < (($2 ->> 0)::timestamptz, ($2 ->> 1)::bigint)' else '' end
    || case when v_teams is not null then ' and a.team_id = any ($5)' else '' end
    || case when v_own is not null then ' and a.requester_id = $6' else '' end
    || case when v_unlimited then '' else ' and autocrm.sees_row(a.id, a.team_id, a.assignee_id, a.requester_id)' end;
  execute format(
    'with page as materialized (
       select a.id, a.closed_at, row_number() over (order by a.closed_at desc, a.id desc) as n
         from app.archived_tickets a where true%s order by a.closed_at desc, a.id desc limit %s)
     select json_build_object(
       ''items'', coalesce(json_agg(json_build_object(
         ''id'', a.id, ''subject'', a.subject,
         ''status'', (select s.key from app.statuses s where s.id = a.status_id),
         ''priority'', (select p.key from app.priorities p where p.id = a.priority_id),
         ''requester'', (select json_build_object(''id'', u.id, ''name'', u.name, ''email'', u.email)
                           from (select) one left join app.users u on u.id = a.requester_id and ($7 or u.id = $8)),
         ''organization'', (select json_build_object(''id'', o.id, ''name'', o.name) from app.organizations o where o.id = a.organization_id and $7),
         ''team'', (select json_build_object(''id'', m.id, ''name'', m.name, ''color'', m.color) from app.teams m where m.id = a.team_id and $9),
         ''assignee'', (select json_build_object(''id'', u.id, ''name'', u.name) from app.users u where u.id = a.assignee_id and ($7 or u.id = $8)),
         ''tags'', case when $9 then autocrm.tag_names(a.tag_ids) else ''{}'' end, ''external_id'', a.external_id, ''created_at'', a.created_at, ''closed_at'', a.closed_at,
         ''archived_at'', a.archived_at) order by p.n) filter (where p.n <= %s), ''[]''),
       ''next'', max(case when p.n = %3$s and (select count(*) from page) > %3$s then autocrm.cursor(''archive'', a.closed_at::text, a.id) end))
       from page p join app.archived_tickets a on a.id = p.id and a.closed_at = p.closed_at', v_where, p_limit + 1, p_limit)
    into v_answer using p_query, p_after, v_question, v_tags, v_teams, v_own, v_people, v_me, v_role is distinct from 'customer';
  return v_answer;
end
$$;

create function api.list_archived_tickets(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_limit integer := api._limit(v_query);
  v_problems text[] := api._query_problems(v_query,
      array['limit', 'after', 'q', 'team', 'assignee', 'requester', 'organization', 'tag', 'external_id', 'closed_after', 'closed_before'])
    || api._check_times(v_query, array['closed_after', 'closed_before'])
    || array(select format('%s: must be ids, separated by commas', k) from unnest(array['team', 'assignee', 'requester', 'organization']) k
              where v_query ? k and v_query ->> k !~ '^[0-9]{1,18}(,[0-9]{1,18})*$');
begin
  perform api._need_scope('tickets:read');
  if v_problems <> '{}' then
    perform api._refuse('The archive cannot be read like this', v_problems);
  end if;
  return api._archived_page(v_query, v_limit, case when v_query ? 'after' then api._decode_cursor(v_query ->> 'after', 'archive', 'timestamptz') end);
end
$$;
comment on function api.list_archived_tickets(jsonb) is
  'A page of the archive, closed last first, as far as the caller saw the tickets before: {items: [{id, subject, status, priority, requester, organization, team, assignee, tags, external_id, created_at, closed_at, archived_at}], next}. q: words, "phrases", -without and begin*; filters team, assignee, requester, organization (ids), tag (names), external_id, closed_after, closed_before; limit, after. TK422. Example: select api.list_archived_tickets(''{"q": "refund", "closed_before": "2125-01-01T00:00:00Z"}'')';

-- Definer: nobody writes the archive.
create function api._restore_archived_ticket(p_id bigint)
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform api._need_admin('restore tickets from the archive');
  return app.sees_archived(p_id) and app.restore_archived_ticket(p_id);
end
$$;

create function api.restore_archived_ticket(p_id bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  if not app.sees_archived(p_id) then
    perform api._not_found('archived ticket', p_id);
  end if;
  perform api._need_admin('restore tickets from the archive');
  if not api._restore_archived_ticket(p_id) then
    perform api._not_found('archived ticket', p_id);
  end if;
  return api.get_ticket(p_id);
end
$$;
comment on function api.restore_archived_ticket(bigint) is
  'Takes a ticket out of the archive, with those that were merged into it: the same ids, times, messages and files; answers it as get_ticket does. A policy that still concerns it archives it again in its next run. Admins only. TK403, TK404, TK409 for a merged ticket, or when something that it refers to has been removed since. Example: select api.restore_archived_ticket(71)';
