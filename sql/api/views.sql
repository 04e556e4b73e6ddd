-- Saved views and their tickets.

create view api.views with (security_invoker = true) as
select v.id, v.version, v.name, v.description, v.visibility,
       case when m.id is not null then json_build_object('id', m.id, 'name', m.name, 'color', m.color) end as team,
       -- Columns of fields that the reader may not see are left out; a view with conditions on such a field is hidden.
       v.conditions, app.view_columns(v.id) as columns,
       v.sort, v.group_by, v.position, v.active, v.created_at, v.updated_at
  from app.views v
  left join app.teams m on m.id = v.team_id;
comment on view api.views is 'Saved queues that the caller may see: which tickets, in which columns and order.';

select api._define_resource('views', 'view',
  p_filters => '{active,visibility}', p_search => '{name}', p_sorts => '{position,name}',
  p_keys => '{name,description,visibility,team_id,conditions,columns,sort,group_by,position,active}',
  p_about => 'name, description, visibility (everyone, team with team_id, private: the default), conditions (see get_condition_schema), columns, sort (a column, - in front: descending), group_by, position, active',
  p_query => '{"active": "true"}',
  p_create => '{"name": "Mine", "conditions": {"field": "assignee", "op": "is", "value": "current_user"}}',
  p_update => '{"sort": "-created_at"}',
  p_deleting => 'TK409 when it is stale. Its tickets stay.');

create function api.list_view_tickets(p_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_view record;
  v_sort text;
  v_group text;
  v_problems text[];
begin
  select v.id, v.conditions, v.sort, v.group_by into v_view from app.views v where v.id = p_id;
  if v_view.id is null then
    perform api._not_found('view', p_id);
  end if;
  v_sort := coalesce(v_query ->> 'sort', v_view.sort);
  v_problems := api._ticket_query_problems(v_query, 'id');
  if (api._ticket_order(ltrim(v_sort, '-'))).expression is null then
    v_problems := v_problems || format('sort: ''%s'' is not a column to sort by', v_sort);
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  -- A field that was retired since the view was saved no longer groups. An empty group_by asks for no groups.
  v_group := coalesce(v_query ->> 'group_by', v_view.group_by);
  return api._ticket_page(v_query, v_sort, v_view.conditions, autocrm.condition_statuses(v_view.conditions),
    case when (api._ticket_order(v_group)).expression is not null then v_group end,
    array(select substr(c, 8) from unnest(app.view_columns(p_id)) c where c like 'custom.%') || string_to_array(v_query ->> 'custom', ','));
end
$$;
comment on function api.list_view_tickets(bigint, jsonb) is
  'A page of a view: {items, next}, with custom holding the custom fields among its columns. Understands limit, after, and sort, group_by, custom and every filter of list_tickets. TK404, TK422. Example: select api.list_view_tickets(1, ''{"priority": "urgent"}'')';

-- How many tickets each view holds. Views that ask only about what is counted are read from the counts, all at once;
-- views that only open tickets can meet are counted in one pass over these, natively where the ticket's row tells, and
-- each other one by itself, to v_most.
create function api.count_views()
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_most constant integer := 5000;
  v_open bigint[] := array(select o.id from app.open_statuses o);
  v_kept bigint[] := '{}';
  v_sums text[] := '{}';
  v_views bigint[] := '{}';
  v_conditions jsonb[] := '{}';
  v_predicates text[] := '{}';
  v_counts text;
  v_totals bigint[];
  v_others bigint[];
  v_view record;
  v_total bigint;
  v_items jsonb := '[]';
  -- Customers see no counts.
  v_staff boolean := coalesce(autocrm.actor_role() <> 'customer', false);
begin
  for v_view in
    select v.id, v.conditions, autocrm.condition_sql(v.conditions) as predicate, autocrm.condition_statuses(v.conditions) as statuses
      from app.views v
     -- Views with conditions on a field that is retired, or hidden from the caller, are left out.
     where v.active and autocrm.check_conditions(v.conditions) = '{}'
     order by v.position, v.id
     limit 200
  loop
    if v_staff and api._is_counted(v_view.predicate) then
      v_kept := v_kept || v_view.id;
      v_sums := v_sums || format('coalesce(sum(t.tickets) filter (where %s), 0)', v_view.predicate);
    elsif v_view.statuses <@ v_open then
      v_views := v_views || v_view.id;
      v_conditions := v_conditions || v_view.conditions;
      v_predicates := v_predicates || v_view.predicate;
    else
      execute format('select count(*) from (select from app.tickets t where %s limit %s) x', v_view.predicate, v_most + 1) into v_total;
      v_items := v_items || jsonb_build_object('id', v_view.id, 'count', least(v_total, v_most), 'exact', v_total <= v_most);
    end if;
  end loop;
  if v_kept <> '{}' then
    execute format('select array[%s] from app.ticket_counts t', array_to_string(v_sums, ', ')) into v_totals;
    v_items := v_items || api._view_counts(v_kept, v_totals);
  end if;
  if v_views <> '{}' then
    v_totals := autocrm.count_each(to_jsonb(v_conditions), v_open);
    select string_agg(case when v_totals[n] is null then format('count(*) filter (where %s)', p) end, ', ' order by n) into v_counts
      from unnest(v_predicates) with ordinality x (p, n);
    if v_counts is not null then
      execute format('select array[%s] from app.tickets t where t.status_id = any ($1)', v_counts) into v_others using v_open;
      v_totals := array(
        select coalesce(total, v_others[count(*) filter (where total is null) over (order by n)])
          from unnest(v_totals) with ordinality x (total, n) order by n);
    end if;
    v_items := v_items || api._view_counts(v_views, v_totals);
  end if;
  return json_build_object('items', v_items);
end
$$;
comment on function api.count_views() is
  'How many tickets that the caller may see each active view holds: {items: [{id, count, exact}]}. Exact for views of open tickets, and for those that ask only about status, priority, team and assignee; others are counted to 5000 (exact: false means more). Example: select api.count_views()';

-- Exact counts as count_views answers them.
create function api._view_counts(p_views bigint[], p_totals bigint[])
  returns jsonb
  language sql immutable
  set search_path = ''
as $$
  select jsonb_agg(jsonb_build_object('id', v.id, 'count', p_totals[v.n], 'exact', true))
    from unnest(p_views) with ordinality v (id, n)
$$;
