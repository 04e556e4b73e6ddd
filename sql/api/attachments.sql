-- Attachments: uploaded first, then attached to a message or a new ticket by id. The bytes travel through the API.

create view api.attachments with (security_invoker = true) as
select a.id, a.ticket_id, a.message_id, a.name, a.media_type as type, a.size, encode(a.sha256, 'hex') as sha256,
       a.inline, a.width, a.height, a.thumbnail, a.created_at
  from app.attachments a
 where a.sha256 is not null;
comment on view api.attachments is 'Files of messages, and one''s own uploads that wait to be attached.';

create function api._type_allowed(p_type text)
  returns boolean
  language sql stable
  set search_path = ''
as $$
  select coalesce((
    select s.attachment_types is null or exists (
             select from unnest(s.attachment_types) t
              where lower(t) = p_type or t like '%/*' and starts_with(p_type, lower(rtrim(t, '*'))))
      from app.settings s), false)
$$;

-- Begins an upload: everything that can be refused is, before a byte is read.
create function api.create_attachment(p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['name', 'type', 'size']);
  -- Some browsers send a path.
  v_name text := app.clean_file_name(regexp_replace(coalesce(p_body ->> 'name', ''), '^.*[/\\]', ''));
  v_type text := lower(trim(split_part(coalesce(p_body ->> 'type', ''), ';', 1)));
  v_settings app.settings;
  v_problem text;
  v_id bigint;
begin
  perform api._need_scope('tickets:write');
  select * into v_settings from app.settings;
  v_problem := app.file_name_problem(v_name, v_settings.attachment_blocked_extensions);
  if v_problem is not null then
    v_problems := v_problems || format('name: %s', v_problem);
  end if;
  if v_type !~ '^[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}$' then
    v_type := 'application/octet-stream';
  end if;
  if not api._type_allowed(v_type) then
    v_problems := v_problems || format('type: %s is not taken here; one of %s', v_type, array_to_string(v_settings.attachment_types, ', '));
  end if;
  if p_body ? 'size' and p_body ->> 'size' !~ '^[0-9]{1,18}$' then
    v_problems := v_problems || 'size: must be a number of bytes'::text;
  elsif (p_body ->> 'size')::bigint > v_settings.attachment_max_bytes then
    v_problems := v_problems || format('size: a file has at most %s bytes here', v_settings.attachment_max_bytes);
  end if;
  if v_problems <> '{}' then
    perform api._refuse('The file cannot be taken', v_problems);
  end if;
  insert into app.attachments (uploader_id, name, media_type)
  values (autocrm.actor_id(), v_name, v_type)
  returning id into v_id;
  return json_build_object('id', v_id, 'type', v_type, 'max_bytes', v_settings.attachment_max_bytes);
end
$$;
comment on function api.create_attachment(jsonb) is
  'Begins an upload: {id, type, max_bytes}; the API stores the content and finishes it. Keys: name, type (a media type), size (bytes, when known). TK403, TK422. Example: select api.create_attachment(''{"name": "invoice.pdf", "type": "application/pdf", "size": 48213}'')';

create function api.get_attachment(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select coalesce(api._archived_attachment(p_id), api._get('attachments', 'attachment', p_id))
$$;
comment on function api.get_attachment(bigint) is
  'One attachment, without its content: {id, ticket_id, message_id, name, type, size (bytes), sha256, inline, width and height (pixels), thumbnail, created_at}. TK404 when there is none that the caller can see. Example: select api.get_attachment(7)';

create function api.download_attachment(p_id bigint)
  returns json
  language sql stable
  set search_path = ''
as $$
  select coalesce(api._archived_attachment(p_id), api._get('attachments', 'attachment', p_id))
$$;
comment on function api.download_attachment(bigint) is
  'What the API needs to send an attachment''s content, as get_attachment. TK404. Example: select api.download_attachment(7)';

create function api.get_thumbnail(p_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_attachment json := coalesce(api._archived_attachment(p_id), api._get('attachments', 'attachment', p_id));
begin
  if not (v_attachment ->> 'thumbnail')::boolean then
    raise exception using
      errcode = 'TK404', message = format('Attachment %s has no thumbnail', p_id), hint = 'Images in PNG, JPEG, GIF and WebP have one.';
  end if;
  return v_attachment;
end
$$;
comment on function api.get_thumbnail(bigint) is
  'What the API needs to send an image''s thumbnail, as get_attachment. TK404 without one. Example: select api.get_thumbnail(7)';

create function api.delete_attachment(p_id bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  if not exists (select from app.attachments where id = p_id) then
    perform api._not_found('attachment', p_id);
  end if;
  delete from app.attachments where id = p_id;
  if not found then
    raise exception using
      errcode = 'TK403', message = 'You may not take files out of messages', hint = 'Ask an administrator to do it, or to let you.';
  end if;
  return json_build_object('id', p_id, 'deleted', true);
end
$$;
comment on function api.delete_attachment(bigint) is
  'Discards one''s own upload that waits, or takes a file out of a message for good (admins, and agents with may_redact): {id, deleted}. TK403, TK404. Example: select api.delete_attachment(7)';

-- Problems of the shape of attachment_ids.
create function api._attachment_problems(p_body jsonb)
  returns text[]
  language plpgsql immutable
  set search_path = ''
as $$
begin
  -- Most messages have none.
  if not p_body ? 'attachment_ids' then
    return '{}';
  elsif jsonb_typeof(p_body -> 'attachment_ids') <> 'array' or exists (
    select from jsonb_array_elements(case jsonb_typeof(p_body -> 'attachment_ids') when 'array' then p_body -> 'attachment_ids' else '[]' end) x
     where x::text !~ '^[0-9]{1,18}$'
  ) then
    return array['attachment_ids: must be a list of ids that uploads answered'];
  end if;
  return api._most_problems(p_body, 'attachment_ids', 1000);
end
$$;

-- Problems for ids in a body that are not waiting uploads of the caller.
create function api._foreign_attachments(p_ids jsonb)
  returns text[]
  language sql stable
  set search_path = ''
as $$
  select app.foreign_attachments(array(select e.x::text::bigint from jsonb_array_elements(p_ids) with ordinality e (x, n) order by e.n), autocrm.actor_id())
$$;

-- Attaches the caller's uploads to a message.
create function api._attach(p_ticket_id bigint, p_message_id bigint, p_ids jsonb)
  returns void
  language plpgsql volatile
  set search_path = ''
as $$
declare
  -- In the order in which they were named.
  v_ids bigint[] := array(
    select e.x::text::bigint from jsonb_array_elements(p_ids) with ordinality e (x, n) group by 1 order by min(e.n));
  v_problems text[] := api._foreign_attachments(p_ids);
  v_attached integer;
begin
  if v_problems = '{}' then
    update app.attachments a
       set ticket_id = m.ticket_id, message_id = m.id, message_at = m.created_at, position = array_position(v_ids, a.id),
           inline = coalesce(m.body_html like '%"/api/attachments/' || a.id || '/content"%', false)
      from app.messages m
     where a.id = any (v_ids) and a.message_id is null and m.id = p_message_id and m.ticket_id = p_ticket_id;
    get diagnostics v_attached = row_count;
    if v_attached <> cardinality(v_ids) then
      -- Another message took one of them meanwhile.
      v_problems := array['attachment_ids: one of them was attached meanwhile'];
    end if;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('The files cannot be attached', v_problems);
  end if;
end
$$;

-- Files of a new ticket go with its opening message, so there must be one.
create function api._check_opening_files(p_body jsonb)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_problems text[];
begin
  if not p_body ? 'attachment_ids' then
    return;
  end if;
  v_problems := api._attachment_problems(p_body);
  if coalesce(trim(p_body ->> 'description'), '') = '' and coalesce(trim(autocrm.html_to_text(p_body ->> 'description_html')), '') = '' then
    v_problems := v_problems || 'description: write something to go with the files'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('The ticket cannot be saved as it is', v_problems);
  end if;
end
$$;
