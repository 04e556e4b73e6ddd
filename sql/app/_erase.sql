-- Erasure of the values of a ticket, from its rows and from its history. What happened, and when, stays: statistics count it.

-- Columns of a ticket and its parts that say what people wrote, and who asked.
create function app.erasable_columns()
  returns text[]
  language sql immutable
  set search_path = ''
as $$
  select '{subject,description,description_html,custom,external_id,requester_id,organization_id,body_text,body_html,author_id,name,uploader_id,value}'::text[]
$$;

-- What stands for a text that is gone.
create function app.redacted(p_text text)
  returns text
  language sql immutable
  set search_path = ''
as $$
  select case when p_text = '' then '' else repeat('▇', 8) end
$$;

-- Ids of the audit rows of a ticket, its messages, files and restricted values. These are PL/pgSQL so that their plans are
-- kept: a search of each month would be planned anew for each ticket.
create function app.audit_of_ticket(p_ticket_id bigint, p_messages bigint[], p_attachments bigint[], p_fields text[])
  returns bigint[]
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
as $$
begin
  return array(
    select l.id
      from app.audit_log l
      join (select 'tickets'::name as of_table, p_ticket_id::text as of_key
             union all select 'messages', m::text from unnest(p_messages) m
             union all select 'attachments', a::text from unnest(p_attachments) a
             union all select 'ticket_field_values', p_ticket_id || ',' || f from unnest(p_fields) f) x
        on l.table_name = x.of_table and l.row_key = x.of_key);
end
$$;

-- Removes these columns from the events of a ticket, and whom it had as a CC (of these people, where they are given). Called while values are erased (autocrm.erasing).
create function app.erase_events(p_ticket_id bigint, p_columns text[], p_users bigint[] default null)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
as $$
begin
  update app.events e
     set data = case when e.data ? 'changes' then jsonb_set(e.data, '{changes}', (e.data -> 'changes') - p_columns) else e.data - 'user_id' end
   where e.ticket_id = p_ticket_id
     and (e.data -> 'changes' ?| p_columns
          or e.name in ('cc.added', 'cc.removed') and e.data ? 'user_id' and (p_users is null or (e.data ->> 'user_id')::bigint = any (p_users)));
end
$$;

-- An event about an erasure, or about what was deleted by one. The ticket's row is locked by the caller.
create function app.tell_erased(p_name text, p_ticket_id bigint, p_cause jsonb)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into app.events (at, name, ticket_id, actor_id, api_key_id, data)
  values (autocrm.now(), p_name, p_ticket_id, autocrm.actor_id(), autocrm.actor_api_key_id(), jsonb_build_object('caused_by', p_cause));
end
$$;

-- Custom values that say nothing of a person by themselves: a number, a date, a choice.
create function app.plain_values(p_custom jsonb)
  returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(jsonb_object_agg(c.key, c.value), '{}')
    from jsonb_each(p_custom) c
    join app.custom_fields f on f.key = c.key and f.type in ('integer', 'decimal', 'boolean', 'date', 'datetime', 'dropdown', 'multiselect')
$$;

-- The person who stands for all requesters of anonymised tickets.
create function app.nobody()
  returns bigint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_nobody app.users;
begin
  select * into v_nobody from app.users u where u.external_id = 'autocrm:nobody';
  if not found then
    insert into app.users (role, name, external_id, active) values ('customer', 'Anonymous', 'autocrm:nobody', false)
    on conflict (external_id) where external_id is not null do nothing;
    select * into v_nobody from app.users u where u.external_id = 'autocrm:nobody';
  end if;
  -- Whoever made an entry with this external id would be the requester of all of them.
  if v_nobody.role <> 'customer' or v_nobody.active or v_nobody.email is not null then
    perform autocrm.fail('TK409', 'Nobody can stand for the requester', format('external_id: user %s has autocrm:nobody', v_nobody.id),
      'Give that user another external id.');
  end if;
  return v_nobody.id;
end
$$;

-- Deletes a ticket, or takes out of it what people wrote and who asked; its history keeps what was done and none of the
-- values. The ticket is locked by the caller. One act, in the subtransaction of the caller.
create function app.erase_ticket(p_ticket_id bigint, p_delete boolean, p_cause jsonb)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  -- Planning for the values at hand would cost more than the statements do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_messages bigint[] := array(select m.id from app.messages m where m.ticket_id = p_ticket_id);
  v_attachments bigint[] := array(select a.id from app.attachments a where a.ticket_id = p_ticket_id);
  -- Of all fields: one that was emptied is in the history alone.
  v_fields text[] := array(select f.key from app.custom_fields f);
  v_nobody bigint := case when not p_delete then app.nobody() end;
begin
  perform app.await_holds();
  perform app.refuse_held(format('Ticket %s', p_ticket_id), app.hold_of_ticket(p_ticket_id));
  perform autocrm.erasing(true);
  -- First, so that no message that is changed has the document made anew.
  delete from app.search_documents d where d.ticket_id = p_ticket_id;
  if p_delete then
    delete from app.tickets t where t.id = p_ticket_id;
  else
    delete from app.attachments a where a.ticket_id = p_ticket_id;
    delete from app.drafts d where d.ticket_id = p_ticket_id;
    delete from app.notifications n where n.ticket_id = p_ticket_id;
    delete from app.followers f using app.users u where f.ticket_id = p_ticket_id and u.id = f.user_id and u.role = 'customer';
    delete from app.ticket_records r where r.ticket_id = p_ticket_id;
    delete from app.ticket_field_values v
     where v.ticket_id = p_ticket_id and app.plain_values(jsonb_build_object(v.field_key, v.value)) = '{}';
    update app.messages m
       set body_text = app.redacted(m.body_text), body_html = null, quote_from = null, redacted_at = autocrm.now(),
           author_id = case when exists (select from app.users u where u.id = m.author_id and u.role = 'customer') then v_nobody else m.author_id end
     where m.ticket_id = p_ticket_id;
    update app.rule_firings f set explanation = jsonb_build_object('redacted', true) where f.ticket_id = p_ticket_id;
    update app.tickets t
       set subject = app.redacted(t.subject), description = app.redacted(t.description), description_html = null,
           custom = app.plain_values(t.custom), external_id = null, requester_id = v_nobody, organization_id = null,
           anonymised_at = autocrm.now()
     where t.id = p_ticket_id;
  end if;
  perform autocrm.erase_audit('tickets', p_ticket_id::text, app.audit_of_ticket(p_ticket_id, v_messages, v_attachments, v_fields),
    app.erasable_columns(), null);
  perform app.erase_events(p_ticket_id, app.erasable_columns());
  perform app.mask_kept_answers(p_ticket_id);
  update app.events e set actor_id = null
   where e.ticket_id = p_ticket_id and exists (select from app.users u where u.id = e.actor_id and u.role = 'customer');
  perform app.tell_erased(case when p_delete then 'ticket.deleted' else 'ticket.redacted' end, p_ticket_id, p_cause);
  perform autocrm.erasing(false);
  if not p_delete then
    perform app._search_anew(p_ticket_id);
  end if;
end
$$;
