-- Macros. Shared ones are used by all and written by admins; those of a team are used by its members and written by its
-- leads; private ones are their owner's alone.

create trigger tg_macros__100_stamp before insert or update on app.macros
  for each row execute function autocrm.tg_stamp();
create trigger tg_macros__200_check before insert or update on app.macros
  for each row execute function autocrm.tg_macros__check();
create trigger tg_macros__500_audit after insert or update or delete on app.macros
  for each row execute function autocrm.tg_audit();

-- Definer: only this trigger writes versions.
create function app.tg_macros__keep_version()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into app.macro_versions (macro_id, version, name, description, actions, message_kind, body_text, body_html, owner_id, team_id, changed_by, changed_at)
  values (new.id, new.version, new.name, new.description, new.actions, new.message_kind, new.body_text, new.body_html,
          new.owner_id, new.team_id, autocrm.actor_id(), new.updated_at);
  return null;
end
$$;
create trigger tg_macros__600_version after insert or update on app.macros
  for each row execute function app.tg_macros__keep_version();

grant select on app.macros, app.macro_versions, app.macro_uses
  to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
grant delete on app.macros to autocrm_admin, autocrm_agent;
select app._grant_columns('{insert, update}', 'macros', 'autocrm_admin, autocrm_agent');

create policy staff_read_what_they_may_use on app.macros
  for select to autocrm_admin, autocrm_agent
  using (
    (scope = 'shared' and (select autocrm.actor_id()) is not null)
    or owner_id = (select autocrm.actor_id())
    or (scope = 'team' and ((select autocrm.actor_role()) = 'admin' or team_id = any ((select autocrm.actor_team_ids())::bigint[])))
  );
create policy keys_and_analysts_read_what_is_not_private on app.macros
  for select to autocrm_integration, autocrm_analyst
  using (
    (select autocrm.actor_id()) is not null
    and (select autocrm.actor_has_scope('tickets:read'))
    and (
      scope = 'shared'
      or (scope = 'team' and ((select autocrm.actor_sees_all()) or team_id = any ((select autocrm.actor_team_ids())::bigint[])))
    )
  );
create policy admins_write_what_is_not_private on app.macros
  for all to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin' and (scope <> 'private' or owner_id = (select autocrm.actor_id())))
  with check ((select autocrm.actor_role()) = 'admin' and (scope <> 'private' or owner_id = (select autocrm.actor_id())));
create policy agents_write_their_own_and_those_of_teams_they_lead on app.macros
  for all to autocrm_agent
  using (
    owner_id = (select autocrm.actor_id())
    or (scope = 'team' and team_id = any (array(
         select m.team_id from app.memberships m where m.user_id = (select autocrm.actor_id()) and m.lead)))
  )
  with check (
    owner_id = (select autocrm.actor_id())
    or (scope = 'team' and team_id = any (array(
         select m.team_id from app.memberships m where m.user_id = (select autocrm.actor_id()) and m.lead)))
  );

-- Versions from when a macro was private or a team's stay so when it is shared later.
create policy readers_of_a_macro_read_its_versions on app.macro_versions
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst
  using (
    exists (select from app.macros m where m.id = macro_id)
    and (owner_id is null or owner_id = (select autocrm.actor_id()))
    and (team_id is null or (select autocrm.actor_role()) = 'admin' or team_id = any ((select autocrm.actor_team_ids())::bigint[])
         or ((select autocrm.actor_role()) <> 'agent' and (select autocrm.actor_sees_all())))
  );
create policy readers_of_a_macro_read_its_uses on app.macro_uses
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst
  using (exists (select from app.macros m where m.id = macro_id));
