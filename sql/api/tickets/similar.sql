-- Tickets that may be about the same thing, for whoever is about to merge: by rare words in common, and by people.

-- [{id, alike, requester, organization, subject, problem, words}], the most alike first; words are those of the index.
-- Definer: the search index is readable by its owner alone (see sql/api/search/find.sql). Who may find a ticket is a part
-- of every look-up, also of the one that says how common a word is, so that tickets of others neither appear nor count.
-- p_siblings: other incidents of its problem, as far as the caller sees those links.
--
-- Words are looked for in the newest 5,000 documents; the requester's and the organization's own tickets are looked
-- through whatever their age. Notes and names are no words in common: notes carry a mark in the index, names too.
create function api._similar(p_id bigint, p_siblings bigint[], p_limit integer)
  returns jsonb
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  set jit = off
  set enable_seqscan = off
as $$
declare
  v_role text := autocrm.actor_role();
  v_readers bigint[];
  v_ticket app.tickets;
  v_document tsvector;
  v_subject text;
  v_low bigint;
  v_sample integer;
  v_words jsonb;
  v_answer jsonb;
begin
  if not coalesce(v_role in ('admin', 'agent') or (v_role = 'integration' and autocrm.actor_has_scope('tickets:read')), false) then
    return '[]';
  end if;
  if not autocrm.actor_sees_all() then
    v_readers := array(select 2 * x from unnest(autocrm.actor_team_ids()) x)
      || case when v_role = 'integration' then '{}'::bigint[] else array[0, 2 * autocrm.actor_id() + 1] end;
  end if;
  select * into v_ticket from app.tickets t where t.id = p_id and t.deleted_at is null and app.actor_sees(t);
  if v_ticket.id is null then
    return '[]';
  end if;
  v_subject := api._bare_subject(v_ticket.subject);
  -- A ticket of this second has no document yet.
  v_document := coalesce((select d.document from app.search_documents d where d.ticket_id = p_id), app._search_head(v_ticket));
  v_low := coalesce((select d.ticket_id from app.search_documents d order by d.ticket_id desc offset 5000 limit 1), 0);

  with sample as materialized (
    select d.ticket_id, d.document from app.search_documents d
     where d.ticket_id >= v_low and (v_readers is null or d.readers && v_readers)
     order by d.ticket_id desc limit 500
  ), mine as (
    select u.lexeme, case when 'A' = any (u.weights) then 3 else 1 end as weight
      from unnest(v_document) u
     where u.lexeme !~ ' ' and length(u.lexeme) between 2 and 40 and u.lexeme !~ '^[ -~]{1,2}$'
     order by 2 desc, length(u.lexeme) desc
     limit 60
  ), counted as (
    select m.lexeme, m.weight, count(s.ticket_id) as found, (select count(*) from sample) as size
      from mine m
      left join (select s.ticket_id, u.lexeme from sample s cross join unnest(s.document) u) s on s.lexeme = m.lexeme
     group by 1, 2
  ), rare as (
    select c.lexeme, c.weight * ln(1 + c.size / (1.0 + c.found)) as score
      from counted c
     where c.found <= greatest(0.2 * c.size, 5)
     order by 2 desc, 1
     limit 12
  )
  select jsonb_agg(jsonb_build_object('lexeme', r.lexeme, 'score', r.score)) into v_words from rare r;

  with words as (
    select w.lexeme, w.score, (quote_literal(replace(w.lexeme, '\', '\\')))::tsquery as wanted, sum(w.score) over () as most
      from jsonb_to_recordset(v_words) w (lexeme text, score float8)
  ), hits as (
    select d.ticket_id, array_agg(w.lexeme order by w.score desc) as words, sum(w.score) / max(w.most) as share
      from words w
      join app.search_documents d on d.document @@ w.wanted
     where d.ticket_id >= v_low and d.ticket_id <> p_id and (v_readers is null or d.readers && v_readers)
     group by 1
     order by 3 desc
     limit 200
  ), near as (
    select h.ticket_id as id from hits h
    union select x.id from (select t.id from app.tickets t where t.requester_id = v_ticket.requester_id order by t.id desc limit 50) x
    union select x.id from (select t.id from app.tickets t where t.organization_id = v_ticket.organization_id order by t.id desc limit 50) x
    union select unnest(p_siblings)
  ), judged as (
    select t.id, h.words, coalesce(h.share, 0) as share,
           t.requester_id = v_ticket.requester_id as requester,
           t.organization_id is not distinct from v_ticket.organization_id and t.organization_id is not null as organization,
           api._bare_subject(t.subject) = v_subject as subject,
           t.id = any (p_siblings) as problem
      from near n
      join app.tickets t on t.id = n.id
      join app.statuses s on s.id = t.status_id and s.category <> 'closed'
      left join hits h on h.ticket_id = t.id
     where t.id <> p_id and t.deleted_at is null and app.actor_sees(t)
  ), scored as (
    select j.*, least(99, round(55 * j.share + case when j.requester then 25 when j.organization then 10 else 0 end
                                + case when j.subject then 15 else 0 end + case when j.problem then 15 else 0 end))::integer as alike
      from judged j
  )
  select jsonb_agg(jsonb_build_object('id', s.id, 'alike', s.alike, 'requester', s.requester, 'organization', s.organization,
                                      'subject', s.subject, 'problem', s.problem, 'words', to_jsonb(s.words))
                   order by s.alike desc, s.id desc)
    into v_answer
    from (select * from scored where alike >= 10 order by alike desc, id desc limit p_limit) s;
  return coalesce(v_answer, '[]');
end
$$;

-- A subject without what mail programs put before it, in small letters.
create function api._bare_subject(p_subject text)
  returns text
  language sql immutable parallel safe
  set search_path = ''
as $$
  select lower(trim(regexp_replace(p_subject, '^((re|fwd?|aw|wg|antw|tr|rv)(\[[0-9]+\])?:\s*)+', '', 'i')))
$$;

create function api.similar_tickets(p_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_limit integer := api._limit('{"limit": 8}'::jsonb || coalesce(p_query, '{}'), 25);
  v_problems text[] := api._query_problems(coalesce(p_query, '{}'), array['limit']);
  v_ticket app.tickets;
  v_organization bigint;
  v_text text;
  v_problem bigint;
  v_siblings bigint[];
  v_hit record;
  v_items json[] := '{}';
  v_item json;
begin
  perform api._need_ticket(p_id);
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  select * into v_ticket from app.tickets t where t.id = p_id;
  v_organization := v_ticket.organization_id;
  v_text := v_ticket.subject || ' ' || left(v_ticket.description, 4000);
  select l.other_id into v_problem from app.ticket_links l where l.kind = 'incident' and l.ticket_id = p_id;
  v_siblings := array(
    select l.ticket_id from app.ticket_links l where l.kind = 'incident' and l.other_id = v_problem and l.ticket_id <> p_id
     order by l.ticket_id desc limit 50);
  for v_hit in
    select * from jsonb_to_recordset(api._similar(p_id, v_siblings, v_limit))
      h (id bigint, alike integer, requester boolean, organization boolean, subject boolean, problem boolean, words text[])
  loop
    select row_to_json(x)
      into v_item
      from (
        select q.*, v_hit.alike,
               (select coalesce(json_agg(r order by n), '[]') from (
                 select 1, json_build_object('kind', 'same_requester') where v_hit.requester
                 union all select 2, json_build_object('kind', 'same_organization') where v_hit.organization and not v_hit.requester
                 union all select 3, json_build_object('kind', 'same_problem', 'ticket_id', v_problem) where v_hit.problem
                 union all select 4, json_build_object('kind', 'same_subject') where v_hit.subject
                 union all select 5, json_build_object('kind', 'words', 'words', w.words)
                   from (select json_agg(x.word order by x.place) as words from (
                           -- As the ticket writes them, not as the index keeps them.
                           select distinct on (l.place) l.place, b.word
                             from unnest(v_hit.words[1:4]) with ordinality l (lexeme, place)
                             join regexp_split_to_table(lower(v_text), '[^[:alnum:]]+') b (word)
                               on b.word <> '' and to_tsvector(app._search_config(v_ticket.language), b.word) @@ quote_literal(replace(l.lexeme, '\', '\\'))::tsquery
                            order by l.place, length(b.word)) x) w
                  where w.words is not null
                 union all select 6, json_build_object('kind', 'other_organization')
                  where v_organization is not null and q.organization is not null and not v_hit.organization) reasons (n, r)) as reasons
          from api.queue q where q.id = v_hit.id
      ) x;
    if v_item is not null then
      v_items := v_items || v_item;
    end if;
  end loop;
  return json_build_object('items', to_json(v_items));
end
$$;
comment on function api.similar_tickets(bigint, jsonb) is
  'Tickets that may be about the same thing, the most alike first: {items: [queue row with alike, 10 to 99, and reasons: [{kind, words, ticket_id}]]}. kind of a reason: same_requester, same_organization, other_organization, same_problem, same_subject, words. Closed ones are left out, since they cannot be merged. limit 1-25. TK404, TK422. Example: select api.similar_tickets(7, ''{"limit": 5}'')';
