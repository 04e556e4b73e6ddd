-- Bulk jobs: one action on many tickets. Each ticket goes through the function for one ticket, with the caller's rights;
-- the books of a job are written by definer functions alone.

create view api.bulk_jobs with (security_invoker = true) as
select j.id, j.action, j.body, j.status, j.total, j.done, j.failed, j.undone, j.kept,
       -- How long it can be undone.
       case when j.status in ('done', 'cancelled') and j.action <> 'merge' then j.finished_at + interval '10 minutes' end as undo_until,
       j.created_at, j.finished_at
  from app.bulk_jobs j;
comment on view api.bulk_jobs is 'One''s own acts on many tickets, and how far they are.';

select api._define_resource('bulk_jobs', 'bulk_job',
  p_filters => '{status,action}', p_search => '{action}', p_sorts => '{-id,id}',
  p_verbs => '{list,get}',
  p_query => '{"status": "running"}');

create function api.list_bulk_items(p_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_limit integer := api._limit(v_query, 1000);
  v_problems text[] := api._unknown_keys(v_query, array['limit', 'after', 'state'])
    || api._check_words(v_query, 'state', enum_range(null::app.bulk_state)::text[]);
  v_sql text;
begin
  perform api.get_bulk_job(p_id);
  if v_problems <> '{}' then
    perform api._refuse('This list cannot be read', v_problems);
  end if;
  if v_query ? 'after' then
    v_query := v_query || jsonb_build_object('after', api._decode_cursor(v_query ->> 'after', 'ticket_id', 'bigint'));
  end if;
  v_sql := format(
    'select i.ticket_id::text, i.ticket_id, i.state, i.problem
       from app.bulk_items i
      where i.job_id = ($1 ->> ''job'')::bigint %s %s
      order by i.ticket_id limit %s',
    case when v_query ? 'after' then 'and i.ticket_id > ($1 -> ''after'' ->> 1)::bigint' end,
    case when v_query ? 'state' then 'and i.state::text = any (string_to_array($1 ->> ''state'', '',''))' end, v_limit + 1);
  return autocrm.page(v_sql, v_query || jsonb_build_object('job', p_id), v_limit, 'ticket_id');
end
$$;
comment on function api.list_bulk_items(bigint, jsonb) is
  'A page of the tickets of a bulk job: {items: [{ticket_id, state, problem}], next}. limit (1 to 1000), after, filter state (pending, done, failed, skipped, undone, kept). TK404, TK422. Example: select api.list_bulk_items(1, ''{"state": "failed"}'')';

-- Definer: makes the rows that nobody writes by hand. The caller's log-in may end before the worker is done, so a
-- person's larger job has a session of its own, whose token nobody knows; it ends with the person's access.
create function api._open_bulk_job(p_action text, p_body jsonb, p_ids bigint[], p_at_once integer)
  returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_claims jsonb := '{}';
  v_role text := autocrm.actor_role();
  v_id bigint;
  v_session uuid;
begin
  perform api._need_api('Bulk jobs are run');
  if autocrm.actor_id() is null then
    raise exception using errcode = 'TK401', message = 'Nobody is signed in', hint = 'Log in, or use an API key.';
  end if;
  if autocrm.actor_api_key_id() is not null then
    v_claims := jsonb_build_object('key', (select encode(hash, 'hex') from app.api_keys where id = autocrm.actor_api_key_id()));
  elsif cardinality(p_ids) > p_at_once then
    insert into app.sessions (user_id, refresh_hash, user_agent, expires_at)
    values (autocrm.actor_id(), sha256(gen_random_uuid()::text::bytea), 'bulk job', autocrm.now() + interval '1 day')
    returning id into v_session;
    v_claims := jsonb_build_object('sub', autocrm.actor_id()::text, 'role', v_role, 'sid', v_session);
  end if;
  insert into app.bulk_jobs (action, body, total, created_by, role, claims, created_at)
  values (p_action, p_body, cardinality(p_ids), autocrm.actor_id(), 'autocrm_' || v_role, v_claims, autocrm.now())
  returning id into v_id;
  insert into app.bulk_items (job_id, ticket_id) select v_id, x from unnest(p_ids) x;
  return v_id;
end
$$;

-- Definer, as above. Locks the caller's job and says what to do next: its status, action, body and the next items.
create function api._next_bulk_items(p_id bigint, p_most integer, out status text, out action text, out body jsonb, out items app.bulk_items[])
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform api._need_api('Bulk jobs are run');
  select j.status, j.action, j.body into status, action, body
    from app.bulk_jobs j where j.id = p_id and j.created_by = autocrm.actor_id() for update;
  if status in ('queued', 'running') then
    items := array(select i from app.bulk_items i where i.job_id = p_id and i.state = 'pending' order by i.ticket_id limit p_most);
  elsif status = 'undoing' then
    items := array(select i from app.bulk_items i where i.job_id = p_id and i.state = 'done' order by i.ticket_id limit p_most);
  end if;
end
$$;

-- Definer, as above. Books what became of a batch, in the transaction in which it happened.
create function api._book_bulk_items(p_id bigint, p_items app.bulk_items[], p_last boolean)
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- What the caller hands over is booked as it is: nobody at a prompt writes these books.
  perform api._need_api('Bulk jobs are run');
  update app.bulk_items i
     set state = n.state, problem = n.problem, before = n.before, after = n.after
    from unnest(p_items) n
   where i.job_id = p_id and i.ticket_id = n.ticket_id
     and exists (select from app.bulk_jobs j where j.id = p_id and j.created_by = autocrm.actor_id());
  update app.bulk_jobs j
     set done = j.done + n.done, failed = j.failed + n.failed, undone = j.undone + n.undone, kept = j.kept + n.kept,
         status = case when not p_last then case j.status when 'queued' then 'running' else j.status end
                       when j.status = 'undoing' then 'undone' else 'done' end,
         finished_at = case when p_last then autocrm.now() end
    from (select count(*) filter (where state = 'done') as done, count(*) filter (where state = 'failed') as failed,
                 count(*) filter (where state = 'undone') as undone, count(*) filter (where state = 'kept') as kept
            from unnest(p_items)) n
   where j.id = p_id and j.created_by = autocrm.actor_id();
end
$$;

-- The columns of a ticket that a job may change, custom fields one by one.
create function api._bulk_columns(p_id bigint)
  returns jsonb
  language sql stable
  set search_path = ''
as $$
  select jsonb_build_object('subject', t.subject, 'status_id', t.status_id, 'priority_id', t.priority_id, 'type', t.type,
           'team_id', t.team_id, 'assignee_id', t.assignee_id, 'requester_id', t.requester_id, 'organization_id', t.organization_id,
           'tag_ids', t.tag_ids, 'language', t.language)
         || coalesce((select jsonb_object_agg('custom.' || e.key, e.value) from jsonb_each(app.custom_of(t)) e), '{}')
    from app.tickets t where t.id = p_id
$$;

create function api._do_bulk_item(p_action text, p_body jsonb, p_item app.bulk_items)
  returns app.bulk_items
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_item app.bulk_items := p_item;
  v_changes jsonb := coalesce(p_body -> 'changes', '{}');
  v_before jsonb;
  v_after jsonb;
begin
  case p_action
    when 'merge' then
      perform api.merge_ticket(v_item.ticket_id, jsonb_build_object('into', p_body -> 'into'));
    when 'delete' then
      perform api.delete_ticket(v_item.ticket_id);
    when 'restore' then
      perform api.restore_ticket(v_item.ticket_id);
    else
      perform from app.tickets where id = v_item.ticket_id for update;
      v_before := api._bulk_columns(v_item.ticket_id);
      if p_body ?| array['add_tags', 'remove_tags'] then
        v_changes := v_changes || jsonb_build_object('tags', (
          select coalesce(jsonb_agg(n), '[]')
            from (select g.name as n from app.tickets t join app.tags g on g.id = any (t.tag_ids) where t.id = v_item.ticket_id
                  union
                  select x from jsonb_array_elements_text(coalesce(p_body -> 'add_tags', '[]')) x) tags
           where lower(n) not in (select lower(x) from jsonb_array_elements_text(coalesce(p_body -> 'remove_tags', '[]')) x)));
      end if;
      perform api.update_ticket(v_item.ticket_id, v_changes);
      v_after := api._bulk_columns(v_item.ticket_id);
      -- What was not there is null, so that undoing takes it away.
      select jsonb_object_agg(k, v_before -> k), jsonb_object_agg(k, v_after -> k) into v_item.before, v_item.after
        from (select jsonb_object_keys(v_before || v_after)) x (k)
       where coalesce(v_before -> k, 'null') <> coalesce(v_after -> k, 'null');
  end case;
  v_item.state := 'done';
  return v_item;
end
$$;

create function api._undo_bulk_item(p_action text, p_item app.bulk_items)
  returns app.bulk_items
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_item app.bulk_items := p_item;
  v_now jsonb;
  v_back jsonb;
  v_left text[];
begin
  v_item.state := 'undone';
  if p_action = 'delete' then
    perform api.restore_ticket(v_item.ticket_id);
  elsif p_action = 'restore' then
    perform api.delete_ticket(v_item.ticket_id);
  elsif v_item.after is not null then
    perform from app.tickets where id = v_item.ticket_id for update;
    if not found then
      perform api._not_found('ticket', v_item.ticket_id);
    end if;
    v_now := api._bulk_columns(v_item.ticket_id);
    select jsonb_object_agg(k, coalesce(v_item.before -> k, 'null')) filter (where same), array_agg(k order by k) filter (where not same)
      into v_back, v_left
      from (select k, coalesce(v_now -> k, 'null') = coalesce(v_item.after -> k, 'null') from jsonb_object_keys(v_item.after) k) x (k, same);
    if v_back is not null then
      update app.tickets t
         set (subject, status_id, priority_id, type, team_id, assignee_id, requester_id, organization_id, tag_ids, language, custom) = (
           select n.subject, n.status_id, n.priority_id, n.type, n.team_id, n.assignee_id, n.requester_id, n.organization_id, n.tag_ids, n.language,
                  t.custom || coalesce((select jsonb_object_agg(substr(e.key, 8), e.value) from jsonb_each(v_back) e where e.key like 'custom.%'), '{}')
             from jsonb_populate_record(t, v_back) n)
       where t.id = v_item.ticket_id;
    end if;
    if v_left is not null then
      v_item.state := 'kept';
      v_item.problem := 'changed since and left alone: ' || array_to_string(v_left, ', ');
    end if;
  end if;
  return v_item;
end
$$;

-- One batch of the caller's job, in one transaction: rows in the order of their ids, each with a savepoint, and
-- what became of it booked beside it. After a crash the batch never was. Answers the job.
create function api._run_bulk_job(p_id bigint, p_most integer default 50)
  returns json
  language plpgsql volatile
  set search_path = ''
  -- Whoever holds a ticket longer than this keeps it; the job goes on with the next.
  set lock_timeout = '2s'
as $$
declare
  v_next record;
  v_item app.bulk_items;
  v_items app.bulk_items[] := '{}';
  v_message text;
  v_detail text;
begin
  select * into v_next from api._next_bulk_items(p_id, p_most);
  if v_next.items is null then
    return api.get_bulk_job(p_id);
  end if;
  foreach v_item in array v_next.items
  loop
    begin
      v_items := v_items || case v_next.status when 'undoing' then api._undo_bulk_item(v_next.action, v_item)
                                               else api._do_bulk_item(v_next.action, v_next.body, v_item) end;
    exception
      -- The whole batch comes again.
      when deadlock_detected or serialization_failure then
        raise;
      when others then
        get stacked diagnostics v_message = message_text, v_detail = pg_exception_detail;
        v_item.state := case v_next.status when 'undoing' then 'kept' else 'failed' end;
        v_item.problem := case
          when sqlstate = '55P03' then 'somebody else was changing it'
          -- What is not the desk's own words is nobody's business.
          when sqlstate not like 'TK%' then 'it could not be saved'
          when v_detail <> '' and sqlstate = 'TK422' then v_detail
          else v_message end;
        v_items := v_items || v_item;
    end;
  end loop;
  perform api._book_bulk_items(p_id, v_items, cardinality(v_items) < p_most);
  return api.get_bulk_job(p_id);
end
$$;

-- Ids of a selection that the caller sees: ids, or a view, a filter of list_tickets, or both together.
create function api._bulk_selection(p_body jsonb)
  returns bigint[]
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_filter jsonb := coalesce(p_body -> 'filter', '{}');
  v_ids bigint[];
  v_view app.views;
  v_where text;
begin
  if p_body ? 'ids' then
    return array(select distinct x::bigint from jsonb_array_elements_text(p_body -> 'ids') x order by 1);
  end if;
  v_where := api._ticket_filters(v_filter);
  if p_body ? 'view_id' then
    select * into v_view from app.views where id = (p_body ->> 'view_id')::bigint;
    if v_view.id is null then
      perform api._not_found('view', (p_body ->> 'view_id')::bigint);
    end if;
    v_where := v_where || ' and ' || autocrm.condition_sql(v_view.conditions);
  end if;
  execute format('select array(select t.id from app.tickets t where %s order by t.id limit 10001)', v_where) into v_ids using v_filter;
  return v_ids;
end
$$;

create function api.create_bulk_job(p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_action text := p_body ->> 'action';
  v_problems text[] := api._unknown_keys(p_body, array['action', 'ids', 'view_id', 'filter', 'changes', 'add_tags', 'remove_tags', 'into']);
  v_body jsonb := p_body - array['action', 'ids', 'view_id', 'filter'];
  v_ids bigint[];
  v_key text;
  v_job bigint;
begin
  perform api._need_scope('tickets:write');
  if not coalesce(v_action in ('update', 'merge', 'delete', 'restore'), false) then
    v_problems := v_problems || 'action: must be one of update, merge, delete, restore'::text;
  end if;
  if (p_body ? 'ids') = (p_body ?| array['view_id', 'filter']) then
    v_problems := v_problems || 'ids: say which tickets, by ids or else by view_id, filter or both'::text;
  elsif p_body ? 'ids' and (jsonb_typeof(p_body -> 'ids') <> 'array' or p_body -> 'ids' = '[]' or exists (
    select from jsonb_array_elements(p_body -> 'ids') x where jsonb_typeof(x) <> 'number' or x #>> '{}' !~ '^[0-9]{1,18}$')) then
    v_problems := v_problems || 'ids: must be a list of ids of tickets'::text;
  elsif p_body ? 'view_id' and not (jsonb_typeof(p_body -> 'view_id') = 'number' and p_body ->> 'view_id' ~ '^[0-9]{1,18}$') then
    v_problems := v_problems || 'view_id: must be the id of a view'::text;
  end if;
  if p_body ? 'filter' then
    if jsonb_typeof(p_body -> 'filter') <> 'object' then
      v_problems := v_problems || 'filter: must be an object of the filters of a list of tickets'::text;
    else
      v_problems := v_problems || array(select 'filter.' || x from unnest(api._ticket_query_problems(p_body -> 'filter', 'id')) x)
        || array(select format('filter.%s: a selection has no pages', k) from unnest(array['limit', 'after', 'sort']) k where p_body -> 'filter' ? k);
    end if;
  end if;
  if v_action = 'merge' then
    v_problems := v_problems || api._ticket_key_problems(p_body, 'into');
  elsif v_action = 'update' then
    if not p_body ?| array['changes', 'add_tags', 'remove_tags'] then
      v_problems := v_problems || 'changes: say what to change, or give add_tags or remove_tags'::text;
    end if;
    foreach v_key in array array['add_tags', 'remove_tags']
    loop
      if p_body ? v_key and (jsonb_typeof(p_body -> v_key) <> 'array' or exists (
        select from jsonb_array_elements(p_body -> v_key) x where jsonb_typeof(x) <> 'string' or x #>> '{}' !~ '^[^\s,]{1,80}$')) then
        v_problems := v_problems || format('%s: must be a list of words without blanks or commas, each of at most 80 characters', v_key);
      end if;
    end loop;
    if p_body -> 'changes' ? 'tags' and p_body ?| array['add_tags', 'remove_tags'] then
      v_problems := v_problems || 'changes.tags: either set the tags, or add and remove some'::text;
    end if;
  end if;
  if v_problems <> '{}' then
    perform api._refuse('This cannot be done to many tickets', v_problems);
  end if;
  if v_action in ('delete', 'restore') then
    perform api._need_admin('delete and restore tickets');
  end if;
  if v_action = 'update' then
    perform api._ticket_columns(coalesce(p_body -> 'changes', '{}'), array[
      'subject', 'status', 'priority', 'type', 'team_id', 'assignee_id', 'requester_id', 'organization_id', 'tags', 'custom', 'language']);
  elsif v_action = 'merge' then
    perform api.get_ticket((p_body ->> 'into')::bigint);
  end if;
  v_ids := api._bulk_selection(p_body);
  if v_action = 'merge' then
    v_ids := array_remove(v_ids, (p_body ->> 'into')::bigint);
  end if;
  if cardinality(v_ids) > 10000 then
    perform api._refuse('These are too many tickets', array['ids: at most 10000 tickets at once']);
  end if;
  -- Few are done at once; for more there is the worker.
  v_job := api._open_bulk_job(v_action, v_body, v_ids, 100);
  if cardinality(v_ids) <= 100 then
    return api._run_bulk_job(v_job, 101);
  end if;
  return api.get_bulk_job(v_job);
end
$$;
comment on function api.create_bulk_job(jsonb) is
  'Does one thing to many tickets, at most 10,000: {"action": "update", "changes": …, "add_tags": …, "remove_tags": …}, {"action": "merge", "into": id}, {"action": "delete"} or {"action": "restore"}, over "ids" or a "view_id" and "filter". Up to 100 are done when it answers, more by the worker. Each ticket succeeds or fails by itself. TK403, TK404, TK422. Example: select api.create_bulk_job(''{"action": "update", "ids": [7, 9], "changes": {"priority": "low"}}'')';

-- Definer: the books of a job are nobody's to write.
create function api._move_bulk_job(p_id bigint, p_undo boolean)
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_job app.bulk_jobs;
begin
  select * into v_job from app.bulk_jobs where id = p_id and created_by = autocrm.actor_id() for update;
  if v_job.id is null then
    perform api._not_found('bulk job', p_id);
  elsif not p_undo then
    if v_job.status not in ('queued', 'running') then
      perform api._refuse('This job cannot be cancelled', array[format('id: it is %s', v_job.status)]);
    end if;
    update app.bulk_items set state = 'skipped' where job_id = p_id and state = 'pending';
    update app.bulk_jobs set status = 'cancelled', finished_at = autocrm.now() where id = p_id;
  else
    if v_job.status not in ('done', 'cancelled') then
      perform api._refuse('This job cannot be undone', array[format('id: it is %s', v_job.status)]);
    elsif v_job.action = 'merge' then
      perform api._refuse('This job cannot be undone', array['id: merged tickets stay merged']);
    elsif v_job.finished_at < autocrm.now() - interval '10 minutes' then
      perform api._refuse('This job cannot be undone', array['id: it ended more than 10 minutes ago']);
    end if;
    update app.bulk_jobs set status = 'undoing', finished_at = null where id = p_id;
  end if;
end
$$;

create function api.cancel_bulk_job(p_id bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  perform api._move_bulk_job(p_id, false);
  return api.get_bulk_job(p_id);
end
$$;
comment on function api.cancel_bulk_job(bigint) is
  'Stops a bulk job and answers it as get_bulk_job does: what is done stays done (see undo_bulk_job), the rest is skipped. TK404, TK422 when it has ended. Example: select api.cancel_bulk_job(2)';

create function api.undo_bulk_job(p_id bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  perform api._move_bulk_job(p_id, true);
  if (select done from app.bulk_jobs where id = p_id) <= 100 then
    return api._run_bulk_job(p_id, 101);
  end if;
  return api.get_bulk_job(p_id);
end
$$;
comment on function api.undo_bulk_job(bigint) is
  'Within 10 minutes of its end restores what a bulk job changed, column by column, where nobody has changed it since, and answers the job as get_bulk_job does; its items name what was left as it is. TK404, TK422. Example: select api.undo_bulk_job(1)';
