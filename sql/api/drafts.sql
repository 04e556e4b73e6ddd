-- Drafts of replies and notes, one per author, ticket and kind.

create view api.drafts with (security_invoker = true) as
select d.id, d.version, d.ticket_id, d.kind, d.body_text, d.body_html, d.attachment_ids, d.created_at, d.updated_at
  from app.drafts d;
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
  'A page of the caller''s own drafts, the one written last first: {items: [{id, version, ticket_id, kind, body_text, body_html, attachment_ids, created_at, updated_at}], next}. limit, after, q (part of body_text), sort (updated_at), filter kind (reply, note). TK422. Example: select api.list_drafts(''{"kind": "reply"}'')';

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
  v_version bigint;
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
  select version into v_version from app.drafts where ticket_id = p_ticket_id and kind::text = p_kind for update;
  if v_version is not null then
    perform api._check_version(p_version, v_version, api._draft(p_ticket_id, p_kind));
  elsif p_version is not null then
    -- A late save would bring back what was sent.
    raise exception using
      errcode = 'TK409', message = format('This draft is gone: its %s was sent, or it was discarded', p_kind),
      hint = 'Keep a new draft by naming no version.';
  end if;
  insert into app.drafts (ticket_id, author_id, kind, body_text, body_html, attachment_ids)
  values (
    p_ticket_id, autocrm.actor_id(), p_kind::app.message_kind, coalesce(p_body ->> 'body_text', ''), p_body ->> 'body_html',
    array(select x::text::bigint from jsonb_array_elements(coalesce(p_body -> 'attachment_ids', '[]')) x))
  on conflict (ticket_id, author_id, kind) do update
     set body_text = excluded.body_text, body_html = excluded.body_html, attachment_ids = excluded.attachment_ids;
  return api._draft(p_ticket_id, p_kind);
end
$$;
comment on function api.save_draft(bigint, text, jsonb, bigint) is
  'Keeps the caller''s draft of a reply or note and answers it as get_draft does. Keys: body_text, body_html, attachment_ids (uploads that wait with it). TK403 for keys, TK404, TK409 with the current draft in DETAIL when p_version is not its version, or without one when it was sent or discarded, TK422. Example: select api.save_draft(7, ''reply'', ''{"body_text": "Dear Ada, "}'')';

create function api.delete_draft(p_ticket_id bigint, p_kind text)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_draft json := api.get_draft(p_ticket_id, p_kind);
begin
  delete from app.drafts where ticket_id = p_ticket_id and kind::text = p_kind;
  return json_build_object('id', (v_draft ->> 'id')::bigint, 'deleted', true);
end
$$;
comment on function api.delete_draft(bigint, text) is
  'Discards the caller''s draft: {id, deleted}. TK404 without one. Example: select api.delete_draft(7, ''reply'')';
