-- Search. A question is read natively (autocrm.search_plan); what matches is found by the owner with the caller's
-- limits as part of the index look-up; rows, messages and highlights are then read with the caller's own rights.

-- One word or phrase in one language; empty for a stop word.
create function api._search_word(p_config regconfig, p_text text, p_phrase boolean, p_prefix boolean)
  returns tsquery
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
begin
  return case
    when p_phrase then phraseto_tsquery(p_config, p_text)
    -- The part of a word has no ending to be taken off.
    when p_prefix then (select coalesce(to_tsquery('pg_catalog.simple', string_agg(quote_literal(replace(l, '\', '\\')) || ':*', ' & ')), '')
                          from unnest(tsvector_to_array(to_tsvector('pg_catalog.simple', p_text))) l)
    else plainto_tsquery(p_config, p_text) end;
end
$$;

-- The question as the index understands it, for documents in any of these languages; NULL without words. Each
-- language has its own endings and stop words, so each reads the whole question, and one of them must agree.
-- What is taken away is taken away in all of them.
create function api._search_question(p_words jsonb, p_configs regconfig[], p_notes boolean, p_people boolean)
  returns tsquery
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_word record;
  v_spelling text;
  v_config regconfig;
  v_one tsquery;
  v_base tsquery;
  v_all tsquery;
  v_any tsquery;
  v_not tsquery;
  v_seen text[] := '{}';
begin
  foreach v_config in array p_configs
  loop
    v_all := null;
    for v_word in select * from jsonb_to_recordset(p_words) w (text text, spellings text[], phrase boolean, prefix boolean, negated boolean)
    loop
      v_base := '';
      foreach v_spelling in array coalesce(v_word.spellings, array[v_word.text])
      loop
        v_one := api._search_word(v_config, v_spelling, v_word.phrase, v_word.prefix);
        continue when numnode(v_one) = 0;
        v_base := v_base || v_one;
        if p_notes then
          v_base := v_base || app._search_mark(v_one::text, 'n')::tsquery;
        end if;
        if p_people then
          v_base := v_base
            || app._search_mark(api._search_word('pg_catalog.simple', v_spelling, v_word.phrase, v_word.prefix)::text, 'p')::tsquery;
        end if;
      end loop;
      if numnode(v_base) = 0 then
        continue;
      elsif v_word.negated then
        if not v_base::text = any (v_seen) then
          v_seen := v_seen || v_base::text;
          v_not := coalesce(v_not || v_base, v_base);
        end if;
      else
        v_all := coalesce(v_all && v_base, v_base);
      end if;
    end loop;
    -- Many languages read most questions alike.
    if not v_all::text = any (v_seen) then
      v_seen := v_seen || v_all::text;
      v_any := coalesce(v_any || v_all, v_all);
    end if;
  end loop;
  return coalesce(v_any && !! v_not, v_any, !! v_not);
end
$$;

-- The languages of the desk's tickets, each found by one step through the index.
create function api._search_configs()
  returns regconfig[]
  language sql stable
  set search_path = ''
as $$
  with recursive l (language) as (
    (select t.language from app.tickets t where t.language is not null order by t.language limit 1)
    union all
    select (select t.language from app.tickets t where t.language > l.language order by t.language limit 1)
      from l where l.language is not null
  )
  select array_agg(distinct c) from (
    select 'pg_catalog.simple'::regconfig
    union all (select app._search_config(language) from l where language is not null limit 50)) x (c)
$$;

-- A setting is known once its library is loaded.
do $$ begin perform trgm.show_limit(); end $$;

-- What was probably meant by a word that finds nothing: words of subjects that the caller may find and, for who
-- reads people, of names; the fewest letters away first. Most slips are found among the much alike, of whom there are
-- few to compare with; else the less alike are asked too.
create function api._search_spellings(p_word text, p_readers bigint[], p_people boolean)
  returns text[]
  language plpgsql stable
  set search_path = ''
  set pg_trgm.word_similarity_threshold = 0.3
as $$
declare
  v_most integer := case when length(p_word) < 6 then 1 else 2 end;
  v_alike text;
  v_words text[];
  v_away integer;
begin
  foreach v_alike in array array['0.6', '0.3']
  loop
    perform set_config('pg_trgm.word_similarity_threshold', v_alike, true);
    with subjects as (
      select d.subject from app.search_documents d
       where (p_readers is null or d.readers && p_readers) and d.subject operator(trgm.%>) p_word
       limit 100
    ), words as (
      select distinct lower(w) as word from subjects, regexp_split_to_table(subject, '[^[:alnum:]]+') w
      union
      select lower(w)
        from (select name, email from app.users
               where p_people and lower(name || ' ' || coalesce(email, '')) operator(trgm.%>) p_word limit 100) u,
             regexp_split_to_table(u.name || ' ' || coalesce(u.email, ''), '[^[:alnum:]]+') w
    ), near as (
      select word, autocrm.edit_distance(word, lower(p_word)) as away from words
    )
    select array_agg(word order by word), min(away) into v_words, v_away
      from (select word, away from near where away between 1 and v_most and away = (select min(away) from near where away > 0)
             order by word limit 3) x;
    exit when v_away = 1;
  end loop;
  return v_words;
end
$$;

-- {hits: [{id, rank}], next, corrections, jump, marks}. Definer: text search is not leakproof, so under row-level
-- security its index would be lost and every ticket read. Who may find a ticket is part of the same look-up, by the
-- rules of the policies on app.tickets; what others see is neither counted nor read. Tells ids only.
--
-- The newest 1,000 matches are ranked, then the 1,000 before them, so that a common word costs no more than a rare one.
-- What a rare word finds is taken from its index. One that is on every twelfth of the newest tickets fills the page
-- from nearly anywhere: tickets are tried from the newest back.
create function api._search(p_text text, p_after jsonb, p_limit integer)
  returns jsonb
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  set jit = off
  set enable_seqscan = off
  set client_min_messages = warning
as $$
declare
  v_common_share constant real := 0.08;
  v_common boolean;
  v_window constant integer := 1000;
  v_plan jsonb := autocrm.search_plan(p_text);
  v_words jsonb := v_plan -> 'words';
  v_notes boolean := autocrm.actor_has_scope('notes:read');
  v_people boolean := autocrm.actor_has_scope('users:read');
  v_key boolean := autocrm.actor_role() = 'integration';
  v_readers bigint[];
  v_configs regconfig[] := api._search_configs();
  v_question tsquery;
  v_corrections jsonb := '[]';
  v_spellings text[];
  v_word jsonb;
  v_place integer;
  v_high bigint := coalesce((p_after ->> 'high')::bigint, 9223372036854775807);
  v_low bigint := coalesce((p_after ->> 'low')::bigint, 0);
  v_found bigint;
  v_least bigint;
  v_most bigint;
  v_hits jsonb;
  v_next jsonb;
  v_filter text;
  v_matches text;
  v_source text;
  v_sql text;
begin
  if v_key and not autocrm.actor_has_scope('tickets:read') then
    return jsonb_build_object('hits', '[]'::jsonb, 'corrections', v_corrections);
  end if;
  if not autocrm.actor_sees_all() then
    v_readers := array(select 2 * x from unnest(autocrm.actor_team_ids()) x);
    if not v_key then
      v_readers := v_readers || array[0, 2 * autocrm.actor_id() + 1];
    end if;
  end if;

  -- A second time with other spellings, when the first finds nothing.
  for v_try in 1..2
  loop
    v_question := api._search_question(v_words, v_configs, v_notes, v_people);
    -- Words in which no language sees any.
    exit when v_question is null and v_words <> '[]';
    v_filter := v_plan ->> 'filter';
    v_matches := concat_ws(' and ', 'd.ticket_id < $1 and d.ticket_id >= $2',
      case when v_readers is not null then 'd.readers && $3' end,
      case when v_question is not null then 'd.document @@ $4' end);
    -- Asked only of those who see everything: what others' tickets say must not decide how long an answer takes.
    v_common := v_question is not null and v_readers is null and (
      select count(*) from (select d.document from app.search_documents d order by d.ticket_id desc limit 500) l
       where l.document @@ v_question) > v_common_share * 500;
    v_source := case
      when v_question is not null and not v_common then format(
        '(select d.ticket_id as id from app.search_documents d where %s offset 0) d
           join app.tickets t on t.id = d.id where %s', v_matches, v_filter)
      when v_filter = 'true' then format(
        '(select d.ticket_id as id from app.search_documents d where %s) d', v_matches)
      -- A fence around the document: it is looked at last, however cheap a match is thought to be.
      else format(
        'app.tickets t cross join lateral (
           select d.ticket_id as id from app.search_documents d where d.ticket_id = t.id and %s offset 0) d
         where %s', v_matches, v_filter) end;
    v_sql := format(
      'with found as materialized (
         select d.id from %s order by %s desc limit %s
       ), page as (
         select id, rank
           from (%s) r
          where $5 is null or (rank, id) < ($5, $6)
          order by rank desc, id desc
          limit %s
       )
       select (select jsonb_agg(jsonb_build_object(''id'', id, ''rank'', rank) order by rank desc, id desc) from page),
              count(*), min(id), max(id)
         from found',
      v_source, case when v_source like 'app.tickets t%' then 't.id' else 'd.id' end,
      -- Without words there is nothing to rank.
      case when v_question is not null then v_window else p_limit + 1 end,
      case when v_question is not null
           then 'select f.id, ts_rank(d.document, $4) as rank from found f join app.search_documents d on d.ticket_id = f.id'
           else 'select id, 0::real as rank from found' end,
      p_limit + 1);
    execute v_sql into v_hits, v_found, v_least, v_most
      using v_high, v_low, v_readers, v_question, (p_after ->> 'rank')::real, (p_after ->> 'id')::bigint;
    exit when v_hits is not null or p_after is not null or v_try = 2;
    for v_word, v_place in select w, n - 1 from jsonb_array_elements(v_words) with ordinality e (w, n)
    loop
      continue when (v_word ->> 'negated')::boolean or (v_word ->> 'phrase')::boolean or (v_word ->> 'prefix')::boolean
        or v_word ->> 'text' !~ '^[[:alpha:]]{4,40}$';
      v_question := api._search_question(jsonb_build_array(v_word), v_configs, v_notes, v_people);
      continue when exists (
        select from app.search_documents d where (v_readers is null or d.readers && v_readers) and d.document @@ v_question);
      v_spellings := api._search_spellings(v_word ->> 'text', v_readers, v_people);
      if v_spellings is not null then
        v_words := jsonb_set(v_words, array[v_place::text, 'spellings'], to_jsonb(v_spellings));
        v_corrections := v_corrections || jsonb_build_object('word', v_word -> 'text', 'to', v_spellings);
      end if;
    end loop;
    exit when v_corrections = '[]';
  end loop;

  if v_found = v_window and v_question is not null then
    v_low := v_least;
  end if;
  if jsonb_array_length(v_hits) > p_limit and v_question is null then
    v_next := jsonb_build_object('high', v_hits #> array[(p_limit - 1)::text, 'id'], 'low', 0);
  elsif jsonb_array_length(v_hits) > p_limit then
    v_next := jsonb_build_object('high', least(v_high, v_most + 1), 'low', v_low) || (v_hits -> (p_limit - 1));
  elsif v_low > 0 then
    v_next := jsonb_build_object('high', v_low, 'low', 0);
  end if;
  return jsonb_build_object(
    'hits', coalesce(v_hits - p_limit, '[]'),
    'next', v_next,
    'jump', case when v_hits is not null then v_plan -> 'jump' end,
    'corrections', case when v_hits is not null then v_corrections else '[]' end,
    'marks', (select string_agg(nullif(api._search_question(jsonb_build_array(w), v_configs, false, false)::text, ''), ' | ')
                from jsonb_array_elements(v_words) w where not (w ->> 'negated')::boolean));
end
$$;

-- A text with <mark> around what was found; everything else of it is escaped, so that it is safe as HTML.
create function api._search_marked(p_config regconfig, p_text text, p_marks tsquery, p_options text)
  returns text
  language sql stable
  set search_path = ''
as $$
  select replace(replace(
    replace(replace(replace(replace(replace(
      ts_headline(p_config, translate(p_text, e'\x02\x03', ''), p_marks,
                  'StartSel="' || e'\x02' || '", StopSel="' || e'\x03' || '", ' || p_options),
      '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;'),
    e'\x02', '<mark>'), e'\x03', '</mark>')
$$;

-- The worker's round; answers whether there may be more to do. Definer: documents belong to the owner alone.
create function api._run_search()
  returns boolean
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  select app.run_search(500) is not null
$$;

create function api.search_tickets(p_query jsonb)
  returns json
  language plpgsql stable
  set search_path = ''
  set jit = off
  set client_min_messages = warning
as $$
declare
  v_limit integer := api._limit(p_query, 100);
  v_problems text[] := api._unknown_keys(p_query, array['q', 'limit', 'after']);
  v_cursor jsonb;
  v_after jsonb;
  v_found jsonb;
  v_marks tsquery;
  v_hit record;
  v_item json;
  v_items json[] := '{}';
begin
  if autocrm.actor_role() = 'customer' then
    raise exception using errcode = 'TK403', message = 'Customers do not search the desk', hint = 'Ask for your own tickets.';
  end if;
  if coalesce(trim(p_query ->> 'q'), '') = '' then
    v_problems := v_problems || 'q: is required; say what to look for, such as refund status:open'::text;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This cannot be searched for', v_problems);
  end if;
  if p_query ? 'after' then
    v_cursor := api._decode_cursor(p_query ->> 'after', 'search', 'text');
    if v_cursor ->> 0 !~ '^[0-9]{1,18}/[0-9]{1,18}/([0-9.e-]{1,20})?$' then
      perform api._refuse('This page cannot be read', array['after: is not a cursor that a search gave out']);
    end if;
    v_after := jsonb_build_object('high', split_part(v_cursor ->> 0, '/', 1), 'low', split_part(v_cursor ->> 0, '/', 2),
      'rank', nullif(split_part(v_cursor ->> 0, '/', 3), ''), 'id', v_cursor ->> 1);
  end if;
  v_found := api._search(p_query ->> 'q', v_after, v_limit);
  v_marks := v_found ->> 'marks';
  -- One at a time, each by its index: planned together, the whole desk would be joined first.
  for v_hit in select * from jsonb_to_recordset(v_found -> 'hits') h (id bigint, rank real)
  loop
    select row_to_json(x)
      into v_item
      from (
        select q.*, v_hit.rank,
               json_build_object(
                 'subject', api._search_marked(app._search_config(t.language), q.subject, v_marks, 'HighlightAll=true'),
                 'text', m.text, 'message_id', m.id, 'message_kind', m.kind) as highlights
          from api.queue q
          join app.tickets t on t.id = q.id
          left join lateral (
            select m.id, m.kind,
                   api._search_marked(app._search_config(t.language), left(m.body_text, 5000), v_marks,
                                      'MaxFragments=2, MaxWords=25, MinWords=10') as text
              from app.messages m
             where m.ticket_id = v_hit.id and to_tsvector(app._search_config(t.language), left(m.body_text, 5000)) @@ v_marks
             order by m.created_at, m.id
             limit 1
          ) m on true
         where q.id = v_hit.id
      ) x;
    if v_item is not null then
      v_items := v_items || v_item;
    end if;
  end loop;
  return json_build_object(
    'items', to_json(v_items),
    'next', case when v_found -> 'next' <> 'null' then api._encode_cursor('search',
      concat_ws('/', v_found #>> '{next,high}', v_found #>> '{next,low}', coalesce(v_found #>> '{next,rank}', '')),
      coalesce((v_found #>> '{next,id}')::bigint, 0)) end,
    'jump', v_found -> 'jump',
    'corrections', v_found -> 'corrections');
end
$$;
comment on function api.search_tickets(jsonb) is
  'A page of tickets that match q, best first: {items, next, jump, corrections}. q: words, "phrases", -without, begin*, #123, status: priority:>= team: assignee:me tag: requester: organization: type: channel: language: created> updated< solved replied is:unassigned custom.<key>:; limit 1-100, after. Highlights are escaped HTML with <mark>. TK422 with the place of each mistake. Example: select api.search_tickets(''{"q": "refund status:open -tag:vip"}'')';
