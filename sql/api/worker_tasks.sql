-- Tasks of the background worker, for administrators: what it does, paused or not, and a round by hand.

create view api.worker_tasks with (security_invoker = true) as
select t.id, t.name, t.paused, t.wanted_at, t.ran_at from app.worker_tasks t;
comment on view api.worker_tasks is 'Tasks of the background worker: paused, asked for, and when a round was last noted.';

select api._define_resource('worker_tasks', 'worker_task',
  p_filters => '{name,paused}', p_search => '{name}', p_sorts => '{name,-name}',
  p_verbs => '{list}',
  p_query => '{"paused": "true"}');

create function api.update_worker_task(p_id bigint, p_body jsonb)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_problems text[] := api._unknown_keys(p_body, array['paused']) || api._check_types('worker_tasks', p_body, array['paused']);
begin
  perform api._need_admin('pause what the worker does');
  perform api._get('worker_tasks', 'task of the worker', p_id);
  if v_problems = '{}' and (p_body ->> 'paused')::boolean and exists (select from app.worker_tasks t where t.id = p_id and t.name = 'watchdog') then
    v_problems := array['paused: the watchdog of SQL prompts cannot be paused'];
  end if;
  if v_problems <> '{}' then
    perform api._refuse('The task cannot be changed like this', v_problems);
  end if;
  if p_body ? 'paused' then
    update app.worker_tasks t set paused = (p_body ->> 'paused')::boolean where t.id = p_id;
  end if;
  return api._get('worker_tasks', 'task of the worker', p_id);
end
$$;
comment on function api.update_worker_task(bigint, jsonb) is
  'Pauses a task of the background worker, or lets it go on (paused: false), and answers it: {id, name, paused, wanted_at, ran_at}. A round under way is finished. Admins only. TK403, TK404, TK422. Example: select api.update_worker_task(1, ''{"paused": false}'')';

-- Definer: when a round is made is nobody's to write.
create function api._want_worker_task(p_id bigint)
  returns void
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  update app.worker_tasks set wanted_at = autocrm.now() where id = p_id and autocrm.actor_role() = 'admin'
$$;

create function api.run_worker_task(p_id bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  perform api._need_admin('have the worker make a round');
  perform api._get('worker_tasks', 'task of the worker', p_id);
  perform api._want_worker_task(p_id);
  return api._get('worker_tasks', 'task of the worker', p_id);
end
$$;
comment on function api.run_worker_task(bigint) is
  'Has the worker make one round of a task when it comes by next, also while the task is paused; wanted_at is null again once it has. Answers the task as update_worker_task does. Admins only. TK403, TK404. Example: select api.run_worker_task(1)';
