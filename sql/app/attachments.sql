-- Attachments are as visible as their message; an upload is its uploader's alone until it is attached. Names come from
-- browsers and mail programs, and end as file names on a disk: harmless flaws are corrected, deceptive names refused.

-- In NFC, without blanks at the ends or dots at the end (Windows drops them), and with single blanks.
create function app.clean_file_name(p_name text)
  returns text
  language sql immutable strict parallel safe
  set search_path = ''
as $$
  select rtrim(ltrim(regexp_replace(
    normalize(p_name, NFC), '[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+', ' ', 'g'), ' '), ' .')
$$;
comment on function app.clean_file_name(text) is 'A file name without what is harmless but in the way: blanks and dots at its end, blanks of other kinds.';

-- Decodes %2e and the like repeatedly; NUL, which no text can hold, becomes another control character.
create function app.decode_file_name(p_name text)
  returns text
  language plpgsql immutable strict parallel safe
  set search_path = ''
as $$
declare
  v_name text := p_name;
  v_next text;
  v_bytes bytea;
  v_part text;
begin
  for i in 1 .. 8
  loop
    exit when v_name !~ '%[0-9A-Fa-f]{2}';
    v_bytes := '';
    v_next := '';
    for v_part in select m[1] from regexp_matches(v_name, '(%[0-9A-Fa-f]{2}|[^%]+|%)', 'g') m
    loop
      v_part := replace(v_part, '%00', '%01');
      v_bytes := v_bytes || case when v_part ~ '^%..$' then decode(substr(v_part, 2), 'hex') else convert_to(v_part, 'UTF8') end;
      -- When the bytes are not UTF-8, only ASCII is decoded.
      v_next := v_next || case when v_part ~ '^%[0-7].$' then chr(get_byte(decode(substr(v_part, 2), 'hex'), 0)) else v_part end;
    end loop;
    begin
      v_next := convert_from(v_bytes, 'UTF8');
    exception when data_exception then
      null;
    end;
    exit when v_next = v_name;
    v_name := v_next;
  end loop;
  return v_name;
end
$$;

-- The problem of a clean file name; NULL without one.
create function app.file_name_problem(p_name text, p_blocked text[])
  returns text
  language plpgsql immutable
  set search_path = ''
as $$
declare
  v_blocked text[] := array(select lower(ltrim(trim(b), '.')) from unnest(p_blocked) b);
  v_form text;
  v_part text;
  v_extension text;
begin
  if p_name is null or length(p_name) not between 1 and 255 then
    return 'must have 1 to 255 characters, such as invoice.pdf';
  end if;
  -- Checked as it is, in compatibility form (NFKC), and decoded, since programs may read it in any of these ways.
  foreach v_form in array array[p_name, normalize(p_name, NFKC), app.decode_file_name(p_name), normalize(app.decode_file_name(p_name), NFKC)]
  loop
    if v_form ~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029]' then
      return 'must not hold control characters';
    elsif v_form ~ '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]' then
      return 'must not hold characters that cannot be seen or that turn the direction of writing';
    elsif v_form ~ '[/\\]' then
      return 'must not hold / or \, which part folders';
    elsif v_form ~ ':([^ 0-9]|$)' then
      return 'must not hold a colon, which names a hidden stream of a file on Windows';
    end if;
    foreach v_part in array string_to_array(v_form, ':')
    loop
      -- Joiners and tags are parts of letters and emoji; at the end of a name they hide its extension.
      v_part := rtrim(regexp_replace(v_part, '[\u200c\u200d\ufe00-\ufe0f\U000e0001-\U000e01ef]', '', 'g'), ' .');
      v_extension := lower(trim(substring(v_part from '\.([^.]*)$')));
      if v_extension = any (v_blocked) then
        return format('files that end in .%s are not taken here', v_extension);
      end if;
    end loop;
  end loop;
  return null;
end
$$;
comment on function app.file_name_problem(text, text[]) is 'Why a file of this name is not taken, or NULL; the second argument lists the extensions that are not.';

create function app.tg_attachments__name()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
declare
  v_problem text;
begin
  -- It was taken under the rules of its time.
  if autocrm.archives() then
    return new;
  end if;
  new.name := app.clean_file_name(new.name);
  v_problem := app.file_name_problem(new.name, (select s.attachment_blocked_extensions from app.settings s));
  if v_problem is not null then
    raise exception using
      errcode = 'TK422', message = 'The file cannot be taken', detail = 'name: ' || v_problem,
      hint = 'Rename the file and send it again.';
  end if;
  new.name := replace(new.name, ':', '_');
  return new;
end
$$;
create trigger tg_attachments__100_name before insert or update of name on app.attachments
  for each row execute function app.tg_attachments__name();
grant execute on function app.clean_file_name(text), app.decode_file_name(text), app.file_name_problem(text, text[])
  to autocrm_admin, autocrm_agent, autocrm_integration;

create trigger tg_attachments__500_audit after insert or update or delete on app.attachments
  for each row execute function autocrm.tg_audit();

grant select on app.attachments to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst;
-- Only the API writes content and size, since it has seen the bytes: naming a hash would give access to its content.
grant insert (uploader_id, name, media_type) on app.attachments to autocrm_admin, autocrm_agent, autocrm_integration;
grant update (ticket_id, message_id, message_at, position, inline) on app.attachments to autocrm_admin, autocrm_agent, autocrm_integration;
grant delete on app.attachments to autocrm_admin, autocrm_agent, autocrm_integration;

-- The sub-select runs under the reader's own view of app.messages: a note's files are as internal as it.
create policy readers_of_a_message_read_its_attachments on app.attachments
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst
  using (exists (select from app.messages m where m.id = message_id and m.created_at = message_at));
create policy uploaders_read_what_waits on app.attachments
  for select to autocrm_admin, autocrm_agent, autocrm_integration
  using (message_id is null and uploader_id = (select autocrm.actor_id()));
create policy staff_upload_as_themselves on app.attachments
  for insert to autocrm_admin, autocrm_agent
  with check (uploader_id = (select autocrm.actor_id()) and message_id is null);
create policy keys_upload_within_scope on app.attachments
  for insert to autocrm_integration
  with check (
    (select autocrm.actor_has_scope('tickets:write')) and uploader_id = (select autocrm.actor_id()) and message_id is null);
-- To one's own message, or to the opening message of a ticket that this transaction creates for its requester.
create policy authors_attach_what_they_uploaded on app.attachments
  for update to autocrm_admin, autocrm_agent, autocrm_integration
  using (message_id is null and sha256 is not null and uploader_id = (select autocrm.actor_id()))
  with check (
    (select autocrm.actor_has_scope('tickets:write'))
    and uploader_id = (select autocrm.actor_id())
    and exists (
      select from app.messages m
       where m.id = message_id and m.created_at = message_at and m.ticket_id = attachments.ticket_id
         and (m.author_id = (select autocrm.actor_id())
              or autocrm.has_written(m.ticket_id) and m.created_at = (select autocrm.now())))
  );
-- Problems for ids that are not waiting uploads of this person; others' uploads, unknown and attached ones look alike.
create function app.foreign_attachments(p_ids bigint[], p_uploader bigint)
  returns text[]
  language sql stable
  set search_path = ''
as $$
  select coalesce(array_agg(format('attachment_ids.%s: you have no upload %s that waits to be attached', e.n - 1, e.id) order by e.n), '{}')
    from unnest(p_ids) with ordinality e (id, n)
   where e.id is not null
     and not exists (
       select from app.attachments a
        where a.id = e.id and a.message_id is null and a.sha256 is not null and a.uploader_id = p_uploader)
$$;
grant execute on function app.foreign_attachments(bigint[], bigint) to autocrm_admin, autocrm_agent, autocrm_integration;

create policy uploaders_discard_what_waits on app.attachments
  for delete to autocrm_admin, autocrm_agent, autocrm_integration
  using (message_id is null and uploader_id = (select autocrm.actor_id()));

-- As for redacting text: admins, and agents with may_redact.
create function app.may_redact()
  returns boolean
  language sql stable
  set search_path = ''
as $$
  select autocrm.actor_api_key_id() is null and exists (
    select from app.users u
     where u.id = autocrm.actor_id() and u.active and (u.role = 'admin' or u.role = 'agent' and u.may_redact))
$$;
comment on function app.may_redact() is 'Whether the caller may redact text and remove files of messages.';
grant execute on function app.may_redact() to autocrm_admin, autocrm_agent;
create policy redactors_remove_attachments on app.attachments
  for delete to autocrm_admin, autocrm_agent
  using (
    exists (select from app.messages m where m.id = message_id and m.created_at = message_at)
    and (select app.may_redact()));
