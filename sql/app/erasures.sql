-- Erasure of a customer: everywhere, in steps that the worker takes, until the row of app.erasures is a certificate. The
-- person is gone from their own entry at once; then their tickets are gone through, and then every table with texts, this
-- one's successors included: the tables are those of the catalog.
--
-- What is looked for: e-mail addresses, the words that were given, and where nobody else has them the full name (two words
-- or more) and the telephone number, wherever they stand; in the person's tickets also a name or number that others share.

create trigger tg_erasures__500_audit after insert or delete or update of status on app.erasures
  for each row execute function autocrm.tg_audit();
grant select on app.erasures to autocrm_admin;
create policy admins_read_the_certificates on app.erasures
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

-- Tables with texts that may tell of a person, each with the column by which it is gone through.
create function app.erasable_tables()
  returns table (name text, by_column text)
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select c.relname::text,
         (select a.attname::text from pg_attribute a
           where a.attrelid = c.oid and a.atttypid = 'bigint'::regtype and a.attnum > 0
             and a.attname in ('id', 'ticket_id', 'job_id', 'macro_id', 'actor_id', 'user_id', 'form_id')
           order by array_position('{id,job_id,ticket_id,macro_id,form_id,actor_id,user_id}'::name[], a.attname) limit 1)
    from pg_class c
   where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     -- People and the archive have their own steps; configuration is the desk's, and what names a person by address refuses the erasure. The
     -- audit is masked natively.
     and c.relname not in ('statuses', 'priorities', 'teams', 'skills', 'tags', 'schedules', 'custom_fields', 'object_types', 'object_fields',
                           'ticket_forms', 'ticket_form_fields', 'api_keys', 'worker_tasks', 'routing_rules', 'triggers', 'automations',
                           'sla_policies', 'sla_clocks', 'retention_policies', 'views', 'field_jobs', 'metrics', 'users', 'passwords', 'sessions', 'audit_log', 'audit_seals', 'blobs', 'search_documents', 'search_cursor', 'schema_state',
                           'names', 'erasures', 'erasure_work', 'retention_runs', 'presence', 'sla_tickets', 'rule_cursor', 'settings', 'archived_tickets')
     and exists (
       select from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          and a.atttypid in ('text'::regtype, 'text[]'::regtype, 'json'::regtype, 'jsonb'::regtype))
$$;

create function app.erasure_steps()
  returns text[]
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select array['tickets of the person', 'archived_tickets'] || array(
    -- Events and the audit last: what the other steps write is among them.
    select t.name from app.erasable_tables() t order by t.name = 'events', t.name) || array['audit_log']
$$;

-- The words in lower case, as they stand in texts, in JSON and in HTML.
create function app.forms_of(p_words text[])
  returns text[]
  language sql immutable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(distinct f), '{}')
    from unnest(p_words) w
   cross join lateral (
     values (lower(w)), (substr(to_json(lower(w))::text, 2, length(to_json(lower(w))::text) - 2)),
            (replace(lower(w), '@', '%40')),
            (replace(replace(replace(replace(replace(lower(w), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;'))) x (f)
$$;

create function app.count_erased(p_id bigint, p_what text, p_by bigint)
  returns void
  language sql volatile
  set search_path = pg_catalog, pg_temp
as $$
  update app.erasures e
     set counts = e.counts || jsonb_build_object(p_what, coalesce((e.counts ->> p_what)::bigint, 0) + p_by)
   where e.id = p_id and p_by > 0
$$;

-- Why this person is not erased like this.
create function app.erasure_problems(p_user_id bigint, p_texts text, p_words text[])
  returns text[]
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce((
      select case
        when u.role <> 'customer' then array['id: is no customer; people of the desk are deactivated']
        when u.merged_into_id is not null then array[format('id: was merged into user %s; erase that one', u.merged_into_id)]
        when u.external_id = 'autocrm:nobody' then array['id: stands for all requesters of anonymised tickets']
        else '{}' end
        from app.users u where u.id = p_user_id), array['id: there is no such user'])
    || case when coalesce(p_texts, '') not in ('redact', 'keep') then array['texts: must be redact or keep'] else '{}' end
    || array(
      select format('words.%s: must be a text of 3 to 200 characters', w.n - 1)
        from unnest(p_words) with ordinality w (word, n)
       where length(trim(w.word)) between 3 and 200 is not true)
    || case when p_words is null or cardinality(p_words) > 20 then array['words: must have at most 20 entries'] else '{}' end
$$;
grant execute on function app.erasure_problems(bigint, text, text[]) to autocrm_admin;

-- Begins an erasure: the entries of the person, and what only they had. Answers its id; that of the last one, when nothing
-- of the person is there any more and no further words are given.
create function app.begin_erasure(p_user_id bigint, p_texts text, p_words text[])
  returns bigint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_ids bigint[];
  v_user app.users;
  v_last app.erasures;
  v_id bigint;
  v_words text[] := p_words;
  v_own text[] := '{}';
  v_tickets bigint[];
  v_notes bigint[];
  v_deleted bigint;
  v_table text;
  v_where text;
begin
  v_ids := array(
    select u.id from app.users u where u.id = p_user_id or u.merged_into_id = p_user_id order by u.id for update);
  perform api._refuse('This person cannot be erased like this', p)
     from app.erasure_problems(p_user_id, p_texts, p_words) p where p <> '{}';
  select * into v_last from app.erasures e where e.user_id = p_user_id order by e.id desc limit 1;
  if v_last.status = 'running' then
    if p_words <> '{}' or p_texts <> v_last.texts then
      perform autocrm.fail('TK409', 'This person is being erased', null, 'Send it again once that has finished.');
    end if;
    return v_last.id;
  elsif v_last.status = 'done' and p_words = '{}'
        and not exists (select from app.users u where u.id = any (v_ids) and (u.email is not null or u.name <> format('Erased person %s', u.id))) then
    return v_last.id;
  end if;
  perform app.refuse_held(format('User %s', p_user_id), app.hold_of_people(v_ids));
  -- What it looks for is kept for as long as anything is left.
  if v_last.status = 'incomplete' then
    update app.erasure_work w set words = w.words || p_words, after_id = 0 where w.erasure_id = v_last.id;
    update app.erasures e
       set status = 'running', problems = '{}', step = (app.erasure_steps())[1], reached_id = 0, finished_at = null
     where e.id = v_last.id;
    return v_last.id;
  end if;
  for v_user in select u.* from app.users u where u.id = any (v_ids)
  loop
    perform app.refuse_named(format('User %s', v_user.id),
      app.named_by('user', v_user.id::text) || case when v_user.email is not null then app.named_by('email', v_user.email) else '{}' end,
      'Change what names them first.');
    v_words := v_words || v_user.email;
    if v_user.name <> format('Erased person %s', v_user.id) then
      if v_user.name like '%_ _%' and length(v_user.name) >= 6 and not exists (
           select from app.users o where lower(o.name) = lower(v_user.name) and o.id <> all (v_ids)) then
        v_words := v_words || v_user.name;
      else
        v_own := v_own || v_user.name;
      end if;
    end if;
    if length(v_user.phone) >= 7 and not exists (select from app.users o where o.phone = v_user.phone and o.id <> all (v_ids)) then
      v_words := v_words || v_user.phone;
    else
      v_own := v_own || v_user.phone;
    end if;
  end loop;
  v_words := array(select distinct w from unnest(v_words) w where w is not null);
  -- A letter or two stand in every text.
  v_own := array(select distinct w from unnest(v_own) w where length(trim(w)) >= 3);
  v_tickets := array(
    select t.id from app.tickets t where t.requester_id = any (v_ids)
     union select f.ticket_id from app.followers f where f.user_id = any (v_ids)
     union select m.ticket_id from app.mentions m where m.user_id = any (v_ids)
     order by 1);
  v_notes := array(select n.id from app.customer_notes n where n.user_id = any (v_ids));

  insert into app.erasures (user_id, texts, step, requested_by)
  values (p_user_id, p_texts, (app.erasure_steps())[1], autocrm.actor_id())
  returning id into v_id;
  insert into app.erasure_work (erasure_id, user_ids, ticket_ids, words, own_words)
  values (v_id, v_ids, v_tickets, v_words, v_own);

  perform autocrm.erasing(true);
  for v_table, v_where in
    values ('sessions', 'user_id = any ($1)'), ('passwords', 'user_id = any ($1)'), ('drafts', 'author_id = any ($1)'),
           ('notifications', 'user_id = any ($1)'), ('notification_preferences', 'user_id = any ($1)'), ('digest_preferences', 'user_id = any ($1)'),
           ('mail_outbox', 'user_id = any ($1)'), ('followers', 'user_id = any ($1)'), ('mentions', 'user_id = any ($1)'),
           ('ticket_reads', 'user_id = any ($1)'), ('customer_notes', 'user_id = any ($1)'),
           ('attachments', 'uploader_id = any ($1) and message_id is null'),
           ('log_in_attempts', 'lower(email) = any (select lower(u.email) from app.users u where u.id = any ($1))')
  loop
    execute format('delete from app.%I where %s', v_table, v_where) using v_ids;
    get diagnostics v_deleted = row_count;
    perform app.count_erased(v_id, v_table, v_deleted);
  end loop;
  update app.users u
     set name = format('Erased person %s', u.id), email = null, phone = null, external_id = null, custom = '{}', signature = null,
         availability_reason = null, organization_id = null, locale = 'en', time_zone = 'UTC', active = false
   where u.id = any (v_ids);
  perform app.count_erased(v_id, 'users', cardinality(v_ids));
  perform app.count_erased(v_id, 'audit_log', autocrm.erase_audit('erasures', v_id::text, array(
    select l.id from app.audit_log l
     where l.table_name in ('users', 'passwords', 'sessions') and l.row_key = any (v_ids::text[])
        or l.table_name = 'customer_notes' and l.row_key = any (v_notes::text[])), null, null));
  perform autocrm.erasing(false);
  return v_id;
end
$$;

-- One ticket that the person asked for, or followed: what they wrote, their files, what others quoted of it, and their name.
create function app.erase_person_on(p_ticket_id bigint, p_erasure app.erasures, p_work app.erasure_work)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_words text[] := p_work.words || p_work.own_words;
  v_forms text[] := app.forms_of(v_words);
  v_whole boolean := p_erasure.texts = 'redact';
  v_asked boolean;
  v_messages bigint[] := array(select m.id from app.messages m where m.ticket_id = p_ticket_id order by m.id);
  v_own bigint[] := array(select m.id from app.messages m where m.ticket_id = p_ticket_id and m.author_id = any (p_work.user_ids));
  v_files bigint[];
  v_fields text[];
  v_changed bigint;
begin
  -- The description is the first message.
  select t.requester_id = any (p_work.user_ids) or coalesce(v_messages[1] = any (v_own), false) into v_asked
    from app.tickets t where t.id = p_ticket_id for update;
  if v_asked is null then
    return;
  end if;
  perform app.refuse_held(format('Ticket %s', p_ticket_id), app.hold_of_ticket(p_ticket_id));
  v_files := array(
    select a.id from app.attachments a where a.ticket_id = p_ticket_id and (a.uploader_id = any (p_work.user_ids) or a.message_id = any (v_own)));
  v_fields := case when v_asked and v_whole then array(select f.key from app.custom_fields f) else '{}' end;
  perform autocrm.erasing(true);
  delete from app.search_documents d where d.ticket_id = p_ticket_id;
  if v_whole then
    delete from app.attachments a where a.id = any (v_files);
    perform app.count_erased(p_erasure.id, 'attachments', cardinality(v_files));
    update app.messages m set body_text = app.redacted(m.body_text), body_html = null, quote_from = null, redacted_at = autocrm.now()
     where m.id = any (v_own) and m.ticket_id = p_ticket_id;
    -- What others quote is what the person wrote.
    update app.messages m
       set body_text = left(m.body_text, m.quote_from) || app.redacted(substr(m.body_text, m.quote_from + 1)), body_html = null, quote_from = null,
           redacted_at = autocrm.now()
     where m.ticket_id = p_ticket_id and m.quote_from is not null and m.id <> all (v_own) and m.id > (select min(o) from unnest(v_own) o);
    if v_asked then
      delete from app.ticket_field_values v
       where v.ticket_id = p_ticket_id and app.plain_values(jsonb_build_object(v.field_key, v.value)) = '{}';
      update app.tickets t
         set subject = app.redacted(t.subject), description = app.redacted(t.description), description_html = null,
             custom = app.plain_values(t.custom), external_id = null
       where t.id = p_ticket_id;
      update app.rule_firings f set explanation = jsonb_build_object('redacted', true) where f.ticket_id = p_ticket_id;
      perform app.erase_events(p_ticket_id, array['subject', 'custom', 'external_id'], p_work.user_ids);
    end if;
  end if;
  update app.messages m
     set body_text = autocrm.redact_words(m.body_text, v_words, false), body_html = autocrm.redact_words(m.body_html, v_words, true),
         redacted_at = autocrm.now()
   where m.ticket_id = p_ticket_id
     and (autocrm.redact_words(m.body_text, v_words, false) is distinct from m.body_text
          or autocrm.redact_words(m.body_html, v_words, true) is distinct from m.body_html);
  update app.drafts d
     set body_text = autocrm.redact_words(d.body_text, v_words, false), body_html = autocrm.redact_words(d.body_html, v_words, true)
   where d.ticket_id = p_ticket_id
     and exists (select from unnest(v_forms) w where position(w in lower(concat_ws(' ', d.body_text, d.body_html))) > 0);
  update app.tickets t
     set subject = autocrm.redact_words(t.subject, v_words, false), description = autocrm.redact_words(t.description, v_words, false),
         description_html = autocrm.redact_words(t.description_html, v_words, true), custom = autocrm.redact_json(t.custom, v_words)
   where t.id = p_ticket_id
     and exists (select from unnest(v_forms) w where position(w in lower(concat_ws(' ', t.subject, t.description, t.description_html, t.custom::text))) > 0);
  update app.events e set data = autocrm.redact_json(e.data, v_words)
   where e.ticket_id = p_ticket_id and exists (select from unnest(v_forms) w where position(w in lower(e.data::text)) > 0);
  v_changed := autocrm.erase_audit('erasures', p_erasure.id::text,
    app.audit_of_ticket(p_ticket_id, v_messages, array(select a.id from app.attachments a where a.ticket_id = p_ticket_id) || v_files, v_fields),
    null, v_forms);
  if v_whole then
    v_changed := v_changed + autocrm.erase_audit('erasures', p_erasure.id::text,
      app.audit_of_ticket(case when v_asked then p_ticket_id end, v_own, v_files, v_fields),
      array['subject', 'description', 'description_html', 'custom', 'external_id', 'body_text', 'body_html', 'name', 'value'], null);
  end if;
  -- Earlier forms of messages, in which the words may stand across tags.
  v_changed := v_changed + autocrm.erase_audit('erasures', p_erasure.id::text,
    app.audit_of_ticket(null, array(select m.id from app.messages m where m.ticket_id = p_ticket_id and m.redacted_at = autocrm.now()), '{}', '{}'),
    array['body_text', 'body_html'], null);
  perform app.count_erased(p_erasure.id, 'tickets', 1);
  perform app.count_erased(p_erasure.id, 'messages', (
    select count(*) from app.messages m where m.ticket_id = p_ticket_id and m.redacted_at = autocrm.now()));
  perform app.count_erased(p_erasure.id, 'audit_log', v_changed);
  perform app.tell_erased('ticket.redacted', p_ticket_id, jsonb_build_object('kind', 'erasure', 'id', p_erasure.id));
  perform autocrm.erasing(false);
  perform app._search_anew(p_ticket_id);
end
$$;

-- The same; a ticket that refuses is noted, and the certificate says so.
create function app.try_person_on(p_ticket_id bigint, p_erasure app.erasures, p_work app.erasure_work)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.erase_person_on(p_ticket_id, p_erasure, p_work);
exception when others then
  if app.is_transient(sqlstate) or sqlstate = '55P03' then
    raise;
  end if;
  update app.erasures e set problems = (e.problems || format('tickets %s: %s', p_ticket_id, sqlstate))[1:200] where e.id = p_erasure.id;
end
$$;

-- Archived tickets between two ids that are the person's, on which they wrote, or in which the words stand: each comes back
-- for a moment, loses what others lose, and goes again. Answers how many there were.
create function app.erase_person_in_archive(p_erasure app.erasures, p_work app.erasure_work, p_upto bigint)
  returns bigint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_forms text[] := app.forms_of(p_work.words);
  v_own_forms text[] := app.forms_of(p_work.words || p_work.own_words);
  v_found record;
  v_work app.erasure_work;
  v_changed bigint := 0;
begin
  for v_found in
    select a.id, x.is_theirs,
           -- A merged one comes with the ticket that shows it.
           coalesce((select l.other_id from app.archived_links l join app.archived_tickets o on o.id = l.other_id
                      where l.kind = 'merged' and l.ticket_id = a.id limit 1), a.id) as root_id
      from app.archived_tickets a
     cross join lateral (
       select a.requester_id = any (p_work.user_ids)
              or exists (select from jsonb_array_elements(coalesce(a.document -> 'followers', '[]') || coalesce(a.document -> 'mentions', '[]')) f
                          where (f ->> 'user_id')::bigint = any (p_work.user_ids)) as is_theirs) x
     where a.id > p_work.after_id and a.id <= p_upto
       and (x.is_theirs
            or exists (select from jsonb_array_elements(coalesce(a.document -> 'messages', '[]')) m where (m ->> 'author_id')::bigint = any (p_work.user_ids))
            or exists (select from unnest(v_forms) w where position(w in lower(a.document::text)) > 0))
     order by a.id
  loop
    begin
      perform app.restore_archived_ticket(v_found.root_id, true);
      v_work := p_work;
      if not v_found.is_theirs then
        v_work.own_words := '{}';
      end if;
      perform app.erase_person_on(v_found.id, p_erasure, v_work);
      -- What rows of other tables say of it, which are gone through for tickets of daily work.
      perform autocrm.erasing(true);
      delete from app.ticket_field_values v
       where v.ticket_id = v_found.id and autocrm.redact_json(jsonb_build_array(v.value), v_work.words || v_work.own_words) <> jsonb_build_array(v.value);
      update app.rule_firings f
         set explanation = autocrm.redact_json(f.explanation, v_work.words || v_work.own_words), error = autocrm.redact_json(f.error, v_work.words || v_work.own_words)
       where f.ticket_id = v_found.id
         and exists (select from unnest(v_own_forms) w where position(w in lower(concat(f.explanation, f.error))) > 0);
      perform autocrm.erasing(false);
      if not app.archive_ticket(v_found.root_id, jsonb_build_object('kind', 'erasure', 'id', p_erasure.id)) then
        raise exception using errcode = '55P03', message = format('ticket %s is being written', v_found.root_id);
      end if;
      v_changed := v_changed + 1;
    exception when others then
      if app.is_transient(sqlstate) or sqlstate = '55P03' then
        raise;
      end if;
      update app.erasures e set problems = (e.problems || format('archived_tickets %s: %s', v_found.id, sqlstate))[1:200] where e.id = p_erasure.id;
    end;
  end loop;
  return v_changed;
end
$$;

-- Removes the words from the rows of a table between two positions; answers how many rows changed. A row that refuses is
-- noted, and the certificate says so. Rows of a kind that is kept for a day are deleted.
create function app.erase_words_in(p_erasure app.erasures, p_work app.erasure_work, p_table text, p_by text, p_upto bigint)
  returns bigint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_forms text[] := app.forms_of(p_work.words);
  v_found text;
  v_set text;
  v_ticket bigint;
  v_row record;
  v_changed bigint := 0;
  v_touched bigint;
begin
  -- By their letters first; what only contains them is left as it is.
  select format('exists (select from unnest($3) w where position(w in lower(concat_ws('' '', %s))) > 0) and (%s)',
                string_agg(format('x.%I::text', a.attname), ', '),
                string_agg(format(case
                  when a.atttypid = 'jsonb'::regtype then 'autocrm.redact_json(x.%1$I, $4) is distinct from x.%1$I'
                  when a.atttypid = 'json'::regtype then 'autocrm.redact_json(x.%1$I::jsonb, $4) is distinct from x.%1$I::jsonb'
                  when a.atttypid = 'text[]'::regtype then
                    'autocrm.redact_words(array_to_string(x.%1$I, E''\n''), $4, false) is distinct from array_to_string(x.%1$I, E''\n'')'
                  else 'autocrm.redact_words(x.%1$I, $4, %2$L) is distinct from x.%1$I' end, a.attname, a.attname like '%html'), ' or ')),
         string_agg(case
           when a.attname = 'custom' then format(
             '%1$I = (select coalesce(jsonb_object_agg(c.key, c.value), ''{}'') from jsonb_each(x.%1$I) c
                       where autocrm.redact_json(jsonb_build_array(c.value), $4) = jsonb_build_array(c.value))', a.attname)
           when a.atttypid = 'jsonb'::regtype then format('%1$I = autocrm.redact_json(x.%1$I, $4)', a.attname)
           when a.atttypid = 'json'::regtype then format('%1$I = autocrm.redact_json(x.%1$I::jsonb, $4)::json', a.attname)
           when a.atttypid = 'text[]'::regtype then format(
             '%1$I = case when x.%1$I is not null then array(select autocrm.redact_words(e.v, $4, false) from unnest(x.%1$I) with ordinality e (v, n) order by e.n) end', a.attname)
           else format('%1$I = autocrm.redact_words(x.%1$I, $4, %2$L)', a.attname, a.attname like '%html') end, ', ')
    into v_found, v_set
    from pg_attribute a
   where a.attrelid = ('app.' || p_table)::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     and a.atttypid in ('text'::regtype, 'text[]'::regtype, 'json'::regtype, 'jsonb'::regtype)
     -- Words of the desk.
     and not (p_table in ('events', 'rule_firings') and a.attname in ('name', 'kind', 'field_key'));
  if p_table = 'messages' then
    -- Tickets on which they only wrote, with their files.
    if p_erasure.texts = 'redact' then
      for v_ticket in
        select distinct m.ticket_id from app.messages m
         where m.id > p_work.after_id and m.id <= p_upto and m.author_id = any (p_work.user_ids) and m.ticket_id <> all (p_work.ticket_ids)
      loop
        perform app.try_person_on(v_ticket, p_erasure, p_work);
      end loop;
    end if;
    -- What they wrote on tickets of others.
    v_found := v_found || case when p_erasure.texts = 'redact' then format(' or x.author_id = any (%L) and x.body_text <> app.redacted(x.body_text)', p_work.user_ids) else '' end;
    v_set := case when p_erasure.texts = 'redact' then format(
      'body_text = case when x.author_id = any (%1$L) then app.redacted(x.body_text) else autocrm.redact_words(x.body_text, $4, false) end,
       body_html = case when x.author_id = any (%1$L) then null else autocrm.redact_words(x.body_html, $4, true) end,
       quote_from = case when x.author_id = any (%1$L) then null else x.quote_from end', p_work.user_ids) else v_set end || ', redacted_at = autocrm.now()';
  end if;
  for v_row in execute format(
    'select x.tableoid as part, x.ctid as place, x.%2$I as at, to_jsonb(x) ->> ''ticket_id'' as ticket_id
       from app.%1$I x where x.%2$I > $1 and x.%2$I <= $2 and (%3$s) for no key update', p_table, p_by, v_found)
    using p_work.after_id, p_upto, v_forms, p_work.words
  loop
    begin
      v_ticket := case p_table when 'tickets' then v_row.at else v_row.ticket_id::bigint end;
      if v_ticket is not null then
        perform app.refuse_held(format('Ticket %s', v_ticket), app.hold_of_ticket(v_ticket));
      end if;
      perform autocrm.erasing(true);
      if p_table in ('idempotency_keys', 'log_in_attempts', 'ticket_field_values', 'mail_outbox', 'set_aside') then
        execute format('delete from app.%I x where x.tableoid = $1 and x.ctid = $2', p_table) using v_row.part, v_row.place;
      else
        execute format('update app.%I x set %s where x.tableoid = $1 and x.ctid = $2', p_table, v_set)
          using v_row.part, v_row.place, v_forms, p_work.words;
      end if;
      get diagnostics v_touched = row_count;
      if v_touched <> 1 then
        raise exception using errcode = '40001', message = format('%s %s has moved while its values were erased', p_table, v_row.at);
      end if;
      if p_table = 'messages' then
        perform autocrm.erase_audit('erasures', p_erasure.id::text,
          app.audit_of_ticket(null, array[v_row.at], '{}', '{}'), array['body_text', 'body_html'], null);
      elsif p_table = 'tickets' then
        perform app._search_anew(v_row.at);
      end if;
      perform autocrm.erasing(false);
      v_changed := v_changed + 1;
    exception when others then
      if app.is_transient(sqlstate) or sqlstate = '55P03' then
        raise;
      end if;
      update app.erasures e set problems = (e.problems || format('%s %s: %s', p_table, v_row.at, sqlstate))[1:200] where e.id = p_erasure.id;
    end;
  end loop;
  return v_changed;
end
$$;

-- One batch of one erasure. Answers whether there may be more to do.
create function app.run_erasures()
  returns boolean
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_work app.erasure_work;
  v_erasure app.erasures;
  v_steps text[];
  v_by text;
  v_upto bigint;
  v_forms text[];
  v_ids bigint[];
  v_held text[];
  v_failure app.failure;
begin
  select w.* into v_work
    from app.erasure_work w
    join app.erasures e on e.id = w.erasure_id and e.status = 'running'
   where not exists (
     select from app.set_aside s where s.worker = 'erasures' and s.item = format('erasure %s', w.erasure_id) and s.retry_at > autocrm.now())
   order by w.erasure_id limit 1 for no key update of w skip locked;
  if not found then
    return false;
  end if;
  select * into v_erasure from app.erasures e where e.id = v_work.erasure_id;
  begin
    if v_erasure.step = 'tickets of the person' then
      -- One by one: its rows are locked until the batch ends.
      v_upto := (select min(i) from unnest(v_work.ticket_ids) i where i > v_work.after_id);
      if v_upto is not null then
        perform app.try_person_on(v_upto, v_erasure, v_work);
      end if;
    elsif v_erasure.step = 'archived_tickets' then
      v_upto := (select max(x.id) from (select a.id from app.archived_tickets a where a.id > v_work.after_id order by a.id limit 20) x);
      if v_upto is not null then
        perform app.count_erased(v_erasure.id, 'archived_tickets', app.erase_person_in_archive(v_erasure, v_work, v_upto));
      end if;
    elsif v_erasure.step = 'audit_log' then
      v_upto := (select max(x.id) from (select l.id from app.audit_log l where l.id > v_work.after_id order by l.id limit 2000) x);
      v_forms := app.forms_of(v_work.words);
      with found as materialized (
        select l.id, app.is_held_audit(l.table_name, l.row_key) as held
          from app.audit_log l
         where l.id > v_work.after_id and l.id <= v_upto and l.action <> 'redact'
           and exists (select from unnest(v_forms) w where position(w in lower(l.changes::text)) > 0)
           and autocrm.redact_json(l.changes, v_forms) is distinct from l.changes)
      select array_agg(f.id) filter (where not f.held), array_agg(format('audit_log %s: TK409', f.id)) filter (where f.held)
        into v_ids, v_held from found f;
      perform app.count_erased(v_erasure.id, 'audit_log',
        autocrm.erase_audit('erasures', v_erasure.id::text, coalesce(v_ids, '{}'), null, v_forms));
      update app.erasures e set problems = (e.problems || v_held)[1:200] where e.id = v_erasure.id and v_held is not null;
    else
      select t.by_column into v_by from app.erasable_tables() t where t.name = v_erasure.step;
      if v_by is not null then
        execute format('select max(x.at) from (select t.%1$I as at from app.%2$I t where t.%1$I > $1 order by t.%1$I limit 200) x', v_by, v_erasure.step)
          into v_upto using v_work.after_id;
        if v_upto is not null then
          perform app.count_erased(v_erasure.id, v_erasure.step, app.erase_words_in(v_erasure, v_work, v_erasure.step, v_by, v_upto));
        end if;
      end if;
    end if;
  exception when others then
    get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
      v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
    perform app.note_failure('erasures', format('erasure %s', v_erasure.id), null, '{}', v_failure);
    return true;
  end;
  delete from app.set_aside s where s.worker = 'erasures' and s.item = format('erasure %s', v_erasure.id);
  if v_upto is not null then
    update app.erasure_work w set after_id = v_upto where w.erasure_id = v_erasure.id;
    update app.erasures e set reached_id = v_upto where e.id = v_erasure.id;
    return true;
  end if;
  v_steps := app.erasure_steps();
  -- A step that an upgrade has removed begins all of them again.
  v_erasure.step := v_steps[coalesce(array_position(v_steps, v_erasure.step), 0) + 1];
  if v_erasure.step is null then
    delete from app.erasure_work w using app.erasures e where w.erasure_id = v_erasure.id and e.id = w.erasure_id and e.problems = '{}';
    update app.erasures e
       set step = null, reached_id = 0, status = case when e.problems = '{}' then 'done' else 'incomplete' end, finished_at = autocrm.now()
     where e.id = v_erasure.id;
  else
    update app.erasure_work w set after_id = 0 where w.erasure_id = v_erasure.id;
    update app.erasures e set step = v_erasure.step, reached_id = 0 where e.id = v_erasure.id;
  end if;
  return true;
end
$$;
