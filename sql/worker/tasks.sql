-- Whether a task of the worker may make a round. A round of one statement asks in that statement, so that one that fails is
-- not noted. Rounds of several transactions (bulk, files, mail, indexes) are noted as they begin: what fails in them is in
-- the log, or set aside.

-- Notes the round, and that at most twice a minute: a desk at rest hardly writes. Workers do not wait for each
-- other here, and of several only one makes a round that a paused task was asked for.
create function worker.begins(p_task text)
  returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_task app.worker_tasks;
  v_mine app.worker_tasks;
begin
  select * into v_task from app.worker_tasks t where t.name = p_task;
  if not found then
    return true;
  elsif v_task.paused and v_task.wanted_at is null then
    return false;
  elsif v_task.wanted_at is null and v_task.ran_at > autocrm.now() - interval '30 seconds' then
    return true;
  end if;
  select * into v_mine from app.worker_tasks t where t.name = p_task for no key update skip locked;
  if v_task.paused and v_mine.wanted_at is null then
    return false;
  elsif v_mine.id is not null then
    update app.worker_tasks t set ran_at = autocrm.now() where t.id = v_mine.id;
    -- By itself, so that only what somebody asked for is in the audit log.
    if v_mine.wanted_at is not null then
      update app.worker_tasks t set wanted_at = null where t.id = v_mine.id;
    end if;
  end if;
  return true;
end
$$;
comment on function worker.begins(text) is
  'Whether a task of the worker may make a round now: it is not paused, or a round was asked for. Notes that it does. Example: select worker.begins(''rules'')';
