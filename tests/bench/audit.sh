#!/usr/bin/env bash
# What a row in the audit log costs per row change: beside no trigger at all, beside a trigger in PL/pgSQL that writes the
# same row (like for like), and beside one that keeps whole rows as JSON, as supa_audit does. In turns, in one run, so that
# all meet the same machine. Needs a migrated desk that may be written to; everything it adds is removed.
#
#   tests/bench/audit.sh "host=/var/tmp/pg port=5432 user=postgres dbname=desk" [rows] [rounds]
set -euo pipefail
url=$1 rows=${2:-20000} rounds=${3:-7}

psql -qX -v ON_ERROR_STOP=1 -v rows="$rows" -v rounds="$rounds" "$url" <<'SQL'
set client_min_messages = warning;
create schema bench;
-- As wide as a ticket.
create function bench.make(p_name text) returns void language plpgsql as $$
begin
  execute format('create table bench.%I (
    id bigint primary key, subject text, description text, status_id bigint, priority_id bigint, type text, channel text,
    requester_id bigint, organization_id bigint, team_id bigint, assignee_id bigint, tag_ids bigint[], custom jsonb,
    language text, created_at timestamptz, updated_at timestamptz, n bigint)', p_name);
end $$;
do $$ begin perform bench.make(t) from unnest(array['none', 'native', 'alike', 'whole']) t; end $$;

create trigger audit after insert or update or delete on bench.native for each row execute function autocrm.tg_audit();

-- The same rows, the same partitions and indexes, by the same rules: columns that changed, old and new.
create table bench.audit_log (like app.audit_log including defaults including identity) partition by range (at);
create table bench.audit_log_default partition of bench.audit_log default;
alter table bench.audit_log add primary key (id, at);
create index on bench.audit_log (xid, id);
create index on bench.audit_log (table_name, row_key, at);
create function bench.alike() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_old jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) else '{}' end;
  v_new jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) else '{}' end;
  v_changes jsonb;
begin
  select jsonb_object_agg(k, jsonb_build_array(v_old -> k, v_new -> k)) into v_changes
    from jsonb_object_keys(v_old || v_new) k
   where v_old -> k is distinct from v_new -> k
     and coalesce(v_old -> k, 'null') <> coalesce(v_new -> k, 'null')
     and k <> all ('{version,created_at,updated_at,sort_name}');
  if v_changes is not null or tg_op <> 'UPDATE' then
    insert into bench.audit_log (xid, at, actor_id, api_key_id, session_user_name, action, table_name, row_key, changes)
    values (autocrm.log_xid(), autocrm.now(), autocrm.actor_id(), autocrm.actor_api_key_id(), session_user,
            lower(tg_op)::app.audit_action, tg_table_name, coalesce(v_new ->> 'id', v_old ->> 'id'), coalesce(v_changes, '{}'));
  end if;
  return null;
end $$;
create trigger audit after insert or update or delete on bench.alike for each row execute function bench.alike();

create table bench.record_version (
  id bigint generated always as identity primary key, record_id uuid, old_record_id uuid, op text not null, ts timestamptz not null default now(),
  table_oid oid not null, table_schema name not null, table_name name not null, record jsonb, old_record jsonb,
  auth_uid bigint, auth_role text);
create index on bench.record_version (record_id) where record_id is not null;
create index on bench.record_version (old_record_id) where old_record_id is not null;
create index on bench.record_version using brin (ts);
create index on bench.record_version (table_oid);
create function bench.record_id(p_table oid, p_row jsonb) returns uuid language sql immutable as $$
  select md5(p_table::text || (p_row ->> 'id'))::uuid
$$;
create function bench.whole() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  v_record jsonb := to_jsonb(new);
  v_old jsonb := to_jsonb(old);
begin
  insert into bench.record_version (record_id, old_record_id, op, table_oid, table_schema, table_name, record, old_record, auth_uid, auth_role)
  select bench.record_id(tg_relid, v_record), bench.record_id(tg_relid, v_old), tg_op, tg_relid, tg_table_schema, tg_table_name, v_record, v_old,
         autocrm.actor_id(), session_user;
  return coalesce(new, old);
end $$;
create trigger audit after insert or update or delete on bench.whole for each row execute function bench.whole();

create table bench.taken (what text, verb text, seconds double precision);
create procedure bench.run(p_rows integer, p_rounds integer) language plpgsql as $$
declare
  v_table text;
  v_verb text;
  v_start timestamptz;
begin
  for v_round in 1 .. p_rounds
  loop
    foreach v_verb in array array['insert', 'update', 'delete']
    loop
      foreach v_table in array array['none', 'native', 'alike', 'whole']
      loop
        v_start := clock_timestamp();
        execute case v_verb
          when 'insert' then format('insert into bench.%I select g, ''Card declined '' || g, repeat(''The card was declined at the till. '', 8), 1, 2,
            ''question'', ''email'', g %% 900, g %% 90, g %% 6, g %% 40, array[1, 2, g %% 9], ''{"order_number": "88098", "amount": 152.16}'', ''de'', now(), now(), 0
            from generate_series(1, %s) g', v_table, p_rows)
          when 'update' then format('update bench.%I set status_id = status_id + 1, assignee_id = assignee_id + 1, updated_at = clock_timestamp(), n = %s', v_table, v_round)
          else format('delete from bench.%I', v_table) end;
        insert into bench.taken values (v_table, v_verb, extract(epoch from clock_timestamp() - v_start));
        commit;
      end loop;
    end loop;
  end loop;
end $$;
call bench.run(:rows, :rounds);

\pset footer off
with median as (
  select verb, what, percentile_cont(0.5) within group (order by seconds) * 1e6 / :rows as us from bench.taken group by 1, 2
)
select m.verb, round(n.us::numeric, 1) as "no audit, us a row",
       round((max(m.us) filter (where m.what = 'native') - n.us)::numeric, 1) as "native adds",
       round((max(m.us) filter (where m.what = 'alike') - n.us)::numeric, 1) as "PL/pgSQL, same row, adds",
       round((max(m.us) filter (where m.what = 'whole') - n.us)::numeric, 1) as "PL/pgSQL, whole rows, adds",
       round(((max(m.us) filter (where m.what = 'native') - n.us) / (max(m.us) filter (where m.what = 'alike') - n.us))::numeric, 2) as "native / same row"
  from median m
  join median n on n.verb = m.verb and n.what = 'none'
 group by m.verb, n.us order by m.verb desc;
SQL
psql -qX "$url" <<'SQL'
set client_min_messages = warning;
drop schema bench cascade;
-- The log is append-only for everybody but who removes a measurement from a desk that has nothing else to lose.
set session_replication_role = replica;
delete from app.audit_log where table_name = 'native' and xid >= coalesce((select max(to_xid) from app.audit_seals), '0');
SQL
