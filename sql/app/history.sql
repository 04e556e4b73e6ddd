-- History is written by the native triggers as the owner, read by those whom it concerns, and changed by
-- nobody: events, audit_log, audit_seals, routing_decisions.
do $$
declare
  v_table text;
begin
  foreach v_table in array array['events', 'audit_log', 'audit_seals', 'routing_decisions']
  loop
    execute format(
      'create trigger tg_%1$s__100_append_only before update or delete on app.%1$I
         for each row execute function autocrm.tg_append_only()', v_table);
    execute format(
      'create trigger tg_%1$s__110_no_truncate before truncate on app.%1$I
         for each statement execute function autocrm.tg_append_only()', v_table);
  end loop;
end
$$;

create trigger tg_events__900_wake after insert on app.events
  for each statement execute function autocrm.tg_wake();

grant select on app.events to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst;
create policy readers_of_a_ticket_read_its_events on app.events
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using (ticket_id is not null and (select autocrm.actor_id()) is not null);
-- An event about a note is as internal as the note.
create policy keys_read_events_of_their_tickets on app.events
  for select to autocrm_integration
  using (
    ticket_id is not null
    and (data ->> 'kind' is distinct from 'note' or (select autocrm.actor_has_scope('notes:read')))
  );

grant select on app.routing_decisions to autocrm_admin, autocrm_agent, autocrm_analyst;
-- Keys read timelines as people do, and by no policy meet any.
grant select on app.routing_decisions to autocrm_integration;
create policy readers_of_a_ticket_read_its_routing on app.routing_decisions
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using ((select autocrm.actor_id()) is not null);

grant select on app.audit_log, app.audit_seals to autocrm_admin;
create policy admins_read_the_audit on app.audit_log
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');
create policy admins_read_the_seals on app.audit_seals
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

-- The last of the transactions that the next p_most events after p_from belong to; NULL when there is none. For
-- workers who follow the feed: whole transactions, below the oldest running one, so that none is ever skipped.
create function app.heard_up_to(p_from xid8, p_most integer)
  returns xid8
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  return (select max(x.xid)
            from (select e.xid from app.events e
                   where e.xid > p_from and e.xid < pg_snapshot_xmin(pg_current_snapshot())
                   order by e.xid limit p_most) x);
end
$$;
