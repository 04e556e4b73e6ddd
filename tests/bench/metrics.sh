#!/usr/bin/env bash
# Metrics inside the database: the rebuild of a desk of TICKETS tickets (1,000,000) and their events over two years, then
# dashboards, personal numbers and a day of new events on top. PGHOST, PGPORT and AUTOCRM_BINARY as for run.sh; KEEP=1 uses
# the database of the run before. Prints milliseconds: the median and the best.
set -euo pipefail
database=autocrm_metrics
export PGUSER=postgres PGDATABASE=$database
runs=${RUNS:-7} tickets=${TICKETS:-1000000}
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }

if [ -z "${KEEP:-}" ]; then
  sql -d postgres -c "drop database if exists $database with (force)" -c "create database $database"
  AUTOCRM_ADMIN_DATABASE_URL="host=$PGHOST port=$PGPORT user=postgres dbname=$database" "$AUTOCRM_BINARY" migrate >/dev/null
  # Ten teams of five agents. Each ticket is created, assigned, answered, asked again and answered once more; nine of ten are
  # solved, one of ten of them is opened and solved again. Written past the triggers, which would take hours: what is
  # measured is counting and reading.
  sql <<SQL
set synchronous_commit = off;
insert into app.schedules (name, time_zone, weekly)
select 'Office', 'Europe/Berlin', jsonb_agg(jsonb_build_object('day', d, 'from', '08:00', 'to', '18:00'))
  from unnest(array['mon', 'tue', 'wed', 'thu', 'fri']) d;
insert into app.teams (name, schedule_id) select 'Team ' || i, 1 from generate_series(1, 10) i;
insert into app.users (role, name, email, ticket_access) select 'agent', 'Agent ' || i, 'a' || i || '@bench.test', 'teams' from generate_series(1, 50) i;
insert into app.users (role, name, email, ticket_access) values ('admin', 'Root', 'root@bench.test', 'all');
insert into app.users (role, name, email) select 'customer', 'Customer ' || i, 'c' || i || '@bench.test' from generate_series(1, 5000) i;
insert into app.memberships (team_id, user_id) select 1 + (u.id % 10), u.id from app.users u where u.role = 'agent';
insert into app.sessions (user_id, refresh_hash, expires_at) select id, sha256(email::bytea), now() + interval '1 day' from app.users where role <> 'customer';
alter table app.tickets disable trigger user;
alter table app.messages disable trigger user;
alter table app.events disable trigger user;
create unlogged table public.t as
select i as id, now() - interval '730 days' + i * (interval '730 days' / $tickets) as at,
       case when random() < 0.02 then null else 1 + i % 10 end as team, null::bigint as agent, 1 + (random() * 3)::int as priority,
       (array['web', 'email', 'email', 'chat', 'phone']::app.channel[])[1 + (random() * 4)::int] as channel,
       (select min(id) from app.users where role = 'customer') + i % 5000 as customer,
       -- Each step so much later, most of them soon.
       -ln(random() + 1e-9) * interval '40 minutes' as a, -ln(random() + 1e-9) * interval '3 hours' as b,
       -ln(random() + 1e-9) * interval '5 hours' as c, -ln(random() + 1e-9) * interval '2 hours' as d,
       -ln(random() + 1e-9) * interval '8 hours' as e,
       case when i > $tickets * 0.995 then random() < 0.3 else random() < 0.995 end as solved, random() < 0.1 as again
  from generate_series(1, $tickets) i;
update public.t set agent = (select min(id) from app.users where role = 'agent') + (coalesce(team, 1) - 1 + 10 * (id % 5)) % 50;
insert into app.tickets (id, subject, description, requester_id, status_id, priority_id, channel, team_id, assignee_id, created_at, updated_at, first_reply_at, solved_at)
  overriding system value
select id, 'Ticket ' || id, 'Some words about it', customer, case when solved then 5 else 2 end, priority, channel, team, agent, at, at + a + b + c + d + e,
       at + a + b, case when solved then at + a + b + c + d + e end from public.t;
insert into app.messages (ticket_id, kind, author_id, body_text, created_at)
select id, 'reply', who, 'Some words', m from public.t
 cross join lateral (values (customer, at), (agent, at + a + b), (customer, at + a + b + c), (agent, at + a + b + c + d)) x (who, m)
 where m < now();
insert into app.events (at, name, ticket_id, data)
select x.m, x.name, t.id, x.data from public.t t
 cross join lateral (values
   (t.at, 'ticket.created', jsonb_build_object('team_id', t.team)),
   (t.at + a, 'ticket.updated', jsonb_build_object('changes', jsonb_build_object('assignee_id', jsonb_build_array(null, agent)))),
   (t.at + a + b, 'ticket.updated', '{"changes": {"status_id": [1, 2]}}'),
   (t.at + a + b, 'message.created', '{"kind": "reply"}'),
   (t.at + a + b + c, 'message.created', '{"kind": "reply"}'),
   (t.at + a + b + c + d, 'message.created', '{"kind": "reply"}'),
   (t.at + a + b + c + d, 'ticket.updated', case when solved then '{"changes": {"status_id": [2, 5]}}'::jsonb end),
   (t.at + a + b + c + d + e / 2, 'ticket.updated', case when solved and again then '{"changes": {"status_id": [5, 2]}}'::jsonb end),
   (t.at + a + b + c + d + e, 'ticket.updated', case when solved and again then '{"changes": {"status_id": [2, 5]}}'::jsonb end)) x (m, name, data)
 where x.data is not null and x.m < now();
alter table app.tickets enable trigger user;
alter table app.messages enable trigger user;
alter table app.events enable trigger user;
drop table public.t;
vacuum (analyze) app.tickets, app.messages, app.events;
update app.metric_cursor set seen = autocrm.log_snapshot(), within = null, event_id = null;
select app.begin_metric_rebuild();
SQL
  echo "$(sql -c "select count(*) from app.tickets") tickets, $(sql -c "select count(*) from app.events") events, $(sql -c "select count(*) from app.messages") messages"
  from=$(date +%s%N)
  # As the worker does: one transaction for each batch.
  sql -c "do \$\$ begin loop exit when app.run_metric_rebuild(500) = 0; commit; end loop; end \$\$"
  echo "rebuild: $((($(date +%s%N) - from) / 1000000)) ms"
  sql -c "vacuum (analyze) app.metric_facts, app.metrics"
fi
sql -F ' ' -c "select c.relname || ':', c.reltuples::bigint || ' rows,', pg_size_pretty(pg_total_relation_size(c.oid)) from pg_class c where c.oid in ('app.metric_facts'::regclass, 'app.metrics'::regclass) order by 1"

claims() { sql -c "select json_build_object('sub', u.id::text, 'role', u.role, 'sid', s.id) from app.users u join app.sessions s on s.user_id = u.id where u.email = '$1'"; }
measure() { # name, role, claims, calls (one a line: title | call)
  {
    echo "begin; select set_config('role', '$2', true), set_config('request.jwt.claims', '$3', true), autocrm.actor_id();"
    echo 'do $bench$ declare v_title text; v_call text; v_from timestamptz; v_times float8[]; begin'
    echo 'for v_title, v_call in select split_part(l, '"' | '"', 1), split_part(l, '"' | '"', 2) from unnest(string_to_array($calls$'"$4"'$calls$, chr(10))) l where l <> '"''"
    echo 'loop v_times := '"'{}'"'; for i in 1 .. '"$runs"' loop v_from := clock_timestamp(); execute '"'select '"' || v_call; v_times := v_times || extract(epoch from clock_timestamp() - v_from) * 1000; end loop;'
    echo 'raise notice '"'% %  %'"', to_char((select percentile_cont(0.5) within group (order by x) from unnest(v_times) x), '"'9990.0'"'), to_char((select min(x) from unnest(v_times) x), '"'9990.0'"'), v_title; end loop; end $bench$; rollback;'
  } | PGUSER=autocrm_api psql -qXAt -v ON_ERROR_STOP=1 2>&1 >/dev/null | sed -n "s/^.*NOTICE: */$1 /p"
}
days() { date -u -d "$1 days ago" +%F; }
calls=
for range in 7 30 90 365 730; do
  interval=day; [ "$range" -gt 365 ] && interval=week
  for more in '' ', "group_by": "team", "compare": "previous"' ', "group_by": "agent"' ', "group_by": "channel"' ', "group_by": "priority", "channel": "email"'; do
    query="{\"from\": \"$(days "$range")\", \"time_zone\": \"Europe/Berlin\", \"interval\": \"$interval\"$more}"
    calls+="$range days$more | api.get_metrics('$query')"$'\n'
  done
done
own="30 days of one's own, beside those before | api.get_my_metrics('{\"compare\": \"previous\"}')"$'\n'"90 days of one's own | api.get_my_metrics('{\"from\": \"$(days 90)\"}')"
measure admin autocrm_admin "$(claims root@bench.test)" "$calls"
measure agent autocrm_agent "$(claims a2@bench.test)" "$calls$own"
# The worker, with 5,000 events of 5,000 tickets to count.
sql -c "insert into app.events (at, name, ticket_id, data) select now(), 'message.created', id, '{\"kind\": \"note\"}' from app.tickets order by id desc limit 5000"
from=$(date +%s%N)
sql -c "do \$\$ begin loop exit when app.run_metrics(500) is null; commit; end loop; end \$\$"
echo "5000 events that change nothing: $((($(date +%s%N) - from) / 1000000)) ms"
