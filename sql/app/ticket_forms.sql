-- Ticket forms: configuration (see configuration.sql), which staff read whole.

create trigger tg_ticket_form_fields__200_check before insert or update on app.ticket_form_fields
  for each row execute function autocrm.tg_ticket_form_fields__check();

-- A field of a form is visible with the field itself.
create policy a_field_is_seen_on_forms_for_whom_it_is_visible on app.ticket_form_fields
  as restrictive for select to autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer
  using (not app.is_none_of(custom_field_id, (select array(select f.id from app.custom_fields f))));

-- Customers see the forms that they may choose.
create policy customers_read_their_forms on app.ticket_forms
  for select to autocrm_customer
  using ((select autocrm.actor_id()) is not null and active and 'customer' = any (shown_to));
create policy customers_read_fields_of_their_forms on app.ticket_form_fields
  for select to autocrm_customer
  using (exists (select from app.ticket_forms f where f.id = form_id));

-- Tickets refer to their form. Definer: tickets that the caller does not see count too.
create function app.tg_ticket_forms__in_use()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_tickets bigint;
begin
  select count(*) into v_tickets from app.tickets where form_id = old.id;
  if v_tickets > 0 then
    perform autocrm.fail('TK409', format('The form %s is on %s tickets', old.name, v_tickets), null,
      'Retire it with active = false instead: no new ticket gets it.');
  end if;
  return old;
end
$$;
create trigger tg_ticket_forms__300_in_use before delete on app.ticket_forms
  for each row execute function app.tg_ticket_forms__in_use();
