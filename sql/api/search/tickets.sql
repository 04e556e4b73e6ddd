-- Search results: rows, messages and highlights, read with the caller's own rights.

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
  v_problems text[] := api._query_problems(coalesce(p_query, '{}'), array['q', 'limit', 'after']);
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
                 'text', m.text, 'message_id', m.id, 'message_kind', m.kind, 'at', m.created_at,
                 'author', (select json_build_object('id', u.id, 'name', u.name, 'role', u.role) from app.users u where u.id = m.author_id),
                 'files', coalesce(to_json(m.files), '[]')) as highlights
          from api.queue q
          join app.tickets t on t.id = q.id
          left join lateral (
            select m.id, m.kind, m.created_at, m.author_id,
                   api._search_marked(app._search_config(t.language), left(m.body_text, 5000), v_marks, v_said, false) as text,
                   array(
                     select api._search_marked(app._search_config(t.language), f, v_marks, v_said, true)
                       from unnest(a.files) f
                      where app._search_vector(app._search_config(t.language), f) @@ v_marks) as files
              from app.messages m
             cross join lateral (
               select array(select a.name from app.attachments a where a.message_id = m.id order by a.position, a.id) as files
             ) a
             cross join lateral (
               select concat_ws(e'\n', left(m.body_text, 5000), nullif(array_to_string(a.files, e'\n'), '')) as words
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
    'next', case when v_found -> 'next' <> 'null' then autocrm.cursor('search',
      concat_ws('/', v_found #>> '{next,high}', v_found #>> '{next,low}', coalesce(v_found #>> '{next,rank}', '')),
      coalesce((v_found #>> '{next,id}')::bigint, 0)) end,
    'jump', v_found -> 'jump',
    'corrections', v_found -> 'corrections');
end
$$;
comment on function api.search_tickets(jsonb) is
  'A page of tickets that match q, best first: {items, next, jump, corrections}. q: words, "phrases", -without, begin*, #123, status: priority:>= team: assignee:me tag: requester: organization: type: channel: language: created> updated< solved replied is:unassigned custom.<key>:; limit 1-100, after. Highlights are escaped HTML with <mark>. TK422 with the place of each mistake. Example: select api.search_tickets(''{"q": "refund status:open -tag:vip"}'')';
