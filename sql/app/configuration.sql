-- Configuration tables (teams, statuses, rules, fields …): triggers, grants and policies that all of them share.

-- Whether the calling key has any scope; true for people.
create function app.has_some_scope()
  returns boolean
  language plpgsql stable
  set search_path = ''
as $$
begin
  return autocrm.actor_has_scope('tickets:read') or autocrm.actor_has_scope('tickets:write') or autocrm.actor_has_scope('users:read')
    or autocrm.actor_has_scope('users:write') or autocrm.actor_has_scope('objects:read') or autocrm.actor_has_scope('objects:write')
    or autocrm.actor_has_scope('notes:read') or autocrm.actor_has_scope('notes:write');
end
$$;
grant execute on function app.has_some_scope() to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_customer, autocrm_analyst;

-- Stamped, audited, compiled anew in every backend when it changes, read by all staff, changed by admins only. One loop,
-- so that no table differs by accident.
do $$
declare
  v_table text;
  v_key text;
begin
  for v_table, v_key in
    values ('teams', ''), ('memberships', '''team_id'', ''user_id'''), ('statuses', ''), ('status_transitions', ''),
           ('priorities', ''), ('tags', ''), ('custom_fields', ''), ('skills', ''),
           ('agent_skills', '''user_id'', ''skill_id'''), ('routing_rules', ''), ('schedules', ''),
           ('triggers', ''), ('automations', ''), ('sla_policies', ''),
           ('object_types', ''), ('object_fields', ''),
           ('ticket_forms', ''), ('ticket_form_fields', '''form_id'', ''custom_field_id'''),
           ('channel_loads', '''channel''')
  loop
    if exists (select from pg_attribute where attrelid = ('app.' || v_table)::regclass and attname = 'version') then
      execute format(
        'create trigger tg_%1$s__100_stamp before insert or update on app.%1$I
           for each row execute function autocrm.tg_stamp()', v_table);
    end if;
    execute format(
      'create trigger tg_%1$s__500_audit after insert or update or delete on app.%1$I
         for each row execute function autocrm.tg_audit(%2$s)', v_table, v_key);
    execute format(
      'create trigger tg_%1$s__950_invalidate after insert or update or delete or truncate on app.%1$I
         for each statement execute function autocrm.tg_invalidate()', v_table);

    execute format(
      'grant select on app.%I to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer',
      v_table);
    execute format('grant delete on app.%I to autocrm_admin', v_table);
    -- Only jobs change where the values of a field are stored.
    perform app._grant_columns('{insert, update}', v_table, 'autocrm_admin', '{apart}');
    if not exists (select from pg_attribute where attrelid = ('app.' || v_table)::regclass and attname = 'version')
       and exists (select from pg_attribute where attrelid = ('app.' || v_table)::regclass and attname = 'created_at') then
      execute format(
        'create trigger tg_%1$s__100_times before insert or update on app.%1$I
           for each row execute function autocrm.tg_times(''created_at'')', v_table);
    end if;
    execute format(
      'create policy everyone_at_the_desk_reads_%1$s on app.%1$I for select
         to autocrm_admin, autocrm_agent, autocrm_analyst
         using ((select autocrm.actor_id()) is not null)', v_table);
    -- Keys with any scope read the configuration; rules need the scope to read tickets.
    execute format(
      'create policy keys_with_a_scope_read_%1$s on app.%1$I for select to autocrm_integration using (%2$s)', v_table,
      case when v_table in ('routing_rules', 'triggers', 'automations', 'sla_policies') then '(select autocrm.actor_has_scope(''tickets:read''))'
           -- Most keys have the first scope, which is cheaper to test.
           else '(select autocrm.actor_has_scope(''tickets:read'') or app.has_some_scope())' end);
    execute format(
      'create policy admins_write_%1$s on app.%1$I for all to autocrm_admin
         using ((select autocrm.actor_role()) = ''admin'')
         with check ((select autocrm.actor_role()) = ''admin'')', v_table);
  end loop;
end
$$;

create trigger tg_custom_fields__200_check before insert or update on app.custom_fields
  for each row execute function autocrm.tg_custom_fields__check();
create trigger tg_routing_rules__200_check before insert or update on app.routing_rules
  for each row execute function autocrm.tg_routing_rules__check();
create trigger tg_schedules__200_check before insert or update on app.schedules
  for each row execute function autocrm.tg_schedules__check();
