-- Lists and counts of tickets by the filters of a query.

-- The WHERE clause of a query over api.queue's base table t. Its text depends on the keys of the
-- query, never on their values (those are read from $1), so that one plan serves every query of the same shape.
create function api._ticket_filters(p_query jsonb)
  returns text
  language plpgsql immutable
  set search_path = ''
as $$
begin
  return (select coalesce(string_agg(w, ' and ' order by k), 'true')
    from jsonb_each_text(p_query) e (k, v)
   cross join lateral (select case k
      when 'status' then $w$t.status_id = any (array(
        select id from app.statuses where key = any (string_to_array($1 ->> 'status', ','))))$w$
      when 'status_category' then $w$t.status_id = any (array(
        select id from app.statuses
         where category::text = any (string_to_array(replace($1 ->> 'status_category', 'active', 'new,open,pending,on_hold'), ','))))$w$
      when 'priority' then $w$t.priority_id = any (array(
        select id from app.priorities where key = any (string_to_array($1 ->> 'priority', ','))))$w$
      when 'team' then case v when 'none' then 't.team_id is null' else $w$t.team_id = ($1 ->> 'team')::bigint$w$ end
      when 'assignee' then case v
        when 'me' then 't.assignee_id = (select autocrm.actor_id())'
        when 'none' then 't.assignee_id is null'
        else $w$t.assignee_id = ($1 ->> 'assignee')::bigint$w$ end
      when 'channel' then $w$t.channel = any (string_to_array($1 ->> 'channel', ',')::app.channel[])$w$
      when 'type' then $w$t.type = any (string_to_array($1 ->> 'type', ',')::app.ticket_type[])$w$
      when 'tag' then $w$t.tag_ids && array(select id from app.tags where lower(name) = (select lower(normalize($1 ->> 'tag'))))$w$
      when 'requester' then $w$t.requester_id = ($1 ->> 'requester')::bigint$w$
      when 'organization' then $w$t.organization_id = ($1 ->> 'organization')::bigint$w$
      when 'external_id' then $w$t.external_id = $1 ->> 'external_id'$w$
      when 'q' then $w$(strpos(lower(t.subject), (select lower(normalize($1 ->> 'q')))) > 0 or t.id::text = $1 ->> 'q')$w$
      when 'updated_after' then $w$t.updated_at > (select api._instant($1 ->> 'updated_after'))$w$
      when 'created_after' then $w$t.created_at > (select api._instant($1 ->> 'created_after'))$w$
    end) c (w)
   where w is not null);
end
$$;

-- All problems of a query of tickets.
create function api._ticket_query_problems(p_query jsonb, p_column text)
  returns text[]
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_query, array[
    'limit', 'after', 'sort', 'q', 'status', 'status_category', 'priority', 'team', 'assignee', 'channel', 'type', 'tag',
    'requester', 'organization', 'external_id', 'updated_after', 'created_after']);
begin
  if p_column not in ('updated_at', 'created_at', 'id', 'priority') then
    v_problems := v_problems || 'sort: must be one of updated_at, created_at, id, priority, with - in front for descending'::text;
  end if;
  select v_problems || coalesce(array_agg(format('%s: must be a whole number%s', k,
           case k when 'team' then ', or none' when 'assignee' then ', me or none' else '' end)), '{}')
    into v_problems
    from unnest(array['team', 'assignee', 'requester', 'organization']) k
   where p_query ? k and p_query ->> k !~ '^[0-9]{1,18}$'
     and not (k = 'team' and p_query ->> k = 'none') and not (k = 'assignee' and p_query ->> k in ('none', 'me'));
  if p_query ?| array['status', 'status_category', 'priority', 'channel', 'type', 'created_after', 'updated_after'] then
    v_problems := v_problems
      || api._check_words(p_query, 'status', array(select key from app.statuses order by position))
      || api._check_words(p_query, 'status_category', 'active'::text || enum_range(null::app.status_category)::text[])
      || api._check_words(p_query, 'priority', array(select key from app.priorities order by weight))
      || api._check_words(p_query, 'channel', enum_range(null::app.channel)::text[])
      || api._check_words(p_query, 'type', enum_range(null::app.ticket_type)::text[])
      || api._check_times(p_query, array['created_after', 'updated_after']);
  end if;
  return v_problems;
end
$$;

create function api.list_tickets(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_sort text := '-updated_at';
  v_problems text[];
begin
  -- The page that everybody opens first has nothing to validate.
  if v_query <> '{}' then
    v_sort := coalesce(v_query ->> 'sort', v_sort);
    v_problems := api._ticket_query_problems(v_query, ltrim(v_sort, '-'));
    if v_problems <> '{}' then
      perform api._refuse('This list cannot be read', v_problems);
    end if;
  end if;
  return api._ticket_page(v_query, v_sort);
end
$$;
comment on function api.list_tickets(jsonb) is
  'A page of queue rows: {items, next}. limit 1-200, after, sort (updated_at, created_at, id, priority; - descending), filters. Example: select api.list_tickets(''{"status_category": "active", "assignee": "me"}'')';

create function api.count_tickets()
  returns json
  language sql stable
  set search_path = ''
as $$
  -- One scan: grouped first, so that the joins see a handful of rows.
  with groups as materialized (
    select t.status_id, t.team_id, t.assignee_id is null as unassigned,
           t.assignee_id = (select autocrm.actor_id()) as mine, count(*) as n
      from app.tickets t
     group by 1, 2, 3, 4
  ), named as (
    select g.*, s.id in (select o.id from app.open_statuses o) as active, s.category
      from groups g join app.statuses s on s.id = g.status_id
  )
  select json_build_object(
    'views', json_build_object(
      'mine', coalesce(sum(n) filter (where mine and active), 0),
      'active', coalesce(sum(n) filter (where active), 0),
      'unassigned', coalesce(sum(n) filter (where unassigned and active), 0),
      'waiting', coalesce(sum(n) filter (where category = 'pending'), 0),
      'on_hold', coalesce(sum(n) filter (where category = 'on_hold'), 0),
      'all', coalesce(sum(n), 0)),
    'teams', (select coalesce(json_object_agg(team_id, n), '{}')
                from (select team_id, sum(n) as n from named where active and team_id is not null group by 1) x))
    from named
$$;
comment on function api.count_tickets() is
  'How many tickets each built-in view and team holds, as far as the caller may see: {views: {mine, active, unassigned, waiting, on_hold, all}, teams: {id: count of active ones}}. Example: select api.count_tickets()';
