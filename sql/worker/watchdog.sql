-- Time limits of people at a SQL prompt: the worker checks every second and ends sessions that exceed them. SET cannot
-- evade them. The limits are settings of the desk.

-- Definer: the owner may signal others. Ends the sessions of the desk's people in this database that are over a limit,
-- and answers {login, reason, seconds} for each.
create function worker.end_overdue()
  returns json
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_ended json;
begin
  perform api._need_api('Overdue sessions are ended');
  select coalesce(json_agg(json_build_object('login', o.usename, 'reason', o.reason, 'seconds', o.seconds)), '[]') into v_ended
    from (
      -- The first reason of each.
      select distinct on (a.pid) a.pid, a.usename, x.reason, extract(epoch from x.since)::integer as seconds
        from app.settings s
       cross join pg_stat_activity a
        join pg_roles r on r.oid = a.usesysid and not r.rolsuper and r.rolname <> 'autocrm_api'
       cross join lateral (
         values (1, 'statement', case when a.state = 'active' then clock_timestamp() - a.query_start end, s.prompt_statement_seconds),
                (2, 'idle transaction', case when a.state like 'idle in transaction%' then clock_timestamp() - a.state_change end, s.prompt_idle_seconds),
                (3, 'writing transaction', case when a.backend_xid is not null then clock_timestamp() - a.xact_start end, s.prompt_write_seconds),
                (4, 'transaction', clock_timestamp() - a.xact_start, s.prompt_transaction_seconds)
       ) x (n, reason, since, seconds)
       where a.datname = current_database() and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
         and x.since > make_interval(secs => x.seconds)
         and exists (
           select from unnest(array['autocrm_admin', 'autocrm_agent', 'autocrm_analyst', 'autocrm_integration', 'autocrm_customer']::name[]) g
            where pg_has_role(a.usesysid, g, 'member'))
       order by a.pid, x.n
       offset 0
    ) o
   where pg_terminate_backend(o.pid);
  return v_ended;
end
$$;
comment on function worker.end_overdue() is 'The watchdog''s round: ends sessions at SQL prompts that are over a limit of the settings.';
