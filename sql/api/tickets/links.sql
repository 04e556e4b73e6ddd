-- Merging, splitting and linking tickets.

-- Problems of a body that must name another ticket than p_id by p_key.
create function api._ticket_key_problems(p_body jsonb, p_key text, p_id bigint default null)
  returns text[]
  language sql immutable
  set search_path = ''
as $$
  select case
    when not coalesce(jsonb_typeof(p_body -> p_key) = 'number' and p_body ->> p_key ~ '^[0-9]{1,18}$', false) then array[p_key || ': must be the id of a ticket']
    when (p_body ->> p_key)::bigint = p_id then array[p_key || ': must be another ticket']
    else '{}'::text[] end
$$;

create function api.merge_ticket(p_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['into']) || api._ticket_key_problems(p_body, 'into', p_id);
begin
  perform api._need_scope('tickets:write');
  perform api._need_ticket(p_id);
  if v_problems <> '{}' then
    perform api._refuse('These tickets cannot be merged', v_problems);
  end if;
  insert into app.ticket_links (kind, ticket_id, other_id) values ('merged', p_id, (p_body ->> 'into')::bigint);
  return api.get_ticket((p_body ->> 'into')::bigint);
end
$$;
comment on function api.merge_ticket(bigint, jsonb) is
  'Closes this ticket as a part of {"into": id}, which shows its messages from then on, and answers that one. TK404 for one that the caller cannot see, TK422 when either is closed. Example: select api.merge_ticket(7, ''{"into": 9}'')';

create function api.split_ticket(p_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['message_id', 'subject']) || api._text_problems(p_body, array['subject']);
  v_ticket app.tickets;
  v_message app.messages;
  v_id bigint;
  v_files jsonb;
  v_file record;
begin
  perform api._need_scope('tickets:write');
  select * into v_ticket from app.tickets where id = p_id;
  if v_ticket.id is null then
    perform api._no_ticket(p_id);
  end if;
  if jsonb_typeof(p_body -> 'message_id') = 'number' and p_body ->> 'message_id' ~ '^[0-9]{1,18}$' then
    select * into v_message from app.messages where id = (p_body ->> 'message_id')::bigint and ticket_id = p_id and kind <> 'system';
  end if;
  if v_message.id is null then
    v_problems := v_problems || 'message_id: must be the id of a message of this ticket'::text;
  end if;
  if p_body ? 'subject' and length(trim(coalesce(p_body ->> 'subject', ''))) not between 1 and 500 then
    v_problems := v_problems || 'subject: must have 1 to 500 characters'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('Nothing can be split off like this', v_problems);
  end if;
  -- The message and its files stay here too: the new ticket has copies of the files, and its text refers to these.
  v_files := autocrm.copy_attachments(v_message.id);
  for v_file in select f.key, f.value from jsonb_each_text(v_files) f
  loop
    v_message.body_html := replace(v_message.body_html, format('"/api/attachments/%s/content"', v_file.key), format('"/api/attachments/%s/content"', v_file.value));
  end loop;
  if v_message.body_text = '' and v_files <> '{}' then
    v_message.body_text := (select string_agg(a.name, ', ' order by a.position, a.id) from app.attachments a where a.message_id = v_message.id);
    v_message.body_html := null;
  end if;
  -- The id comes first: RETURNING would ask whether the caller may see the team that routing chose.
  v_id := autocrm.next_id('tickets');
  -- The requester stays the same, even when the message is a note or an agent's reply.
  insert into app.tickets (id, subject, description, description_html, requester_id, organization_id, status_id, priority_id, type, channel, team_id, tag_ids, custom, language)
  values (v_id, coalesce(trim(p_body ->> 'subject'), v_ticket.subject), v_message.body_text, v_message.body_html,
          v_ticket.requester_id, v_ticket.organization_id,
          app.first_status('new'),
          v_ticket.priority_id, v_ticket.type, v_message.channel, v_ticket.team_id, v_ticket.tag_ids, app.custom_of(v_ticket), v_ticket.language);
  if v_files <> '{}' then
    perform api._attach(v_id, (select min(m.id) from app.messages m where m.ticket_id = v_id), (select jsonb_agg(f.value::bigint order by f.value::bigint) from jsonb_each_text(v_files) f));
  end if;
  insert into app.ticket_links (kind, ticket_id, other_id) values ('split', v_id, p_id);
  return api.get_ticket(v_id);
end
$$;
comment on function api.split_ticket(bigint, jsonb) is
  'Makes a ticket of one message, linked with this one, and answers it; the message stays here too, and both have its files. TK404, TK422. Example: select api.split_ticket(7, ''{"message_id": 31, "subject": "And another thing"}'')';

-- A link, seen from one of its tickets.
create function api._link(p_link app.ticket_links, p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select json_build_object(
    'id', p_link.id,
    'relation', case when p_link.ticket_id = p_id then
      case p_link.kind when 'merged' then 'merged_into' when 'split' then 'split_from' when 'incident' then 'incident_of'
                       when 'child' then 'child_of' when 'follow_up' then 'follow_up_of' else 'related' end
    else
      case p_link.kind when 'merged' then 'merged_from' when 'split' then 'split_into' when 'incident' then 'problem_of'
                       when 'child' then 'parent_of' when 'follow_up' then 'followed_up_by' else 'related' end
    end,
    'ticket_id', o.id, 'subject', t.subject, 'status', s.key, 'created_at', p_link.created_at)
    from (select case when p_link.ticket_id = p_id then p_link.other_id else p_link.ticket_id end) o (id)
    left join app.tickets t on t.id = o.id
    left join app.statuses s on s.id = t.status_id
$$;

create function api.list_links(p_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  perform api._need_ticket(p_id);
  return (
    select json_build_object('items', coalesce(json_agg(x.link order by (x.link ->> 'id')::bigint), '[]'))
      from (select api._link(l, p_id) as link from app.ticket_links l where l.ticket_id = p_id or l.other_id = p_id
             union all
            select a from unnest(api._archived_links(p_id)) a) x);
end
$$;
comment on function api.list_links(bigint) is
  'The tickets that this one is linked to: {items: [{id, relation, ticket_id, subject, status, created_at}]}; subject and status are null of one that the caller cannot see; archived tickets are among them. TK404. Example: select api.list_links(7)';

create function api.create_link(p_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_relation text := p_body ->> 'relation';
  v_problems text[] := api._unknown_keys(p_body, array['relation', 'ticket_id']) || api._ticket_key_problems(p_body, 'ticket_id', p_id);
  v_forth boolean := coalesce(v_relation in ('incident_of', 'child_of', 'related'), false);
  v_link app.ticket_links;
begin
  perform api._need_scope('tickets:write');
  perform api._need_ticket(p_id);
  if not coalesce(v_relation in ('incident_of', 'problem_of', 'child_of', 'parent_of', 'related'), false) then
    v_problems := v_problems || 'relation: must be one of incident_of, problem_of, child_of, parent_of, related'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('These tickets cannot be linked like this', v_problems);
  end if;
  insert into app.ticket_links (kind, ticket_id, other_id)
  select case when v_relation in ('incident_of', 'problem_of') then 'incident' when v_relation = 'related' then 'related' else 'child' end::app.link_kind,
         case when v_forth then p_id else o.id end, case when v_forth then o.id else p_id end
    from (select (p_body ->> 'ticket_id')::bigint) o (id)
  returning * into v_link;
  return api._link(v_link, p_id);
end
$$;
comment on function api.create_link(bigint, jsonb) is
  'Links this ticket to another, and answers it as list_links does: {"relation": "incident_of", "ticket_id": 9}; also problem_of, child_of, parent_of, related. TK404 for one that the caller cannot see, TK409 when there is such a link or another problem or parent, TK422. Example: select api.create_link(7, ''{"relation": "incident_of", "ticket_id": 9}'')';

create function api.delete_link(p_id bigint, p_link_id bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_kind app.link_kind;
begin
  perform api._need_ticket(p_id);
  select kind into v_kind from app.ticket_links where id = p_link_id and p_id in (ticket_id, other_id);
  if v_kind is null then
    perform api._not_found('link', p_link_id);
  end if;
  perform api._need_scope('tickets:write');
  if v_kind not in ('incident', 'child', 'related') then
    perform api._refuse('This link cannot be undone', array[format('link_id: what was %s stays so', v_kind)]);
  end if;
  delete from app.ticket_links where id = p_link_id;
  return json_build_object('id', p_link_id, 'deleted', true);
end
$$;
comment on function api.delete_link(bigint, bigint) is
  'Removes the link p_link_id of a ticket: {id, deleted}. TK403, TK404, TK409 under a legal hold, TK422 for what happened: merges, splits and follow-ups stay. Example: select api.delete_link(7, 1)';
