-- Search. A question is read natively (autocrm.search_plan); what matches is found by the owner with the caller's
-- limits as part of the index look-up; rows, messages and highlights are then read with the caller's own rights.

-- What begins with a word, in one language. Documents have words without their endings, so what was typed is looked
-- for as it stands, without its ending, and as those words that with their ending would begin so: of organisati* that
-- is organis.
create function api._search_prefix(p_config regconfig, p_text text)
  returns tsquery
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
declare
  v_endings constant text[] := array[
    'e', 's', 'n', 'r', 'd', 't', 'g', 'y', 'ed', 'er', 'es', 'en', 'em', 'ng', 'ing', 'on', 'ion', 'tion', 'ation', 'ment',
    'ness', 'ung', 'ungen', 'keit', 'heit', 'lich', 'isch', 'ement', 'are', 'ere', 'ire', 'ar', 'os', 'as'];
  v_plain text[] := tsvector_to_array(to_tsvector('pg_catalog.simple', p_text));
  v_stems text[] := tsvector_to_array(to_tsvector(p_config, p_text));
  v_whole text[];
begin
  if p_config <> 'pg_catalog.simple'::regconfig and cardinality(v_plain) = 1 and length(p_text) >= 4 then
    v_whole := array(
      select l
        from unnest(tsvector_to_array(to_tsvector(p_config, (select string_agg(p_text || e, ' ') from unnest(v_endings) e)))) l
       where length(l) >= 3 and l <> v_plain[1] and l <> all (v_stems)
         and (starts_with(v_plain[1], l) or starts_with(v_stems[1], l)));
  end if;
  return coalesce((
    select string_agg(quote_literal(replace(x, '\', '\\')) || ending, ' | ')
      from (select unnest(v_plain), ':*' union select unnest(v_stems), ':*' union select unnest(v_whole), '') u (x, ending)), '')::tsquery;
end
$$;

-- One word or phrase in one language; empty for a stop word. The parts of what is written together (AB-12345) are asked
-- for in their order beside the whole; pairs of letters are of no language.
create function api._search_word(
  p_config regconfig, p_text text, p_parts text, p_pairs tsquery, p_phrase boolean, p_prefix boolean)
  returns tsquery
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
declare
  v_words text[];
  v_one tsquery := '';
begin
  if p_prefix then
    v_words := string_to_array(coalesce(p_parts, p_text), ' ');
    v_one := api._search_prefix(p_config, v_words[cardinality(v_words)]);
    if cardinality(v_words) > 1 then
      v_one := phraseto_tsquery(p_config, array_to_string(trim_array(v_words, 1), ' ')) && v_one;
    end if;
  elsif p_phrase then
    v_one := phraseto_tsquery(p_config, p_text);
  else
    v_one := plainto_tsquery(p_config, p_text);
  end if;
  if p_parts is not null then
    v_one := v_one || phraseto_tsquery(p_config, p_parts);
  end if;
  return coalesce(v_one && p_pairs, v_one);
end
$$;

-- The question as the index understands it, for documents in any of these languages: all of it, and what is wanted,
-- by which is ranked; NULL without words. Each language has its own endings and stop words, so each reads the whole
-- question, and one of them must agree. What is taken away is taken away in all of them.
create function api._search_question(
  p_words jsonb, p_configs regconfig[], p_notes boolean, p_people boolean, out question tsquery, out wanted tsquery)
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
  v_not tsquery;
  v_seen text[] := '{}';
begin
  foreach v_config in array p_configs
  loop
    v_all := null;
    for v_word in
      select * from jsonb_to_recordset(p_words)
        w (text text, parts text, pairs tsquery, spellings text[], phrase boolean, prefix boolean, negated boolean)
    loop
      v_base := '';
      foreach v_spelling in array coalesce(v_word.spellings, array[v_word.text])
      loop
        v_one := api._search_word(v_config, v_spelling, v_word.parts, v_word.pairs, v_word.phrase, v_word.prefix);
        continue when numnode(v_one) = 0;
        v_base := v_base || v_one;
        if p_notes then
          v_base := v_base || app._search_mark(v_one::text, 'n')::tsquery;
        end if;
        if p_people then
          v_base := v_base || app._search_mark(
            api._search_word('pg_catalog.simple', v_spelling, v_word.parts, v_word.pairs, v_word.phrase, v_word.prefix)::text,
            'p')::tsquery;
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
      wanted := coalesce(wanted || v_all, v_all);
    end if;
  end loop;
  question := coalesce(wanted && !! v_not, wanted, !! v_not);
end
$$;

-- A question that only subjects (weight A) and public messages (C) answer: fields, names and notes are not a customer's.
create function api._search_public(p_question tsquery)
  returns tsquery
  language sql immutable parallel safe
  set search_path = ''
as $$
  select regexp_replace(p_question::text, '''((?:[^'']|'''')*)''(?::(\*))?', '''\1'':\2AC', 'g')::tsquery
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

-- What was probably meant by a word that finds nothing: words of subjects of tickets that the caller sees and, for who
-- reads people, of names; the fewest letters away first. Most slips are found among the much alike, of whom there are
-- few to compare with; else the less alike are asked too.
create function api._search_spellings(p_word text, p_readers bigint[], p_own bigint[], p_people boolean)
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
      select d.ticket_id from app.search_documents d
       where (p_readers is null or d.readers && p_readers) and (p_own is null or d.ticket_id = any (p_own))
         and d.subject operator(trgm.%>) p_word
       limit 100
    ), words as (
      -- As the ticket says now: a document may still have a word that was taken back.
      select distinct lower(w) as word
        from subjects d join app.tickets t on t.id = d.ticket_id, regexp_split_to_table(t.subject, '[^[:alnum:]]+') w
       where app.actor_sees(t)
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
-- Staff find what their teams, they themselves or nobody has; keys what their scopes and teams allow; customers find
-- their own tickets by subject and public messages; anybody else finds nothing.
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
  v_role text := autocrm.actor_role();
  v_readers bigint[];
  v_own bigint[];
  v_wanted tsquery;
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
  if v_role in ('admin', 'agent') then
    if not autocrm.actor_sees_all() then
      v_readers := array(select 2 * x from unnest(autocrm.actor_team_ids()) x) || array[0, 2 * autocrm.actor_id() + 1];
    end if;
  elsif v_role = 'integration' and autocrm.actor_has_scope('tickets:read') then
    if not autocrm.actor_sees_all() then
      v_readers := array(select 2 * x from unnest(autocrm.actor_team_ids()) x);
    end if;
  elsif v_role = 'customer' then
    v_notes := false;
    v_people := false;
    v_own := array(
      select t.id from app.tickets t
       where t.requester_id = autocrm.actor_id() and t.deleted_at is null
       order by t.id desc
       limit 10000);
  else
    return jsonb_build_object('hits', '[]'::jsonb, 'corrections', v_corrections);
  end if;

  -- A second time with other spellings, when the first finds nothing.
  for v_try in 1..2
  loop
    select q.question, q.wanted into v_question, v_wanted from api._search_question(v_words, v_configs, v_notes, v_people) q;
    -- Words in which no language sees any find nothing, and nothing is not taken away from everything.
    exit when v_wanted is null and v_words <> '[]'
      and (v_question is null or exists (select from jsonb_array_elements(v_words) w where not (w ->> 'negated')::boolean));
    if v_role = 'customer' then
      v_question := api._search_public(v_question);
      v_wanted := api._search_public(v_wanted);
    end if;
    v_filter := v_plan ->> 'filter';
    v_matches := concat_ws(' and ', 'd.ticket_id < $1 and d.ticket_id >= $2',
      case when v_readers is not null then 'd.readers && $3' end,
      case when v_own is not null then 'd.ticket_id = any ($7)' end,
      case when v_question is not null then 'd.document @@ $4' end);
    -- Asked only of those who see everything: what others' tickets say must not decide how long an answer takes.
    v_common := v_question is not null and v_readers is null and v_own is null and (
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
       select (select jsonb_agg(jsonb_build_object(''id'', id, ''rank'', rank, ''seen'',
                        (select app.actor_sees(t) from app.tickets t where t.id = page.id)) order by rank desc, id desc) from page),
              count(*), min(id), max(id)
         from found',
      v_source, case when v_source like 'app.tickets t%' then 't.id' else 'd.id' end,
      -- Without words that are wanted there is nothing to rank.
      case when v_wanted is not null then v_window else p_limit + 1 end,
      case when v_wanted is not null
           then 'select f.id, ts_rank(d.document, $8) as rank from found f join app.search_documents d on d.ticket_id = f.id'
           else 'select id, 0::real as rank from found' end,
      p_limit + 1);
    execute v_sql into v_hits, v_found, v_least, v_most
      using v_high, v_low, v_readers, v_question, (p_after ->> 'rank')::real, (p_after ->> 'id')::bigint, v_own, v_wanted;
    exit when v_hits is not null or p_after is not null or v_try = 2;
    for v_word, v_place in select w, n - 1 from jsonb_array_elements(v_words) with ordinality e (w, n)
    loop
      continue when (v_word ->> 'negated')::boolean or (v_word ->> 'phrase')::boolean or (v_word ->> 'prefix')::boolean
        or v_word ->> 'pairs' is not null or v_word ->> 'text' !~ '^[[:alpha:]]{4,40}$';
      select q.wanted into v_wanted from api._search_question(jsonb_build_array(v_word), v_configs, v_notes, v_people) q;
      if v_role = 'customer' then
        v_wanted := api._search_public(v_wanted);
      end if;
      continue when exists (
        select from app.search_documents d
         where (v_readers is null or d.readers && v_readers) and (v_own is null or d.ticket_id = any (v_own))
           and d.document @@ v_wanted);
      v_spellings := api._search_spellings(v_word ->> 'text', v_readers, v_own, v_people);
      if v_spellings is not null then
        v_words := jsonb_set(v_words, array[v_place::text, 'spellings'], to_jsonb(v_spellings));
        v_corrections := v_corrections || jsonb_build_object('word', v_word -> 'text', 'to', v_spellings);
      end if;
    end loop;
    exit when v_corrections = '[]';
  end loop;

  if v_found = v_window and v_wanted is not null then
    v_low := v_least;
  end if;
  if jsonb_array_length(v_hits) > p_limit and v_wanted is null then
    v_next := jsonb_build_object('high', v_hits #> array[(p_limit - 1)::text, 'id'], 'low', 0);
  elsif jsonb_array_length(v_hits) > p_limit then
    v_next := jsonb_build_object('high', least(v_high, v_most + 1), 'low', v_low) || (v_hits -> (p_limit - 1));
  elsif v_low > 0 then
    v_next := jsonb_build_object('high', v_low, 'low', 0);
  end if;
  -- Not what went to others or to the trash since its document was written.
  v_hits := jsonb_path_query_array(v_hits - p_limit, '$[*] ? (@.seen == true)');
  return jsonb_build_object(
    'hits', coalesce(v_hits, '[]'),
    'next', v_next,
    'jump', case when v_hits <> '[]' then v_plan -> 'jump' end,
    'corrections', case when v_hits <> '[]' then v_corrections else '[]' end,
    'said', jsonb_path_query_array(v_words, '$[*] ? (@.negated == false).said'),
    'marks', (select string_agg(nullif((api._search_question(jsonb_build_array(w), v_configs, false, false)).wanted::text, ''), ' | ')
                from jsonb_array_elements(v_words) w where not (w ->> 'negated')::boolean));
end
$$;

-- A text with <mark> around what was found; everything else of it is escaped, so that it is safe as HTML. Where the
-- language sees no word that was found (a part of AB-12345, a word of a Japanese sentence), what was typed is marked.
create function api._search_marked(p_config regconfig, p_text text, p_marks tsquery, p_said text[], p_whole boolean)
  returns text
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_text text := normalize(translate(p_text, e'\x02\x03', ''));
  v_marked text := ts_headline(p_config, v_text, p_marks,
    'StartSel="' || e'\x02' || '", StopSel="' || e'\x03' || '", '
      || case when p_whole then 'HighlightAll=true' else 'MaxFragments=2, MaxWords=25, MinWords=10' end);
  v_said text;
  v_place integer;
begin
  if strpos(v_marked, e'\x02') = 0 then
    select min(nullif(strpos(lower(v_text), lower(w)), 0)) into v_place from unnest(p_said) w;
    if v_place is not null then
      v_said := (select string_agg(regexp_replace(w, '([^[:alnum:][:space:]])', '\\\1', 'g'), '|' order by length(w) desc) from unnest(p_said) w);
      v_marked := regexp_replace(
        case when p_whole then v_text else substr(v_text, greatest(1, v_place - 80), 240) end,
        '(' || v_said || ')', e'\x02\\1\x03', 'gi');
    end if;
  end if;
  return replace(replace(
    replace(replace(replace(replace(replace(
      v_marked, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;'),
    e'\x02', '<mark>'), e'\x03', '</mark>');
end
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
  v_said text[];
  v_hit record;
  v_item json;
  v_items json[] := '{}';
begin
  if coalesce(autocrm.actor_role() not in ('admin', 'agent', 'integration'), true) then
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
    if v_cursor ->> 0 !~ '^[0-9]{1,18}/[0-9]{1,18}/([0-9]{1,3}([.][0-9]{1,60})?(e[+-]?[0-9]{1,2})?)?$' then
      perform api._refuse('This page cannot be read', array['after: is not a cursor that a search gave out']);
    end if;
    v_after := jsonb_build_object('high', split_part(v_cursor ->> 0, '/', 1), 'low', split_part(v_cursor ->> 0, '/', 2),
      'rank', nullif(split_part(v_cursor ->> 0, '/', 3), ''), 'id', v_cursor ->> 1);
  end if;
  v_found := api._search(p_query ->> 'q', v_after, v_limit);
  v_marks := v_found ->> 'marks';
  v_said := array(select normalize(w) from jsonb_array_elements_text(v_found -> 'said') w);
  -- One at a time, each by its index: planned together, the whole desk would be joined first.
  for v_hit in select * from jsonb_to_recordset(v_found -> 'hits') h (id bigint, rank real)
  loop
    select row_to_json(x)
      into v_item
      from (
        select q.*, v_hit.rank,
               json_build_object(
                 'subject', api._search_marked(app._search_config(t.language), q.subject, v_marks, v_said, true),
                 'text', m.text, 'message_id', m.id, 'message_kind', m.kind) as highlights
          from api.queue q
          join app.tickets t on t.id = q.id
          left join lateral (
            select m.id, m.kind, api._search_marked(app._search_config(t.language), x.words, v_marks, v_said, false) as text
              from app.messages m
             cross join lateral (
               select concat_ws(e'\n', left(m.body_text, 5000), (
                        select string_agg(a.name, e'\n' order by a.id) from app.attachments a where a.message_id = m.id)) as words
             ) x
             where m.ticket_id = v_hit.id and app._search_vector(app._search_config(t.language), x.words) @@ v_marks
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
