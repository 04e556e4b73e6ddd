-- The workflow: which status may follow which, and its settings.

create view api.status_transitions with (security_invoker = true) as
select t.id, t.team_id, t.from_status_id, f.key as from_status, t.to_status_id, o.key as to_status, t.created_at
  from app.status_transitions t
  join app.statuses f on f.id = t.from_status_id
  join app.statuses o on o.id = t.to_status_id;
comment on view api.status_transitions is 'Which status may follow which, for one team or all; a status without any may go anywhere.';

select api._define_resource('status_transitions', 'status_transition',
  p_filters => '{team_id,from_status,to_status}', p_search => '{from_status,to_status}', p_sorts => '{id}',
  p_keys => '{team_id,from_status_id,to_status_id}',
  p_verbs => '{list,create}',
  p_about => 'team_id (null: all teams), from_status_id, to_status_id; from then on what is not allowed is refused. TK409 when it is allowed already',
  p_query => '{"to_status": "solved"}',
  p_create => '{"from_status_id": 2, "to_status_id": 5}');

create function api.delete_status_transition(p_id bigint)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._delete('status_transitions', 'status transition', p_id, null)
$$;
comment on function api.delete_status_transition(bigint) is
  'Removes a transition: {id, deleted}. TK403, TK404. Example: select api.delete_status_transition(99)';

create view api.workflow with (security_invoker = true) as
select w.id, w.version, w.reopen_days, w.created_at, w.updated_at
  from app.workflow w;
comment on view api.workflow is 'Settings of the workflow; one row.';

create function api.get_workflow()
  returns json
  language sql stable
  set search_path = ''
as $$
  select api._get('workflow', 'workflow', 1)
$$;
comment on function api.get_workflow() is
  'The settings of the workflow: {id, version, reopen_days, created_at, updated_at}; within reopen_days a requester''s reply opens a solved ticket again. Example: select api.get_workflow()';

create function api.update_workflow(p_body jsonb, p_version bigint default null)
  returns json
  language sql volatile
  set search_path = ''
as $$
  select api._update('workflow', 'workflow', 1, p_body, p_version, array['reopen_days'])
$$;
comment on function api.update_workflow(jsonb, bigint) is
  'Changes the keys given and answers as get_workflow does. Key: reopen_days. Admins only. TK403, TK409 with the current settings in DETAIL when p_version is not their version, TK422. Example: select api.update_workflow(''{"reopen_days": 14}'')';
