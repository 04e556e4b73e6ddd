-- The trash: deleted tickets, hidden from every role until they are removed after 30 days.

-- No role reads, changes or creates tickets in the trash; api.delete_ticket and restore_ticket act as the owner. Visibility
-- of tickets is in the same policy, since only one condition is evaluated first (visibility.sql).
create policy what_is_in_the_trash_is_hidden on app.tickets
  as restrictive for all to autocrm_admin, autocrm_agent, autocrm_analyst, autocrm_customer
  using (deleted_at is null and autocrm.sees_row(id, team_id, assignee_id, requester_id))
  with check (deleted_at is null);
create policy what_is_in_the_trash_is_hidden_from_keys on app.tickets
  as restrictive for all to autocrm_integration
  using (deleted_at is null)
  with check (deleted_at is null);
