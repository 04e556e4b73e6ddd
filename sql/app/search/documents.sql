-- The search index: one document a ticket, with subject (weight A), requester and custom fields (B), public messages (C)
-- and notes (D). Documents are readable by the owner alone.

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

-- Marks every word: 'refund':3 becomes 'n refund':3. Parsed words have no blanks, so marked ones never match by chance.
-- Works on documents and questions alike. A word has at most 2,046 bytes, including its mark.
create function app._search_mark(p_text text, p_mark text)
  returns text
  language sql immutable parallel safe
  set search_path = ''
as $$
  select regexp_replace(p_text, '''((?:[^'']|'''')*)''', '''' || p_mark || ' \1''', 'g')
$$;

-- The words without those that are too long for a mark.
create function app._search_short(p_words tsvector)
  returns tsvector
  language sql immutable parallel safe
  set search_path = ''
as $$
  select case when pg_column_size(p_words) < 2000 then p_words
              else ts_delete(p_words, array(select w.lexeme from unnest(p_words) w where octet_length(w.lexeme) > 2000)) end
$$;

-- Both together, or only the first when they would exceed the limit of 1 MB of a document.
create function app._search_join(p_one tsvector, p_other tsvector)
  returns tsvector
  language sql immutable parallel safe
  set search_path = ''
as $$
  select case when pg_column_size(p_one) + pg_column_size(p_other) < 1000000 then p_one || p_other else p_one end
$$;

-- Words of a text: as the parser of a language reads it, the parts of compounds, and pairs of letters in scripts without
-- blanks (autocrm.search_text).
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

-- Words of one message and of the names of its files. Beyond 50,000 characters a message hardly adds words.
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

-- Subject, custom fields that all staff may see, and requester.
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
  -- Names are not stemmed.
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

-- Rebuilds the document of a ticket. A ticket in the trash has none, so that it is not found and adds no corrections.
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
             select string_agg(a.name, e'\n' order by a.position, a.id) from app.attachments a where a.message_id = m.id)) as body_text
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

-- Tickets from before the index existed. Those that have a document keep it.
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
      perform app.note_failure('search', format('ticket %s', v_ticket.id), v_ticket.id, '{}', v_failure);
    end;
  end loop;
end
$$;
-- Highlighting uses these with the caller's rights.
grant execute on function app._search_config(text), app._search_vector(regconfig, text), app._search_join(tsvector, tsvector) to autocrm_admin, autocrm_agent, autocrm_integration;
