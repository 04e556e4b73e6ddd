-- Time limits of people at a SQL prompt: the worker checks twice a second and ends sessions that exceed them. SET cannot
-- evade them. The limits are settings of the desk. Requests must not wait for a prompt until they are given up, so who
-- holds up the API has less time than the settings give.

-- The sessions that stand in front of waiting sessions of the API, with how long these have waited: all of a queue, so
-- that ending them frees the API at once, and not one place per round. A wait counts after two seconds; in a request that
-- has taken four, as one does that meets the locks of one prompt after the other, after half a second.
create function worker._blocking()
  returns table (pid integer, waited interval)
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- Nobody waits: neither the table of locks is read nor the queues, which holds up everybody who takes a lock.
  if not exists (
    select from pg_stat_activity a
     where a.usename = 'autocrm_api' and a.datname = current_database() and a.wait_event_type = 'Lock'
  ) then
    return;
  end if;
  return query
    with recursive waiting as materialized (
      select l.pid, clock_timestamp() - l.waitstart as waited
        from pg_stat_activity a
        join pg_locks l on l.pid = a.pid and not l.granted
       where a.usename = 'autocrm_api' and a.datname = current_database() and a.wait_event_type = 'Lock'
         and l.waitstart < clock_timestamp() - case
           -- Rounds of the worker may take long by themselves, and nobody gives them up.
           when a.query_start < clock_timestamp() - interval '4 s' and a.query not like 'select worker.%' then interval '0.5 s'
           else interval '2 s' end
    ), blocking (pid, waited) as (
      select b.pid, w.waited from waiting w cross join unnest(pg_blocking_pids(w.pid)) b (pid)
       union
      select b.pid, k.waited from blocking k cross join unnest(pg_blocking_pids(k.pid)) b (pid)
    )
    select k.pid, max(k.waited) from blocking k group by k.pid;
end
$$;

-- Whether a database of the server has a desk, or any but this one has: the owner of a desk's tables is known to all.
create function worker._has_desk(p_database oid)
  returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select exists (
    select from pg_shdepend d
     where d.refclassid = 'pg_authid'::regclass and d.refobjid = 'autocrm_owner'::regrole and d.deptype = 'o' and d.classid = 'pg_class'::regclass
       and case when p_database is null then d.dbid <> (select b.oid from pg_database b where b.datname = current_database())
                else d.dbid = p_database end)
$$;

-- Definer: the owner may signal others. Ends the sessions of the desk's people that are over a limit, in this database and
-- in those of the server that have no desk (a desk elsewhere has limits of its own), and answers {login, session, reason,
-- seconds} for each; one that does not end at once is in the next answer too.
create function worker.end_overdue()
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_ended json;
begin
  perform api._need_api('Overdue sessions are ended');
  select coalesce(json_agg(json_build_object(
           'login', o.usename, 'session', format('%s since %s', o.pid, o.backend_start), 'reason', o.reason, 'seconds', o.seconds)), '[]') into v_ended
    from (
      -- The first reason of each.
      select distinct on (a.pid) a.pid, a.usename, a.backend_start, x.reason, extract(epoch from x.since)::integer as seconds
        from app.settings s
       cross join pg_stat_activity a
        join pg_roles r on r.oid = a.usesysid and not r.rolsuper and r.rolname <> 'autocrm_api'
        left join worker._blocking() k on k.pid = a.pid
       cross join lateral (
         values (0, 'blocking the API', k.waited, 0),
                -- A call by the protocol's fast path has a state of its own, and no query.
                (1, 'statement', case when a.state = 'active' then clock_timestamp() - a.query_start
                                      when a.state not like 'idle%' then clock_timestamp() - a.state_change end, s.prompt_statement_seconds),
                (2, 'idle transaction', case when a.state like 'idle in transaction%' then clock_timestamp() - a.state_change end, s.prompt_idle_seconds),
                (3, 'writing transaction', case when a.backend_xid is not null then clock_timestamp() - a.xact_start end, s.prompt_write_seconds),
                (4, 'transaction', clock_timestamp() - a.xact_start, s.prompt_transaction_seconds)
       ) x (n, reason, since, seconds)
       where a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
         and x.since > make_interval(secs => x.seconds)
         and exists (
           select from unnest(array['autocrm_admin', 'autocrm_agent', 'autocrm_analyst', 'autocrm_integration', 'autocrm_customer']::name[]) g
            where pg_has_role(a.usesysid, g, 'member'))
         -- Elsewhere the people of this desk; and of no desk whoever belongs to a group, where this desk is the only one.
         and (a.datname = current_database()
              or not worker._has_desk(a.datid)
                 and (exists (select from app.users u where u.pg_role = a.usename) or not worker._has_desk(null)))
       order by a.pid, x.n
       offset 0
    ) o
   where pg_terminate_backend(o.pid);
  return v_ended;
end
$$;
comment on function worker.end_overdue() is 'The watchdog''s round: ends sessions at SQL prompts that are over a limit of the settings.';
