-- The archive: closed tickets out of the tables and indexes of daily work, as documents that stay readable and searchable.
-- Retention policies of action archive move them (retention.sql), an administrator takes single ones back; nobody else
-- writes here. A ticket moves with all that was merged into it, in one transaction; its events, decisions of routing and
-- audit rows are history, which stays where it is.

-- Tables whose rows belong to a ticket by ticket_id, in the order in which they come back. Not the derived ones, which are
-- made anew: search_documents, waiting, set_aside. Links have a table of their own (app.archived_links).
create function app.archived_parts()
  returns text[]
  language sql immutable
  set search_path = ''
as $$
  select '{messages,attachments,mentions,followers,drafts,ticket_field_values,ticket_records,rule_firings,sla_clocks,sla_tickets,notifications,ticket_reads,automation_due,legal_holds}'::text[]
$$;

-- Moves to and from the archive, and the beginning of an erasure, exclude each other until their transactions end: a ticket
-- would slip from where the erasure goes on to where it has been. Moves share the lock, and ask for erasures behind it.
create function app._archive_lock()
  returns bigint
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select 'app.archived_tickets'::regclass::oid::bigint
$$;

-- The columns of lists are for whoever sees the ticket; the document is read by the functions of schema api alone, which
-- leave out notes and fields that the caller may not see.
grant select (id, closed_at, archived_at, created_at, subject, external_id, status_id, priority_id, requester_id, organization_id,
              team_id, assignee_id, tag_ids)
  on app.archived_tickets to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer;
create policy whoever_saw_a_ticket_sees_it_in_the_archive on app.archived_tickets
  for select to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer
  using (autocrm.sees_row(id, team_id, assignee_id, requester_id));

-- Whether the caller sees a ticket, in daily work or in the archive.
create function app.sees_archived(p_id bigint)
  returns boolean
  language plpgsql stable security definer -- No policy: one look at the row decides.
  set search_path = pg_catalog, pg_temp
as $$
begin
  return exists (
    select from app.archived_tickets a
     where a.id = p_id and (app._is_unlimited() or autocrm.sees_row(a.id, a.team_id, a.assignee_id, a.requester_id)));
end
$$;
comment on function app.sees_archived(bigint) is 'Whether a ticket is in the archive and the caller sees it. Example: select app.sees_archived(7)';
grant execute on function app.sees_archived(bigint) to autocrm_admin, autocrm_agent, autocrm_integration, autocrm_analyst, autocrm_customer;

-- No ticket gets the id in another system of one that may come back; its number is never given twice. Definer: the writer may
-- not see that one.
create function app.tg_tickets__not_archived()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (
       select from app.archived_tickets a
        where a.external_id = new.external_id and (a.document #>> '{ticket,external_origin}')::bigint = new.external_origin) then
    raise exception using
      errcode = '23505', schema = 'app', table = 'tickets', column = 'external_id', constraint = 'tickets_external_key',
      message = 'duplicate key value violates unique constraint "tickets_external_key"';
  end if;
  return new;
end
$$;
-- After the origin of the id is set. Most tickets have none, and pay nothing.
create trigger tg_tickets__250_not_archived before insert on app.tickets
  for each row when (new.external_id is not null and not autocrm.archives()) execute function app.tg_tickets__not_archived();
create trigger tg_tickets__251_not_archived before update on app.tickets
  for each row when (new.external_id is not null and (new.external_id is distinct from old.external_id or new.external_origin <> old.external_origin))
  execute function app.tg_tickets__not_archived();

-- Links of archived tickets with one that is deleted go with it.
create function app.tg_tickets__unlink_archived()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  delete from app.archived_links l where old.id in (l.ticket_id, l.other_id);
  return null;
end
$$;
create trigger tg_tickets__720_unlink_archived after delete on app.tickets
  for each row when (not autocrm.archives()) execute function app.tg_tickets__unlink_archived();

-- What an archived ticket cannot come back without stays, as it would with one of daily work. Definer: whoever removes it
-- may not see that ticket.
create function app.tg_archive__still_needs()
  returns trigger
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if (case tg_table_name
        when 'statuses' then exists (select from app.archived_tickets a where a.status_id = old.id)
        when 'priorities' then exists (select from app.archived_tickets a where a.priority_id = old.id)
        else exists (select from app.archived_tickets a where a.requester_id = old.id) end) then
    raise exception using
      errcode = '23503', schema = 'app', table = 'tickets',
      constraint = case tg_table_name when 'statuses' then 'tickets_status_id_fkey' when 'priorities' then 'tickets_priority_id_fkey' else 'tickets_requester_id_fkey' end,
      message = format('update or delete on table "%s" violates a foreign key of archived tickets', tg_table_name);
  end if;
  return old;
end
$$;
create trigger tg_statuses__330_archived before delete on app.statuses
  for each row execute function app.tg_archive__still_needs();
create trigger tg_priorities__330_archived before delete on app.priorities
  for each row execute function app.tg_archive__still_needs();
create trigger tg_users__330_archived before delete on app.users
  for each row execute function app.tg_archive__still_needs();

-- How many archived tickets have a value of a field.
create function app.archived_values_of(p_key text)
  returns bigint
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select count(*)
    from app.archived_tickets a
   where a.document #> '{ticket,custom}' ? p_key
      or a.document -> 'ticket_field_values' @> jsonb_build_array(jsonb_build_object('field_key', p_key))
$$;

-- Values of a field that has been restricted, or is no longer: it is found by everybody's words, or by nobody's. Documents
-- are read by its visibility of today.
create function app.move_archived_words(p_ids bigint[], p_key text)
  returns bigint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_changed bigint;
begin
  update app.archived_tickets a
     set words = app._search_join(app._search_head(jsonb_populate_record(null::app.tickets, a.document -> 'ticket' || jsonb_build_object('custom',
                   app.archived_custom(a.document)))), ts_filter(a.words, '{c,d}'))
   where a.id = any (p_ids)
     and (a.document #> '{ticket,custom}' ? p_key
          or a.document -> 'ticket_field_values' @> jsonb_build_array(jsonb_build_object('field_key', p_key)));
  get diagnostics v_changed = row_count;
  return v_changed;
end
$$;

-- The partition of a year, made when the first ticket of it is archived. Attaching it locks out no reader. Definer: it is the
-- desk's, whoever archives; a later version could not change one of a superuser.
create function app.ensure_archive_year(p_at timestamptz)
  returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  set time zone 'UTC'
as $$
declare
  v_from timestamptz := date_trunc('year', p_at);
  v_name text := 'archived_tickets_' || to_char(v_from, 'YYYY');
begin
  if to_regclass('app.' || v_name) is null then
    execute format('create table app.%I (like app.archived_tickets including defaults including constraints including storage including compression)', v_name);
    execute format('alter table app.%I enable row level security', v_name);
    execute format('alter table app.archived_tickets attach partition app.%I for values from (%L) to (%L)', v_name, v_from, v_from + interval '1 year');
  end if;
end
$$;

-- Names of what a ticket refers to, for when it is no more.
create function app.names_of_ticket(p_ticket app.tickets, p_people bigint[])
  returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
    'status', (select jsonb_build_object('key', s.key, 'category', s.category) from app.statuses s where s.id = p_ticket.status_id),
    'priority', (select p.key from app.priorities p where p.id = p_ticket.priority_id),
    'team', (select m.name from app.teams m where m.id = p_ticket.team_id),
    'organization', (select o.name from app.organizations o where o.id = p_ticket.organization_id),
    'form', (select f.name from app.ticket_forms f where f.id = p_ticket.form_id),
    'tags', (select coalesce(jsonb_object_agg(g.id, g.name), '{}') from app.tags g where g.id = any (p_ticket.tag_ids)),
    'people', (select coalesce(jsonb_object_agg(u.id, jsonb_build_object('name', u.name, 'role', u.role)), '{}') from app.users u where u.id = any (p_people)))
$$;

-- All values of an archived ticket, by field; for its owner.
create function app.archived_custom(p_document jsonb)
  returns jsonb
  language sql immutable
  set search_path = pg_catalog, pg_temp
as $$
  select (p_document #> '{ticket,custom}') || coalesce((
    select jsonb_object_agg(v ->> 'field_key', v -> 'value') from jsonb_array_elements(p_document -> 'ticket_field_values') v), '{}')
$$;

-- Moves one ticket into the archive. Its row is locked by the caller; the rows of its parts are locked here before they
-- are read, so that whoever changes one right now has finished, or waits and finds it gone.
create function app.move_to_archive(p_ticket app.tickets, p_cause jsonb)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_part text;
  v_rows jsonb;
  v_document jsonb := jsonb_build_object('schema', 1, 'ticket', to_jsonb(p_ticket));
  v_words tsvector;
  v_people bigint[];
begin
  foreach v_part in array app.archived_parts()
  loop
    execute format(
      'with own as materialized (select x.* from app.%I x where x.ticket_id = $1 for update)
       select coalesce(jsonb_agg(to_jsonb(o)), ''[]'') from own o', v_part) into v_rows using p_ticket.id;
    if v_rows <> '[]' then
      v_document := v_document || jsonb_build_object(v_part, v_rows);
    end if;
  end loop;
  v_people := array(
    select p_ticket.requester_id
     union select (m ->> 'author_id')::bigint from jsonb_array_elements(coalesce(v_document -> 'messages', '[]')) m where m ->> 'author_id' is not null
     union select (f ->> 'user_id')::bigint from jsonb_array_elements(coalesce(v_document -> 'followers', '[]')) f);
  v_document := v_document || jsonb_build_object(
    'metric_facts', (select coalesce(jsonb_agg(to_jsonb(f)), '[]') from app.ticket_facts(array[p_ticket.id]) f),
    'names', app.names_of_ticket(p_ticket, v_people || p_ticket.assignee_id));
  select d.document into v_words from app.search_documents d where d.ticket_id = p_ticket.id and not d.outdated;
  if not found then
    perform app._search_rebuild(p_ticket);
    select d.document into v_words from app.search_documents d where d.ticket_id = p_ticket.id;
  end if;
  perform app.ensure_archive_year(p_ticket.closed_at);

  perform autocrm.archiving(true);
  insert into app.archived_tickets (id, closed_at, created_at, subject, external_id, status_id, priority_id, requester_id, organization_id,
                                    team_id, assignee_id, people_ids, tag_ids, words, document)
  values (p_ticket.id, p_ticket.closed_at, p_ticket.created_at, p_ticket.subject, p_ticket.external_id, p_ticket.status_id, p_ticket.priority_id,
          p_ticket.requester_id, p_ticket.organization_id, p_ticket.team_id, p_ticket.assignee_id, v_people, p_ticket.tag_ids, v_words, v_document);
  insert into app.archived_files (attachment_id, ticket_id, sha256)
  select a.id, p_ticket.id, a.sha256 from app.attachments a where a.ticket_id = p_ticket.id and a.sha256 is not null;
  with gone as (
    delete from app.ticket_links l where p_ticket.id in (l.ticket_id, l.other_id) returning l.*)
  insert into app.archived_links (id, kind, ticket_id, other_id, created_by, created_at)
  select g.id, g.kind, g.ticket_id, g.other_id, g.created_by, g.created_at from gone g;
  -- First, so that no part that goes has it made anew.
  delete from app.search_documents d where d.ticket_id = p_ticket.id;
  delete from app.tickets t where t.id = p_ticket.id;
  perform autocrm.archiving(false);
  perform app.tell_erased('ticket.archived', p_ticket.id, p_cause);
end
$$;

-- Archives a closed ticket with those that were merged into it; false when somebody writes one of them right now. The
-- ticket is locked by the caller.
create function app.archive_ticket(p_ticket_id bigint, p_cause jsonb)
  returns boolean
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_merged bigint[] := array(
    select l.ticket_id from app.ticket_links l where l.kind = 'merged' and l.other_id = p_ticket_id order by l.ticket_id);
  v_locked bigint[] := array(select t.id from app.tickets t where t.id = any (v_merged) order by t.id for update skip locked);
  v_id bigint;
  v_ticket app.tickets;
begin
  if v_locked <> v_merged then
    return false;
  end if;
  perform app.await_holds();
  foreach v_id in array v_merged || p_ticket_id
  loop
    perform app.refuse_held(format('Ticket %s', v_id), app.hold_of_ticket(v_id));
  end loop;
  foreach v_id in array v_merged || p_ticket_id
  loop
    select * into v_ticket from app.tickets t where t.id = v_id;
    -- In the trash, or closed by hand without a time: left for another policy.
    if v_ticket.closed_at is null or v_ticket.deleted_at is not null then
      perform autocrm.fail('TK409', format('Ticket %s cannot be archived', v_id), format('id: ticket %s is in the trash, or was never closed', v_id),
        'Restore or remove it first.');
    end if;
    perform app.move_to_archive(v_ticket, p_cause);
  end loop;
  return true;
end
$$;

-- Puts rows back where they came from. References to what has been removed since are treated as the removal would have
-- treated them: emptied, or the row with them; where removal would have been refused, so is this. What people had who have
-- been merged belongs to the remaining one, one row of two.
create function app.put_back(p_table text, p_rows jsonb)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_columns text;
  v_values text;
  v_still text;
begin
  with columns as (
    select a.attname, a.attnum,
           (select format('exists (select from %s r where r.%I = x.%I)', c.confrelid::regclass, r.attname, a.attname)
              from pg_constraint c
              join pg_attribute r on r.attrelid = c.confrelid and r.attnum = c.confkey[1]
             where c.conrelid = a.attrelid and c.contype = 'f' and c.conkey = array[a.attnum] and c.conparentid = 0
               and c.confdeltype in ('n', 'c') and c.confrelid <> 'app.tickets'::regclass) as there,
           exists (select from pg_constraint c
                    where c.conrelid = a.attrelid and c.contype = 'f' and c.conkey = array[a.attnum] and c.confdeltype = 'c') as cascades,
           case when exists (select from pg_constraint c
                              where c.conrelid = a.attrelid and c.contype = 'f' and c.conkey = array[a.attnum] and c.confrelid = 'app.users'::regclass)
                then format('coalesce((select u.merged_into_id from app.users u where u.id = x.%1$I), x.%1$I)', a.attname)
                else format('x.%I', a.attname) end as value
      from pg_attribute a
     where a.attrelid = ('app.' || p_table)::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       and p_rows -> 0 ? a.attname::text)
  select string_agg(quote_ident(c.attname), ', ' order by c.attnum),
         string_agg(case when c.there is not null and not c.cascades
                         then format('case when %s then %s end', c.there, c.value) else c.value end, ', ' order by c.attnum),
         coalesce(string_agg(format('(x.%I is null or %s)', c.attname, c.there), ' and ') filter (where c.there is not null and c.cascades), 'true')
    into v_columns, v_values, v_still
    from columns c;
  execute format(
    'insert into app.%1$I (%2$s) overriding system value
     select %3$s from jsonb_populate_recordset(null::app.%1$I, $1) x where %4$s%5$s', p_table, v_columns, v_values, v_still,
    -- The ticket's own trigger notes the records that it refers to.
    case when p_table in ('ticket_records', 'followers', 'mentions', 'drafts', 'ticket_reads') then ' on conflict do nothing' else '' end)
    using p_rows;
end
$$;

-- The value of a field as it would be by now: relations follow who was merged, and are emptied of what was removed. NULL
-- when nothing is left of it.
create function app.value_by_now(p_key text, p_value jsonb)
  returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select case
    when f.type <> 'relation' or jsonb_typeof(p_value) <> 'number' then p_value
    when f.config ->> 'target' = 'user' then (
      select to_jsonb(coalesce(u.merged_into_id, u.id)) from app.users u where u.id = (p_value #>> '{}')::bigint)
    when f.config ->> 'target' = 'organization' then (select p_value from app.organizations o where o.id = (p_value #>> '{}')::bigint)
    when f.config ->> 'target' = 'ticket' then (
      select p_value
       where exists (select from app.tickets t where t.id = (p_value #>> '{}')::bigint)
          or exists (select from app.archived_tickets a where a.id = (p_value #>> '{}')::bigint))
    else (select p_value from app.object_records r where r.id = (p_value #>> '{}')::bigint) end
    from app.custom_fields f where f.key = p_key
$$;

-- One ticket out of the archive, with the same ids, times and versions.
create function app.move_from_archive(p_row app.archived_tickets)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_part text;
  v_key text;
  v_document jsonb := p_row.document || jsonb_build_object(
    'ticket', p_row.document -> 'ticket' || jsonb_build_object(
      'tag_ids', (
        select coalesce(jsonb_agg(x.id order by x.n), '[]')
          from jsonb_array_elements_text(p_row.document #> '{ticket,tag_ids}') with ordinality x (id, n)
         where exists (select from app.tags g where g.id = x.id::bigint)),
      'custom', (
        select coalesce(jsonb_object_agg(c.key, n.value) filter (where n.value is not null), '{}')
          from jsonb_each(p_row.document #> '{ticket,custom}') c
         cross join lateral app.value_by_now(c.key, c.value) n (value))),
    'ticket_field_values', (
      select coalesce(jsonb_agg(v.value || jsonb_build_object('value', n.value)) filter (where n.value is not null), '[]')
        from jsonb_array_elements(p_row.document -> 'ticket_field_values') v
       cross join lateral app.value_by_now(v.value ->> 'field_key', v.value -> 'value') n (value)));
begin
  perform autocrm.archiving(true);
  perform app.put_back('tickets', jsonb_build_array(v_document -> 'ticket'));
  foreach v_part in array app.archived_parts()
  loop
    if v_document ? v_part and v_document -> v_part <> '[]' then
      perform app.put_back(v_part, v_document -> v_part);
    end if;
  end loop;
  delete from app.archived_files f where f.ticket_id = p_row.id;
  delete from app.archived_tickets a where a.id = p_row.id and a.closed_at = p_row.closed_at;
  with back as (
    insert into app.ticket_links (id, kind, ticket_id, other_id, created_by, created_at) overriding system value
    select l.id, l.kind, l.ticket_id, l.other_id, (select u.id from app.users u where u.id = l.created_by), l.created_at
      from app.archived_links l
     where p_row.id in (l.ticket_id, l.other_id)
       and exists (select from app.tickets t where t.id = l.ticket_id) and exists (select from app.tickets t where t.id = l.other_id)
    -- Another link has taken its place meanwhile: the old one stays in the archive.
    on conflict do nothing returning id)
  delete from app.archived_links l using back b where l.id = b.id;
  perform autocrm.archiving(false);
  -- Fields that have been restricted since, and those that no longer are.
  for v_key in
    select f.key from app.custom_fields f
     where case when app.is_restricted(f.visible_to) then v_document #> '{ticket,custom}' ? f.key
                else v_document -> 'ticket_field_values' @> jsonb_build_array(jsonb_build_object('field_key', f.key)) end
  loop
    perform autocrm.part_fields(array[p_row.id], v_key);
  end loop;
  perform app.tell_erased('ticket.unarchived', p_row.id, jsonb_build_object('kind', 'restore'));
  perform app._search_anew(p_row.id);
end
$$;

-- The ticket, and those that were merged into it; false when it is not in the archive. While somebody is erased nothing
-- comes back but for that: a ticket would slip from where the erasure goes on to where it has been.
create function app.restore_archived_ticket(p_id bigint, p_erases boolean default false)
  returns boolean
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_rows app.archived_tickets[];
  v_row app.archived_tickets;
  v_into bigint;
begin
  if not p_erases then
    perform pg_advisory_xact_lock_shared(app._archive_lock());
    if exists (select from app.erasures e where e.status = 'running') then
      perform autocrm.fail('TK409', 'A person is being erased, and nothing leaves the archive meanwhile', null, 'Send it again once the erasure has finished.');
    end if;
  end if;
  -- Whoever is placing a hold finds it here or there.
  perform app.await_holds();
  select l.other_id into v_into
    from app.archived_links l
   where l.kind = 'merged' and l.ticket_id = p_id and exists (select from app.archived_tickets a where a.id = l.other_id);
  if found and exists (select from app.archived_tickets a where a.id = p_id) then
    perform autocrm.fail('TK409', format('Ticket %s was merged into ticket %s', p_id, v_into), format('{"merged_into": %s}', v_into),
      format('Restore ticket %s, and this one comes with it.', v_into));
  end if;
  v_rows := array(
    select a from app.archived_tickets a
     where a.id = p_id
        or a.id in (select l.ticket_id from app.archived_links l where l.kind = 'merged' and l.other_id = p_id)
     order by a.id <> p_id, a.id for update);
  if v_rows = '{}' or (v_rows[1]).id <> p_id then
    return false;
  end if;
  foreach v_row in array v_rows
  loop
    perform app.move_from_archive(v_row);
  end loop;
  return true;
end
$$;

-- Facts for the metrics of archived tickets: what they were when they were archived.
create function app.archived_facts(p_ids bigint[])
  returns setof app.metric_facts
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select f.*
    from app.archived_tickets a
   cross join lateral jsonb_populate_recordset(null::app.metric_facts, a.document -> 'metric_facts') f
   where a.id = any (p_ids)
$$;
