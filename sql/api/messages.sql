-- Messages: public replies and internal notes.
create view api.messages with (security_invoker = true) as
select m.id, m.ticket_id, m.kind,
       case when u.id is not null then json_build_object('id', u.id, 'name', u.name, 'role', u.role) end as author,
       m.body_text, m.body_html, m.quote_from, m.channel,
       (select coalesce(json_agg(json_build_object(
                 'id', p.user_id, 'name', (select n.name from app.users n where n.id = p.user_id), 'team_id', p.team_id, 'notified', p.notified)
                 order by p.id), '[]')
          from app.mentions p where p.message_id = m.id) as mentions,
       (select coalesce(json_agg(json_build_object(
                 'id', a.id, 'name', a.name, 'type', a.media_type, 'size', a.size, 'inline', a.inline,
                 'width', a.width, 'height', a.height, 'thumbnail', a.thumbnail) order by a.position, a.id), '[]')
          from app.attachments a where a.message_id = m.id) as attachments,
       m.created_at, m.edited_at, m.redacted_at
  from app.messages m
  left join app.users u on u.id = m.author_id;
comment on view api.messages is 'Messages of tickets, with their author.';

create function api.list_messages(p_ticket_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_limit integer := api._limit(v_query);
  v_problems text[] := api._query_problems(v_query, array['limit', 'after']);
  v_sql text :=
    'select m.created_at::text, m.*
       from app.messages_of(($1 ->> ''ticket'')::bigint, null, ($1 -> ''after'' ->> 0)::timestamptz, ($1 -> ''after'' ->> 1)::bigint,
                            false, ($1 ->> ''most'')::integer) m
      order by m.created_at, m.id';
begin
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  perform api._need_ticket(p_ticket_id);
  v_query := jsonb_build_object('ticket', p_ticket_id, 'most', v_limit + 1,
    'after', case when v_query ? 'after' then api._decode_cursor(v_query ->> 'after', 'created_at', 'timestamptz') end);
  return autocrm.page(v_sql, v_query, v_limit, 'created_at');
end
$$;
comment on function api.list_messages(bigint, jsonb) is
  'A page of the messages of a ticket and of those merged into it, oldest first: {items: [{id, ticket_id, kind, author, body_text, body_html, quote_from, channel, mentions, attachments, created_at, edited_at, redacted_at}], next}. limit, after. TK404, TK422. Example: select api.list_messages(7, ''{"limit": 50}'')';

-- Problems of the shape of mentions.
create function api._mention_problems(p_body jsonb)
  returns text[]
  language plpgsql immutable
  set search_path = ''
as $$
begin
  if not p_body ? 'mentions' then
    return '{}';
  elsif jsonb_typeof(p_body -> 'mentions') <> 'array' or exists (
    select from jsonb_array_elements(case jsonb_typeof(p_body -> 'mentions') when 'array' then p_body -> 'mentions' else '[]' end) m
     where not coalesce(jsonb_typeof(m) = 'object' and m - array['user_id', 'team_id'] = '{}' and m ? 'user_id' <> m ? 'team_id'
                        and coalesce(m ->> 'user_id', m ->> 'team_id') ~ '^[0-9]{1,18}$', false)
  ) then
    return array['mentions: must be a list such as [{"user_id": 7}, {"team_id": 3}]'];
  end if;
  return api._most_problems(p_body, 'mentions', 500);
end
$$;

-- Mentions everybody in the list, or refuses the message with all problems.
create function api._mention(p_message_id bigint, p_ticket_id bigint, p_mentions jsonb)
  returns void
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_at timestamptz;
  v_problems text[];
begin
  select created_at into v_at from app.messages where id = p_message_id;
  select array_agg(format('mentions.%s: %s', x.n - 1, x.problem) order by x.n) into v_problems
    from (select e.n, app.mention(p_message_id, v_at, p_ticket_id, (e.m ->> 'user_id')::bigint, (e.m ->> 'team_id')::bigint) as problem
            from jsonb_array_elements(p_mentions) with ordinality e (m, n)) x
   where x.problem is not null;
  if v_problems <> '{}' then
    perform api._refuse('The message cannot be sent as it is', v_problems);
  end if;
end
$$;

-- Plain text as HTML: an empty line begins a paragraph.
create function api._as_html(p_text text)
  returns text
  language sql immutable
  set search_path = ''
as $$
  select '<p>' || replace(regexp_replace(
    replace(replace(replace(replace(p_text, e'\r\n', e'\n'), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'),
    '\n{2,}', '</p><p>', 'g'), e'\n', '<br>') || '</p>'
$$;

-- The body of a reply with the caller's signature below it. A text that ends with it has it once.
create function api._signed(p_body jsonb)
  returns jsonb
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_signature text := trim(e' \r\n\t' from coalesce(api._signature(), ''));
  v_words text := regexp_replace(v_signature, '\s+', '', 'g');
  v_text text := coalesce(autocrm.html_to_text(p_body ->> 'body_html'), p_body ->> 'body_text', '');
begin
  if v_words = '' or right(regexp_replace(v_text, '\s+', '', 'g'), length(v_words)) = v_words then
    return p_body;
  elsif p_body ->> 'body_html' is not null then
    return p_body || jsonb_build_object('body_html', (p_body ->> 'body_html') || api._as_html(v_signature));
  end if;
  return p_body || jsonb_build_object('body_text', concat_ws(e'\n\n', nullif(rtrim(v_text, e' \r\n\t'), ''), v_signature));
end
$$;

create function api.create_message(p_ticket_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['kind', 'body_text', 'body_html', 'mentions', 'attachment_ids', 'status', 'version', 'with_signature', 'draft_version'])
    || api._text_problems(p_body, array['body_text', 'body_html']);
  v_kind text := coalesce(p_body ->> 'kind', 'reply');
  v_id bigint;
  v_status text;
begin
  perform api._need_ticket(p_ticket_id);
  perform api._need_scope('tickets:write');
  v_problems := v_problems || api._version_problems(p_body);
  if p_body ? 'draft_version' and not coalesce(p_body ->> 'draft_version', '') ~ '^[0-9]{1,18}$' then
    v_problems := v_problems || 'draft_version: must be the version of the draft that is sent, a whole number, or 0 for none'::text;
  end if;
  if v_kind not in ('reply', 'note') then
    v_problems := v_problems || 'kind: must be reply or note'::text;
  end if;
  if v_kind = 'note' and not autocrm.actor_has_scope('notes:write') then
    v_problems := v_problems || 'kind: this API key writes no notes; it needs the scope notes:write'::text;
  end if;
  if p_body ? 'with_signature' and jsonb_typeof(p_body -> 'with_signature') <> 'boolean' then
    v_problems := v_problems || 'with_signature: must be true or false'::text;
  elsif v_kind = 'note' and p_body -> 'with_signature' = 'true' then
    v_problems := v_problems || 'with_signature: belongs to replies'::text;
  end if;
  -- A file alone is a message too.
  if coalesce(p_body ->> 'body_text', '') !~ '[^[:space:]]' and coalesce(autocrm.html_to_text(p_body ->> 'body_html'), '') !~ '[^[:space:]]'
     and coalesce(p_body -> 'attachment_ids', '[]') in ('[]', 'null') then
    v_problems := v_problems || 'body_text: is empty; write something before sending'::text;
  end if;
  v_problems := v_problems || api._mention_problems(p_body) || api._attachment_problems(p_body);
  if v_problems <> '{}' then
    perform api._refuse('The message cannot be sent as it is', v_problems);
  end if;
  if p_body ? 'version' then
    -- Locked before it is compared: of two replies to the same version one waits, then meets the other's.
    perform from app.tickets where id = p_ticket_id for update;
    perform api._check_ticket(p_ticket_id, (p_body ->> 'version')::bigint, (select t.version from app.tickets t where t.id = p_ticket_id));
  end if;
  if p_body ? 'status' then
    -- Before the reply, which may set another.
    v_status := (select s.key from app.tickets t join app.statuses s on s.id = t.status_id where t.id = p_ticket_id);
  end if;
  if p_body -> 'with_signature' = 'true' then
    p_body := api._signed(p_body);
  end if;
  v_id := autocrm.next_id('messages');
  insert into app.messages (id, ticket_id, kind, author_id, body_text, body_html, channel)
  overriding system value
  values (
    v_id, p_ticket_id, v_kind::app.message_kind, autocrm.actor_id(), coalesce(p_body ->> 'body_text', ''), p_body ->> 'body_html',
    case when autocrm.actor_api_key_id() is null then 'web' else 'api' end::app.channel);
  if p_body ? 'mentions' then
    perform api._mention(v_id, p_ticket_id, p_body -> 'mentions');
  end if;
  if p_body ? 'attachment_ids' then
    perform api._attach(p_ticket_id, v_id, p_body -> 'attachment_ids');
  end if;
  -- The draft is sent. One that another device has written since was not.
  perform api._end_draft(p_ticket_id, v_kind, (p_body ->> 'draft_version')::bigint);
  -- A reply and its status are one act: both or neither.
  if p_body ? 'status' and p_body ->> 'status' is distinct from v_status then
    perform api.update_ticket(p_ticket_id, jsonb_build_object('status', p_body -> 'status'));
  end if;
  return app.message_of(v_id, autocrm.now());
end
$$;
comment on function api.create_message(bigint, jsonb) is
  'Adds a public reply or an internal note, and with status sets that too; ends the caller''s draft of it, and with draft_version only that version. mentions: [{user_id} or {team_id}], refused for who cannot see the ticket. attachment_ids: one''s own uploads. with_signature: the caller''s signature goes below a reply. TK404, TK409, TK422. Example: select api.create_message(7, ''{"kind": "note", "body_text": "Called back"}'')';

create function api.get_message(p_ticket_id bigint, p_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_message json;
begin
  perform api._need_ticket(p_ticket_id);
  v_message := app.message_of(p_id);
  if (v_message ->> 'ticket_id')::bigint is distinct from p_ticket_id then
    perform api._not_found('message', p_id);
  end if;
  return v_message;
end
$$;
comment on function api.get_message(bigint, bigint) is
  'One message of a ticket, as list_messages has it. TK404 when there is none that the caller can see. Example: select api.get_message(7, 31)';

create function api.update_message(p_ticket_id bigint, p_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_message json := api.get_message(p_ticket_id, p_id);
  v_problems text[] := api._unknown_keys(p_body, array['body_text', 'body_html']) || api._text_problems(p_body, array['body_text', 'body_html']);
  v_minutes integer := (select message_edit_minutes from app.settings);
begin
  if not coalesce(autocrm.actor_role() in ('admin', 'agent'), false) or (v_message #>> '{author,id}')::bigint is distinct from autocrm.actor_id() then
    raise exception using
      errcode = 'TK403', message = 'Only the person who wrote a message edits it', hint = 'Write another message, or ask an administrator to redact this one.';
  end if;
  if (v_message ->> 'created_at')::timestamptz <= autocrm.now() - make_interval(mins => v_minutes) then
    raise exception using
      errcode = 'TK403',
      message = case v_minutes when 0 then 'Messages are not edited at this desk' else format('A message can be edited for %s minutes, and this one is older', v_minutes) end,
      hint = 'Write another message that corrects it.';
  end if;
  if coalesce(trim(p_body ->> 'body_text'), '') = '' and coalesce(trim(autocrm.html_to_text(p_body ->> 'body_html')), '') = '' then
    v_problems := v_problems || 'body_text: is empty; write something before sending'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('The message cannot be changed like this', v_problems);
  end if;
  update app.messages
     set body_text = coalesce(p_body ->> 'body_text', ''), body_html = p_body ->> 'body_html'
   where id = p_id;
  return api.get_message(p_ticket_id, p_id);
end
$$;
comment on function api.update_message(bigint, bigint, jsonb) is
  'Replaces the text of one''s own message and answers it as get_message does, within the minutes of the setting message_edit_minutes; the former text stays in the audit. Keys: body_text, body_html. TK403, TK404, TK422. Example: select api.update_message(7, 31, ''{"body_text": "The refund is on its way."}'')';

create function api.redact_message(p_ticket_id bigint, p_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['text', 'all']) || api._text_problems(p_body, array['text']);
begin
  perform api.get_message(p_ticket_id, p_id);
  if (p_body -> 'all') is distinct from 'true' and coalesce(p_body ->> 'text', '') !~ '[^\s▇]' then
    v_problems := v_problems || 'text: give the words to take out, or all: true for the whole message'::text;
  end if;
  if length(p_body ->> 'text') > 1000 then
    v_problems := v_problems || 'text: must have at most 1000 characters'::text;
  end if;
  if p_body ? 'text' and p_body ? 'all' then
    v_problems := v_problems || 'all: give either text or all'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('Nothing was redacted', v_problems);
  end if;
  perform autocrm.redact_message(p_id, p_body ->> 'text');
  return api.get_message(p_ticket_id, p_id);
end
$$;
comment on function api.redact_message(bigint, bigint, jsonb) is
  'Takes words ({"text": …}) or everything ({"all": true}) out of a message for good, and out of its history; the audit keeps that it was done. For admins and agents with may_redact. TK403, TK404, TK422. Example: select api.redact_message(7, 12, ''{"text": "4711"}'')';
