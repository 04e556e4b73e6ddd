#!/usr/bin/env bash
# What restricted fields cost whoever reads tickets: 20,000 of them read as an agent who sees all, one by one and
# 50 at a time, through api.tickets as it is and with the row's own column in place of the merged one; without
# any restricted field, then with two that have values on every ticket.
# PGHOST, PGPORT and AUTOCRM_BINARY as for run.sh. Prints the median and the best in milliseconds, and what.
set -euo pipefail
database=autocrm_fields
export PGUSER=postgres PGDATABASE=$database
runs=${RUNS:-201} tickets=${TICKETS:-20000}
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }

sql -d postgres -c "drop database if exists $database with (force)" -c "create database $database"
AUTOCRM_ADMIN_DATABASE_URL="host=$PGHOST port=$PGPORT user=postgres dbname=$database" "$AUTOCRM_BINARY" migrate >/dev/null
sql <<SQL
insert into app.users (role, name, email, ticket_access) values ('agent', 'Ada', 'ada@bench.test', 'all');
insert into app.users (role, name, email) select 'customer', 'Customer ' || i, 'c' || i || '@bench.test' from generate_series(1, 500) i;
insert into app.custom_fields (key, label, type) values ('area', 'Area', 'text'), ('seats', 'Seats', 'integer');
alter table app.tickets disable trigger user;
insert into app.tickets (subject, requester_id, status_id, priority_id, custom, created_at, updated_at)
select 'Ticket ' || i, (select min(id) from app.users where role = 'customer') + i % 500, 1 + i % 4, 2, jsonb_build_object('area', 'api', 'seats', i % 50), now(), now()
  from generate_series(1, $tickets) i;
alter table app.tickets enable trigger user;
insert into app.sessions (user_id, refresh_hash, expires_at) select id, sha256('x'), now() + interval '1 day' from app.users where role = 'agent';
vacuum (analyze);
SQL
# The view as it was before there were restricted fields.
sql -c "do \$\$ begin
  execute 'create view api.plain with (security_invoker = true) as '
    || regexp_replace(pg_get_viewdef('api.tickets'::regclass), 'CASE\s+WHEN \( SELECT autocrm.parts_fields.*?ELSE t.custom\s+END AS custom', 't.custom');
  execute 'grant select on api.plain to autocrm_agent';
end \$\$"
[ "$(sql -c "select pg_get_viewdef('api.plain'::regclass) like '%parts_fields%'")" = f ]

claims=$(sql -c "select json_build_object('sub', u.id::text, 'role', u.role, 'sid', s.id) from app.users u join app.sessions s on s.user_id = u.id")
measure() { # when
  {
    echo "begin; select set_config('role', 'autocrm_agent', true), set_config('request.jwt.claims', '$claims', true), autocrm.actor_id();"
    cat <<SQL
do \$bench\$
declare
  v_view text; v_what text; v_from timestamptz; v_times jsonb := '{}'; v_key text;
begin
  -- In turns, so that whatever else the machine does is shared.
  for i in 1 .. $runs loop
    foreach v_view in array case i % 2 when 0 then array['tickets', 'plain'] else array['plain', 'tickets'] end loop
      for v_what in select unnest(array['one ticket', '50 tickets']) loop
        -- Plans are kept, as those of api.get_ticket are.
        v_from := clock_timestamp();
        case v_what || ' of ' || v_view
          when 'one ticket of tickets' then perform row_to_json(t) from api.tickets t where t.id = 1 + (i * 37) % $tickets;
          when 'one ticket of plain' then perform row_to_json(t) from api.plain t where t.id = 1 + (i * 37) % $tickets;
          when '50 tickets of tickets' then perform json_agg(t) from (select * from api.tickets order by id desc limit 50) t;
          else perform json_agg(t) from (select * from api.plain order by id desc limit 50) t;
        end case;
        v_key := v_what || ' of api.' || v_view;
        v_times := jsonb_set(v_times, array[v_key], coalesce(v_times -> v_key, '[]') || to_jsonb(extract(epoch from clock_timestamp() - v_from) * 1000));
      end loop;
    end loop;
  end loop;
  for v_key in select jsonb_object_keys(v_times) loop
    raise notice '% %  $1: %', (select to_char(percentile_cont(0.5) within group (order by x::float8), '990.000') from jsonb_array_elements_text(v_times -> v_key) x),
      (select to_char(min(x::float8), '990.000') from jsonb_array_elements_text(v_times -> v_key) x), v_key;
  end loop;
end
\$bench\$; rollback;
SQL
  } | PGUSER=autocrm_api psql -qXAt -v ON_ERROR_STOP=1 2>&1 >/dev/null | sed -n 's/^.*NOTICE: *//p'
}
measure "no restricted field"
sql <<SQL
insert into app.custom_fields (key, label, type, visible_to) values ('margin', 'Margin', 'integer', '{admin}'), ('cause', 'Cause', 'text', '{admin,agent}');
insert into app.ticket_field_values (ticket_id, field_key, value) select id, 'margin', '7'::jsonb from app.tickets union all select id, 'cause', '"hose"' from app.tickets;
vacuum (analyze);
SQL
measure "two restricted fields, one of them shown"
