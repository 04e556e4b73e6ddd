-- Custom fields: who sees their definitions, and that no value is ever lost with them.

-- Whoever may not see a field does not learn that it exists. Admins, who define them, do.
create policy a_field_is_there_for_whom_it_is_visible on app.custom_fields
  as restrictive for select to autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer
  using (array[(select autocrm.actor_role())]::app.user_role[] <@ visible_to);
create policy customers_read_their_fields on app.custom_fields
  for select to autocrm_customer
  using ((select autocrm.actor_id()) is not null and active);

-- Tickets hold values by key. A field is renamed by its label and retired by active = false; its key stays, and
-- it goes only when no ticket has a value. Definer: tickets that the caller does not see count too.
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
  select count(*) into v_tickets from app.tickets where custom ? old.key;
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

-- Search knows the fields that all of the staff may see: tickets are found by the others no more. Definer, as
-- all that writes documents.
create function app.tg_custom_fields__search()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update app.search_documents d
     set document = ts_filter(d.document, '{c,d}') || app._search_head(t)
    from app.tickets t
   where t.custom ? new.key and d.ticket_id = t.id;
  return null;
end
$$;
create trigger tg_custom_fields__600_search after update on app.custom_fields
  for each row when (old.visible_to @> '{agent,integration}' <> (new.visible_to @> '{agent,integration}'))
  execute function app.tg_custom_fields__search();

-- What a relation points to and is removed leaves the field empty, as a foreign key on delete set null would;
-- the ticket's history tells. One pass for all that one statement removes. Definer: whoever may remove the
-- record need not see the tickets.
create function app.tg_relations__empty()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_key text;
begin
  for v_key in
    select key from app.custom_fields where type = 'relation' and config ->> 'target' = tg_argv[0]
  loop
    update app.tickets t set custom = t.custom - v_key
     where t.custom -> v_key in (select to_jsonb(g.id) from gone g);
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
