-- Saved views. Shared ones are written by admins, a team's by its leads, private ones by their owner alone.

-- Refuses views with conditions, columns or orders that a queue cannot have.
create function app.tg_views__check()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_known constant text[] := array[
    'id', 'subject', 'status', 'priority', 'type', 'channel', 'requester', 'organization', 'team', 'assignee', 'tags',
    'created_at', 'updated_at', 'solved_at', 'next_breach_at'];
  v_problems text[];
  v_custom text[] := array(select 'custom.' || key from app.custom_fields where active);
begin
  -- A rename (names/renames.sql): the rest has been checked before.
  if current_user = 'autocrm_owner' and tg_op = 'UPDATE' then
    return new;
  end if;
  new.owner_id := case when new.visibility = 'private' then coalesce(new.owner_id, autocrm.actor_id()) end;
  new.team_id := case when new.visibility = 'team' then new.team_id end;
  v_problems := autocrm.check_conditions(new.conditions);
  if new.visibility = 'team' and new.team_id is null then
    v_problems := v_problems || 'team_id: say which team shares it'::text;
  end if;
  if new.visibility = 'private' and new.owner_id is null then
    v_problems := v_problems || 'visibility: a private view needs somebody whose it is'::text;
  end if;
  if array_ndims(new.columns) > 1 or exists (select from unnest(new.columns) c where c is null) then
    v_problems := v_problems || 'columns: must be a list of texts'::text;
  end if;
  if cardinality(new.columns) not between 1 and 30 then
    v_problems := v_problems || 'columns: must be 1 to 30'::text;
  end if;
  select v_problems || coalesce(array_agg(format('columns: ''%s'' is not a column; one of %s, custom.<key>', c, array_to_string(v_known, ', '))), '{}')
    into v_problems
    from unnest(new.columns) c
   where c <> all (v_known || v_custom);
  if ltrim(new.sort, '-') <> all (array_remove(v_known, 'tags') || v_custom) then
    v_problems := v_problems || format('sort: must be one of %s, custom.<key>, with - in front for descending',
      array_to_string(array_remove(v_known, 'tags'), ', '));
  end if;
  if new.group_by is not null
     and new.group_by <> all (array['status', 'priority', 'type', 'channel', 'requester', 'organization', 'team', 'assignee'] || v_custom) then
    v_problems := v_problems || 'group_by: must be one of status, priority, type, channel, requester, organization, team, assignee, custom.<key>'::text;
  end if;
  if v_problems <> '{}' then
    perform autocrm.fail('TK422', 'The view cannot be saved as it is', array_to_string(v_problems, e'\n'),
                         'Correct each value and send the request again; nothing was saved.');
  end if;
  -- Refuses conditions on changes, which a list cannot have.
  perform autocrm.condition_sql(new.conditions);
  return new;
end
$$;

create trigger tg_views__100_stamp before insert or update on app.views
  for each row execute function autocrm.tg_stamp();
create trigger tg_views__200_check before insert or update on app.views
  for each row execute function app.tg_views__check();
create trigger tg_views__500_audit after insert or update or delete on app.views
  for each row execute function autocrm.tg_audit();

grant select on app.views to autocrm_admin;
-- Without columns: one may be a field that its reader may not see, and the rest of the view is still theirs.
grant select (id, version, created_at, updated_at) on app.views to autocrm_agent, autocrm_integration, autocrm_analyst;
select app._grant_columns('{select}', 'views', 'autocrm_agent, autocrm_integration, autocrm_analyst', '{columns}');
create function app.view_columns(p_id bigint)
  returns text[]
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
  select array(select c.name
                 from app.views v cross join unnest(v.columns) with ordinality c (name, n)
                where v.id = p_id and autocrm.sees_shared(v.owner_id, v.team_id)
                  and (c.name not like 'custom.%' or autocrm.sees_field(substr(c.name, 8)))
                order by c.n)
$$;
comment on function app.view_columns(bigint) is
  'The columns of a view, without fields that the caller may not see. Example: select app.view_columns(1)';
grant execute on function app.view_columns(bigint) to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
grant delete on app.views to autocrm_admin, autocrm_agent;
select app._grant_columns('{insert, update}', 'views', 'autocrm_admin, autocrm_agent');

create policy staff_read_views_shared_with_them on app.views
  for select to autocrm_admin, autocrm_agent
  using (
    (visibility = 'everyone' and (select autocrm.actor_id()) is not null)
    or (visibility = 'team' and (
      team_id = any ((select autocrm.actor_team_ids())::bigint[]) or (select autocrm.actor_role()) = 'admin'))
    or owner_id = (select autocrm.actor_id())
  );
create policy keys_read_shared_views on app.views
  for select to autocrm_integration
  using (
    (select autocrm.actor_has_scope('tickets:read'))
    and (visibility = 'everyone'
         or (visibility = 'team' and ((select autocrm.actor_sees_all()) or team_id = any ((select autocrm.actor_team_ids())::bigint[]))))
  );
create policy analysts_read_shared_views on app.views
  for select to autocrm_analyst
  using (
    (visibility = 'everyone' and (select autocrm.actor_id()) is not null)
    or (visibility = 'team' and ((select autocrm.actor_sees_all()) or team_id = any ((select autocrm.actor_team_ids())::bigint[])))
  );
create policy admins_write_shared_views_and_their_own on app.views
  for all to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin' and (visibility <> 'private' or owner_id = (select autocrm.actor_id())))
  with check ((select autocrm.actor_role()) = 'admin' and (visibility <> 'private' or owner_id = (select autocrm.actor_id())));
create policy agents_write_their_own_views on app.views
  for all to autocrm_agent
  using (owner_id = (select autocrm.actor_id()))
  with check (owner_id = (select autocrm.actor_id()));
create policy leads_write_views_of_their_team on app.views
  for all to autocrm_agent
  using (exists (select from app.memberships m where m.team_id = views.team_id and m.user_id = (select autocrm.actor_id()) and m.lead))
  with check (exists (select from app.memberships m where m.team_id = views.team_id and m.user_id = (select autocrm.actor_id()) and m.lead));
