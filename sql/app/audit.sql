-- The audit log and its seals. Like all history (events, routing decisions) they are written by the native triggers as
-- the owner and append-only for everyone.

do $$
declare
  v_table text;
begin
  foreach v_table in array array['events', 'audit_log', 'audit_seals', 'routing_decisions']
  loop
    execute format(
      'create trigger tg_%1$s__100_append_only before update or delete on app.%1$I
         for each row execute function autocrm.tg_append_only()', v_table);
    execute format(
      'create trigger tg_%1$s__110_no_truncate before truncate on app.%1$I
         for each statement execute function autocrm.tg_append_only()', v_table);
  end loop;
end
$$;

grant select on app.audit_log, app.audit_seals to autocrm_admin;
create policy admins_read_the_audit on app.audit_log
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');
create policy admins_read_the_seals on app.audit_seals
  for select to autocrm_admin
  using ((select autocrm.actor_role()) = 'admin');

-- Reading all of a table at once is in the audit log, as its changes are. For commands, whose log-in is the database's own.
create function app.note_read(p_table name, p_what jsonb)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into app.audit_log (at, actor_id, door, action, table_name, changes)
  values (autocrm.now(), autocrm.actor_id(), 'operator', 'read', p_table,
          (select jsonb_object_agg(e.key, jsonb_build_array(null, e.value)) from jsonb_each(p_what) e));
end
$$;
comment on function app.note_read(name, jsonb) is
  'Records that a whole table was read, and how. Example: select app.note_read(''tickets'', ''{"export": "csv"}'')';

-- Why an act that erased values of audit rows is none of this desk, if it is none: each is in one transaction with what it
-- was for, or names the erasure that it is a part of.
create function app.redaction_problem(p_act app.audit_log)
  returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  return case
    when jsonb_typeof(p_act.changes #> '{erased,1}') is distinct from 'object' then 'it does not list the rows that it erased'
    when p_act.table_name = 'erasures' then
      case when not exists (select from app.erasures e where e.id::text = p_act.row_key) then 'there is no such erasure' end
    when p_act.table_name = 'messages' then
      case when not exists (
        select from app.events e where e.xid = p_act.xid and e.name = 'message.redacted' and e.message_id::text = p_act.row_key)
      then 'no message was redacted with it' end
    when p_act.table_name = 'tickets' then
      case when not exists (
        select from app.events e where e.xid = p_act.xid and e.name in ('ticket.deleted', 'ticket.redacted') and e.ticket_id::text = p_act.row_key)
      then 'no ticket was deleted or anonymised with it' end
    else 'nothing of this table is erased' end;
end
$$;

-- The acts that erased values of audit rows, and the seal that each is under. Definer: events and erasures tell whether it
-- is one.
create function app.redactions()
  returns table (act bigint, at timestamptz, actor_id bigint, door text, table_name name, row_key text, row_count bigint, seal_id bigint, problem text)
  -- PL/pgSQL, which is not checked before a migration that adds an action has been committed.
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select x.act, x.at, x.actor_id, x.door, x.table_name, x.row_key, x.row_count, x.seal_id, x.problem
    from (
      select y.*, min(y.seal) over (order by y.xid, y.seal is null, y.act rows between current row and unbounded following) as seal_id
        from (
          select l.xid, null::bigint as seal, l.id as act, l.at, l.actor_id, l.door, l.table_name, l.row_key,
                 case when jsonb_typeof(l.changes #> '{erased,1}') = 'object' then (select count(*) from jsonb_object_keys(l.changes #> '{erased,1}')) else 0 end as row_count, app.redaction_problem(l) as problem
            from app.audit_log l where l.action = 'redact'
           union all
          -- A seal ends before its to_xid.
          select s.to_xid, s.id, null, null, null, null, null, null, null, null from app.audit_seals s) y) x
   where x.act is not null and (autocrm.actor_role() = 'admin' or autocrm.actor_id() is null)
   order by x.act;
end
$$;
grant execute on function app.redactions() to autocrm_admin;
comment on function app.redactions() is
  'What erased values of audit rows: the act''s audit row, when, who and through which door, what for (table_name and row_key: a message, a ticket that retention took, or an erasure), how many rows, the seal of the act (NULL: none yet), and why it is no act of this desk (NULL: it is one). Compare it with the erasures, redactions and retention that you know of. Admins only. Example: select * from app.redactions()';
