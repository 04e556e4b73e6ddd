-- The trash: deleted tickets, hidden from every role until they are removed after 30 days.

-- Nobody reads, changes or makes a ticket in the trash; api.delete_ticket and restore_ticket move it as the owner.
-- Whoever sees what is asked in the same breath, since one condition alone comes first.
create policy what_is_in_the_trash_is_hidden on app.tickets
  as restrictive for all to autocrm_admin, autocrm_agent, autocrm_analyst, autocrm_customer
  using (deleted_at is null and autocrm.sees_row(id, team_id, assignee_id, requester_id))
  with check (deleted_at is null);
create policy what_is_in_the_trash_is_hidden_from_keys on app.tickets
  as restrictive for all to autocrm_integration
  using (deleted_at is null)
  with check (deleted_at is null);
