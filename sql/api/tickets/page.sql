-- Pages of tickets, for lists and saved views alike.

-- The sort key of a column of a queue: an expression over app.tickets t that is never NULL, and its type; NULL for an
-- unknown column.
create function api._ticket_order(p_column text, out expression text, out type text)
  language plpgsql stable
  set search_path = ''
as $$
begin
  expression := case p_column
    when 'id' then 't.id'
    when 'updated_at' then 't.updated_at'
    when 'created_at' then 't.created_at'
    when 'solved_at' then $e$coalesce(t.solved_at, 'infinity')$e$
    when 'next_breach_at' then $e$coalesce(t.next_breach_at, 'infinity')$e$
    when 'subject' then 't.subject collate app.names'
    when 'type' then 't.type::text'
    when 'channel' then 't.channel::text'
    when 'priority' then '(select w.weight::bigint from app.priorities w where w.id = t.priority_id)'
    when 'status' then '(select w.position * 4294967296 + w.id from app.statuses w where w.id = t.status_id)'
    when 'requester' then $e$coalesce((select w.name from app.users w where w.id = t.requester_id), '') collate app.names$e$
    when 'assignee' then $e$coalesce((select w.name from app.users w where w.id = t.assignee_id), '') collate app.names$e$
    when 'organization' then $e$coalesce((select w.name from app.organizations w where w.id = t.organization_id), '') collate app.names$e$
    when 'team' then $e$coalesce((select w.name from app.teams w where w.id = t.team_id), '') collate app.names$e$
  end;
  type := case
    when p_column in ('id', 'priority', 'status') then 'bigint'
    when p_column like '%\_at' then 'timestamptz'
    else 'text' end;
  -- In the order of jsonb: missing values first, then texts, numbers, booleans.
  if p_column like 'custom.%' and exists (select from app.custom_fields f where f.active and 'custom.' || f.key = p_column) then
    expression := format(case when (select f.apart from app.custom_fields f where 'custom.' || f.key = p_column)
      then $e$coalesce((select v.value from app.ticket_field_values v where v.ticket_id = t.id and v.field_key = %1$L), t.custom -> %1$L, 'null')$e$
      else $e$coalesce(t.custom -> %1$L, 'null')$e$ end, substr(p_column, 8));
    type := 'jsonb';
    -- Texts are in the order of names; the key is cut to keep cursors short.
    if (select f.type in ('text', 'multiline', 'regex', 'url', 'email') from app.custom_fields f where 'custom.' || f.key = p_column) then
      expression := format('left(%s #>> ''{}'', 200) collate app.names', expression);
      expression := format('coalesce(%s, '''')', expression);
      type := 'text';
    end if;
  end if;
end
$$;

-- Ids of the tickets with one of these tags (separated by commas, which no tag has), at most p_most; NULL when there
-- are more, since a page then finds enough by itself.
-- Definer: under row-level security the index on tags could not be used, since && is not leakproof. The conditions repeat
-- the policies of app.tickets, under which the tickets are read afterwards.
create function api._tickets_tagged(p_tag text, p_most integer)
  returns bigint[]
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_tags bigint[] := array(select id from app.tags where lower(name) = any (string_to_array(lower(normalize(p_tag)), ',')));
  v_all bigint[];
begin
  -- Each role by its policy; any other role gets none.
  v_all := case autocrm.actor_role()
    when 'customer' then array(
      select t.id from app.tickets t
       where t.requester_id = autocrm.actor_id() and t.tag_ids && v_tags and t.deleted_at is null
       limit p_most + 1)
    when 'integration' then array(
      select t.id from app.tickets t
       where t.tag_ids && v_tags and t.deleted_at is null and autocrm.actor_has_scope('tickets:read')
         and (autocrm.actor_sees_all() or t.team_id = any (autocrm.actor_team_ids()))
       limit p_most + 1)
    when 'analyst' then array(
      select t.id from app.tickets t
       where t.tag_ids && v_tags and t.deleted_at is null and autocrm.actor_id() is not null
         and (autocrm.actor_sees_all() or t.team_id = any (autocrm.actor_team_ids()))
       limit p_most + 1)
    else array(
      select t.id from app.tickets t
       where t.tag_ids && v_tags and t.deleted_at is null
         and autocrm.actor_role() in ('agent', 'admin') and autocrm.actor_id() is not null
         and (autocrm.actor_sees_all() or t.team_id is null or t.team_id = any (autocrm.actor_team_ids())
              or t.assignee_id = autocrm.actor_id())
       limit p_most + 1) end;
  return case when cardinality(v_all) <= p_most then v_all end;
end
$$;

-- Ids of the tickets whose subject contains a text, at most p_most, by the search index. It lags a moment behind, so
-- tickets with events that it has not read yet are included. NULL for a text that is too short for the index or found on
-- more tickets, and for customers, who have few. Definer: as above.
create function api._tickets_about(p_part text, p_most integer)
  returns bigint[]
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $$
declare
  v_pattern text := '%' || regexp_replace(normalize(p_part), '([\\%_])', '\\\1', 'g') || '%';
  v_readers bigint[];
  v_all bigint[];
begin
  if autocrm.actor_role() = 'customer' then
    return null;
  elsif autocrm.actor_id() is null or autocrm.actor_role() not in ('admin', 'agent', 'integration', 'analyst')
        or not autocrm.actor_has_scope('tickets:read') then
    return '{}';
  elsif length(p_part) < 3 then
    return null;
  end if;
  if not autocrm.actor_sees_all() then
    v_readers := array(select 2 * x from unnest(autocrm.actor_team_ids()) x);
    if autocrm.actor_role() in ('agent', 'admin') then
      v_readers := v_readers || array[0, 2 * autocrm.actor_id() + 1];
    end if;
    v_all := array(select d.ticket_id from app.search_documents d where d.subject ilike v_pattern and d.readers && v_readers limit p_most + 1);
  else
    v_all := array(select d.ticket_id from app.search_documents d where d.subject ilike v_pattern limit p_most + 1);
  end if;
  v_all := v_all || array(
    select x.ticket_id
      from (select distinct e.ticket_id
              from app.events e, app.search_cursor c
             where e.xid >= pg_snapshot_xmin(c.seen) and not pg_visible_in_snapshot(e.xid, c.seen)) x
     -- Only ids that the caller may see: people at a prompt may call this.
     where autocrm.sees_ticket(x.ticket_id) limit p_most + 1);
  return case when cardinality(v_all) <= p_most then v_all || case when p_part ~ '^[0-9]{1,18}$' then p_part::bigint end end;
end
$$;

-- A page of queue rows that meet p_conditions (NULL: all); p_statuses are the statuses in which a ticket can meet them
-- (NULL: any). Row-level security decides which tickets are shown, and the query follows its shape: branches for the
-- caller's teams, tickets without a team and the caller's own; each reads the first rows of each status from an index in
-- the order of the page, and the branches are merged. So a page costs the same however few of all tickets the caller
-- sees. The costs of pages are set to zero, as though everything were in memory: the plan is made before the values are
-- known, and an index in the order of the page is worth more than one that lies closer to the order on disk.
create function api._ticket_page(
  p_query jsonb, p_sort text, p_conditions jsonb default null, p_statuses bigint[] default null,
  p_group text default null, p_custom text[] default null)
  returns json
  language plpgsql stable
  set search_path = ''
  set random_page_cost = 0
  set seq_page_cost = 0
as $$
declare
  v_query jsonb := api._composed(p_query) - 'status' - 'status_category';
  v_limit integer := api._limit(p_query);
  v_direction text := case when p_sort like '-%' then 'desc' else 'asc' end;
  v_column text := ltrim(p_sort, '-');
  v_order record := api._ticket_order(ltrim(p_sort, '-'));
  v_grouped text;
  v_group_type text;
  v_statuses bigint[] := p_statuses;
  v_where text := case when p_conditions is null then '' else ' and ' || autocrm.condition_sql(p_conditions) end;
  -- Of a list of one team.
  v_team bigint := case when p_query ->> 'team' ~ '^[0-9]+$' then (p_query ->> 'team')::bigint end;
  v_narrow boolean;
  v_by_priority boolean;
  v_branches text[] := '{}';
  v_key text := p_sort;
  v_filters text;
  v_ordered text;
  v_priorities text;
  v_body text;
  v_tail text;
  v_from text;
  v_ids bigint[];
  v_after text;
  v_sql text;
begin
  if v_order.expression is null then
    perform api._refuse('This list cannot be read', array[format('sort: ''%s'' is not a column to sort by', p_sort)]);
  end if;
  if p_query ?| array['status', 'status_category'] then
    v_statuses := array(
      select s.id from app.statuses s
       where (p_statuses is null or s.id = any (p_statuses))
         and (not p_query ? 'status' or s.key = any (string_to_array(p_query ->> 'status', ',')))
         and (not p_query ? 'status_category' or s.category::text = any (
           string_to_array(replace(p_query ->> 'status_category', 'active', 'new,open,pending,on_hold'), ','))));
  end if;
  if v_query ? 'tag' then
    v_ids := api._tickets_tagged(v_query ->> 'tag', 1000);
  end if;
  if v_ids is null and v_query ? 'q' then
    v_ids := api._tickets_about(v_query ->> 'q', 1000);
  end if;
  if v_ids is not null then
    v_where := v_where || ' and t.id = any (($1 ->> ''_ids'')::bigint[])';
    v_query := v_query || jsonb_build_object('_ids', v_ids::text);
  end if;
  -- Narrow filters (one requester, one agent in a status …) match few tickets, which are read whole and sorted.
  v_narrow := v_ids is not null or v_query ?| array['requester', 'organization', 'external_id'] or coalesce(autocrm.actor_role() = 'customer', false);
  v_by_priority := v_column = 'priority' and p_group is null and not v_narrow;
  if not v_narrow then
    v_branches := case
      when v_query ? 'assignee' then '{hand}'
      when v_query ->> 'team' = 'none' then '{none}'
      when v_team is not null and (autocrm.actor_sees_all() or v_team = any (autocrm.actor_team_ids())) then '{one}'
      when autocrm.actor_sees_all() then '{all}'
      when autocrm.actor_role() not in ('agent', 'admin') then '{teams}'
      -- In a team that they are not a member of, agents see their own tickets.
      when v_team is not null then '{mine}'
      else '{teams,none,mine}' end;
  end if;
  -- Indexes of filterable fields are in order within each status, so pages are read status by status.
  if v_statuses is null and (v_by_priority or (v_column like 'custom.%' and p_group is null and not v_narrow) or (not v_narrow and v_branches <> '{all}')) then
    v_statuses := array(select id from app.statuses);
  end if;
  if v_statuses is not null then
    v_query := v_query || jsonb_build_object('_statuses', v_statuses::text);
  end if;
  v_filters := api._ticket_filters(case when v_by_priority then v_query - 'priority' else v_query end);
  if v_filters <> 'true' then
    v_where := v_where || ' and ' || v_filters;
  end if;

  if p_group is not null then
    select o.expression, o.type into v_grouped, v_group_type from api._ticket_order(p_group) o;
    v_key := p_group || ',' || p_sort;
    v_ordered := format('grp, at %1$s, id %1$s', v_direction);
  else
    v_ordered := format('at %1$s, id %1$s', v_direction);
  end if;
  if p_query ? 'after' then
    if p_group is null then
      v_query := v_query || jsonb_build_object('after', api._decode_cursor(p_query ->> 'after', v_key, v_order.type));
      -- Within one priority the cursor compares ids only, which an index supports.
      v_after := case when v_by_priority then
        ' and p.weight %2$s= ($1 -> ''after'' ->> 0)::bigint and t.id %2$s case p.weight when ($1 -> ''after'' ->> 0)::bigint '
          || 'then ($1 -> ''after'' ->> 1)::bigint else %4$s end'
        else ' and (%1$s, t.id) %2$s (($1 -> ''after'' ->> 0)::%3$s, ($1 -> ''after'' ->> 1)::bigint)' end;
    else
      v_query := v_query || jsonb_build_object('after', api._decode_cursor(p_query ->> 'after', v_key, 'jsonb'));
      begin
        execute format('select %L::%s, %L::%s', (v_query #>> '{after,0}')::jsonb ->> 0, v_group_type, (v_query #>> '{after,0}')::jsonb ->> 1, v_order.type);
      exception when data_exception then
        perform api._refuse('This page cannot be read', array['after: is not a cursor that a list gave out']);
      end;
      v_query := jsonb_set(v_query, '{after}', ((v_query #>> '{after,0}')::jsonb) || jsonb_build_array(v_query #> '{after,1}'));
      v_after := ' and (%5$s > ($1 -> ''after'' ->> 0)::%6$s or (%5$s = ($1 -> ''after'' ->> 0)::%6$s '
        || 'and (%1$s, t.id) %2$s (($1 -> ''after'' ->> 1)::%3$s, ($1 -> ''after'' ->> 2)::bigint)))';
    end if;
    v_where := v_where || format(v_after, v_order.expression, case v_direction when 'desc' then '<' else '>' end, v_order.type,
      case v_direction when 'desc' then '9223372036854775807' else '-1' end, v_grouped, v_group_type);
  end if;

  -- Each branch reads the first rows of each of its parts (statuses, teams, priorities).
  v_priorities := 'app.priorities p' || case when v_by_priority and v_query ? 'priority'
    then $p$ on p.key = any (string_to_array($1 ->> 'priority', ','))$p$ else ' on true' end;
  v_body := format('select t.id, %s as at%s from app.tickets t%%s where true%s',
    case when v_by_priority then 'p.weight::bigint' else v_order.expression end,
    case when p_group is not null then format(', %s as grp', v_grouped) else '' end, replace(v_where, '%', '%%'));
  v_tail := format(' order by %s limit %s', v_ordered, v_limit + 1);
  if v_narrow or (v_branches = '{all}' and v_statuses is null) then
    v_body := format(v_body, '') || case when v_statuses is not null then ' and t.status_id = any (($1 ->> ''_statuses'')::bigint[])' else '' end;
    v_from := case when v_narrow then 'select * from (' || v_body || ' offset 0) z' else v_body end || v_tail;
  else
    v_from := (
      select string_agg(
        '(select y.* from unnest(($1 ->> ''_statuses'')::bigint[]) s (status_id)'
        || case when b = 'teams' then ' cross join unnest((select autocrm.actor_team_ids())::bigint[]) d (team_id)' else '' end
        || case when v_by_priority and not whole then ' join ' || v_priorities else '' end
        || ' cross join lateral (' || case
          when whole then 'select * from ('
            || format(v_body, case when v_by_priority then ' join ' || v_priorities || ' and p.id = t.priority_id' else '' end) || part || ' offset 0) z' || v_tail
          when v_by_priority then format(v_body, '') || part || ' and t.priority_id = p.id' || format(' order by id %s limit %s', v_direction, v_limit + 1)
          else format(v_body, '') || part || v_tail end
        || ') y)', ' union ')
        from unnest(v_branches) b
       cross join lateral (select b in ('hand', 'mine') and v_column <> 'updated_at', ' and t.status_id = s.status_id' || case b
          when 'teams' then ' and t.team_id = d.team_id'
          when 'one' then ' and t.team_id = ($1 ->> ''team'')::bigint'
          when 'none' then ' and t.team_id is null'
          when 'mine' then ' and t.assignee_id = (select autocrm.actor_id())'
          else '' end) x (whole, part));
    v_ordered := v_ordered || format(' limit %s', v_limit + 1);
  end if;
  -- autocrm.page() takes SQL only from a variable.
  v_sql := format(
    'with ids as materialized (select * from (%1$s) x order by %2$s)
     select %3$s, q.*%4$s from ids i join api._queue_rows q on q.id = i.id order by %5$s',
    v_from, v_ordered,
    case when p_group is null then 'i.at::text' else 'jsonb_build_array(i.grp::text, i.at::text)::text' end,
    case when p_custom is null then '' else format(
      ', (select coalesce(jsonb_object_agg(e.key, e.value), ''{}'') from app.tickets c cross join jsonb_each(app.custom_of(c)) e
           where c.id = i.id and e.key = any (%L::text[])) as custom', p_custom) end,
    case when p_group is null then format('i.at %1$s, i.id %1$s', v_direction) else format('i.grp, i.at %1$s, i.id %1$s', v_direction) end);
  return autocrm.page(v_sql, v_query, v_limit, v_key);
end
$$;
