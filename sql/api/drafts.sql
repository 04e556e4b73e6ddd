-- Drafts of replies and notes, one per author, ticket and kind. What one device writes over another's stands beside it.

create view api.drafts with (security_invoker = true) as
select d.id, d.version, d.ticket_id, d.kind, d.body_text, d.body_html, d.attachment_ids, d.created_at, d.updated_at,
       coalesce((
         select json_agg(json_build_object(
                  'id', o.id, 'body_text', o.body_text, 'body_html', o.body_html, 'attachment_ids', o.attachment_ids,
                  'overtaken_at', o.created_at) order by o.id desc)
           from app.drafts o
          where o.ticket_id = d.ticket_id and o.author_id = d.author_id and o.kind = d.kind and o.overtaken), '[]') as others
  from app.drafts d
 where not d.overtaken;
comment on view api.drafts is 'The caller''s own unsent messages.';

create function api._draft(p_ticket_id bigint, p_kind text)
  returns json
  language sql stable
  set search_path = ''
as $$
  select row_to_json(d) from api.drafts d where d.ticket_id = p_ticket_id and d.kind::text = p_kind
$$;

create function api.list_drafts(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  return api._list('drafts', p_query, array['kind'], array['body_text'], array['-updated_at', 'updated_at']);
end
$$;
comment on function api.list_drafts(jsonb) is
  'A page of the caller''s own drafts, the one written last first: {items: [{id, version, ticket_id, kind, body_text, body_html, attachment_ids, created_at, updated_at, others}], next}. others: what another device has written over, [{id, body_text, body_html, attachment_ids, overtaken_at}]; an empty draft may have some. limit, after, q (part of body_text), sort (updated_at), filter kind (reply, note). TK422. Example: select api.list_drafts(''{"kind": "reply"}'')';

create function api.get_draft(p_ticket_id bigint, p_kind text)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_draft json := api._draft(p_ticket_id, p_kind);
begin
  if v_draft is null then
    perform api._need_ticket(p_ticket_id);
    raise exception using
      errcode = 'TK404', message = format('You have no draft of a %s on ticket %s', p_kind, p_ticket_id), hint = 'Write one with PUT.';
  end if;
  return v_draft;
end
$$;
comment on function api.get_draft(bigint, text) is
  'The caller''s draft of a reply or note, as list_drafts has it. TK404 without one. Example: select api.get_draft(7, ''reply'')';

create function api.save_draft(p_ticket_id bigint, p_kind text, p_body jsonb, p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['body_text', 'body_html', 'attachment_ids'])
    || api._text_problems(p_body, array['body_text', 'body_html']) || api._attachment_problems(p_body);
  v_files bigint[];
  v_before app.drafts;
begin
  perform api._need_ticket(p_ticket_id);
  if not coalesce(autocrm.actor_role() in ('admin', 'agent'), false) then
    raise exception using errcode = 'TK403', message = 'Only people keep drafts', hint = 'Send the message instead.';
  end if;
  if coalesce(p_kind not in ('reply', 'note'), true) then
    v_problems := v_problems || 'kind: must be reply or note'::text;
  end if;
  -- What is not given is empty, so nothing at all would wipe what is there.
  if not p_body ?| array['body_text', 'body_html', 'attachment_ids'] then
    v_problems := v_problems || 'body_text: is required, or body_html or attachment_ids; an empty text clears the draft'::text;
  end if;
  if v_problems = '{}' and p_body ? 'attachment_ids' then
    v_problems := api._foreign_attachments(p_body -> 'attachment_ids');
  end if;
  if v_problems <> '{}' then
    perform api._refuse('The draft cannot be kept as it is', v_problems);
  end if;
  v_files := array(select x::text::bigint from jsonb_array_elements(coalesce(p_body -> 'attachment_ids', '[]')) x);
  loop
    insert into app.drafts (ticket_id, author_id, kind, body_text, body_html, attachment_ids)
    values (p_ticket_id, autocrm.actor_id(), p_kind::app.message_kind, coalesce(p_body ->> 'body_text', ''), p_body ->> 'body_html', v_files)
    on conflict (ticket_id, author_id, kind) where not overtaken do nothing;
    if found then
      -- A late save would bring back what was sent.
      if p_version is not null then
        raise exception using
          errcode = 'TK409', message = format('This draft is gone: its %s was sent, or it was discarded', p_kind),
          hint = 'Keep a new draft by naming no version.';
      end if;
      exit;
    end if;
    select * into v_before from app.drafts where ticket_id = p_ticket_id and kind::text = p_kind and not overtaken for update;
    -- Otherwise it has been sent in between.
    exit when found;
  end loop;
  if v_before.id is not null then
    perform api._check_version(p_version, v_before.version, api._draft(p_ticket_id, p_kind));
    update app.drafts
       set body_text = coalesce(p_body ->> 'body_text', ''), body_html = p_body ->> 'body_html', attachment_ids = v_files
     where id = v_before.id;
    -- Who names no version has not seen what was there.
    if p_version is null then
      insert into app.drafts (ticket_id, author_id, kind, body_text, body_html, attachment_ids, overtaken)
      values (
        v_before.ticket_id, v_before.author_id, v_before.kind, v_before.body_text, v_before.body_html,
        -- Without files that have been attached since.
        array(select x from unnest(v_before.attachment_ids) x where app.foreign_attachments(array[x], v_before.author_id) = '{}'), true);
    end if;
  end if;
  return api._draft(p_ticket_id, p_kind);
end
$$;
comment on function api.save_draft(bigint, text, jsonb, bigint) is
  'Keeps the caller''s draft of a reply or note and answers it as get_draft does. Keys: body_text, body_html, attachment_ids (uploads that wait with it). Without p_version, words that were there and are not in it stay among others. TK403 for keys, TK404, TK409 with the current draft in DETAIL when p_version is not its version, or without one when it was sent or discarded, TK422. Example: select api.save_draft(7, ''reply'', ''{"body_text": "Dear Ada, "}'')';

-- Ends the draft; what stands beside it keeps an empty one. With p_version, one that was written since stays.
create function api._end_draft(p_ticket_id bigint, p_kind text, p_version bigint default null)
  returns void
  language plpgsql volatile
  set search_path = ''
as $$
begin
  if exists (select from app.drafts where ticket_id = p_ticket_id and author_id = autocrm.actor_id() and kind::text = p_kind and overtaken) then
    update app.drafts set body_text = '', body_html = null, attachment_ids = '{}'
     where ticket_id = p_ticket_id and author_id = autocrm.actor_id() and kind::text = p_kind and not overtaken
       and version = coalesce(p_version, version);
  else
    delete from app.drafts
     where ticket_id = p_ticket_id and author_id = autocrm.actor_id() and kind::text = p_kind and not overtaken
       and version = coalesce(p_version, version);
  end if;
end
$$;

create function api.delete_draft(p_ticket_id bigint, p_kind text, p_version bigint default null)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_draft json := api.get_draft(p_ticket_id, p_kind);
begin
  perform from app.drafts where id = (v_draft ->> 'id')::bigint for update;
  v_draft := api.get_draft(p_ticket_id, p_kind);
  perform api._check_version(p_version, (v_draft ->> 'version')::bigint, v_draft);
  perform api._end_draft(p_ticket_id, p_kind);
  return json_build_object('id', (v_draft ->> 'id')::bigint, 'deleted', true);
end
$$;
comment on function api.delete_draft(bigint, text, bigint) is
  'Discards the caller''s draft: {id, deleted}. With others beside it, it is emptied. TK404 without one, TK409 with the current draft in DETAIL when p_version is not its version. Example: select api.delete_draft(7, ''reply'')';

create function api.delete_other_draft(p_id bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_other app.drafts;
begin
  delete from app.drafts where id = p_id and overtaken returning * into v_other;
  if v_other.id is null then
    raise exception using
      errcode = 'TK404', message = format('You have no other version %s of a draft', p_id), hint = 'Look at others of the draft.';
  end if;
  -- An empty draft stood for the others alone.
  delete from app.drafts d
   where d.ticket_id = v_other.ticket_id and d.author_id = v_other.author_id and d.kind = v_other.kind
     and d.body_text = '' and d.body_html is null and d.attachment_ids = '{}'
     and not exists (
       select from app.drafts o
        where o.ticket_id = d.ticket_id and o.author_id = d.author_id and o.kind = d.kind and o.overtaken);
  return json_build_object('id', v_other.id, 'deleted', true);
end
$$;
comment on function api.delete_other_draft(bigint) is
  'Discards what another device has written over, by its id among others of a draft: {id, deleted}. TK404. Example: select api.delete_other_draft(99)';
