-- A person's data: all of it for the person, and its erasure with a certificate. For administrators.
create view api.erasures with (security_invoker = true) as
select e.id, e.user_id, e.texts, e.status, e.step, e.reached_id, e.counts, e.problems, e.requested_by, e.created_at, e.finished_at
  from app.erasures e;
comment on view api.erasures is 'Erasures of persons. One that is done is the certificate of it.';

select api._define_resource('erasures', 'erasure',
  p_filters => '{user_id,status}', p_search => '{step}', p_sorts => '{-id,id}',
  p_verbs => '{list,get}',
  p_query => '{"status": "running"}');

-- Definer: what is erased is nobody's to write, and the history nobody's to change.
create function api._begin_erasure(p_id bigint, p_texts text, p_words text[])
  returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform api._need_admin('erase persons');
  return app.begin_erasure(p_id, p_texts, p_words);
end
$$;

create function api.erase_person(p_id bigint, p_body jsonb default '{}')
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_body jsonb := coalesce(p_body, '{}');
  v_problems text[] := api._unknown_keys(v_body, array['texts', 'words']);
  v_words text[] := '{}';
  v_texts text;
  v_id bigint;
begin
  perform api.get_user(p_id);
  perform api._need_admin('erase persons');
  -- Who repeats it without saying so asks for what was done, not for more.
  v_texts := case when v_body ? 'texts' then v_body ->> 'texts'
    else coalesce((select e.texts from app.erasures e where e.user_id = p_id order by e.id desc limit 1), 'redact') end;
  if jsonb_typeof(v_body -> 'words') = 'array' then
    -- What is no text is told as one that does not fit.
    v_words := array(select case when jsonb_typeof(w) = 'string' then trim(w #>> '{}') end from jsonb_array_elements(v_body -> 'words') w);
  elsif v_body ? 'words' then
    v_problems := v_problems || 'words: must be a list of texts'::text;
  end if;
  v_problems := v_problems
    || app.erasure_problems(p_id, v_texts, v_words);
  if v_problems <> '{}' then
    perform api._refuse('This person cannot be erased like this', v_problems);
  end if;
  v_id := api._begin_erasure(p_id, v_texts, v_words);
  return api.get_erasure(v_id);
end
$$;
comment on function api.erase_person(bigint, jsonb) is
  'Erases a customer, at once from their own entry and then, in the background, from tickets, messages, files, search, events, mails, drafts, notes and the values of the audit log, whose seals hold: answers the erasure, which becomes the certificate, as get_erasure does. Keys: texts (redact, the default: what they wrote is removed; keep: only name and addresses are taken out), words (up to 20 further words to remove wherever they stand; what another person or something of the desk is called by, such as an organization or a tag, is removed from the person''s own tickets alone). A second call answers the first one''s certificate, unless it brings words, or texts: redact after keep. What rules and others'' names say of the person stays and is among the problems of an erasure that is incomplete: change it, and send it again. Admins only. TK403, TK404, TK409 under a legal hold or while a rule names the person, TK422. Example: select api.erase_person(99, ''{"words": ["Outdatedy"]}'')';

-- Definer: of what leaves the desk a row of the audit tells, which nobody writes.
create function api._note_export(p_id bigint, p_after bigint)
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform api._need_admin('export persons');
  insert into app.audit_log (at, actor_id, api_key_id, door, action, table_name, row_key, changes)
  values (autocrm.now(), autocrm.actor_id(), autocrm.actor_api_key_id(),
          case when autocrm.at_prompt() then 'prompt' when autocrm.actor_api_key_id() is null then 'session' else 'key' end, 'read', 'users', p_id::text, jsonb_build_object('after', jsonb_build_array(null, p_after)));
end
$$;

-- Tickets of a person, with what of them is theirs: those that they asked for, those that they follow, and those on which
-- they wrote. Of another's ticket they get what they wrote; as a follower also the replies since then, as they had them by
-- mail, and never notes or the fields of who asked. Definer: those in the trash as well, and the documents of the archive.
create function api._export_tickets(p_id bigint, p_after bigint)
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_most constant integer := 20;
  v_ids bigint[];
  v_tickets bigint[];
begin
  perform api._note_export(p_id, p_after);
  v_ids := array(select u.id from app.users u where u.id = p_id or u.merged_into_id = p_id);
  v_tickets := array(
    select x.id
      from (select t.id from app.tickets t where t.requester_id = any (v_ids) and t.id > p_after
             union
            select f.ticket_id from app.followers f where f.user_id = any (v_ids) and f.ticket_id > p_after
             union
            select m.ticket_id from app.messages m where m.author_id = any (v_ids) and m.ticket_id > p_after
             union
            (select a.id from app.archived_tickets a
              where a.id > p_after and (a.requester_id = any (v_ids) or a.people_ids && v_ids)
              order by a.id limit v_most + 1)) x
     order by x.id limit v_most + 1);
  return json_build_object(
    'tickets', (
      select coalesce(json_agg(json_build_object(
        'id', t.id, 'subject', case when w.asked or w.follows is not null then t.subject end, 'status', s.key, 'is_requester', w.asked,
        'channel', t.channel, 'custom', case when w.asked then t.custom else '{}' end,
        'restricted', (select coalesce(json_object_agg(v.field_key, v.value), '{}') from app.ticket_field_values v where v.ticket_id = t.id and w.asked),
        'created_at', t.created_at, 'solved_at', t.solved_at, 'closed_at', t.closed_at, 'deleted_at', t.deleted_at,
        'messages', (
          select coalesce(json_agg(json_build_object(
            'id', m.id, 'kind', m.kind, 'is_theirs', coalesce(m.author_id = any (v_ids), false), 'body_text', m.body_text, 'created_at', m.created_at,
            'attachments', (select coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'type', f.media_type, 'size', f.size) order by f.id), '[]')
                              from app.attachments f where f.message_id = m.id)) order by m.created_at, m.id), '[]')
            from app.messages m
           where m.ticket_id = t.id and m.kind <> 'system'
             and (w.asked or m.author_id = any (v_ids)
                  -- The first message is what the other one asked for.
                  or m.kind = 'reply' and m.created_at >= w.follows
                     and m.id <> (select o.id from app.messages o where o.ticket_id = t.id order by o.created_at, o.id limit 1)))) order by t.id), '[]')
        from app.tickets t
        join app.statuses s on s.id = t.status_id
       cross join lateral (
         select coalesce(t.requester_id = any (v_ids), false) as asked,
                (select min(f.created_at) from app.followers f where f.ticket_id = t.id and f.user_id = any (v_ids)) as follows) w
       where t.id = any (v_tickets[1:v_most])),
    'archived', (
      select coalesce(json_agg(json_build_object(
        'id', a.id, 'subject', case when w.asked or w.follows is not null then a.subject end,
        'status', coalesce((select s.key from app.statuses s where s.id = a.status_id), a.document #>> '{names,status,key}'), 'is_requester', w.asked,
        'channel', t.channel, 'custom', case when w.asked then t.custom else '{}' end,
        'restricted', (select coalesce(json_object_agg(v ->> 'field_key', v -> 'value'), '{}')
                         from jsonb_array_elements(a.document -> 'ticket_field_values') v where w.asked),
        'created_at', t.created_at, 'solved_at', t.solved_at, 'closed_at', t.closed_at, 'deleted_at', t.deleted_at,
        'messages', (
          select coalesce(json_agg(json_build_object(
            'id', m.id, 'kind', m.kind, 'is_theirs', coalesce(m.author_id = any (v_ids), false), 'body_text', m.body_text, 'created_at', m.created_at,
            'attachments', (select coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'type', f.media_type, 'size', f.size) order by f.id), '[]')
                              from jsonb_populate_recordset(null::app.attachments, a.document -> 'attachments') f where f.message_id = m.id)) order by m.created_at, m.id), '[]')
            from (select x.*, row_number() over (order by x.created_at, x.id) = 1 as opens
                    from jsonb_populate_recordset(null::app.messages, a.document -> 'messages') x) m
           where m.kind <> 'system'
             and (w.asked or m.author_id = any (v_ids) or m.kind = 'reply' and m.created_at >= w.follows and not m.opens))) order by a.id), '[]')
        from app.archived_tickets a
       cross join lateral jsonb_populate_record(null::app.tickets, a.document -> 'ticket') t
       cross join lateral (
         select coalesce(a.requester_id = any (v_ids), false) as asked,
                (select min(f.created_at) from jsonb_populate_recordset(null::app.followers, a.document -> 'followers') f where f.user_id = any (v_ids)) as follows) w
       where a.id = any (v_tickets[1:v_most])),
    'next', case when cardinality(v_tickets) > v_most then v_tickets[v_most] end);
end
$$;

create function api.export_person(p_id bigint, p_body jsonb default '{}')
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_body jsonb := coalesce(p_body, '{}');
  v_problems text[] := api._unknown_keys(v_body, array['after']);
  v_after bigint := 0;
  v_ids bigint[];
  v_page json;
begin
  perform api.get_user(p_id);
  perform api._need_admin('export persons');
  if v_body ? 'after' and not (jsonb_typeof(v_body -> 'after') = 'number' and v_body ->> 'after' ~ '^[0-9]{1,18}$') then
    v_problems := v_problems || 'after: must be the number that the page before answered as next'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This person cannot be exported like this', v_problems);
  end if;
  v_after := coalesce((v_body ->> 'after')::bigint, 0);
  v_ids := array(select u.id from app.users u where u.id = p_id or u.merged_into_id = p_id);
  v_page := api._export_tickets(p_id, v_after);
  return json_build_object(
    'person', case when v_after = 0 then json_build_object(
      'entries', (select json_agg(to_json(u) order by u.id) from api.users u where u.id = any (v_ids)),
      'notes', (select coalesce(json_agg(json_build_object('id', n.id, 'body_text', n.body_text, 'created_at', n.created_at) order by n.id), '[]')
                  from app.customer_notes n where n.user_id = any (v_ids)),
      -- The newest thousand.
      'history', (select coalesce(json_agg(json_build_object('at', a.at, 'action', a.action, 'changes', a.changes) order by a.id), '[]')
                    from (select l.id, l.at, l.action, l.changes from app.audit_log l
                           where l.table_name = 'users' and l.row_key = any (v_ids::text[]) and l.action <> 'read'
                           order by l.id desc limit 1000) a)) end,
    'tickets', v_page -> 'tickets',
    'archived', v_page -> 'archived',
    'next', v_page -> 'next');
end
$$;
comment on function api.export_person(bigint, jsonb) is
  'All that the desk has of a person, in pages of 20 tickets: {person: {entries, notes, history} (on the first page, then null), tickets: [{id, subject, status, is_requester, channel, custom, restricted, created_at, solved_at, closed_at, deleted_at, messages: [{id, kind, is_theirs, body_text, created_at, attachments: [{id, name, type, size}]}]}], archived (the same, of those in the archive), next}. tickets are those that they asked for, follow or wrote on, those in the trash too; send next as after. What they asked for is whole: notes and restricted fields of it are about them, read them before you pass them on. Of a ticket that they only follow there are the replies since then and what they wrote, of one on which they only wrote that alone and no subject; never notes or fields. The audit log tells who had it. Admins only. TK403, TK404, TK422. Example: select api.export_person(7, ''{"after": 0}'')';
