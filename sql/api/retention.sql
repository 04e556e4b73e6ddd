-- Retention policies, for administrators, and what one would do now.
create view api.retention_policies with (security_invoker = true) as
select p.id, p.version, p.position, p.name, p.enabled, p.conditions, p.since, p.days, p.action, p.created_at, p.updated_at,
       (select json_build_object(
                 'started_at', r.started_at, 'finished_at', r.finished_at, 'ticket_id', r.ticket_id, 'last_id', r.last_id,
                 'looked_at', r.looked_at, 'done', r.done, 'held', r.held, 'failed', r.failed)
          from app.retention_runs r where r.policy_id = p.id) as run
  from app.retention_policies p;
comment on view api.retention_policies is 'How long tickets are kept, what becomes of them then, and how far the last run over all tickets is.';

select api._define_resource('retention_policies', 'retention_policy',
  p_filters => '{enabled,action}', p_search => '{name}', p_sorts => '{position,name}',
  p_keys => '{position,name,enabled,conditions,since,days,action}',
  p_about => 'position (of the policies with one action the lowest applies whose conditions hold and whose since has happened to the ticket), name, enabled (false by default: read its preview first), conditions (see get_condition_schema), since (created, solved, closed or trashed), days (1 to 36500), action (delete; anonymise: texts, files and requester go, figures stay; archive: closed tickets move to where list_archived_tickets finds them). Open work is never touched',
  p_create => '{"name": "Three years", "since": "closed", "days": 1095, "action": "delete"}',
  p_update => '{"days": 730}',
  p_deleting => 'TK409 when it is stale. What it did stays done.');

-- Definer: the trash counts too, which no policy shows.
create function api._preview_retention_policy(p_id bigint)
  returns json
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_policy app.retention_policies;
  v_column text;
  v_held text := case when exists (select from app.legal_holds) then 'app.hold_of_ticket(t.id) is not null' else 'false' end;
  v_answer json;
begin
  perform api._need_admin('decide how long tickets are kept');
  select * into v_policy from app.retention_policies p where p.id = p_id;
  if not found then
    perform api._not_found('retention policy', p_id);
  end if;
  v_column := app.retention_column(v_policy);
  execute format(
    'with found as materialized (select t.id, t.%1$I as at, %2$s as held from app.tickets t where %3$s)
     select json_build_object(
       ''tickets'', count(*) filter (where not f.held), ''held'', count(*) filter (where f.held), ''oldest_at'', min(f.at) filter (where not f.held),
       ''sample'', coalesce((
         select json_agg(json_build_object(''id'', s.id, ''subject'', s.subject, ''at'', s.at) order by s.at, s.id)
           from (select t.id, t.subject, o.at from found o join app.tickets t on t.id = o.id
                  where not o.held and app.actor_sees(t) order by o.at, o.id limit 10) s), ''[]''))
       from found f', v_column, v_held, app.retention_predicate(v_policy))
    into v_answer;
  return v_answer;
end
$$;

create function api.preview_retention_policy(p_id bigint)
  returns json
  language plpgsql stable
  set search_path = ''
as $$
begin
  return api._preview_retention_policy(p_id);
end
$$;
comment on function api.preview_retention_policy(bigint) is
  'What a retention policy, enabled or not, would do now: {tickets, held, oldest_at, sample: [{id, subject, at}]}. tickets are those that it concerns, without the held, which legal holds are on; at is the moment from which the days count, sample the ten oldest that the caller sees. It reads all tickets. Admins only. TK403, TK404. Example: select api.preview_retention_policy(1)';
