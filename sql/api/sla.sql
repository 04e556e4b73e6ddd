-- SLA policies, and the clocks of tickets.
create view api.sla_policies with (security_invoker = true) as
select p.id, p.version, p.position, p.name, p.enabled, p.conditions, p.targets, p.near_breach_percent, p.created_at, p.updated_at
  from app.sla_policies p;
comment on view api.sla_policies is 'How long tickets may wait: the first policy whose conditions hold applies to a ticket.';

select api._define_resource('sla_policies', 'sla_policy',
  p_filters => '{enabled}', p_search => '{name}', p_sorts => '{position,name}',
  p_keys => '{position,name,enabled,conditions,targets,near_breach_percent}',
  p_about => 'position (the lowest whose conditions hold applies), name, enabled, conditions (see get_condition_schema), targets ([{metric: first_reply, next_reply, periodic_update, pausable_update, requester_wait, agent_work or resolution, priority: a key, or null for all others, minutes, hours: calendar or business}]), near_breach_percent (1 to 99; null: no notice of a near breach)',
  p_create => '{"name": "Standard", "targets": [{"metric": "first_reply", "priority": "urgent", "minutes": 60}, {"metric": "resolution", "minutes": 2880, "hours": "business"}]}',
  p_update => '{"near_breach_percent": 75}',
  p_deleting => 'TK409 when it is stale. Clocks that have ended stay.');

create view api.sla_clocks with (security_invoker = true) as
select c.ticket_id, c.metric, c.instance,
       case when c.policy_id is not null then json_build_object('id', c.policy_id, 'version', c.policy_version, 'name', p.name) end as policy,
       c.target_seconds,
       case when s.id is not null then json_build_object('id', s.id, 'name', s.name) end as schedule,
       case when c.fulfilled_at is not null then 'fulfilled' when c.running_since is null then 'paused' else 'running' end as state,
       c.started_at,
       (select coalesce(json_agg(json_build_object('from', lower(r), 'to', upper(r)) order by r), '[]') from unnest(c.ran) r) as ran,
       c.running_since, c.elapsed_seconds, c.near_at, c.due_at, c.warned_at, c.breached_at, c.fulfilled_at
  from app.sla_clocks c
  left join app.sla_policies p on p.id = c.policy_id
  left join app.schedules s on s.id = c.schedule_id;
comment on view api.sla_clocks is 'The clocks of tickets under a policy: one row for each metric and cycle.';

create function api.get_ticket_sla(p_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  perform api._need_ticket(p_id);
  return (
    select json_build_object('next_breach_at', t.next_breach_at, 'clocks', (
             select coalesce(json_agg(to_json(c) order by c.started_at desc, c.metric, c.instance), '[]')
               from (select k.metric, k.instance, k.policy, k.target_seconds, k.schedule, k.state, k.started_at, k.ran, k.running_since,
                            k.elapsed_seconds, k.near_at, k.due_at, k.warned_at, k.breached_at, k.fulfilled_at
                       from api.sla_clocks k where k.ticket_id = p_id
                      order by k.fulfilled_at is not null, k.started_at desc, k.metric limit 200) c))
      from app.tickets t where t.id = p_id);
end
$$;
comment on function api.get_ticket_sla(bigint) is
  'The clocks of a ticket, at most 200 with those that are open first among them, the newest first: {next_breach_at, clocks: [{metric, instance, policy, target_seconds, schedule, state: running, paused or fulfilled, started_at, ran: [{from, to}], running_since, elapsed_seconds, near_at, due_at, warned_at, breached_at, fulfilled_at}]}. elapsed_seconds are those of the intervals in ran, in the hours that count. TK404. Example: select api.get_ticket_sla(7)';
