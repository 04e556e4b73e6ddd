-- Custom fields: the visibility of their definitions and values, and that no value is lost with a definition. A field
-- that is hidden from some of the staff is restricted: its values are in app.ticket_field_values, whose policy checks the
-- role, and nowhere else. tickets.custom holds the values that all staff may see. Writers pass both in tickets.custom;
-- the native triggers of app.tickets separate them.

-- Whether a field with this visibility is hidden from some of the staff.
create function app.is_restricted(p_visible_to app.user_role[])
  returns boolean
  language sql immutable
  set search_path = ''
as $$
  select not p_visible_to @> '{agent,integration,analyst}'
$$;
grant execute on function app.is_restricted(app.user_role[]) to autocrm_admin;

-- Roles that may not see a field do not learn that it exists, except admins, who define fields.
create policy a_field_is_there_for_whom_it_is_visible on app.custom_fields
  as restrictive for select to autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer
  using (autocrm.sees_field(key));
create policy customers_read_their_fields on app.custom_fields
  for select to autocrm_customer
  using ((select autocrm.actor_id()) is not null and active);

grant select on app.ticket_field_values to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer;
create policy readers_of_a_ticket_read_the_fields_they_may_see on app.ticket_field_values
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer
  using (
    (select autocrm.actor_id()) is not null
  );
create trigger tg_ticket_field_values__500_audit after insert or update or delete on app.ticket_field_values
  for each row execute function autocrm.tg_audit('ticket_id', 'field_key');

-- A ticket's values as far as the caller may see them; the owner sees all. Views repeat this inline for speed.
create function app.custom_of(p_ticket app.tickets)
  returns jsonb
  language plpgsql stable
  set search_path = ''
as $$
begin
  if not autocrm.parts_fields() then
    return p_ticket.custom;
  end if;
  return coalesce((
    select jsonb_object_agg(v.key, v.value) from jsonb_each(p_ticket.custom) v where autocrm.sees_field(v.key)), '{}') || coalesce((
    select jsonb_object_agg(v.field_key, v.value) from app.ticket_field_values v where v.ticket_id = p_ticket.id), '{}');
end
$$;
comment on function app.custom_of(app.tickets) is 'A ticket''s custom fields, as far as the caller may see them. Example: select app.custom_of(t) from app.tickets t where t.id = 7';
grant execute on function app.custom_of(app.tickets) to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer;

-- Tickets hold values by key, so a key never changes: fields are renamed by label, retired by active = false, and deleted
-- only when no ticket has a value. Definer: tickets that the caller does not see count too.
create function app.tg_custom_fields__keep_values()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_tickets bigint;
begin
  if tg_op = 'UPDATE' then
    perform autocrm.fail('TK422', 'The custom field cannot be changed like this',
      'key: cannot be changed, since tickets, rules and views name the field by it; change the label', 'Nothing was saved.');
  end if;
  select (select count(*) from app.tickets where custom ? old.key)
       + (select count(*) from app.ticket_field_values where field_key = old.key)
       + app.archived_values_of(old.key) into v_tickets;
  if v_tickets > 0 then
    perform autocrm.fail('TK409', format('The custom field %s has a value on %s tickets', old.key, v_tickets), null,
      'Retire it with active = false instead: it is asked for no more, and its values stay.');
  end if;
  return old;
end
$$;
create trigger tg_custom_fields__300_keep_values before delete on app.custom_fields
  for each row execute function app.tg_custom_fields__keep_values();
create trigger tg_custom_fields__310_keep_values before update on app.custom_fields
  for each row when (old.key <> new.key) execute function app.tg_custom_fields__keep_values();

-- Once a field is restricted its values may be in app.ticket_field_values; the job that moves them back clears the flag
-- at its end.
create function app.tg_custom_fields__part()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
begin
  if app.is_restricted(new.visible_to) then
    new.apart := true;
    if new.filterable then
      perform autocrm.fail('TK422', format('The custom field ''%s'' cannot be saved as it is', new.key),
        'filterable: a field that some of the staff may not see is found by no index', 'Set filterable to false, or let agent, integration and analyst see it.');
    end if;
  elsif tg_op = 'INSERT' then
    new.apart := false;
  end if;
  return new;
end
$$;
create trigger tg_custom_fields__320_part before insert or update on app.custom_fields
  for each row execute function app.tg_custom_fields__part();

-- Definer: no role writes jobs.
create function app.tg_custom_fields__move()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.move_field(new);
  return null;
end
$$;
create trigger tg_custom_fields__600_move after update on app.custom_fields
  for each row when (app.is_restricted(old.visible_to) <> app.is_restricted(new.visible_to))
  execute function app.tg_custom_fields__move();

-- Removing the target of a relation empties the field, like a foreign key with on delete set null, and the ticket's history
-- records it. One pass per statement. Definer: removing a record does not need access to the tickets.
create function app.tg_relations__empty()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_key text;
begin
  -- What is archived is still there, and may come back.
  if autocrm.archives() then
    return null;
  end if;
  for v_key in
    select key from app.custom_fields where type = 'relation' and config ->> 'target' = tg_argv[0]
  loop
    update app.tickets t set custom = t.custom || jsonb_build_object(v_key, null)
     where t.custom -> v_key in (select to_jsonb(g.id) from gone g)
        or t.id in (select v.ticket_id from app.ticket_field_values v
                     where v.field_key = v_key and v.value in (select to_jsonb(g.id) from gone g));
  end loop;
  return null;
end
$$;
create trigger tg_users__700_relations after delete on app.users
  referencing old table as gone for each statement execute function app.tg_relations__empty('user');
create trigger tg_organizations__700_relations after delete on app.organizations
  referencing old table as gone for each statement execute function app.tg_relations__empty('organization');
create trigger tg_tickets__700_relations after delete on app.tickets
  referencing old table as gone for each statement execute function app.tg_relations__empty('ticket');
