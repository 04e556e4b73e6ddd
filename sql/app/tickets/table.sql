-- Tickets: triggers, grants and policies. Staff see the tickets of their teams, their own, and those without a team;
-- admins and whoever may see all see all. Keys are limited by scope and teams; customers see their own.
create trigger tg_tickets__200_prepare before insert or update on app.tickets
  for each row execute function autocrm.tg_tickets__prepare();
create trigger tg_tickets__500_record after insert or update or delete on app.tickets
  for each row execute function autocrm.tg_tickets__record();
create trigger tg_tickets__700_books after insert or update or delete on app.tickets
  for each statement execute function autocrm.tg_settle_books();

grant select on app.tickets to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer;
-- No role writes columns of history and routing. Only administrators, who import, write times of the past.
grant insert (id, subject, description, description_html, requester_id, organization_id, status_id, priority_id, type, channel,
              team_id, assignee_id, tag_ids, custom, required_skills, preferred_skills, language, external_id, created_at, updated_at, form_id)
  on app.tickets to autocrm_admin, autocrm_agent, autocrm_integration;
grant insert (first_reply_at, solved_at, closed_at) on app.tickets to autocrm_admin;
grant update (subject, requester_id, organization_id, status_id, priority_id, type, channel, team_id, assignee_id, tag_ids, custom,
              required_skills, preferred_skills, language, form_id)
  on app.tickets to autocrm_admin, autocrm_agent, autocrm_integration;
create trigger tg_tickets__100_given before insert or update on app.tickets
  for each row execute function autocrm.tg_given('tickets');
grant delete on app.tickets to autocrm_admin;

create policy agents_read_their_teams on app.tickets
  for select to autocrm_admin, autocrm_agent
  using (
    (select autocrm.actor_sees_all())
    or assignee_id = (select autocrm.actor_id())
    or team_id = any ((select autocrm.actor_team_ids())::bigint[])
    or (team_id is null and (select autocrm.actor_id()) is not null)
    or autocrm.has_written(id)
  );
create policy analysts_read_what_their_grant_covers on app.tickets
  for select to autocrm_analyst
  using ((select autocrm.actor_sees_all()) or team_id = any ((select autocrm.actor_team_ids())::bigint[]));
create policy keys_read_within_scope on app.tickets
  for select to autocrm_integration
  using (
    (select autocrm.actor_has_scope('tickets:read'))
    and (
      (select autocrm.actor_sees_all())
      or team_id = any ((select autocrm.actor_team_ids())::bigint[])
    )
    -- Keys that may write but not read still get the ticket that they wrote.
    or ((select autocrm.actor_has_scope('tickets:write')) and autocrm.has_written(id))
  );
create policy customers_read_their_tickets on app.tickets
  for select to autocrm_customer
  using (requester_id = (select autocrm.actor_id()));

-- Routing may give a new ticket to a team that its creator does not see.
create policy agents_create_tickets on app.tickets
  for insert to autocrm_admin, autocrm_agent
  with check ((select autocrm.actor_id()) is not null);
create policy keys_create_tickets on app.tickets
  for insert to autocrm_integration
  with check ((select autocrm.actor_has_scope('tickets:write')));

-- USING decides who may change a ticket; they may give it to any team.
create policy agents_change_what_they_see on app.tickets
  for update to autocrm_admin, autocrm_agent
  using (
    (select autocrm.actor_sees_all())
    or assignee_id = (select autocrm.actor_id())
    or team_id = any ((select autocrm.actor_team_ids())::bigint[])
    or (team_id is null and (select autocrm.actor_id()) is not null)
  )
  with check ((select autocrm.actor_id()) is not null);
create policy keys_change_within_scope on app.tickets
  for update to autocrm_integration
  using (
    (select autocrm.actor_has_scope('tickets:write'))
    and ((select autocrm.actor_sees_all()) or team_id = any ((select autocrm.actor_team_ids())::bigint[]))
  )
  with check (
    (select autocrm.actor_has_scope('tickets:write'))
    and ((select autocrm.actor_sees_all()) or team_id = any ((select autocrm.actor_team_ids())::bigint[]))
  );
create policy admins_delete_tickets on app.tickets
  for delete to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');
