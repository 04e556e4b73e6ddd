-- Items that workers could not process, and their retry.

create view api.set_aside with (security_invoker = true) as
select s.id, s.worker, s.item, s.ticket_id, s.code, s.message, s.detail, s.hint, s.attempts, s.at, s.tried_at, s.retry_at
  from app.set_aside s;
comment on view api.set_aside is 'Items that workers could not process, the error, and the time of the next retry.';

select api._define_resource('set_aside', 'set_aside',
  p_filters => '{worker,ticket_id,code}', p_search => '{item,message}', p_sorts => '{-id,id}',
  p_verbs => '{list}',
  p_query => '{"worker": "search"}');

-- Definer: what is set aside is nobody's to write.
create function api._retry_set_aside(p_id bigint)
  returns void
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
  update app.set_aside set retry_at = autocrm.now() where id = p_id and autocrm.actor_role() = 'admin'
$$;

create function api.retry_set_aside(p_id bigint)
  returns json
  language plpgsql volatile
  set search_path = ''
as $$
begin
  perform api._get('set_aside', 'item set aside', p_id);
  perform api._retry_set_aside(p_id);
  return api._get('set_aside', 'item set aside', p_id);
end
$$;
comment on function api.retry_set_aside(bigint) is
  'Has a worker try at once what it could not do; done, it is gone from the list. TK403, TK404. Example: select api.retry_set_aside(7)';
