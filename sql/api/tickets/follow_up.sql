-- A follow-up by the desk: a closed ticket stays closed, what comes after it is a ticket of its own.

create function api.follow_up_ticket(p_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['subject', 'description']) || api._text_problems(p_body, array['subject', 'description']);
  v_ticket app.tickets;
  v_id bigint;
begin
  perform api._need_scope('tickets:write');
  select * into v_ticket from app.tickets where id = p_id;
  if v_ticket.id is null then
    perform api._no_ticket(p_id);
  end if;
  if p_body ? 'subject' and length(trim(coalesce(p_body ->> 'subject', ''))) not between 1 and 500 then
    v_problems := v_problems || 'subject: must have 1 to 500 characters'::text;
  end if;
  if not exists (select from app.statuses s where s.id = v_ticket.status_id and s.category = 'closed') then
    v_problems := v_problems || 'id: is not closed; write on it, or reopen it'::text;
  elsif exists (select from app.ticket_links l where l.kind = 'merged' and l.ticket_id = p_id) then
    v_problems := v_problems || format('id: was merged into ticket %s; write there',
      (select l.other_id from app.ticket_links l where l.kind = 'merged' and l.ticket_id = p_id));
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This ticket cannot be followed up', v_problems);
  end if;
  -- The id comes first: RETURNING would ask whether the caller may see the team that routing chose.
  v_id := autocrm.next_id('tickets');
  insert into app.tickets (id, subject, description, requester_id, organization_id, status_id, priority_id, type, team_id, tag_ids, custom, language)
  values (v_id, coalesce(trim(p_body ->> 'subject'), v_ticket.subject), coalesce(p_body ->> 'description', ''),
          v_ticket.requester_id, v_ticket.organization_id, app.first_status('new'),
          v_ticket.priority_id, v_ticket.type, v_ticket.team_id, v_ticket.tag_ids, app.custom_of(v_ticket), v_ticket.language);
  insert into app.ticket_links (kind, ticket_id, other_id) values ('follow_up', v_id, p_id);
  return api.get_ticket(v_id);
end
$$;
comment on function api.follow_up_ticket(bigint, jsonb) is
  'Opens a ticket that follows a closed one, with its requester, team, tags and fields, links the two, and answers the new one. Keys: subject (that of the closed one unless given), description. TK404, TK422 when it is not closed. Example: select api.follow_up_ticket(6, ''{"subject": "Payout missing again"}'')';
