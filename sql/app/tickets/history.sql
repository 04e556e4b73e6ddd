-- Messages, events and decisions of one ticket, read past the policies. A policy is asked for each row of each
-- partition, and its own look-ups are planned for each partition anew: for a ticket's conversation that cost five times
-- the reading itself. Here the ticket is decided once, by the same native functions, and the rest of each policy is
-- repeated in the query. tests/security/conversation.rs compares these functions with the tables, as every role.

-- Whether a superuser asks who acts for nobody at the desk: no policy applies to them. The setting is that of the
-- session and its SET ROLE, not of the function that asks.
create function app._is_unlimited()
  returns boolean
  language plpgsql stable
  set search_path = ''
as $$
begin
  return autocrm.actor_id() is null and current_setting('is_superuser') = 'on';
end
$$;

-- The ticket and those merged into it, as far as the caller sees their messages.
create function app._conversation(p_ticket_id bigint)
  returns bigint[]
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_unlimited boolean := app._is_unlimited();
begin
  return (
    select array_agg(x.id)
      from (select p_ticket_id
             union all
            select l.ticket_id from app.ticket_links l where l.kind = 'merged' and l.other_id = p_ticket_id) x (id)
     where v_unlimited or autocrm.sees_messages(x.id));
end
$$;
comment on function app._is_unlimited() is 'Whether a superuser acts for nobody at the desk. Example: select app._is_unlimited()';
comment on function app._conversation(bigint) is
  'The ids of a ticket and of those merged into it whose messages the caller sees. Example: select app._conversation(7)';

create function app.messages_of(p_ticket_id bigint, p_kinds text[], p_after_at timestamptz, p_after_id bigint, p_newest boolean, p_limit integer)
  returns table (
    id bigint, ticket_id bigint, kind app.message_kind, author json, body_text text, body_html text, quote_from integer,
    channel app.channel, mentions json, attachments json, created_at timestamptz, edited_at timestamptz, redacted_at timestamptz)
  language plpgsql stable security definer
  set search_path = ''
  -- Planned once: a plan for the values at hand costs more than it saves.
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_me bigint := autocrm.actor_id();
  v_unlimited boolean := app._is_unlimited();
  v_staff boolean := v_unlimited or coalesce(autocrm.actor_role() in ('admin', 'agent', 'analyst'), false);
  v_key boolean := coalesce(autocrm.actor_role() = 'integration', false);
  v_notes boolean := v_staff or v_key and autocrm.actor_has_scope('notes:read');
  v_people boolean := v_staff or v_key and autocrm.actor_has_scope('users:read');
  v_tickets bigint[] := app._conversation(p_ticket_id);
  v_found app.messages[];
begin
  if p_limit < 0 then
    perform autocrm.fail('TK422', 'This cannot be read', 'p_limit: must not be negative', 'Name how many you want.');
  end if;
  if v_me is null and not v_unlimited or v_tickets is null then
    return;
  end if;
  -- A query for each direction: one for both would set up the scans of all partitions twice.
  if p_newest then
    v_found := array(
      select m from app.messages m
       where m.ticket_id = any (v_tickets) and (v_notes or m.kind = 'reply') and (p_kinds is null or m.kind::text = any (p_kinds))
         and (p_after_at is null or (m.created_at, m.id) < (p_after_at, p_after_id))
       order by m.created_at desc, m.id desc limit p_limit);
  else
    v_found := array(
      select m from app.messages m
       where m.ticket_id = any (v_tickets) and (v_notes or m.kind = 'reply') and (p_kinds is null or m.kind::text = any (p_kinds))
         and (p_after_at is null or (m.created_at, m.id) > (p_after_at, p_after_id))
       order by m.created_at, m.id limit p_limit);
  end if;
  return query
  select m.id, m.ticket_id, m.kind,
         (select json_build_object('id', u.id, 'name', u.name, 'role', u.role)
            from app.users u where u.id = m.author_id and (v_people or u.id = v_me)),
         m.body_text, m.body_html, m.quote_from, m.channel,
         (select coalesce(json_agg(json_build_object(
                   'id', p.user_id,
                   'name', (select n.name from app.users n where n.id = p.user_id and (v_people or n.id = v_me)),
                   'team_id', p.team_id, 'notified', p.notified)
                   order by p.id), '[]')
            from app.mentions p where p.message_id = m.id),
         (select coalesce(json_agg(json_build_object(
                   'id', a.id, 'name', a.name, 'type', a.media_type, 'size', a.size, 'inline', a.inline,
                   'width', a.width, 'height', a.height, 'thumbnail', a.thumbnail) order by a.position, a.id), '[]')
            from app.attachments a where a.message_id = m.id),
         m.created_at, m.edited_at, m.redacted_at
    from unnest(v_found) m;
end
$$;
comment on function app.messages_of(bigint, text[], timestamptz, bigint, boolean, integer) is
  'Messages of a ticket and of those merged into it, beyond a position, read from the oldest or the newest, in no order; nothing of a ticket that the caller does not see. Example: select * from app.messages_of(7, null, null, null, false, 50)';

-- One message as schema api shows it, read in the same way; NULL when the caller does not see it. Its time, where it is
-- known, finds its partition.
create function app.message_of(p_id bigint, p_at timestamptz default null)
  returns json
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_unlimited boolean := app._is_unlimited();
  v_staff boolean := v_unlimited or coalesce(autocrm.actor_role() in ('admin', 'agent', 'analyst'), false);
  v_key boolean := coalesce(autocrm.actor_role() = 'integration', false);
  v_people boolean := v_staff or v_key and autocrm.actor_has_scope('users:read');
  v_me bigint := autocrm.actor_id();
  v_message app.messages;
  v_author json;
  v_mentions json;
  v_attachments json;
begin
  if p_at is null then
    select m.* into v_message from app.messages m where m.id = p_id;
  else
    select m.* into v_message from app.messages m where m.id = p_id and m.created_at = p_at;
  end if;
  if not v_unlimited and (v_me is null or not coalesce(autocrm.sees_messages(v_message.ticket_id), false)
     or v_message.kind <> 'reply' and not (v_staff or v_key and autocrm.actor_has_scope('notes:read')))
     or v_message.id is null then
    return null;
  end if;
  select json_build_object('id', u.id, 'name', u.name, 'role', u.role) into v_author
    from app.users u where u.id = v_message.author_id and (v_people or u.id = v_me);
  select coalesce(json_agg(json_build_object(
           'id', p.user_id, 'name', (select n.name from app.users n where n.id = p.user_id and (v_people or n.id = v_me)),
           'team_id', p.team_id, 'notified', p.notified) order by p.id), '[]') into v_mentions
    from app.mentions p where p.message_id = p_id;
  select coalesce(json_agg(json_build_object(
           'id', a.id, 'name', a.name, 'type', a.media_type, 'size', a.size, 'inline', a.inline,
           'width', a.width, 'height', a.height, 'thumbnail', a.thumbnail) order by a.position, a.id), '[]') into v_attachments
    from app.attachments a where a.message_id = p_id;
  return (
    select row_to_json(x)
      from (select v_message.id, v_message.ticket_id, v_message.kind, v_author as author, v_message.body_text, v_message.body_html,
                   v_message.quote_from, v_message.channel, v_mentions as mentions, v_attachments as attachments,
                   v_message.created_at, v_message.edited_at, v_message.redacted_at) x);
end
$$;
comment on function app.message_of(bigint, timestamptz) is
  'One message; NULL when there is none that the caller sees. Example: select app.message_of(31)';

create function app.events_of(p_ticket_id bigint, p_names text[], p_after_at timestamptz, p_after_id bigint, p_newest boolean, p_limit integer)
  returns table (id bigint, at timestamptz, name text, message_id bigint, actor_id bigint, data jsonb)
  language plpgsql stable security definer
  set search_path = ''
  -- Planned once: a plan for the values at hand costs more than it saves.
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_unlimited boolean := app._is_unlimited();
  v_admin boolean := v_unlimited or coalesce(autocrm.actor_role() = 'admin', false);
  v_key boolean := coalesce(autocrm.actor_role() = 'integration', false);
  v_all boolean := v_unlimited or coalesce(autocrm.actor_role() in ('admin', 'agent', 'analyst'), false)
    or v_key and autocrm.actor_has_scope('notes:read');
begin
  if p_limit < 0 then
    perform autocrm.fail('TK422', 'This cannot be read', 'p_limit: must not be negative', 'Name how many you want.');
  end if;
  if not v_unlimited and (not (v_all or v_key) or autocrm.actor_id() is null or not autocrm.sees_ticket(p_ticket_id)) then
    return;
  end if;
  if p_newest then
    return query
    select e.id, e.at, e.name, e.message_id, e.actor_id, e.data
      from app.events e
     where e.ticket_id = p_ticket_id and e.name <> 'message.created'
       and (v_all or e.data ->> 'kind' is distinct from 'note') and (p_names is null or e.name = any (p_names))
       and (e.field_key is null or v_unlimited or autocrm.sees_field(e.field_key))
       -- A link is as visible as the ticket at its other end.
       and (v_admin or e.name <> 'ticket.linked' or autocrm.sees_ticket((case
              when (e.data ->> 'ticket_id')::bigint = p_ticket_id then e.data ->> 'other_id' else e.data ->> 'ticket_id' end)::bigint))
       and (p_after_at is null or (e.at, e.id) < (p_after_at, p_after_id))
     order by e.at desc, e.id desc limit p_limit;
  else
    return query
    select e.id, e.at, e.name, e.message_id, e.actor_id, e.data
      from app.events e
     where e.ticket_id = p_ticket_id and e.name <> 'message.created'
       and (v_all or e.data ->> 'kind' is distinct from 'note') and (p_names is null or e.name = any (p_names))
       and (e.field_key is null or v_unlimited or autocrm.sees_field(e.field_key))
       -- A link is as visible as the ticket at its other end.
       and (v_admin or e.name <> 'ticket.linked' or autocrm.sees_ticket((case
              when (e.data ->> 'ticket_id')::bigint = p_ticket_id then e.data ->> 'other_id' else e.data ->> 'ticket_id' end)::bigint))
       and (p_after_at is null or (e.at, e.id) > (p_after_at, p_after_id))
     order by e.at, e.id limit p_limit;
  end if;
end
$$;
comment on function app.events_of(bigint, text[], timestamptz, bigint, boolean, integer) is
  'Events of a ticket except new messages, beyond a position, read from the oldest or the newest, in no order; nothing of a ticket that the caller does not see. Example: select * from app.events_of(7, null, null, null, false, 50)';

create function app.routing_of(p_ticket_id bigint, p_after_at timestamptz, p_after_id bigint, p_newest boolean, p_limit integer)
  returns table (id bigint, at timestamptz, explanation jsonb)
  language plpgsql stable security definer
  set search_path = ''
as $$
begin
  if p_limit < 0 then
    perform autocrm.fail('TK422', 'This cannot be read', 'p_limit: must not be negative', 'Name how many you want.');
  end if;
  if not app._is_unlimited() and (not coalesce(autocrm.actor_role() in ('admin', 'agent', 'analyst'), false)
     or autocrm.actor_id() is null or not autocrm.sees_ticket(p_ticket_id)) then
    return;
  end if;
  if p_newest then
    return query
    select d.id, d.at, d.explanation
      from app.routing_decisions d
     where d.ticket_id = p_ticket_id and (p_after_at is null or (d.at, d.id) < (p_after_at, p_after_id))
     order by d.at desc, d.id desc limit p_limit;
  else
    return query
    select d.id, d.at, d.explanation
      from app.routing_decisions d
     where d.ticket_id = p_ticket_id and (p_after_at is null or (d.at, d.id) > (p_after_at, p_after_id))
     order by d.at, d.id limit p_limit;
  end if;
end
$$;
comment on function app.routing_of(bigint, timestamptz, bigint, boolean, integer) is
  'Decisions of routing about a ticket, beyond a position, read from the oldest or the newest, in no order; nothing of a ticket that the caller does not see. Example: select * from app.routing_of(7, null, null, false, 50)';

grant execute on function
  app._is_unlimited(), app._conversation(bigint), app.messages_of(bigint, text[], timestamptz, bigint, boolean, integer),
  app.message_of(bigint, timestamptz),
  app.events_of(bigint, text[], timestamptz, bigint, boolean, integer), app.routing_of(bigint, timestamptz, bigint, boolean, integer)
  to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
