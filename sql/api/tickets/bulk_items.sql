-- Tickets of a bulk job: what is done to each, undone, and noted.

create function api.list_bulk_items(p_id bigint, p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_query jsonb := coalesce(p_query, '{}');
  v_limit integer := api._limit(v_query, 1000);
  v_problems text[] := api._query_problems(v_query, array['limit', 'after', 'state', 'incidents'])
    || api._check_words(v_query, 'state', enum_range(null::app.bulk_state)::text[])
    || api._check_words(v_query, 'incidents', array['true']);
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
    'select i.ticket_id::text, i.ticket_id, i.state, i.problem, to_json(i.incidents_solved) as incidents_solved, to_json(i.incidents_left) as incidents_left
       from app.bulk_items i
      where i.job_id = ($1 ->> ''job'')::bigint %s %s %s
      order by i.ticket_id limit %s',
    case when v_query ? 'after' then 'and i.ticket_id > ($1 -> ''after'' ->> 1)::bigint' end,
    case when v_query ? 'state' then 'and i.state::text = any (string_to_array($1 ->> ''state'', '',''))' end,
    case when v_query ? 'incidents' then 'and i.incidents_solved is not null' end, v_limit + 1);
  return autocrm.page(v_sql, v_query || jsonb_build_object('job', p_id), v_limit, 'ticket_id');
end
$$;
comment on function api.list_bulk_items(bigint, jsonb) is
  'A page of the tickets of a bulk job: {items: [{ticket_id, state, problem, incidents_solved, incidents_left}], next}. Of a problem that the job solved, the last two are the ids of its incidents that were solved with it, and that could not be. limit (1 to 1000), after, filters state (pending, done, failed, skipped, undone, kept) and incidents (true: only problems that had some). TK404, TK422. Example: select api.list_bulk_items(1, ''{"state": "failed"}'')';

-- Definer, as above. Locks the caller's job and answers its status, action, body and next items.
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

-- Definer, as above. Records the result of a batch, in the transaction in which it was done.
create function api._book_bulk_items(p_id bigint, p_items app.bulk_items[])
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_last boolean;
begin
  -- The arguments are recorded as they are, so nobody at a prompt may call this.
  perform api._need_api('Bulk jobs are run');
  update app.bulk_items i
     set state = n.state, problem = n.problem, before = n.before, after = n.after,
         incidents_solved = n.incidents_solved, incidents_left = n.incidents_left
    from unnest(p_items) n
   where i.job_id = p_id and i.ticket_id = n.ticket_id
     and exists (select from app.bulk_jobs j where j.id = p_id and j.created_by = autocrm.actor_id());
  select not exists (
      select from app.bulk_items i where i.job_id = p_id and i.state = case j.status when 'undoing' then 'done' else 'pending' end::app.bulk_state)
    into v_last
    from app.bulk_jobs j where j.id = p_id;
  update app.bulk_jobs j
     set done = j.done + n.done, failed = j.failed + n.failed, undone = j.undone + n.undone, kept = j.kept + n.kept,
         -- Undoing leaves incidents as they are.
         incidents_solved = j.incidents_solved + case j.status when 'undoing' then 0 else n.incidents_solved end,
         incidents_left = j.incidents_left + case j.status when 'undoing' then 0 else n.incidents_left end,
         status = case when not v_last then case j.status when 'queued' then 'running' else j.status end
                       when j.status = 'undoing' then 'undone' else 'done' end,
         finished_at = case when v_last then autocrm.now() end
    from (select count(*) filter (where state = 'done') as done, count(*) filter (where state = 'failed') as failed,
                 count(*) filter (where state = 'undone') as undone, count(*) filter (where state = 'kept') as kept,
                 coalesce(sum(cardinality(x.incidents_solved)), 0) as incidents_solved,
                 coalesce(sum(cardinality(x.incidents_left)), 0) as incidents_left
            from unnest(p_items) x) n
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

-- Of a ticket in the trash who put it there and when, of any other its version: as long as it stays the same, nobody
-- else did anything with it. Locks the ticket. Definer: no policy shows the trash.
create function api._trash_state(p_id bigint)
  returns jsonb
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform api._need_api('Bulk jobs are run'), api._need_admin('delete and restore tickets');
  return (
    select case when t.deleted_at is null then jsonb_build_object('version', t.version)
                -- A number, which no session's time zone writes differently.
                else jsonb_build_object('deleted_at', extract(epoch from t.deleted_at), 'deleted_by', t.deleted_by) end
      from app.tickets t where t.id = p_id for update);
end
$$;

-- The open incidents of a ticket, as far as the caller sees them.
create function api._open_incidents(p_problem bigint)
  returns bigint[]
  language plpgsql stable
  set search_path = ''
as $$
begin
  return array(
    select t.id
      from app.ticket_links l
      join app.tickets t on t.id = l.ticket_id
     where l.kind = 'incident' and l.other_id = p_problem and t.status_id in (select o.id from app.open_statuses o)
     order by t.id);
end
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
  v_incidents bigint[];
begin
  case p_action
    when 'merge' then
      perform api.merge_ticket(v_item.ticket_id, jsonb_build_object('into', p_body -> 'into'));
    when 'delete' then
      perform api.delete_ticket(v_item.ticket_id);
      v_item.after := api._trash_state(v_item.ticket_id);
    when 'restore' then
      perform api.restore_ticket(v_item.ticket_id);
      v_item.after := api._trash_state(v_item.ticket_id);
    else
      perform from app.tickets where id = v_item.ticket_id for update;
      v_before := api._bulk_columns(v_item.ticket_id);
      v_incidents := api._open_incidents(v_item.ticket_id);
      -- What a macro says stays said when the job is undone.
      if p_action = 'macro' then
        perform api.apply_macro(v_item.ticket_id, (p_body ->> 'macro_id')::bigint);
      elsif p_body ?| array['add_tags', 'remove_tags'] then
        v_changes := v_changes || jsonb_build_object('tags', (
          select coalesce(jsonb_agg(n), '[]')
            from (select g.name as n from app.tickets t join app.tags g on g.id = any (t.tag_ids) where t.id = v_item.ticket_id
                  union
                  select x from jsonb_array_elements_text(coalesce(p_body -> 'add_tags', '[]')) x) tags
           where lower(n) not in (select lower(x) from jsonb_array_elements_text(coalesce(p_body -> 'remove_tags', '[]')) x)));
      end if;
      if p_action = 'update' then
        perform api.update_ticket(v_item.ticket_id, v_changes);
      end if;
      v_after := api._bulk_columns(v_item.ticket_id);
      -- A missing value is null, so that undoing removes it.
      select jsonb_object_agg(k, v_before -> k), jsonb_object_agg(k, v_after -> k) into v_item.before, v_item.after
        from (select jsonb_object_keys(v_before || v_after)) x (k)
       where coalesce(v_before -> k, 'null') <> coalesce(v_after -> k, 'null');
      -- tg_tickets__solve_incidents() tries those of a problem that goes from open to solved.
      if v_incidents <> '{}'
         and exists (select from app.open_statuses o where o.id = (v_before ->> 'status_id')::bigint)
         and exists (select from app.statuses s where s.id = (v_after ->> 'status_id')::bigint and s.category = 'solved') then
        v_item.incidents_left := array(select unnest(v_incidents) intersect select unnest(api._open_incidents(v_item.ticket_id)) order by 1);
        v_item.incidents_solved := array(select unnest(v_incidents) except select unnest(v_item.incidents_left) order by 1);
      end if;
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
  if p_action in ('delete', 'restore') and api._trash_state(v_item.ticket_id) <> v_item.after then
    v_item.state := 'kept';
    v_item.problem := 'changed since and left alone';
  elsif p_action = 'delete' then
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

-- One batch of the caller's job, in one transaction: rows in the order of their ids, each with a
-- savepoint, and their results recorded with them. After a crash the batch never happened. Answers the job.
-- A ticket that is locked for longer fails, and ends the batch: what is done by then is saved before the next wait. With
-- p_waits false, while somebody waits for the answer, it is left for the worker instead.
create function api._run_bulk_job(p_id bigint, p_most integer default 50, p_waits boolean default true)
  returns json
  language plpgsql volatile
  set search_path = ''
  set lock_timeout = '2s'
as $$
declare
  v_next record;
  v_item app.bulk_items;
  v_items app.bulk_items[] := '{}';
  v_until timestamptz := clock_timestamp() + interval '5 seconds';
  v_message text;
  v_detail text;
begin
  select * into v_next from api._next_bulk_items(p_id, p_most);
  if not p_waits then
    perform set_config('lock_timeout', '500ms', true);
  end if;
  foreach v_item in array coalesce(v_next.items, '{}')
  loop
    exit when not p_waits and clock_timestamp() > v_until;
    begin
      v_items := v_items || case v_next.status when 'undoing' then api._undo_bulk_item(v_next.action, v_item)
                                               else api._do_bulk_item(v_next.action, v_next.body, v_item) end;
    exception
      -- The whole batch is retried.
      when deadlock_detected or serialization_failure then
        raise;
      when others then
        get stacked diagnostics v_message = message_text, v_detail = pg_exception_detail;
        if sqlstate = '55P03' and not p_waits then
          -- Of several that are locked, only the first is waited for.
          perform set_config('lock_timeout', '20ms', true);
          continue;
        end if;
        v_item.state := case v_next.status when 'undoing' then 'kept' else 'failed' end;
        v_item.problem := case
          when sqlstate = '55P03' then 'somebody else was changing it'
          -- Messages that are not the desk's own are not shown.
          when sqlstate not like 'TK%' then 'it could not be saved'
          when v_detail <> '' and sqlstate = 'TK422' then v_detail
          else v_message end;
        v_items := v_items || v_item;
        exit when sqlstate = '55P03';
    end;
  end loop;
  if v_next.status in ('queued', 'running', 'undoing') then
    perform api._book_bulk_items(p_id, v_items);
  end if;
  return api.get_bulk_job(p_id);
end
$$;
