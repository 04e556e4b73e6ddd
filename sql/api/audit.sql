-- The audit log, for admins.
create view api.audit with (security_invoker = true) as
select a.id, a.at, a.actor_id, (select u.name from app.users u where u.id = a.actor_id) as actor,
       a.api_key_id, a.session_user_name, a.action, a.table_name as "table", a.row_key as "key", a.changes
  from app.audit_log a;
comment on view api.audit is 'Changes of rows: by whom, when, and the values before and after.';

create function api.list_audit(p_query jsonb default '{}')
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  perform api._need_admin('read the audit log');
  return api._list('audit', p_query, array['table', 'key', 'actor_id', 'action'], array['key'], array['-id', 'id']);
end
$$;
comment on function api.list_audit(jsonb) is
  'A page of the audit log, newest first: {items: [{id, at, actor_id, actor, api_key_id, session_user_name, action, table, key, changes: {column: [before, after]}}], next}. limit, after, q (part of key), sort (id), filters table, key, actor_id, action (insert, update, delete, refused, redact, export). Admins only. TK403, TK422. Example: select api.list_audit(''{"table": "tickets", "key": "7"}'')';
