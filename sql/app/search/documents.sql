-- What search looks through: one document a ticket, with subject (weight A), requester and custom fields (B),
-- public messages (C) and notes (D). The worker keeps it from the feed of events, a moment after each commit, so
-- that whoever writes need not wait for it; what is taken out or taken back is gone from it at once, by triggers.
-- The owner's alone.

-- The text search configuration of a ticket's language.
create function app._search_config(p_language text)
  returns regconfig
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
begin
  if p_language is null or lower(p_language) !~ '^[a-z]{2}([-_]|$)' then
    return 'pg_catalog.simple';
  end if;
  return case left(lower(p_language), 2)
    when 'ar' then 'pg_catalog.arabic' when 'hy' then 'pg_catalog.armenian' when 'eu' then 'pg_catalog.basque'
    when 'ca' then 'pg_catalog.catalan' when 'da' then 'pg_catalog.danish' when 'nl' then 'pg_catalog.dutch'
    when 'en' then 'pg_catalog.english' when 'fi' then 'pg_catalog.finnish' when 'fr' then 'pg_catalog.french'
    when 'de' then 'pg_catalog.german' when 'el' then 'pg_catalog.greek' when 'hi' then 'pg_catalog.hindi'
    when 'hu' then 'pg_catalog.hungarian' when 'id' then 'pg_catalog.indonesian' when 'ga' then 'pg_catalog.irish'
    when 'it' then 'pg_catalog.italian' when 'lt' then 'pg_catalog.lithuanian' when 'ne' then 'pg_catalog.nepali'
    when 'nb' then 'pg_catalog.norwegian' when 'nn' then 'pg_catalog.norwegian' when 'no' then 'pg_catalog.norwegian'
    when 'pt' then 'pg_catalog.portuguese' when 'ro' then 'pg_catalog.romanian' when 'ru' then 'pg_catalog.russian'
    when 'sr' then 'pg_catalog.serbian' when 'es' then 'pg_catalog.spanish' when 'sv' then 'pg_catalog.swedish'
    when 'ta' then 'pg_catalog.tamil' when 'tr' then 'pg_catalog.turkish' when 'yi' then 'pg_catalog.yiddish'
    else 'pg_catalog.simple' end;
end
$$;

-- Marks every word: 'refund':3 becomes 'n refund':3. No parser makes a word with a blank, so marked ones are
-- never met by chance. Works on documents and questions alike. A word has at most 2,046 bytes, its mark among them.
create function app._search_mark(p_text text, p_mark text)
  returns text
  language sql immutable parallel safe
  set search_path = ''
as $$
  select regexp_replace(p_text, '''((?:[^'']|'''')*)''', '''' || p_mark || ' \1''', 'g')
$$;

-- The words without those that leave no room for a mark.
create function app._search_short(p_words tsvector)
  returns tsvector
  language sql immutable parallel safe
  set search_path = ''
as $$
  select case when pg_column_size(p_words) < 2000 then p_words
              else ts_delete(p_words, array(select w.lexeme from unnest(p_words) w where octet_length(w.lexeme) > 2000)) end
$$;

-- Both together, or the first alone when they would be too much: a document holds less than 1 MB.
create function app._search_join(p_one tsvector, p_other tsvector)
  returns tsvector
  language sql immutable parallel safe
  set search_path = ''
as $$
  select case when pg_column_size(p_one) + pg_column_size(p_other) < 1000000 then p_one || p_other else p_one end
$$;

-- Words of any text: as the parser of a language reads it, the parts of what is written together, and pairs of letters
-- where no blanks part words (autocrm.search_text).
create function app._search_vector(p_config regconfig, p_text text)
  returns tsvector
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
declare
  v_read text[] := autocrm.search_text(coalesce(p_text, ''));
begin
  return case v_read[2] when '' then to_tsvector(p_config, v_read[1])
    else app._search_join(to_tsvector(p_config, v_read[1]), v_read[2]::tsvector) end;
end
$$;

-- Words of one message and of the names of its files. Beyond 50,000 characters a message repeats itself or is no text.
create function app._search_message(p_config regconfig, p_kind app.message_kind, p_text text)
  returns tsvector
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
begin
  return case p_kind
    when 'reply' then setweight(app._search_vector(p_config, left(p_text, 50000)), 'C')
    when 'note' then setweight(app._search_mark(app._search_short(app._search_vector(p_config, left(p_text, 50000)))::text, 'n')::tsvector, 'D')
    else '' end;
end
$$;

-- Subject, custom fields that all of the staff may see, and requester.
create function app._search_head(p_ticket app.tickets)
  returns tsvector
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_config regconfig := app._search_config(p_ticket.language);
  v_head tsvector := setweight(app._search_vector(v_config, p_ticket.subject), 'A');
  v_person text := (select u.name || ' ' || coalesce(u.email, '') from app.users u where u.id = p_ticket.requester_id);
begin
  if p_ticket.custom <> '{}' then
    v_head := app._search_join(v_head, setweight(app._search_vector(v_config, (
      select left(string_agg(left(v #>> '{}', 50000), e'\n'), 200000)
        from jsonb_each(p_ticket.custom) c
        join app.custom_fields f on f.key = c.key and f.visible_to @> '{agent,integration}'
       cross join jsonb_path_query(c.value, 'strict $.** ? (@.type() == "string" || @.type() == "number")') v)), 'B'));
  end if;
  -- Names have no grammar.
  return app._search_join(v_head, setweight(
    app._search_mark(app._search_short(app._search_vector('pg_catalog.simple', left(v_person, 50000)))::text, 'p')::tsvector, 'B'));
end
$$;

create function app._search_readers(p_team_id bigint, p_assignee_id bigint)
  returns bigint[]
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
begin
  return case when p_assignee_id is null then array[coalesce(p_team_id * 2, 0)]
              else array[coalesce(p_team_id * 2, 0), p_assignee_id * 2 + 1] end;
end
$$;

-- Writes the document anew from everything that the ticket says. What is in the trash is found by nobody and lends
-- no words to corrections: it has none.
create function app._search_rebuild(p_ticket app.tickets)
  returns void
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_config regconfig := app._search_config(p_ticket.language);
  v_document tsvector := app._search_head(p_ticket);
  v_message record;
begin
  if p_ticket.deleted_at is not null then
    delete from app.search_documents where ticket_id = p_ticket.id;
    return;
  end if;
  for v_message in
    select m.kind, concat_ws(e'\n', left(m.body_text, 45000), (
             select string_agg(a.name, e'\n' order by a.id) from app.attachments a where a.message_id = m.id)) as body_text
      from app.messages m
     where m.ticket_id = p_ticket.id
     order by m.created_at, m.id
  loop
    exit when length(v_document) > 20000;
    v_document := app._search_join(v_document, app._search_message(v_config, v_message.kind, v_message.body_text));
  end loop;
  insert into app.search_documents (ticket_id, readers, subject, document)
  values (p_ticket.id, app._search_readers(p_ticket.team_id, p_ticket.assignee_id), p_ticket.subject, v_document)
  on conflict (ticket_id) do update
     set readers = excluded.readers, subject = excluded.subject, document = excluded.document, outdated = false;
end
$$;

-- One round of the worker; answers how many tickets it read anew, or NULL when there was nothing to hear. A ticket
-- that cannot be read is set aside, and the others are found.
create function app.run_search(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_cursor app.search_cursor;
  v_within pg_snapshot;
  v_event bigint;
  v_xids xid8[];
  v_ids bigint[];
  v_id bigint;
  v_failure app.failure;
begin
  if not exists (
    select from app.search_cursor c where c.within is not null or app.feed_begin(c.seen, autocrm.log_snapshot()) is not null) then
    return null;
  end if;
  select * into v_cursor from app.search_cursor c for update skip locked;
  if not found then
    return null;
  end if;
  v_within := coalesce(v_cursor.within, autocrm.log_snapshot());
  v_event := coalesce(v_cursor.event_id, app.feed_begin(v_cursor.seen, v_within));
  if v_event is null then
    return null;
  end if;
  select array_agg(f.xid), coalesce(max(f.event_id), v_event) into v_xids, v_event
    from app.feed_transactions(v_cursor.seen, v_within, v_event, p_most) f;
  v_ids := array(
    select t.id from app.tickets t
     where t.id in (
       select e.ticket_id from app.events e
        where e.xid = any (v_xids)
          and (e.name in ('ticket.created', 'message.created')
               or e.data -> 'changes' ?| array['subject', 'requester_id', 'custom', 'language', 'team_id', 'assignee_id']))
     order by t.id);
  begin
    perform app._search_rebuild(t) from app.tickets t where t.id = any (v_ids);
  exception when others then
    if app.passes(sqlstate) then
      raise;
    end if;
    -- One of them fails: each by itself.
    foreach v_id in array v_ids
    loop
      begin
        perform app._search_rebuild(t) from app.tickets t where t.id = v_id;
      exception when others then
        get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
          v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
        perform app.put_aside('search', format('ticket %s', v_id), v_id, '{}', v_failure);
      end;
    end loop;
  end;
  if app.feed_goes_on(v_cursor.seen, v_within, v_event) then
    update app.search_cursor c set within = v_within, event_id = v_event;
  else
    update app.search_cursor c set seen = v_within, within = null, event_id = null;
  end if;
  return cardinality(v_ids);
end
$$;

-- Documents that an earlier release wrote, renewed a few at a time; answers how many. One that cannot be written
-- stays as it was, and is set aside.
create function app.renew_search(p_most integer)
  returns integer
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id bigint;
  v_count integer := 0;
  v_failure app.failure;
begin
  for v_id in
    select d.ticket_id from app.search_documents d where d.outdated order by d.ticket_id desc limit p_most for update skip locked
  loop
    v_count := v_count + 1;
    begin
      perform app._search_rebuild(t) from app.tickets t where t.id = v_id;
      if not found then
        delete from app.search_documents where ticket_id = v_id;
      end if;
    exception when others then
      get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
        v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
      perform app.put_aside('search', format('ticket %s', v_id), v_id, '{}', v_failure);
      update app.search_documents set outdated = false where ticket_id = v_id;
    end;
  end loop;
  return v_count;
end
$$;

-- Definer, as those below: documents are nobody's but the owner's.
create function app.tg_tickets__search()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  delete from app.search_documents where ticket_id = old.id;
  return null;
end
$$;
create trigger tg_tickets__600_search after delete on app.tickets
  for each row execute function app.tg_tickets__search();

-- For triggers: whoever writes is not refused since a ticket cannot be read for search. Words that were taken back are
-- found no more even then.
create function app._search_anew(p_ticket_id bigint)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_failure app.failure;
begin
  perform app._search_rebuild(t) from app.tickets t where t.id = p_ticket_id;
exception when others then
  get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
    v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
  perform app.put_aside('search', format('ticket %s', p_ticket_id), p_ticket_id, '{}', v_failure);
  delete from app.search_documents where ticket_id = p_ticket_id;
end
$$;

create function app.tg_messages__search()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from app.search_documents where ticket_id = old.ticket_id) then
    perform app._search_anew(old.ticket_id);
  end if;
  return null;
end
$$;
create trigger tg_messages__600_search after update of body_text, kind or delete on app.messages
  for each row execute function app.tg_messages__search();

-- What goes to the trash is gone from search at once, and what is taken out of it is found again.
create function app.tg_tickets__search_trash()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app._search_anew(new.id);
  return null;
end
$$;
create trigger tg_tickets__610_search_trash after update on app.tickets
  for each row when ((old.deleted_at is null) <> (new.deleted_at is null)) execute function app.tg_tickets__search_trash();

-- Files that come with their message are read with it; one that comes later or is taken away is so at once.
create function app.tg_attachments__search()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from app.search_documents where ticket_id = coalesce(old.ticket_id, new.ticket_id)) then
    perform app._search_anew(x) from unnest(array[old.ticket_id, new.ticket_id]) x where x is not null group by x;
  end if;
  return null;
end
$$;
create trigger tg_attachments__600_search after delete on app.attachments
  for each row when (old.ticket_id is not null) execute function app.tg_attachments__search();
create trigger tg_attachments__610_search after update on app.attachments
  for each row when (old.message_id is distinct from new.message_id and new.message_at is distinct from autocrm.now()
                     or new.message_id is not null and old.name <> new.name)
  execute function app.tg_attachments__search();

-- Whoever is renamed is found by the new name.
create function app.tg_users__search()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  begin
    update app.search_documents d
       set document = app._search_join(app._search_head(t), ts_filter(d.document, '{c,d}'))
      from app.tickets t
     where t.requester_id = new.id and d.ticket_id = t.id;
  exception when others then
    if app.passes(sqlstate) then
      raise;
    end if;
    -- One of them fails: each by itself.
    perform app._search_anew(d.ticket_id)
       from app.search_documents d join app.tickets t on t.id = d.ticket_id where t.requester_id = new.id;
  end;
  return null;
end
$$;
create trigger tg_users__600_search after update on app.users
  for each row when ((old.name, old.email) is distinct from (new.name, new.email))
  execute function app.tg_users__search();

-- Tickets from before there was a search. Those that have a document keep it.
do $$
declare
  v_ticket app.tickets;
  v_failure app.failure;
begin
  for v_ticket in
    select t.* from app.tickets t where t.deleted_at is null and not exists (select from app.search_documents d where d.ticket_id = t.id)
  loop
    begin
      perform app._search_rebuild(v_ticket);
    exception when others then
      get stacked diagnostics v_failure.code = returned_sqlstate, v_failure.message = message_text,
        v_failure.detail = pg_exception_detail, v_failure.hint = pg_exception_hint;
      perform app.put_aside('search', format('ticket %s', v_ticket.id), v_ticket.id, '{}', v_failure);
    end;
  end loop;
end
$$;
-- The language of a ticket is asked for wherever something of it is highlighted.
grant execute on function app._search_config(text), app._search_vector(regconfig, text), app._search_join(tsvector, tsvector) to autocrm_admin, autocrm_agent, autocrm_integration;
