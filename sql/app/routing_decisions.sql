-- Explanations of routing decisions: written by the native triggers, read with the ticket.

grant select on app.routing_decisions to autocrm_admin, autocrm_agent, autocrm_analyst;
-- Keys have the privilege, since they read timelines, but no policy.
grant select on app.routing_decisions to autocrm_integration;
create policy readers_of_a_ticket_read_its_routing on app.routing_decisions
  for select to autocrm_admin, autocrm_agent, autocrm_analyst
  using ((select autocrm.actor_id()) is not null);
