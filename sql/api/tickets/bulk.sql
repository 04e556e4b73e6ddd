-- Bulk jobs: one action on many tickets. Each ticket goes through the function for one ticket, with the caller's rights;
-- the books of a job are written by definer functions alone.

create view api.bulk_jobs with (security_invoker = true) as
select j.id, j.action, j.body, j.status, j.total, j.done, j.failed, j.undone, j.kept,
       j.incidents_solved, j.incidents_left,
       -- How long it can be undone.
       case when j.status in ('done', 'cancelled') and j.action <> 'merge' then j.finished_at + interval '10 minutes' end as undo_until,
       j.created_at, j.finished_at
  from app.bulk_jobs j;
comment on view api.bulk_jobs is 'The caller''s bulk jobs and their progress.';

select api._define_resource('bulk_jobs', 'bulk_job',
  p_filters => '{status,action}', p_search => '{action}', p_sorts => '{-id,id}',
  p_verbs => '{list,get}',
  p_query => '{"status": "running"}');

-- Definer: makes the rows that nobody writes by hand.
create function api._open_bulk_job(p_action text, p_body jsonb, p_ids bigint[])
  returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_claims jsonb := '{}';
  v_id bigint;
begin
  perform api._need_api('Bulk jobs are run');
  if autocrm.actor_id() is null then
    raise exception using errcode = 'TK401', message = 'Nobody is signed in', hint = 'Log in, or use an API key.';
  end if;
  if autocrm.actor_api_key_id() is not null then
    v_claims := jsonb_build_object('key', (select encode(hash, 'hex') from app.api_keys where id = autocrm.actor_api_key_id()));
  end if;
  insert into app.bulk_jobs (action, body, total, created_by, role, claims, created_at)
  values (p_action, p_body, cardinality(p_ids), autocrm.actor_id(), 'autocrm_' || autocrm.actor_role(), v_claims, autocrm.now())
  returning id into v_id;
  insert into app.bulk_items (job_id, ticket_id) select v_id, x from unnest(p_ids) x;
  return v_id;
end
$$;

-- Definer, as above: what is left of the job is the worker's. The caller's log-in may end before it is done, so a
-- person's job gets a session of its own, whose token nobody knows; it ends with the person's access.
create function api._leave_to_worker(p_id bigint)
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_session uuid;
begin
  perform api._need_api('Bulk jobs are run');
  if exists (select from app.bulk_jobs j
              where j.id = p_id and j.created_by = autocrm.actor_id() and j.claims = '{}' and j.status in ('queued', 'running', 'undoing')) then
    insert into app.sessions (user_id, refresh_hash, user_agent, expires_at)
    values (autocrm.actor_id(), sha256(gen_random_uuid()::text::bytea), 'bulk job', autocrm.now() + interval '1 day')
    returning id into v_session;
    update app.bulk_jobs
       set claims = jsonb_build_object('sub', autocrm.actor_id()::text, 'role', autocrm.actor_role(), 'sid', v_session)
     where id = p_id;
  end if;
end
$$;

-- Few tickets are done at once; for more, and for those that somebody else is changing, there is the worker.
create function api._start_bulk_job(p_id bigint, p_tickets bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  if p_tickets <= 100 then
    perform api._run_bulk_job(p_id, 100, p_waits => false);
  end if;
  perform api._leave_to_worker(p_id);
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
  v_view record;
  v_where text;
begin
  if p_body ? 'ids' then
    return array(select distinct x::bigint from jsonb_array_elements_text(p_body -> 'ids') x order by 1);
  end if;
  v_where := api._ticket_filters(v_filter);
  if p_body ? 'view_id' then
    select v.id, v.conditions into v_view from app.views v where v.id = (p_body ->> 'view_id')::bigint;
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
  v_problems text[] := api._unknown_keys(p_body, array['action', 'ids', 'view_id', 'filter', 'changes', 'add_tags', 'remove_tags', 'into', 'macro_id']);
  v_body jsonb := p_body - array['action', 'ids', 'view_id', 'filter'];
  v_ids bigint[];
  v_key text;
  v_message text;
  v_detail text;
begin
  perform api._need_scope('tickets:write');
  if not coalesce(v_action in ('update', 'macro', 'merge', 'delete', 'restore'), false) then
    v_problems := v_problems || 'action: must be one of update, macro, merge, delete, restore'::text;
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
        || array(select format('filter.%s: a selection has no pages', k) from unnest(array['limit', 'after', 'sort', 'group_by', 'custom']) k where p_body -> 'filter' ? k)
        -- One that says nothing selects all or none, by what it is compared with.
        || array(select format('filter.%s: must be a text that is not empty; leave it out to ask for nothing', e.key) from jsonb_each(p_body -> 'filter') e
                  where jsonb_typeof(e.value) not in ('string', 'number') or trim(e.value #>> '{}') = '');
      if p_body -> 'filter' = '{}' and not p_body ? 'view_id' then
        v_problems := v_problems || format('filter: must say which tickets; all of them are {"status_category": "%s"}',
          array_to_string(enum_range(null::app.status_category), ','));
      end if;
    end if;
  end if;
  -- What another action reads would be left undone without a word.
  if v_action in ('update', 'macro', 'merge', 'delete', 'restore') then
    v_problems := v_problems || array(
      select format('%s: belongs to the action %s', o.key, o.action)
        from (values ('changes', 'update'), ('add_tags', 'update'), ('remove_tags', 'update'), ('macro_id', 'macro'), ('into', 'merge')) o (key, action)
       where p_body ? o.key and o.action <> v_action);
  end if;
  if v_action = 'merge' then
    v_problems := v_problems || api._ticket_key_problems(p_body, 'into');
  elsif v_action = 'macro' then
    if not coalesce(jsonb_typeof(p_body -> 'macro_id') = 'number' and p_body ->> 'macro_id' ~ '^[0-9]{1,18}$', false) then
      v_problems := v_problems || 'macro_id: must be the id of a macro'::text;
    end if;
  elsif v_action = 'update' then
    if jsonb_typeof(coalesce(p_body -> 'changes', '{}')) <> 'object' then
      v_problems := v_problems || 'changes: must be an object of what to change'::text;
    end if;
    if not p_body ?| array['changes', 'add_tags', 'remove_tags'] then
      v_problems := v_problems || 'changes: say what to change, or give add_tags or remove_tags'::text;
    end if;
    foreach v_key in array array['add_tags', 'remove_tags']
    loop
      if p_body ? v_key and (jsonb_typeof(p_body -> v_key) <> 'array' or exists (
        select from jsonb_array_elements(p_body -> v_key) x where jsonb_typeof(x) <> 'string' or x #>> '{}' !~ '^[^\s,]{1,80}$')) then
        v_problems := v_problems || format('%s: must be a list of words without blanks or commas, each of at most 80 characters', v_key);
      end if;
      v_problems := v_problems || api._most_problems(p_body, v_key, 500);
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
    begin
      perform api._ticket_columns(coalesce(p_body -> 'changes', '{}'), array[
        'subject', 'status', 'priority', 'type', 'team_id', 'assignee_id', 'requester_id', 'organization_id', 'tags', 'custom', 'language']);
    exception when sqlstate 'TK422' then
      -- Their places are within this body.
      get stacked diagnostics v_message = message_text, v_detail = pg_exception_detail;
      perform api._refuse(v_message, array(select 'changes.' || d from unnest(string_to_array(v_detail, e'\n')) d));
    end;
  elsif v_action = 'merge' then
    perform api._need_ticket((p_body ->> 'into')::bigint);
  elsif v_action = 'macro' then
    perform api.get_macro((p_body ->> 'macro_id')::bigint);
  end if;
  v_ids := api._bulk_selection(p_body);
  if v_action = 'merge' then
    v_ids := array_remove(v_ids, (p_body ->> 'into')::bigint);
  end if;
  if cardinality(v_ids) > 10000 then
    perform api._refuse('These are too many tickets', array['ids: at most 10000 tickets at once']);
  end if;
  return api._start_bulk_job(api._open_bulk_job(v_action, v_body, v_ids), cardinality(v_ids));
end
$$;
comment on function api.create_bulk_job(jsonb) is
  'Does one thing to many tickets, at most 10,000: {"action": "update", "changes": …, "add_tags": …, "remove_tags": …}, {"action": "macro", "macro_id": id}, {"action": "merge", "into": id}, {"action": "delete"} or {"action": "restore"}, over "ids" or a "view_id" and "filter" (which says something, unless it narrows a view). Up to 100 are done when it answers, except those that somebody else is changing; these, and more, by the worker. Each ticket succeeds or fails by itself. incidents_solved and incidents_left count the incidents of problems that it solved. TK403, TK404, TK422. Example: select api.create_bulk_job(''{"action": "update", "ids": [7, 9], "changes": {"priority": "low"}}'')';

-- Definer: no role writes the state of jobs.
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
  return api._start_bulk_job(p_id, (select done from app.bulk_jobs where id = p_id));
end
$$;
comment on function api.undo_bulk_job(bigint) is
  'Within 10 minutes of its end restores what a bulk job changed, column by column, where it was not changed since, and answers the job as get_bulk_job does; its items name what was left as it is. TK404, TK422. Example: select api.undo_bulk_job(1)';
