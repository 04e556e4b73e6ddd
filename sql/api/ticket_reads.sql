-- What a queue shows beside its rows: what the caller has not read yet, and who is there now.

create function api.list_marks(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_problems text[] := api._query_problems(coalesce(p_query, '{}'), array['ids']);
  v_ids bigint[];
begin
  if not coalesce(p_query ->> 'ids' ~ '^[0-9]{1,18}(,[0-9]{1,18}){0,199}$', false) then
    v_problems := v_problems || 'ids: must be 1 to 200 ids of tickets, separated by commas'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This cannot be looked up', v_problems);
  end if;
  v_ids := string_to_array(p_query ->> 'ids', ',');
  return json_build_object(
    -- What was there before the caller came, and what is settled, is not news to them.
    'unread', (
      select coalesce(json_agg(t.id order by t.id), '[]')
        from app.tickets t
        join app.users me on me.id = (select autocrm.actor_id())
        left join app.ticket_reads r on r.ticket_id = t.id and r.user_id = me.id
       where t.id = any (v_ids) and t.deleted_at is null
         and case when r.read_at is not null then t.requester_replied_at > r.read_at
                  else t.requester_replied_at > me.created_at and t.status_id in (select o.id from app.open_statuses o) end),
    'present', (
      select coalesce(json_agg(json_build_object('ticket_id', p.ticket_id, 'id', u.id, 'name', u.name, 'state', p.state) order by p.ticket_id, u.id), '[]')
        from app.presence p
        join app.users u on u.id = p.user_id
       where p.ticket_id = any (v_ids) and p.user_id <> (select autocrm.actor_id()) and p.seen_at > autocrm.now() - interval '30 seconds'));
end
$$;
comment on function api.list_marks(jsonb) is
  'Of these tickets (ids: up to 200, separated by commas) those with something from their requester that the caller has not read, and who else is on them now: {unread: [id], present: [{ticket_id, id, name, state}]}. A ticket that the caller never opened is unread while it is open and newer than the caller. TK422. Example: select api.list_marks(''{"ids": "7,9"}'')';

create function api.mark_ticket(p_id bigint, p_body jsonb default '{}')
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['read']);
begin
  perform api._need_ticket(p_id);
  if not coalesce(autocrm.actor_role() in ('admin', 'agent'), false) then
    raise exception using errcode = 'TK403', message = 'Only people read tickets', hint = 'Keys have nothing to mark.';
  end if;
  if jsonb_typeof(coalesce(p_body -> 'read', 'true')) <> 'boolean' then
    v_problems := v_problems || 'read: must be true or false'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This cannot be marked', v_problems);
  end if;
  perform app.note_read(p_id, coalesce((p_body ->> 'read')::boolean, true));
  return json_build_object('ticket_id', p_id, 'read', coalesce((p_body ->> 'read')::boolean, true));
end
$$;
comment on function api.mark_ticket(bigint, jsonb) is
  'Marks a ticket as read by the caller until now, or with {"read": false} as unread: {ticket_id, read}. TK403 for keys, TK404, TK422. Example: select api.mark_ticket(7, ''{"read": false}'')';
