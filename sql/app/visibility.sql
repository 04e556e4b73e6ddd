-- Restrictive policies that come before every other condition. Postgres evaluates the conditions of a query in the order
-- of their cost, and lets leakproof comparisons go before policies that cost more; counters and clocks could then reveal
-- hidden rows. So each table that hides rows from some of the staff has one restrictive policy over native functions that
-- are cheaper than any comparison (app.tickets has it in tickets/trash.sql). The permissive policies beside the tables
-- add their conditions, but never meet a row that these hide. Of several restrictive policies Postgres takes the first by
-- name before all others, hence the number.

do $$
declare
  v_table text;
  v_sees text;
begin
  for v_table, v_sees in
    values ('messages', 'autocrm.sees_messages(ticket_id)'),
           ('attachments', 'autocrm.sees_attachment(ticket_id, uploader_id)'),
           ('mentions', 'autocrm.sees_messages(ticket_id)'),
           ('followers', 'autocrm.sees_ticket(ticket_id)'),
           -- A merge is visible to those who see one of both tickets.
           ('ticket_links', 'autocrm.sees_ticket(ticket_id) or autocrm.sees_ticket(other_id)'),
           ('ticket_records', 'autocrm.sees_ticket(ticket_id)'),
           ('ticket_field_values', 'autocrm.sees_ticket(ticket_id) and autocrm.sees_field(field_key)'),
           ('events', '(ticket_id is null or autocrm.sees_ticket(ticket_id)) and (field_key is null or autocrm.sees_field(field_key))'),
           ('routing_decisions', 'autocrm.sees_ticket(ticket_id)'),
           ('rule_firings', 'autocrm.sees_ticket(ticket_id)'),
           ('sla_clocks', 'autocrm.sees_ticket(ticket_id)'),
           ('waiting', 'autocrm.sees_ticket(ticket_id)'),
           ('presence', 'autocrm.sees_ticket(ticket_id)'),
           ('metric_facts', 'autocrm.sees_ticket(ticket_id)'),
           ('archived_tickets', 'autocrm.sees_row(id, team_id, assignee_id, requester_id)'),
           ('metrics', 'autocrm.sees_row(0, team_id, agent_id, null)'),
           ('ticket_counts', 'autocrm.sees_row(0, team_id, assignee_id, null)'),
           ('drafts', 'autocrm.is_me(author_id)'),
           ('ticket_reads', 'autocrm.is_me(user_id)'),
           ('notifications', 'autocrm.is_me(user_id)'),
           ('notification_preferences', 'autocrm.is_me(user_id)'),
           ('digest_preferences', 'autocrm.is_me(user_id)'),
           ('idempotency_keys', 'autocrm.is_me(actor_id)'),
           ('bulk_jobs', 'autocrm.is_me(created_by)'),
           ('bulk_items', 'autocrm.sees_job(job_id)'),
           ('views', 'autocrm.sees_shared(owner_id, team_id) and app.is_none_of(id, (select app.naming_hidden(''views'')))'),
           ('macros', 'autocrm.sees_shared(owner_id, team_id) and app.is_none_of(id, (select app.naming_hidden(''macros'')))'),
           ('macro_versions', 'autocrm.sees_macro(macro_id)
             and app.is_none_of(macro_id, (select app.naming_hidden(''macro_versions'')), version)'),
           ('macro_uses', 'autocrm.sees_macro(macro_id)')
  loop
    execute format(
      'create policy _000_hidden_rows_of_%1$s_meet_no_other_condition on app.%1$I as restrictive for all
         to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer
         using (%2$s) with check (true)', v_table, v_sees);
  end loop;
end
$$;

-- For select alone: keys may write tickets that they may not read.
create policy hidden_tickets_meet_no_other_condition_of_keys on app.tickets
  as restrictive for select to autocrm_integration
  using (autocrm.sees_row(id, team_id, assignee_id, requester_id));

-- Whether the caller sees a ticket, for definer functions, which the policies do not limit.
create function app.actor_sees(p_ticket app.tickets)
  returns boolean
  language sql stable
  set search_path = ''
as $$
  select p_ticket.deleted_at is null
     and autocrm.sees_row(p_ticket.id, p_ticket.team_id, p_ticket.assignee_id, p_ticket.requester_id)
$$;
