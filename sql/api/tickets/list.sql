-- Lists and counts of tickets by the filters of a query.

-- Whether a reference of t is one of the ids of a filter, or missing where the filter says `none`; `me` is the caller.
create function api._any_of(p_column text, p_key text)
  returns text
  language sql immutable
  set search_path = ''
as $$
  select format($w$(%1$s = any (array(
    select case x when 'me' then (select autocrm.actor_id()) else x::bigint end
      from unnest(string_to_array($1 ->> %2$L, ',')) x where x <> 'none'))
    or (%1$s is null and 'none' = any (string_to_array($1 ->> %2$L, ','))))$w$, p_column, p_key)
$$;

-- Whether a column of t is one of the ids of a filter. The ids come by a query of their own: a cast of a whole array counts
-- as something that may raise, which Postgres evaluates only after the policies, and so never by an index.
create function api._one_of(p_column text, p_key text)
  returns text
  language sql immutable
  set search_path = ''
as $$
  select format('%1$s = any (array(select x::bigint from unnest(string_to_array($1 ->> %2$L, '','')) x))', p_column, p_key)
$$;

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
      when 'team' then case when v = 'none' then 't.team_id is null'
        when strpos(v, ',') = 0 then $w$t.team_id = ($1 ->> 'team')::bigint$w$
        else api._any_of('t.team_id', 'team') end
      when 'assignee' then case when v = 'me' then 't.assignee_id = (select autocrm.actor_id())'
        when v = 'none' then 't.assignee_id is null'
        when strpos(v, ',') = 0 then $w$t.assignee_id = ($1 ->> 'assignee')::bigint$w$
        else api._any_of('t.assignee_id', 'assignee') end
      when 'channel' then $w$t.channel = any (string_to_array($1 ->> 'channel', ',')::app.channel[])$w$
      when 'type' then $w$t.type = any (string_to_array($1 ->> 'type', ',')::app.ticket_type[])$w$
      when 'tag' then $w$t.tag_ids && array(select id from app.tags where lower(name) = any (string_to_array(lower(normalize($1 ->> 'tag')), ',')))$w$
      when 'requester' then api._one_of('t.requester_id', 'requester')
      when 'organization' then api._one_of('t.organization_id', 'organization')
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
  v_problems text[] := api._query_problems(p_query, array[
    'limit', 'after', 'sort', 'q', 'status', 'status_category', 'priority', 'team', 'assignee', 'channel', 'type', 'tag',
    'requester', 'organization', 'external_id', 'updated_after', 'created_after', 'group_by', 'custom']);
begin
  if (api._ticket_order(p_column)).expression is null then
    v_problems := v_problems || format('sort: ''%s'' is not a column to sort by', p_column);
  end if;
  if p_query ->> 'group_by' <> '' and (p_query ->> 'group_by' in ('id', 'subject', 'created_at', 'updated_at', 'solved_at', 'next_breach_at')
                                       or (api._ticket_order(p_query ->> 'group_by')).expression is null) then
    v_problems := v_problems || format('group_by: ''%s'' is not a column to group by', p_query ->> 'group_by');
  end if;
  select v_problems || coalesce(array_agg(format('%s: must be whole numbers%s, separated by commas', k,
           case k when 'team' then ' or none' when 'assignee' then ', me or none' else '' end)), '{}')
    into v_problems
    from unnest(array['team', 'assignee', 'requester', 'organization']) k
   cross join lateral (select '([0-9]{1,18}' || case k when 'team' then '|none)' when 'assignee' then '|none|me)' else ')' end) o (word)
   where p_query ? k and p_query ->> k !~ format('^%1$s(,%1$s){0,99}$', word);
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
  return api._ticket_page(v_query, v_sort, p_group => nullif(v_query ->> 'group_by', ''),
    p_custom => string_to_array(v_query ->> 'custom', ','));
end
$$;
comment on function api.list_tickets(jsonb) is
  'A page of queue rows: {items, next}. limit 1-200, after, sort (a column of a queue; - descending), group_by (rows of one group follow one another), custom (keys of fields to add), filters. TK422. Example: select api.list_tickets(''{"status_category": "active", "assignee": "me"}'')';

create function api.count_tickets()
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  -- A plan that is kept: a function in SQL would be planned at each call.
  return (
    -- Grouped first, so that the joins see a handful of rows. Customers, who see no counts, have few tickets.
    with groups as materialized (
      select c.status_id, c.team_id, c.assignee_id is null as unassigned,
             c.assignee_id = (select autocrm.actor_id()) as mine, sum(c.tickets) as n
        from app.ticket_counts c
       group by 1, 2, 3, 4
       union all
      select t.status_id, t.team_id, t.assignee_id is null, false, count(*)
        from app.tickets t
       where (select autocrm.actor_role()) = 'customer'
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
      from named);
end
$$;
comment on function api.count_tickets() is
  'How many tickets each built-in view and team holds, as far as the caller may see: {views: {mine, active, unassigned, waiting, on_hold, all}, teams: {id: count of active ones}}. Example: select api.count_tickets()';

-- Whether a condition on t asks only about what app.ticket_counts has.
create function api._is_counted(p_where text)
  returns boolean
  language sql immutable
  set search_path = ''
as $$
  select p_where !~ '\mt\M(?!\.(status_id|priority_id|team_id|assignee_id)\M)'
$$;

-- How long a list is, over all of its pages, and each group of it. Read from the counts where these know; otherwise
-- counted to v_most: a number that nobody reads to its end is not worth the time.
create function api.count_list(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_most constant integer := 10000;
  v_query jsonb := api._composed(case when jsonb_typeof(p_query) = 'object' then p_query - 'view' else coalesce(p_query, '{}') end);
  v_problems text[] := api._ticket_query_problems(v_query, 'id');
  v_group text := nullif(v_query ->> 'group_by', '');
  v_where text;
  v_view record;
  v_key text;
  v_counted boolean;
  v_total bigint;
  v_exact boolean;
  v_groups json;
begin
  if p_query ->> 'view' !~ '^[0-9]{1,18}$' then
    v_problems := v_problems || 'view: must be a whole number'::text;
  end if;
  v_problems := v_problems || array(
    select format('%s: a count has no pages', k) from unnest(array['limit', 'after', 'sort', 'custom']) k where v_query ? k);
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be counted', v_problems);
  end if;
  v_where := api._ticket_filters(v_query);
  if p_query ? 'view' then
    select v.id, v.conditions into v_view from app.views v where v.id = (p_query ->> 'view')::bigint;
    if v_view.id is null then
      perform api._not_found('view', (p_query ->> 'view')::bigint);
    end if;
    v_where := v_where || ' and ' || autocrm.condition_sql(v_view.conditions);
  end if;
  v_key := case v_group
    when 'status' then '(select s.key from app.statuses s where s.id = t.status_id)'
    when 'priority' then '(select p.key from app.priorities p where p.id = t.priority_id)'
    when 'type' then 't.type::text'
    when 'channel' then 't.channel::text'
    when 'requester' then 't.requester_id::text'
    when 'organization' then 't.organization_id::text'
    when 'team' then 't.team_id::text'
    when 'assignee' then 't.assignee_id::text'
    else format('app.custom_of(t) ->> %L', substr(v_group, 8)) end;
  -- Customers see no counts, and have few tickets.
  if api._is_counted(v_where) and autocrm.actor_role() <> 'customer' then
    execute format('select coalesce(sum(t.tickets), 0) from app.ticket_counts t where %s', v_where) into v_total using v_query;
    v_exact := true;
  else
    execute format('select count(*) from (select from app.tickets t where t.deleted_at is null and %s limit %s) x', v_where, v_most + 1)
      into v_total using v_query;
    v_exact := v_total <= v_most;
    v_total := least(v_total, v_most);
  end if;
  v_counted := v_exact and api._is_counted(v_where || v_key) and autocrm.actor_role() <> 'customer';
  if v_group is not null and (v_counted or v_exact and v_total <= v_most) then
    execute format(
      'select json_agg(json_build_object(''key'', key, ''count'', n) order by n desc, key)
         from (select %s as key, %s as n from %s where %s group by 1) x',
      v_key,
      case when v_counted then 'sum(t.tickets)' else 'count(*)' end,
      case when v_counted then 'app.ticket_counts t' else 'app.tickets t' end,
      v_where || case when v_counted then '' else ' and t.deleted_at is null' end)
      into v_groups using v_query;
  end if;
  return json_build_object('count', v_total, 'exact', v_exact, 'groups', coalesce(v_groups, '[]'));
end
$$;
comment on function api.count_list(jsonb) is
  'How many tickets list_tickets (or, with view, list_view_tickets) would list with these filters: {count, exact, groups: [{key, count}]}. Exact where filters ask only about status, priority, team and assignee; otherwise counted to 10000 (exact: false means more). With group_by, groups has the size of each group of an exact count, by its key or id, null for tickets without. TK404, TK422. Example: select api.count_list(''{"priority": "urgent", "group_by": "assignee"}'')';
