-- Erasure of a customer: everywhere, in steps that the worker takes, until the row of app.erasures is a certificate. The
-- person is gone from their own entry at once; then their tickets are gone through, and then every table with texts, this
-- one's successors included: the tables are those of the catalog.
--
-- What is looked for: e-mail addresses, full names (two words or more) and telephone numbers, those of before too, and the
-- words that were given, wherever they stand. What another person or something of the desk is called by as well, such as an
-- organization or a tag, is looked for in the person's tickets alone.

create trigger tg_erasures__500_audit after insert or delete or update of status on app.erasures
  for each row execute function autocrm.tg_audit();
grant select on app.erasures to autocrm_admin;
create policy admins_read_the_certificates on app.erasures
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

-- Columns with texts that are not searched, and why; no column: all of the table.
create function app.erasure_spared()
  returns table (of_table text, of_column text, reason text)
  language sql immutable
  set search_path = pg_catalog, pg_temp
as $$
  values
    ('audit_log', null::text, 'its own step, the last one'),
    ('erasures', null, 'holds nothing of the person'),
    ('erasure_work', null, 'what is looked for, until nothing is left'),
    ('archived_tickets', null, 'a step of their own, in which each comes back for a moment'),
    ('names', null, 'made from what names something, which is searched'),
    ('search_documents', null, 'made from tickets and messages'),
    ('passwords', null, 'digests'),
    ('metrics', null, 'numbers'),
    ('sla_tickets', null, 'moments'),
    ('settings', null, 'kinds of files'),
    ('worker_tasks', null, 'the fixed names of tasks'),
    ('api_keys', 'prefix', 'random'),
    ('api_keys', 'scopes', 'fixed words'),
    ('attachments', 'media_type', 'a kind of file'),
    ('events', 'name', 'fixed words'),
    ('events', 'field_key', 'the key of a field'),
    ('ticket_field_values', 'field_key', 'the key of a field'),
    ('users', 'time_zone', 'fixed words'),
    ('schedules', 'time_zone', 'fixed words'),
    ('idempotency_keys', 'key', 'what a repeat is known by; the row goes where it tells of the person'),
    ('idempotency_keys', 'operation', 'what a repeat is known by'),
    ('mail_outbox', 'dedupe_key', 'what a retry is known by'),
    ('set_aside', 'item', 'what a retry is known by'),
    ('set_aside', 'code', 'fixed words')
$$;

-- Columns by which rules, forms and people find things, and of which rows: they are never rewritten; where the words stand
-- in them, the certificate tells of it. In other rows, such as a private view, they are masked.
create function app.erasure_told()
  returns table (of_table text, of_columns text[], of_rows text)
  language sql immutable
  set search_path = pg_catalog, pg_temp
as $$
  values
    ('users', '{name,email,phone,external_id,locale}'::text[], 'true'),
    ('organizations', '{name,domains,external_id}', 'true'),
    ('object_records', '{external_key}', 'true'),
    ('tickets', '{language,required_skills,preferred_skills,external_id}', 'true'),
    ('tags', '{name,color}', 'true'), ('teams', '{name,color}', 'true'), ('skills', '{name}', 'true'),
    ('statuses', '{key,label,color}', 'true'), ('priorities', '{key,label,color}', 'true'),
    ('schedules', '{name,weekly,holidays,exceptions}', 'true'), ('ticket_forms', '{name}', 'true'),
    ('ticket_form_fields', '{visible_when}', 'true'),
    ('custom_fields', '{key,label,config,default_value,visible_when}', 'true'),
    ('object_types', '{key,name,plural_name,icon}', 'true'),
    ('object_fields', '{key,label,config,default_value,visible_when}', 'true'),
    ('routing_rules', '{conditions,actions}', 'true'), ('triggers', '{conditions,actions}', 'true'),
    ('automations', '{conditions,actions}', 'true'), ('sla_policies', '{conditions,targets}', 'true'),
    ('retention_policies', '{conditions}', 'true'),
    ('views', '{conditions,columns,sort,group_by}', $w$x.visibility <> 'private'$w$),
    ('macros', '{actions}', $w$x.scope <> 'private'$w$),
    ('field_jobs', '{value,conditions}', $w$x.status in ('queued', 'running')$w$),
    ('bulk_jobs', '{body}', $w$x.status in ('queued', 'running')$w$)
$$;

-- Columns with texts that may tell of a person, and of which rows the words are told instead of masked. All of the catalog
-- but those that are spared, and those whose values a check lists.
create function app.erasable_columns_of(p_table text)
  returns table (name text, type regtype, told text)
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select a.attname::text, a.atttypid::regtype, coalesce(t.of_rows, 'false')
    from pg_attribute a
    left join app.erasure_told() t on t.of_table = p_table and a.attname = any (t.of_columns)
   where a.attrelid = ('app.' || quote_ident(p_table))::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     and a.atttypid in ('text'::regtype, 'text[]'::regtype, 'json'::regtype, 'jsonb'::regtype)
     and not exists (select from app.erasure_spared() s where s.of_table = p_table and coalesce(s.of_column, a.attname) = a.attname)
     and not exists (
       select from pg_constraint k
        where k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum]
          and pg_get_constraintdef(k.oid) like 'CHECK ((' || quote_ident(a.attname) || ' = ANY (ARRAY[%')
   order by a.attnum
$$;

-- Tables with such columns, each with that by which it is gone through. One without a number for each row is gone through
-- at once.
create function app.erasable_tables()
  returns table (name text, by_column text)
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select c.relname::text,
         coalesce((
           select 'x.' || a.attname from pg_attribute a
            where a.attrelid = c.oid and a.atttypid = 'bigint'::regtype and a.attnum > 0
              and a.attname in ('id', 'ticket_id', 'job_id', 'macro_id', 'actor_id', 'user_id', 'form_id')
            order by array_position('{id,job_id,ticket_id,macro_id,form_id,actor_id,user_id}'::name[], a.attname) limit 1), '1::bigint')
    from pg_class c
   where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     and exists (select from app.erasable_columns_of(c.relname::text))
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
            (replace(replace(replace(replace(replace(lower(w), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;'))) x (f)
$$;

-- The words, and addresses as links have them.
create function app.as_in_links(p_words text[])
  returns text[]
  language sql immutable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(distinct f), '{}') from unnest(p_words) w cross join lateral (values (w), (replace(w, '@', '%40'))) x (f)
$$;

-- Of each form its longest part without blanks: what it stands in has that, whatever the blanks between its words are.
create function app.traces_of(p_forms text[])
  returns text[]
  language sql immutable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(distinct x.part), '{}')
    from unnest(p_forms) f
   cross join lateral (
     select p.part from regexp_split_to_table(translate(f, U&'\00A0\202F\2007\0085', '    '), '\s+') p (part) order by length(p.part) desc, p.part limit 1) x
   where x.part <> ''
$$;

-- What these people are and were called by. Before the audit of their entries is masked.
create function app.words_of_people(p_ids bigint[])
  returns table (kind text, word text)
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select x.kind, x.word
    from (select k.kind, k.word
            from app.users u
           cross join lateral (values ('name', u.name), ('email', u.email), ('phone', u.phone)) k (kind, word)
           where u.id = any (p_ids)
           union
          select c.key, v #>> '{}'
            from app.audit_log l
           cross join lateral jsonb_each(l.changes) c
           cross join lateral jsonb_array_elements(case jsonb_typeof(c.value) when 'array' then c.value else jsonb_build_array(c.value) end) v
           where l.table_name = 'users' and l.row_key = any (p_ids::text[]) and c.key in ('name', 'email', 'phone')
             and jsonb_typeof(v) = 'string') x
   where length(trim(x.word)) >= 3 and x.word <> '[redacted]' and x.word !~ '^Erased person [0-9]+$'
$$;

-- Those of the words that another person is called by too, or that are the name of something of the desk: to take them out
-- of everything would take from others what they are called by.
create function app.shared_words(p_words text[], p_ids bigint[])
  returns text[]
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(w), '{}')
    from unnest(p_words) w
   cross join lateral (select app.traces_of(array[lower(w)]) as traces) t
   where exists (
           select from app.users o
            where o.id <> all (p_ids)
              -- By their letters first, which cost little.
              and case when exists (select from unnest(t.traces) x where position(x in lower(concat_ws(' ', o.name, o.email, o.phone))) > 0)
                    then autocrm.redact_json(jsonb_build_array(o.name, o.email, o.phone), array[w]) <> jsonb_build_array(o.name, o.email, o.phone)
                    else false end)
      or lower(regexp_replace(w, '\s+', ' ', 'g')) in (
           select lower(n.name)
             from (select o.name from app.organizations o
                   union all select t.name from app.teams t
                   union all select t.name from app.tags t
                   union all select k.name from app.skills k
                   union all select c.name from app.schedules c
                   union all select f.name from app.ticket_forms f
                   union all select v.name from app.statuses s cross join lateral (values (s.key), (s.label)) v (name)
                   union all select v.name from app.priorities p cross join lateral (values (p.key), (p.label)) v (name)
                   union all select v.name from app.object_types t cross join lateral (values (t.key), (t.name), (t.plural_name)) v (name)
                   union all
                  select v.name
                    from (select c.key, c.label, c.config from app.custom_fields c
                          union all select o.key, o.label, o.config from app.object_fields o) f
                   cross join lateral (
                     select f.key as name union all select f.label
                     union all select o #>> '{}' from jsonb_path_query(f.config, 'lax $.options[*].** ? (@.type() == "string")') o) v
                   union all select unnest(enum_range(null::app.user_role))::text) n
            where n.name is not null)
$$;

-- Tickets of daily work that these people asked for, follow or are mentioned on.
create function app.tickets_of_people(p_ids bigint[])
  returns bigint[]
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select array(
    select t.id from app.tickets t where t.requester_id = any (p_ids)
     union select f.ticket_id from app.followers f where f.user_id = any (p_ids)
     union select m.ticket_id from app.mentions m where m.user_id = any (p_ids)
     order by 1)
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
  v_words text[];
  v_own text[];
  v_notes bigint[];
  v_clean boolean;
  v_before app.erasure_work;
  v_deleted bigint;
  v_table text;
  v_where text;
begin
  perform pg_advisory_xact_lock(app._archive_lock());
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
  end if;
  v_clean := not exists (
    select from app.users u where u.id = any (v_ids) and (u.email is not null or u.phone is not null or u.name <> format('Erased person %s', u.id)));
  if v_last.status = 'done' and p_words = '{}' and (v_last.texts = p_texts or p_texts = 'keep') and v_clean then
    return v_last.id;
  end if;
  perform app.await_holds();
  perform app.refuse_held(format('User %s', p_user_id), app.hold_of_people(v_ids));
  -- What it looks for is kept for as long as anything is left. Tickets may have come back from the archive since.
  if v_last.status = 'incomplete' and v_clean then
    v_own := app.shared_words(p_words, v_ids);
    update app.erasure_work w
       set words = w.words || app.as_in_links(array(select p from unnest(p_words) p where p <> all (v_own))), own_words = w.own_words || v_own, after_id = 0,
           ticket_ids = array(select distinct x from unnest(w.ticket_ids || app.tickets_of_people(w.user_ids)) x order by x)
     where w.erasure_id = v_last.id;
    update app.erasures e
       set status = 'running', texts = case when p_texts = 'redact' then 'redact' else e.texts end, problems = '{}', step = (app.erasure_steps())[1], reached_id = 0, finished_at = null
     where e.id = v_last.id;
    return v_last.id;
  elsif v_last.status = 'incomplete' then
    -- The entry has been filled in since, or another was merged into it: a new erasure, which looks for what that one did too.
    delete from app.erasure_work w where w.erasure_id = v_last.id returning * into v_before;
  end if;
  for v_user in select u.* from app.users u where u.id = any (v_ids)
  loop
    perform app.refuse_named(format('User %s', v_user.id),
      app.named_by('user', v_user.id::text, p_private => false)
      || case when v_user.email is not null then app.named_by('email', v_user.email, p_private => false) else '{}' end,
      'Change what names them first.');
  end loop;
  v_words := array(
    select distinct w.word from app.words_of_people(v_ids) w
     where case w.kind
       when 'name' then w.word ~ '\S\s+\S' and length(w.word) >= 6
       when 'phone' then length(w.word) >= 7
       else true end
     union select unnest(p_words));
  -- An address that is theirs now is nobody else's.
  v_own := app.shared_words(array(
    select w from unnest(v_words) w where not exists (select from app.users u where u.id = any (v_ids) and lower(u.email) = lower(w))), v_ids);
  v_words := app.as_in_links(array(select w from unnest(v_words) w where w <> all (v_own) union select unnest(v_before.words)));
  v_own := array(
    select w.word from app.words_of_people(v_ids) w where w.word <> all (v_words)
     union select unnest(v_own) union select unnest(v_before.own_words));
  v_notes := array(select n.id from app.customer_notes n where n.user_id = any (v_ids));

  insert into app.erasures (user_id, texts, step, requested_by)
  values (p_user_id, p_texts, (app.erasure_steps())[1], autocrm.actor_id())
  returning id into v_id;
  insert into app.erasure_work (erasure_id, user_ids, ticket_ids, words, own_words)
  values (v_id, v_ids, array(select distinct x from unnest(app.tickets_of_people(v_ids) || v_before.ticket_ids) x order by x), v_words, v_own);

  perform autocrm.erasing(true);
  for v_table, v_where in
    values ('sessions', 'user_id = any ($1)'), ('passwords', 'user_id = any ($1)'), ('drafts', 'author_id = any ($1)'),
           ('notifications', 'user_id = any ($1)'), ('notification_preferences', 'user_id = any ($1)'), ('digest_preferences', 'user_id = any ($1)'),
           ('mail_outbox', 'user_id = any ($1)'), ('idempotency_keys', 'actor_id = any ($1)'), ('followers', 'user_id = any ($1) and app.hold_of_ticket(ticket_id) is null'), ('mentions', 'user_id = any ($1)'),
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
  v_traces text[] := app.traces_of(v_forms);
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
  perform app.await_holds();
  perform app.refuse_held(format('Ticket %s', p_ticket_id), app.hold_of_ticket(p_ticket_id));
  v_files := array(
    select a.id from app.attachments a where a.ticket_id = p_ticket_id and (a.uploader_id = any (p_work.user_ids) or a.message_id = any (v_own)));
  v_fields := case when v_asked and v_whole then array(select f.key from app.custom_fields f) else '{}' end;
  perform autocrm.erasing(true);
  delete from app.search_documents d where d.ticket_id = p_ticket_id;
  -- Where a hold was on the ticket when the erasure began.
  delete from app.followers f where f.ticket_id = p_ticket_id and f.user_id = any (p_work.user_ids);
  if v_whole then
    delete from app.attachments a where a.id = any (v_files);
    perform app.count_erased(p_erasure.id, 'attachments', cardinality(v_files));
    update app.messages m set body_text = app.redacted(m.body_text), body_html = null, quote_from = null, redacted_at = autocrm.now()
     where m.id = any (v_own) and m.ticket_id = p_ticket_id
       and (m.body_text <> app.redacted(m.body_text) or m.body_html is not null or m.quote_from is not null);
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
     and exists (select from unnest(v_traces) w where position(w in lower(concat_ws(' ', d.body_text, d.body_html))) > 0);
  update app.tickets t
     set subject = autocrm.redact_words(t.subject, v_words, false), description = autocrm.redact_words(t.description, v_words, false),
         description_html = autocrm.redact_words(t.description_html, v_words, true),
         -- What is chosen is of the desk's words.
         custom = autocrm.redact_json(t.custom, v_words) || (
           select coalesce(jsonb_object_agg(c.key, c.value), '{}')
             from jsonb_each(t.custom) c join app.custom_fields f on f.key = c.key and f.type in ('dropdown', 'multiselect'))
   where t.id = p_ticket_id
     and exists (select from unnest(v_traces) w where position(w in lower(concat_ws(' ', t.subject, t.description, t.description_html, t.custom::text))) > 0);
  update app.events e set data = autocrm.redact_json(e.data, v_words)
   where e.ticket_id = p_ticket_id and exists (select from unnest(v_traces) w where position(w in lower(e.data::text)) > 0);
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
  if v_whole then
    perform app.mask_kept_answers(p_ticket_id);
  end if;
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
-- for a moment, loses what one of daily work loses in all of the steps, and goes again, with the names of today. Answers how
-- many there were.
create function app.erase_person_in_archive(p_erasure app.erasures, p_work app.erasure_work, p_upto bigint)
  returns bigint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_forms text[] := app.forms_of(p_work.words);
  v_traces text[] := app.traces_of(v_forms);
  v_found record;
  v_erasure app.erasures;
  v_work app.erasure_work;
  v_part text;
  v_changed bigint := 0;
begin
  for v_found in
    select a.id, x.is_theirs, x.is_written_on,
           -- A merged one comes with the ticket that shows it.
           coalesce((select l.other_id from app.archived_links l join app.archived_tickets o on o.id = l.other_id
                      where l.kind = 'merged' and l.ticket_id = a.id limit 1), a.id) as root_id
      from app.archived_tickets a
     cross join lateral (
       select a.requester_id = any (p_work.user_ids) or a.id = any (p_work.ticket_ids)
              or exists (select from jsonb_array_elements(coalesce(a.document -> 'followers', '[]') || coalesce(a.document -> 'mentions', '[]')) f
                          where (f ->> 'user_id')::bigint = any (p_work.user_ids)) as is_theirs,
              exists (select from jsonb_array_elements(coalesce(a.document -> 'messages', '[]')) m
                       where (m ->> 'author_id')::bigint = any (p_work.user_ids)) as is_written_on) x
     where a.id > p_work.after_id and a.id <= p_upto
       and (x.is_theirs or x.is_written_on
            -- By their letters first, as in erase_words_in().
            or case when exists (select from unnest(v_traces) w where position(w in lower(a.document::text)) > 0) then
                 autocrm.redact_json(a.document, v_forms) is distinct from a.document
                 or exists (
                   select from jsonb_array_elements(
                            coalesce(a.document -> 'messages', '[]') || coalesce(a.document -> 'drafts', '[]')
                            || jsonb_build_object('body_html', a.document #> '{ticket,description_html}')) h
                    where autocrm.redact_words(h ->> 'body_html', p_work.words, true) is distinct from h ->> 'body_html')
               end)
     order by a.id
  loop
    begin
      if not app.restore_archived_ticket(v_found.root_id, true) then
        raise exception using errcode = '40001', message = format('ticket %s has moved while a person was erased from it', v_found.root_id);
      end if;
      v_erasure := p_erasure;
      v_work := p_work;
      -- What another person is called by too stays on the tickets of others, and so do answers in which these stand.
      if not (v_found.is_theirs or v_found.is_written_on and p_erasure.texts = 'redact') then
        v_erasure.texts := 'keep';
        v_work.own_words := '{}';
      end if;
      perform app.erase_person_on(v_found.id, v_erasure, v_work);
      -- What only they had, as when the erasure began.
      perform autocrm.erasing(true);
      delete from app.mentions m where m.ticket_id = v_found.id and m.user_id = any (p_work.user_ids);
      delete from app.drafts d where d.ticket_id = v_found.id and d.author_id = any (p_work.user_ids);
      delete from app.notifications n where n.ticket_id = v_found.id and n.user_id = any (p_work.user_ids);
      delete from app.ticket_reads r where r.ticket_id = v_found.id and r.user_id = any (p_work.user_ids);
      perform autocrm.erasing(false);
      -- Its rows in the tables that are gone through for daily work. Its messages are done.
      v_work.after_id := v_found.id - 1;
      foreach v_part in array array['tickets'] || app.archived_parts()
      loop
        continue when v_part = 'messages' or not exists (select from app.erasable_columns_of(v_part));
        perform app.erase_words_in(v_erasure, v_work, v_part, case v_part when 'tickets' then 'x.id' else 'x.ticket_id' end, v_found.id);
      end loop;
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
-- noted, and the certificate says so. What others were answered is masked and not deleted: a repeat would act a second time.
-- Only where the key by itself tells of the person the row goes.
create function app.erase_words_in(p_erasure app.erasures, p_work app.erasure_work, p_table text, p_by text, p_upto bigint)
  returns bigint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_traces text[] := app.traces_of(app.forms_of(p_work.words));
  v_traced text;
  v_found text;
  v_set text;
  v_told text;
  v_goes text;
  v_ticket bigint;
  v_row record;
  v_changed bigint := 0;
  v_touched bigint;
begin
  -- By their letters first; what only contains them is left as it is.
  with columns as (
    select c.name, c.told,
           case
             when c.type in ('json'::regtype, 'jsonb'::regtype, 'text[]'::regtype) then
               format('autocrm.redact_json(to_jsonb(x.%1$I), $4) is distinct from to_jsonb(x.%1$I)', c.name)
             else format('autocrm.redact_words(x.%1$I, $4, %2$L) is distinct from x.%1$I', c.name, c.name like '%html') end as stands,
           case
             when c.name = 'custom' then format(
               '(select coalesce(jsonb_object_agg(c.key, c.value), ''{}'') from jsonb_each(x.%1$I) c
                  where autocrm.redact_json(jsonb_build_array(c.value), $4) = jsonb_build_array(c.value))', c.name)
             when c.type = 'jsonb'::regtype then format('autocrm.redact_json(x.%1$I, $4)', c.name)
             when c.type = 'json'::regtype then format('autocrm.redact_json(x.%1$I::jsonb, $4)::json', c.name)
             when c.type = 'text[]'::regtype then format(
               'case when x.%1$I is not null then array(select autocrm.redact_words(e.v, $4, false) from unnest(x.%1$I) with ordinality e (v, n) order by e.n) end', c.name)
             else format('autocrm.redact_words(x.%1$I, $4, %2$L)', c.name, c.name like '%html') end as masked
      from app.erasable_columns_of(p_table) c)
  select format('exists (select from unnest($3) w where position(w in lower(concat_ws('' '', %s))) > 0)', string_agg(format('x.%I::text', c.name), ', ')),
         coalesce(string_agg(case c.told
           when 'false' then c.stands
           when 'true' then null
           else format('not (%s) and %s', c.told, c.stands) end, ' or '), 'false'),
         string_agg(case c.told
           when 'false' then format('%I = %s', c.name, c.masked)
           when 'true' then null
           else format('%1$I = case when %2$s then x.%1$I else %3$s end', c.name, c.told, c.masked) end, ', '),
         format('concat_ws('', '', null%s)', string_agg(format(', case when (%s) and (%s) then %L end', c.told, c.stands, c.name), '') filter (where c.told <> 'false'))
    into v_traced, v_found, v_set, v_told
    from columns c;
  if p_table = 'messages' then
    -- Tickets on which they only wrote, with their files.
    if p_erasure.texts = 'redact' then
      for v_ticket in
        select distinct m.ticket_id from app.messages m
         where m.id > p_work.after_id and m.id <= p_upto and m.author_id = any (p_work.user_ids) and m.ticket_id <> all (p_work.ticket_ids)
           -- Each ticket once, with the first of their messages.
           and not exists (
             select from app.messages o where o.ticket_id = m.ticket_id and o.author_id = any (p_work.user_ids) and o.id < m.id)
      loop
        perform app.try_person_on(v_ticket, p_erasure, p_work);
      end loop;
    end if;
    -- What they wrote on tickets of others.
    v_traced := v_traced || case when p_erasure.texts = 'redact' then format(' or x.author_id = any (%L)', p_work.user_ids) else '' end;
    v_found := v_found || case when p_erasure.texts = 'redact' then format(' or x.author_id = any (%L) and x.body_text <> app.redacted(x.body_text)', p_work.user_ids) else '' end;
    v_set := case when p_erasure.texts = 'redact' then format(
      'body_text = case when x.author_id = any (%1$L) then app.redacted(x.body_text) else autocrm.redact_words(x.body_text, $4, false) end,
       body_html = case when x.author_id = any (%1$L) then null else autocrm.redact_words(x.body_html, $4, true) end,
       quote_from = case when x.author_id = any (%1$L) then null else x.quote_from end', p_work.user_ids) else v_set end || ', redacted_at = autocrm.now()';
  end if;
  v_goes := case
    when p_table in ('log_in_attempts', 'ticket_field_values') then 'true'
    when p_table = 'idempotency_keys' then 'autocrm.redact_words(x.key, $4, false) <> x.key'
    else 'false' end;
  if p_table = 'idempotency_keys' then
    v_traced := format('(%s) or %s', v_traced, v_goes);
    v_found := format('(%s) or %s', v_found, v_goes);
  end if;
  for v_row in execute format(
    'select x.tableoid as part, x.ctid as place, %2$s as at, 
            (select jsonb_object_agg(e.key, e.value) from jsonb_each(to_jsonb(x)) e where e.key in (''id'', ''ticket_id'', ''user_id'', ''organization_id'')) as keys, %4$s as goes,
            coalesce(%5$s, false) as masks, %6$s as told
       from app.%1$I x where %2$s > $1 and %2$s <= $2 and case when %3$s then %5$s or %6$s <> '''' else false end for no key update',
    p_table, p_by, v_traced, v_goes, '(' || v_found || ')', v_told)
    using p_work.after_id, p_upto, v_traces, p_work.words
  loop
    if v_row.told <> '' then
      update app.erasures e set problems = (e.problems || format('%s %s: stands in %s', p_table, v_row.at, v_row.told))[1:200] where e.id = p_erasure.id;
    end if;
    continue when not v_row.masks;
    begin
      perform app.await_holds();
      perform app.refuse_held(format('%s %s', p_table, v_row.at), app.hold_of_row(p_table, v_row.keys));
      perform autocrm.erasing(true);
      if v_row.goes then
        execute format('delete from app.%I x where x.tableoid = $1 and x.ctid = $2', p_table) using v_row.part, v_row.place;
      else
        execute format('update app.%I x set %s where x.tableoid = $1 and x.ctid = $2', p_table, v_set)
          using v_row.part, v_row.place, v_traces, p_work.words;
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
  v_traces text[];
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
      v_traces := app.traces_of(v_forms);
      perform app.await_holds();
      with found as materialized (
        select l.id, app.is_held_audit(l.table_name, l.row_key) as held
          from app.audit_log l
         where l.id > v_work.after_id and l.id <= v_upto and l.action <> 'redact'
           and case when exists (select from unnest(v_traces) w where position(w in lower(concat_ws(' ', l.changes, l.cause))) > 0)
                 then autocrm.redact_json(l.changes, v_forms) is distinct from l.changes
                      or autocrm.redact_json(l.cause, v_forms) is distinct from l.cause
                 else false end)
      select array_agg(f.id) filter (where not f.held), array_agg(format('audit_log %s: TK409', f.id)) filter (where f.held)
        into v_ids, v_held from found f;
      perform app.count_erased(v_erasure.id, 'audit_log',
        autocrm.erase_audit('erasures', v_erasure.id::text, coalesce(v_ids, '{}'), null, v_forms));
      update app.erasures e set problems = (e.problems || v_held)[1:200] where e.id = v_erasure.id and v_held is not null;
    else
      select t.by_column into v_by from app.erasable_tables() t where t.name = v_erasure.step;
      if v_by is not null then
        execute format('select max(y.at) from (select %1$s as at from app.%2$I x where %1$s > $1 order by %1$s limit 200) y', v_by, v_erasure.step)
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
