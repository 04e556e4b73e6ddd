-- What an operator asks of a running desk, one row a check. Everything is read from counters, catalogs, and the ends of
-- indexes: it costs the same with a thousand tickets and with ten million.

-- 90 s, 12 min, 3 h, 2 days.
create function app._in_words(p_time interval)
  returns text
  language sql immutable
  set search_path = ''
as $$
  select case
    when s < 120 then round(s) || ' s'
    when s < 7200 then round(s / 60) || ' min'
    when s < 172800 then round(s / 3600) || ' h'
    else round(s / 86400) || ' days' end
    from (select extract(epoch from p_time)) x (s)
$$;

-- ok up to p_warn, warn up to p_bad, bad above. NULL is ok.
create function app._grade(p_value numeric, p_warn numeric, p_bad numeric)
  returns text
  language sql immutable
  set search_path = ''
as $$
  select case when p_value > p_bad then 'bad' when p_value > p_warn then 'warn' else 'ok' end
$$;

-- Bytes of the plain B-tree indexes of schema app beyond what their entries need in full pages, as far as the planner's
-- statistics tell; an estimate, of indexes above 10 MB.
create function app._index_bloat()
  returns table (index_name text, size bigint, wasted bigint)
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select i.relname::text, i.relpages * 8192::bigint,
         greatest(0, i.relpages * 8192::bigint - (i.reltuples * (12 + 8 * ceil(w.width / 8.0)) / 0.9)::bigint)
    from pg_class i
    join pg_index x on x.indexrelid = i.oid and x.indexprs is null
    join pg_am m on m.oid = i.relam and m.amname = 'btree'
    join pg_class t on t.oid = x.indrelid
   cross join lateral (
     select coalesce(sum(s.avg_width), 8) as width
       from pg_attribute a
       join pg_stats s on s.schemaname = 'app' and s.tablename = t.relname and s.attname = a.attname and not s.inherited
      where a.attrelid = t.oid and a.attnum = any (x.indkey)) w
   where i.relnamespace = 'app'::regnamespace and i.relpages > 1280 and i.reltuples > 0
$$;

create function app._health_of_work()
  returns table (name text, status text, value text, "limit" text, advice text)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now timestamptz := autocrm.now();
  v_at timestamptz;
  v_cursor record;
  v_count bigint;
begin
  return query
    select 'worker: ' || t.name,
           case when t.paused then 'warn'
                when t.optional and t.ran_at is null then 'ok'
                when t.ran_at is null then app._grade(extract(epoch from v_now - s.applied_at), t.expected_seconds, t.expected_seconds * 5)
                else app._grade(extract(epoch from v_now - t.ran_at), t.expected_seconds, t.expected_seconds * 5) end,
           case when t.paused then 'paused, ' else '' end
             || case when t.ran_at is null then 'no round yet' else 'last round ' || app._in_words(v_now - t.ran_at) || ' ago' end,
           app._in_words(make_interval(secs => t.expected_seconds)),
           case when t.paused then 'Let it go on when the reason for its pause is gone.'
                else 'Start `autocrm work`; if it runs, its log says why this task makes no round.' end
      from app.worker_tasks t
      left join app.schema_state s on true
     order by t.id;

  select count(*) into v_count from (select from app.set_aside limit 1001) x;
  return query select 'set aside'::text, app._grade(v_count, 0, 1000), case when v_count > 1000 then 'more than 1000' else v_count::text end,
    '0'::text, 'GET /api/set-aside has each item with its reason; mend it and have it tried again.'::text;

  -- Readers of the feed, by the age of the first event that they have not read.
  for v_cursor in
    select 'rules' as reader, c.seen, c.event_id from app.rule_cursor c union all
    select 'search', c.seen, c.event_id from app.search_cursor c union all
    select 'metrics', c.seen, c.event_id from app.metric_cursor c union all
    select 'notifications', c.seen, c.event_id from app.notification_cursor c
  loop
    select e.at into v_at from app.events e
     where e.xid >= pg_snapshot_xmax(v_cursor.seen) and (v_cursor.event_id is null or e.id > v_cursor.event_id)
     order by e.xid, e.id limit 1;
    return query select 'feed: ' || v_cursor.reader, app._grade(extract(epoch from v_now - v_at), 60, 900),
      case when v_at is null then 'nothing to read' else app._in_words(v_now - v_at) || ' behind' end, '60 s'::text,
      'The worker is stopped, slow, or held up by a long transaction.'::text;
  end loop;

  select l.at into v_at from app.audit_log l
   where l.xid >= coalesce((select s.to_xid from app.audit_seals s order by s.id desc limit 1), '0')
   order by l.xid, l.id limit 1;
  return query select 'audit: unsealed rows'::text, app._grade(extract(epoch from v_now - v_at), 600, 7200),
    case when v_at is null then 'none' else 'since ' || app._in_words(v_now - v_at) end, '10 min'::text,
    'Rows are sealed once all older transactions of the server have ended: look for a long one, or for a paused task.'::text;

  return query
    select 'partitions: ' || t.name, case when m.ahead >= 2 then 'ok' when m.ahead = 1 then 'warn' else 'bad' end, m.ahead || ' months ahead', '2',
           'The worker makes them; at hand: select app.ensure_partitions().'
      from unnest(array['messages', 'events', 'audit_log', 'routing_decisions']) with ordinality t (name, n)
     cross join lateral (
       select count(*) as ahead from generate_series(1, 3) g
        where to_regclass(format('app.%s_%s', t.name, to_char((v_now at time zone 'UTC') + make_interval(months => g), 'YYYY_MM'))) is not null) m
     order by t.n;

  select min(o.created_at) into v_at from app.mail_outbox o where o.state = 'waiting' and o.not_before < v_now;
  return query select 'e-mail: outbox'::text, app._grade(extract(epoch from v_now - v_at), 900, 14400),
    case when v_at is null then 'empty' else 'oldest waits for ' || app._in_words(v_now - v_at) end, '15 min'::text,
    'Without AUTOCRM_SMTP_URL nothing is sent; GET /api/mails has what servers answered.'::text;

  select least(s.expires_at, s.revoked_at) into v_at from app.sessions s order by least(s.expires_at, s.revoked_at) limit 1;
  return query select 'sessions'::text, case when v_at < v_now - interval '35 days' then 'warn' else 'ok' end,
    case when v_at < v_now then 'the oldest ended ' || app._in_words(v_now - v_at) || ' ago' else 'none has ended' end, '35 days after their end'::text,
    'The worker removes ended sessions after 30 days.'::text;
end
$$;

create function app._health_of_tables()
  returns table (name text, status text, value text, "limit" text, advice text)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    with stats as materialized (
      select s.relname, s.n_live_tup, s.n_dead_tup, s.n_dead_tup::numeric / greatest(s.n_live_tup + s.n_dead_tup, 1) as share
        from pg_stat_user_tables s where s.schemaname = 'app')
    select 'dead rows', app._grade(max(x.share) filter (where x.n_dead_tup > 100000), 0.3, 0.7),
           coalesce((select format('%s: %s of %s', w.relname, w.n_dead_tup, w.n_live_tup + w.n_dead_tup) from stats w
                      where w.n_dead_tup > 1000 order by w.n_dead_tup > 100000 desc, w.share desc limit 1), 'none'),
           '30 %', 'A long transaction or a replication slot keeps them, or autovacuum is too slow: VACUUM (VERBOSE) says which.'
      from stats x;
  return query
    with bloat as materialized (select * from app._index_bloat())
    select 'index bloat', app._grade(sum(b.wasted) / greatest(sum(b.size), 1) * (sum(b.wasted) > 1e8)::integer, 0.5, 0.8),
           case when count(*) = 0 then 'no index above 10 MB'
                else pg_size_pretty(sum(b.wasted)) || ' of ' || pg_size_pretty(sum(b.size)) || coalesce(', most in ' || (
                  select w.index_name from bloat w order by w.wasted desc limit 1), '') end,
           '50 %', 'REINDEX INDEX CONCURRENTLY gives the space back; an estimate from statistics.'
      from bloat b;
  return query
    select 'unused indexes', 'ok',
           coalesce(string_agg(format('%s (%s)', u.indexrelname, pg_size_pretty(u.size)), ', ' order by u.size desc), 'none'), '',
           'Not read since statistics began, here; a standby may read them. They cost each write.'
      from (select s.indexrelname, pg_relation_size(s.indexrelid) as size
              from pg_stat_user_indexes s
              join pg_index x on x.indexrelid = s.indexrelid and not x.indisunique
              join pg_class c on c.oid = s.indexrelid and c.relpages > 1280
             where s.schemaname = 'app' and s.idx_scan = 0
             order by 2 desc limit 5) u;
  return query
    select 'indexes: invalid', case when count(*) > 0 then 'warn' else 'ok' end, coalesce(string_agg(c.relname, ', ' order by c.relname), 'none'), 'none',
           'A CREATE or REINDEX CONCURRENTLY was cut off: drop what is left of it.'
      from pg_index x
      join pg_class c on c.oid = x.indexrelid and c.relnamespace = 'app'::regnamespace
     where not x.indisvalid and c.relkind = 'i';
  return query
    select 'tables', 'ok',
           string_agg(format('%s %s', t.relname, pg_size_pretty(t.size)), ', ' order by t.size desc), '',
           'The largest, with their indexes; partitions together.'
      from (select coalesce(p.inhparent::regclass::text, c.relname::text) as relname, sum(pg_total_relation_size(c.oid)) as size
              from pg_class c
              left join pg_inherits p on p.inhrelid = c.oid
             where c.relnamespace = 'app'::regnamespace and c.relkind = 'r'
             group by 1 order by 2 desc limit 8) t;
end
$$;

create function app._health_of_server()
  returns table (name text, status text, value text, "limit" text, advice text)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    select 'oldest transaction', app._grade(extract(epoch from max(clock_timestamp() - a.xact_start)), 300, 3600),
           app._in_words(coalesce(max(clock_timestamp() - a.xact_start), interval '0')), '5 min',
           'It holds back vacuum, seals and indexes: pg_stat_activity names it, pg_terminate_backend ends it.'
      from pg_stat_activity a where a.backend_type = 'client backend' and a.pid <> pg_backend_pid();
  return query
    select 'prepared transactions', case when count(*) > 0 then 'warn' else 'ok' end, count(*)::text, '0',
           'Nobody may end them: COMMIT PREPARED or ROLLBACK PREPARED.'
      from pg_prepared_xacts x where x.database = current_database();
  return query
    select 'replication slots', app._grade(max(pg_wal_lsn_diff(l.lsn, s.restart_lsn)) filter (where not s.active), 1e9, 2e10),
           coalesce(string_agg(s.slot_name || ' keeps ' || pg_size_pretty(pg_wal_lsn_diff(l.lsn, s.restart_lsn)), ', '), 'none'), '1 GB while inactive',
           'A slot without a reader keeps all WAL until the disk is full: pg_drop_replication_slot.'
      from pg_replication_slots s
     cross join (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end) l (lsn);
  return query
    select 'connections', app._grade(count(*)::numeric / current_setting('max_connections')::integer, 0.8, 0.95),
           count(*) || ' of ' || current_setting('max_connections'), '80 %', 'Raise max_connections, or put PgBouncer in front.'
      from pg_stat_activity a where a.backend_type = 'client backend';
  return query
    select 'transaction ids', app._grade(age(d.datfrozenxid), 1000000000, 1600000000), 'the oldest is ' || age(d.datfrozenxid) || ' back', '1,000,000,000',
           'VACUUM (FREEZE) the oldest tables; without it the server stops taking writes.'
      from pg_database d where d.datname = current_database();
  return query
    select 'archive of WAL', case when a.last_failed_time > coalesce(a.last_archived_time, '-infinity') then 'bad'
                                  when current_setting('archive_mode') = 'off' then 'warn' else 'ok' end,
           case when current_setting('archive_mode') = 'off' then 'off' else 'last ' || coalesce(a.last_archived_time::text, 'never') end, 'on',
           'Without an archive a backup cannot be brought forward to a point in time; after a failure the server''s log has the command.'
      from pg_stat_archiver a;
  return query
    select 'database', 'ok', pg_size_pretty(pg_database_size(current_database())), '', 'Compare it with the free space of its disk.';
  return query
    select 'setting: ' || w.name, case when current_setting(w.name, true) = any (w.wanted) then 'ok' else w.grade end, current_setting(w.name, true),
           w.wanted[1], w.why
      from (values
        ('fsync', array['on'], 'bad', 'A crash of the machine can destroy the database.'),
        ('full_page_writes', array['on'], 'bad', 'A crash of the machine can destroy pages.'),
        ('synchronous_commit', array['on', 'remote_apply', 'remote_write', 'local'], 'warn', 'What was answered as saved can be lost in a crash.'),
        ('autovacuum', array['on'], 'bad', 'Dead rows and statistics are left as they are.'),
        ('track_counts', array['on'], 'bad', 'Autovacuum does not know what to do.'),
        ('data_checksums', array['on'], 'warn', 'A disk''s fault is read as data; pg_checksums switches them on.'),
        ('jit', array['off'], 'warn', 'The desk''s queries are short: compiling them costs more than it saves.'),
        ('wal_level', array['replica', 'logical'], 'warn', 'No standby and no point-in-time recovery.')) w (name, wanted, grade, why);
  return query
    select 'waker', case when p.loaded then 'ok' else 'warn' end, case when p.loaded then 'runs' else 'does not run' end, 'runs',
           'shared_preload_libraries = ''autocrm'', and autocrm.wake_database this one: else each transaction notifies by itself, which takes a lock of the whole server.'
      from (select exists (select from pg_stat_activity a where a.backend_type = 'autocrm waker')) p (loaded);
  return query
    select 'extension', case when x.extversion = a.default_version then 'ok' else 'bad' end, x.extversion, a.default_version,
           'Run: autocrm migrate'
      from pg_extension x
      join pg_available_extensions a on a.name = x.extname
     where x.extname = 'autocrm';
end
$$;

-- Definer: statistics of the server are not for callers. For administrators and operators.
create function app.health()
  returns table (name text, status text, value text, "limit" text, advice text)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  -- Compiling takes longer than reading.
  set jit = off
as $$
begin
  if not (app._is_unlimited() or coalesce(autocrm.actor_role() = 'admin', false)) then
    perform autocrm.fail('TK403', 'Only administrators see how the desk fares', null, 'Ask an administrator.');
  end if;
  return query select * from app._health_of_work();
  return query select * from app._health_of_tables();
  return query select * from app._health_of_server();
end
$$;
comment on function app.health() is
  'How the desk fares, one row a check: name, status (ok, warn, bad), value, limit, and what to do when it is not ok. Costs no more for a large desk. Admins only. TK403. Example: select * from app.health() where status <> ''ok''';
grant execute on function app.health() to autocrm_admin;
