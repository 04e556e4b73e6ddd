-- Questions of the search language as queries of the index, and corrections of words that find nothing. The language is
-- parsed natively (autocrm.search_plan).

-- Words that begin with a prefix, in one language. Documents hold stems, so the prefix is looked up as typed, stemmed, and
-- as the stems whose full words would begin with it: organis for organisati*.
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

-- One word or phrase in one language; empty for a stop word. The parts of a compound (AB-12345) match in
-- their order beside the whole; pairs of letters belong to no language.
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

-- The question as a query of the index, for documents in any of these languages: the whole, and its positive part, which
-- ranks; NULL without words. Each language has its own endings and stop words, so each reads the whole
-- question, and one of them must agree. Excluded words are excluded in all of them.
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

-- The settings of pg_trgm exist once its library is loaded.
do $$ begin perform trgm.show_limit(); end $$;

-- Corrections of a word that finds nothing: words of subjects that the caller sees and, for callers who read users, of
-- names, by edit distance. Very similar words, which are few, are compared first, less similar ones only when needed.
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
      -- Compared with the ticket itself: a document may still hold a word that was redacted.
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
