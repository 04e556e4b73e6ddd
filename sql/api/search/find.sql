-- Finding tickets: the owner looks matches up, with the caller's limits as a part of the index look-up.

-- {hits: [{id, rank}], next, corrections, jump, marks}. Definer: text search is not leakproof, so under row-level
-- security its index would be lost and every ticket read. Who may find a ticket is part of the same look-up, by the
-- rules of the policies on app.tickets; tickets of others are neither counted nor read. Answers ids only.
--
-- Staff find the tickets of their teams, their own and those without a team; keys what their scopes and teams allow; customers find
-- their own tickets by subject and public messages; anybody else finds nothing.
--
-- The newest 1,000 matches are ranked, then the 1,000 before them, so that a common word costs no more than a rare one.
-- Matches of a rare word are read from its index. For a word that is on every twelfth of the newest tickets, tickets are
-- tried from the newest back, since a page fills quickly.
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
    -- A question without words in any language finds nothing; excluding nothing must not mean everything.
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
    -- Only for callers who see everything: others' tickets must not decide how long an answer takes.
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
