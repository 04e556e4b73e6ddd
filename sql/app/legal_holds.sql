-- Legal holds: while one lasts, nothing of its ticket, person or organization is deleted, anonymised, redacted or erased, by
-- whatever way. For administrators alone: a reason tells of a case.

-- One that has ended comes back from the archive with its ticket, as it was.
create trigger tg_legal_holds__100_stamp before insert or update on app.legal_holds
  for each row when (not autocrm.archives()) execute function autocrm.tg_stamp();
create trigger tg_legal_holds__500_audit after insert or update or delete on app.legal_holds
  for each row execute function autocrm.tg_audit();

-- Acts that a hold stops, and the placing of holds, exclude each other until their transactions end: an act that has seen no
-- hold is waited for, and one that comes later waits for a hold that is being placed, and then sees it. One lock for all of
-- them, since the holds on a ticket are those of everybody who wrote on it. Acts share it.
create function app._holds_lock()
  returns bigint
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select 'app.legal_holds'::regclass::oid::bigint
$$;

-- Before an act asks for holds, as a statement of its own: the next one sees all that have been placed. Waits five seconds
-- at the most.
create function app.await_holds()
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_patience constant text := current_setting('lock_timeout');
begin
  if not pg_try_advisory_xact_lock_shared(app._holds_lock()) then
    begin
      if v_patience = '0' then
        perform set_config('lock_timeout', '5s', true);
      end if;
      perform pg_advisory_xact_lock_shared(app._holds_lock());
      perform set_config('lock_timeout', v_patience, true);
    exception when lock_not_available then
      raise exception using errcode = '55P03', message = 'A legal hold is being placed right now', hint = 'Try again.';
    end;
  end if;
  -- A transaction that reads an older snapshot throughout does not see holds that were placed since; the audit row of the
  -- last one tells whether it does.
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    -- One that was extended since is refused by Postgres itself.
    perform from app.legal_holds h for share;
    if exists (
      select from app.legal_holds_id_seq s
       where s.is_called and not exists (select from app.audit_log l where l.table_name = 'legal_holds' and l.row_key = s.last_value::text)) then
      raise exception using errcode = '40001', message = 'could not serialize access: a legal hold may have been placed since',
        hint = 'Try again in a transaction that is READ COMMITTED.';
    end if;
  end if;
end
$$;

-- Waits until no act is under way that a hold may concern. While it waits, further acts do: never longer than its lock
-- timeout, after which it lets go of everything and begins anew. Rows are locked here, before the foreign keys lock them:
-- whoever has one of them may be waiting for the lock above. It waits long enough for the watchdog to see who is in the way.
create function app.stop_acts(p_ticket_id bigint, p_user_id bigint, p_organization_id bigint)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '900ms'
as $$
declare
  v_until constant timestamptz := clock_timestamp() + interval '8 seconds';
begin
  loop
    begin
      perform pg_advisory_xact_lock(app._holds_lock());
      perform from app.tickets t where t.id = p_ticket_id for key share;
      perform from app.users u where u.id = p_user_id for key share;
      perform from app.organizations o where o.id = p_organization_id for key share;
      return;
    exception when lock_not_available then
      if clock_timestamp() > v_until then
        raise exception using errcode = '55P03', message = 'Something that the hold would stop is under way', hint = 'Nothing was saved; try again.';
      end if;
    end;
    perform pg_sleep(0.05);
  end loop;
end
$$;

create function app.tg_legal_holds__begin()
  returns trigger
  language plpgsql volatile security definer -- Tickets in the trash are held too.
  set search_path = pg_catalog, pg_temp
as $$
begin
  if autocrm.archives() then
    return new;
  end if;
  if num_nonnulls(new.ticket_id, new.user_id, new.organization_id) <> 1 then
    perform autocrm.fail('TK422', 'The hold cannot be placed as it is', 'ticket_id: name a ticket here, or a person in user_id, or an organization in organization_id',
      'Name one of the three.');
  end if;
  perform app.stop_acts(new.ticket_id, new.user_id, new.organization_id);
  if new.ticket_id is not null and not exists (select from app.tickets t where t.id = new.ticket_id) then
    if exists (select from app.archived_tickets a where a.id = new.ticket_id) then
      perform autocrm.fail('TK422', 'The hold cannot be placed as it is', format('ticket_id: ticket %s is in the archive', new.ticket_id),
        'Restore it first, or hold its requester.');
    end if;
    perform autocrm.fail('TK422', 'The hold cannot be placed as it is', format('ticket_id: there is no ticket %s', new.ticket_id), 'Check the id.');
  end if;
  if new.user_id is not null and not exists (select from app.users u where u.id = new.user_id) then
    perform autocrm.fail('TK422', 'The hold cannot be placed as it is', format('user_id: there is no user %s', new.user_id), 'Check the id.');
  end if;
  if new.organization_id is not null and not exists (select from app.organizations o where o.id = new.organization_id) then
    perform autocrm.fail('TK422', 'The hold cannot be placed as it is', format('organization_id: there is no organization %s', new.organization_id), 'Check the id.');
  end if;
  -- What the entry had belongs to the one that it was merged into.
  new.user_id := coalesce((select u.merged_into_id from app.users u where u.id = new.user_id), new.user_id);
  new.placed_by := autocrm.actor_id();
  return new;
end
$$;
create trigger tg_legal_holds__200_begin before insert on app.legal_holds
  for each row execute function app.tg_legal_holds__begin();

-- At a prompt too: it is answered as a point in time.
create function app.tg_legal_holds__until()
  returns trigger
  language plpgsql volatile
  set search_path = ''
as $$
begin
  perform autocrm.fail('TK422', 'The hold cannot be placed as it is', 'until: must be a time between the years 1 and 9999',
    'Give such a time, or none.');
  return new;
end
$$;
create trigger tg_legal_holds__150_until before insert or update on app.legal_holds
  for each row when ((not isfinite(new.until) or extract(year from new.until at time zone 'UTC') not between 1 and 9999) and not autocrm.archives())
  execute function app.tg_legal_holds__until();

-- One that has ended begins again when its end is moved.
create function app.tg_legal_holds__extend()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.stop_acts(new.ticket_id, new.user_id, new.organization_id);
  return new;
end
$$;
create trigger tg_legal_holds__200_extend before update on app.legal_holds
  for each row when (old.until is not null and (new.until is null or new.until > old.until)) execute function app.tg_legal_holds__extend();

grant select, delete on app.legal_holds to autocrm_admin;
grant insert (name, reason, ticket_id, user_id, organization_id, until), update (name, reason, until) on app.legal_holds to autocrm_admin;
create policy admins_hold on app.legal_holds
  for all to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin')
  with check ((select autocrm.actor_role()) = 'admin');

-- The holds on a ticket, by name: its own, those of its organization, and those of its requester, of whoever wrote on it, and
-- of whoever gets a copy; of one in the archive too, on which a hold of its people or organization may have been placed since.
-- NULL without one.
create function app.hold_of_ticket(p_ticket_id bigint)
  returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from app.legal_holds h where h.until is null or h.until > autocrm.now()) then
    return null;
  end if;
  return coalesce((
    select string_agg(format('%s (hold %s)', h.name, h.id), ', ' order by h.id)
      from app.tickets t
      join app.users u on u.id = t.requester_id
      join app.legal_holds h
        on h.ticket_id = t.id or h.user_id = t.requester_id or h.organization_id in (t.organization_id, u.organization_id)
        -- Its messages belong to the ticket that it was merged into.
        or exists (select from app.ticket_links l where l.ticket_id = t.id and l.kind = 'merged' and l.other_id = h.ticket_id)
        or h.user_id is not null and (
             exists (select from app.followers f where f.ticket_id = t.id and f.user_id = h.user_id)
             or exists (select from app.messages m where m.ticket_id = t.id and m.author_id = h.user_id))
     where t.id = p_ticket_id and (h.until is null or h.until > autocrm.now())), (
    select string_agg(format('%s (hold %s)', h.name, h.id), ', ' order by h.id)
      from app.archived_tickets a
      left join app.users u on u.id = a.requester_id
      join app.legal_holds h
        on h.user_id = a.requester_id or h.organization_id in (a.organization_id, u.organization_id)
        or h.user_id is not null and (
             exists (
               select from app.users p
                where h.user_id in (p.id, p.merged_into_id)
                  and (exists (select from jsonb_array_elements(coalesce(a.document -> 'followers', '[]')) f where (f ->> 'user_id')::bigint = p.id)
                       or exists (select from jsonb_array_elements(coalesce(a.document -> 'messages', '[]')) m where (m ->> 'author_id')::bigint = p.id))))
     where a.id = p_ticket_id and (h.until is null or h.until > autocrm.now())));
end
$$;

create function app.refuse_held(p_what text, p_held text)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if p_held is not null then
    -- Others are not told which case it is.
    perform autocrm.fail('TK409', format('%s stays as it is: a legal hold is on it', p_what)
      || case when autocrm.actor_role() = 'admin' or autocrm.actor_id() is null then ', ' || p_held else '' end,
      null, 'Wait until the hold has ended, or ask an administrator to remove it.');
  end if;
end
$$;

-- The holds on people: their own, those of their organizations, and those on tickets that they asked for or follow.
create function app.hold_of_people(p_ids bigint[])
  returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select string_agg(format('%s (hold %s)', h.name, h.id), ', ' order by h.id)
    from app.legal_holds h
   where (h.until is null or h.until > autocrm.now())
     and (h.user_id = any (p_ids)
          or h.organization_id in (select u.organization_id from app.users u where u.id = any (p_ids))
          or h.organization_id in (select t.organization_id from app.tickets t where t.requester_id = any (p_ids))
          or h.organization_id in (select a.organization_id from app.archived_tickets a where a.requester_id = any (p_ids))
          or h.ticket_id in (select t.id from app.tickets t where t.requester_id = any (p_ids))
          or h.ticket_id in (select f.ticket_id from app.followers f where f.user_id = any (p_ids))
          or h.ticket_id in (select m.ticket_id from app.messages m where m.ticket_id = h.ticket_id and m.author_id = any (p_ids)))
$$;

create function app.hold_of_organization(p_id bigint)
  returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select string_agg(format('%s (hold %s)', h.name, h.id), ', ' order by h.id)
    from app.legal_holds h where h.organization_id = p_id and (h.until is null or h.until > autocrm.now())
$$;

-- The holds on what a row tells of; p_row: its id, ticket_id, user_id and organization_id, as far as it has them.
create function app.hold_of_row(p_table text, p_row jsonb)
  returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select case p_table
    when 'tickets' then app.hold_of_ticket((p_row ->> 'id')::bigint)
    when 'users' then app.hold_of_people(array[(p_row ->> 'id')::bigint])
    when 'organizations' then app.hold_of_organization((p_row ->> 'id')::bigint)
    when 'customer_notes' then coalesce(
      case when p_row ->> 'user_id' is not null then app.hold_of_people(array[(p_row ->> 'user_id')::bigint]) end,
      app.hold_of_organization((p_row ->> 'organization_id')::bigint))
    else case when p_row ->> 'ticket_id' is not null then app.hold_of_ticket((p_row ->> 'ticket_id')::bigint) end
    end
$$;

-- Whether a hold is on what an audit row tells of. Of a message in the archive its first audit row knows the ticket.
create function app.is_held_audit(p_table name, p_key text)
  returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select exists (select from app.legal_holds h where h.until is null or h.until > autocrm.now()) and case p_table
    when 'tickets' then app.hold_of_ticket(p_key::bigint)
    when 'users' then app.hold_of_people(array[p_key::bigint])
    when 'organizations' then app.hold_of_organization(p_key::bigint)
    when 'customer_notes' then (select app.hold_of_row('customer_notes', to_jsonb(n)) from app.customer_notes n where n.id = p_key::bigint)
    when 'ticket_field_values' then app.hold_of_ticket(split_part(p_key, ',', 1)::bigint)
    when 'messages' then app.hold_of_ticket(coalesce(
      (select m.ticket_id from app.messages m where m.id = p_key::bigint),
      (select (l.changes #>> '{ticket_id,1}')::bigint from app.audit_log l
        where l.table_name = p_table and l.row_key = p_key and l.action = 'insert' and jsonb_typeof(l.changes #> '{ticket_id,1}') = 'number' limit 1)))
    when 'attachments' then app.hold_of_ticket(coalesce(
      (select a.ticket_id from app.attachments a where a.id = p_key::bigint),
      (select f.ticket_id from app.archived_files f where f.attachment_id = p_key::bigint)))
    end is not null
$$;

-- Definer: holds are for administrators.
create function app.tg_tickets__held()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.await_holds();
  perform app.refuse_held(format('Ticket %s', old.id), app.hold_of_ticket(old.id));
  return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger tg_tickets__110_held before delete on app.tickets
  for each row execute function app.tg_tickets__held();
-- Given to somebody else it would slip out of the hold of its requester or organization.
create trigger tg_tickets__111_held before update on app.tickets
  for each row when (old.requester_id <> new.requester_id or old.organization_id is distinct from new.organization_id)
  execute function app.tg_tickets__held();

create function app.tg_messages__held()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.await_holds();
  perform app.refuse_held(format('Ticket %s', old.ticket_id), app.hold_of_ticket(old.ticket_id));
  return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger tg_messages__110_held before update on app.messages
  for each row when (new.redacted_at is distinct from old.redacted_at) execute function app.tg_messages__held();
create trigger tg_attachments__110_held before delete on app.attachments
  for each row when (old.ticket_id is not null) execute function app.tg_messages__held();

create function app.tg_users__held()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.await_holds();
  perform app.refuse_held(format('User %s', old.id), app.hold_of_people(array[old.id]));
  return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger tg_users__110_held before delete on app.users
  for each row execute function app.tg_users__held();
create trigger tg_users__111_held before update on app.users
  for each row when (old.merged_into_id is distinct from new.merged_into_id or old.organization_id is distinct from new.organization_id)
  execute function app.tg_users__held();

-- Who gets a copy is of the ticket; and the ticket would slip out of the hold of that person.
create function app.tg_followers__held()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.await_holds();
  perform app.refuse_held(format('Ticket %s', old.ticket_id), app.hold_of_ticket(old.ticket_id));
  return old;
end
$$;
create trigger tg_followers__110_held before delete on app.followers
  for each row execute function app.tg_followers__held();

create function app.tg_organizations__held()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.await_holds();
  perform app.refuse_held(format('Organization %s', old.id), app.hold_of_organization(old.id));
  return old;
end
$$;
create trigger tg_organizations__110_held before delete on app.organizations
  for each row execute function app.tg_organizations__held();

-- Which tickets belong together. Merges are removed by nobody but with a ticket; one that goes to the archive takes its links
-- along, where both ends still show them.
create function app.tg_ticket_links__held()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.await_holds();
  perform app.refuse_held(format('Ticket %s', old.ticket_id), app.hold_of_ticket(old.ticket_id));
  perform app.refuse_held(format('Ticket %s', old.other_id), app.hold_of_ticket(old.other_id));
  return old;
end
$$;
create trigger tg_ticket_links__110_held before delete on app.ticket_links
  for each row when (not autocrm.archives()) execute function app.tg_ticket_links__held();

-- What the staff noted about a person or organization; a person's notes are under the holds of their organization too.
create function app.tg_customer_notes__held()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform app.await_holds();
  perform app.refuse_held(format('Note %s', old.id), (
    select string_agg(format('%s (hold %s)', h.name, h.id), ', ' order by h.id) from app.legal_holds h
     where (h.user_id = old.user_id or h.organization_id = old.organization_id
            or h.organization_id = (select u.organization_id from app.users u where u.id = old.user_id))
       and (h.until is null or h.until > autocrm.now())));
  return old;
end
$$;
create trigger tg_customer_notes__110_held before delete on app.customer_notes
  for each row execute function app.tg_customer_notes__held();
