-- Presence on tickets. The truth is app.presence; NOTIFY only wakes readers.

create function api.announce_presence(p_ticket_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['state']);
begin
  if not coalesce(p_body ->> 'state' in ('viewing', 'writing_reply', 'writing_note', 'left'), false) then
    v_problems := v_problems || 'state: must be viewing, writing_reply, writing_note or left'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This presence cannot be told', v_problems);
  end if;
  perform api._need_ticket(p_ticket_id);
  perform app.note_presence(array[p_ticket_id], p_body ->> 'state');
  return json_build_object('ticket_id', p_ticket_id, 'state', p_body ->> 'state');
end
$$;
comment on function api.announce_presence(bigint, jsonb) is
  'Announces to everyone who watches this ticket that the caller views it, writes, or left: {ticket_id, state}. Forgotten after 30 seconds. Key: state (viewing, writing_reply, writing_note, left). TK404, TK422. Example: select api.announce_presence(7, ''{"state": "viewing"}'')';

-- Presence on a ticket as a live message; NULL for a ticket that the caller does not see.
create function api._presence(p_ticket_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select json_build_object('type', 'presence', 'ticket_id', t.id, 'people', coalesce((
           select json_agg(json_build_object('id', u.id, 'name', u.name, 'state', p.state) order by u.id)
             from app.presence p
             join app.users u on u.id = p.user_id
            where p.ticket_id = t.id and p.seen_at > autocrm.now() - interval '30 seconds'), '[]'))
    from app.tickets t
   where t.id = p_ticket_id and t.deleted_at is null
$$;

-- Confirms the caller's presence on these tickets; answers those that they still see.
create function api._keep_presence(p_ticket_ids bigint[])
  returns bigint[]
  language sql volatile
  set search_path = ''
as $$
  select app.note_presence(p_ticket_ids, null)
$$;
