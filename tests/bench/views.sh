#!/usr/bin/env bash
# Queues and views inside the database, at 100,000 tickets: the median of a page of 25 under each filter and
# order, for an admin who sees all, for agents of a usual and of a very small team, and of the counts of 30 views.
# PGHOST, PGPORT and AUTOCRM_BINARY as for run.sh. Prints who, the median and the best in milliseconds, and what.
set -euo pipefail
database=autocrm_views
export PGUSER=postgres PGDATABASE=$database
runs=${RUNS:-21} tickets=${TICKETS:-100000}
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }

if [ -z "${KEEP:-}" ]; then
  sql -d postgres -c "drop database if exists $database with (force)" -c "create database $database"
  AUTOCRM_ADMIN_DATABASE_URL="host=$PGHOST port=$PGPORT user=postgres dbname=$database" "$AUTOCRM_BINARY" migrate >/dev/null
  # A desk of some age: old tickets are done, one in twelve is open; the last team is a small one. Triggers
  # rest meanwhile: what is measured is reading.
  sql <<SQL
insert into app.teams (name) select 'Team ' || i from generate_series(1, 9) i;
insert into app.users (role, name, email, ticket_access) select 'agent', 'Agent ' || i, 'a' || i || '@bench.test', 'teams' from generate_series(1, 40) i;
insert into app.users (role, name, email, ticket_access) values ('admin', 'Root', 'root@bench.test', 'all');
insert into app.users (role, name, email) select 'customer', 'Customer ' || i, 'c' || i || '@bench.test' from generate_series(1, 5000) i;
insert into app.organizations (name) select 'Organization ' || i from generate_series(1, 500) i;
insert into app.memberships (team_id, user_id)
  select t.id, u.id from app.users u join app.teams t on t.name = 'Team ' || case when u.email = 'a1@bench.test' then 9 else 1 + u.id % 8 end
   where u.role = 'agent';
insert into app.tags (name) select 'tag' || i from generate_series(1, 200) i;
insert into app.custom_fields (key, label, type) values ('area', 'Area', 'text'), ('seats', 'Seats', 'integer');
alter table app.tickets disable trigger user;
insert into app.tickets (subject, description, status_id, priority_id, type, channel, requester_id, organization_id, team_id, assignee_id,
                         tag_ids, custom, created_at, updated_at, status_at, solved_at)
select 'Ticket ' || i || ' about ' || md5(i::text), 'Some words about it, and some more of them',
       case when open then (array[1, 2, 2, 3, 4])[1 + i % 5] else (array[5, 6, 6, 6])[1 + i % 4] end,
       (array[1, 2, 2, 2, 2, 3, 3, 4])[1 + (random() * 7)::int], (enum_range(null::app.ticket_type))[1 + (random() * 3)::int],
       (enum_range(null::app.channel))[1 + (random() * 6)::int],
       (select min(id) from app.users where role = 'customer') + (random() * 4999)::int,
       1 + (random() * 499)::int,
       case when random() < 0.01 then null when random() < 0.004 then 9 else 1 + (random() * 7)::int end,
       case when open and random() < 0.3 then null else 2 + (random() * 38)::int end,
       case when random() < 0.4 then array[1 + (random() * random() * 199)::int] else '{}' end,
       jsonb_build_object('area', (array['api', 'web', 'app'])[1 + i % 3], 'seats', i % 50),
       at, least(at + random() * interval '3 days', now()), at, case when not open then least(at + interval '2 days', now()) end
  from (select i, now() - (($tickets - i) * interval '5 minutes') as at,
               random() < case when i > $tickets * 0.85 then 0.5 else 0.01 end as open
          from generate_series(1, $tickets) i) x;
alter table app.tickets enable trigger user;
select app.recount_tickets();
insert into app.search_documents (ticket_id, readers, subject, document) select id, app._search_readers(team_id, assignee_id), subject, '' from app.tickets;
update app.search_cursor set seen = pg_current_snapshot(), within = null, event_id = null;
insert into app.sessions (user_id, refresh_hash, expires_at) select id, sha256(email::bytea), now() + interval '1 day' from app.users where role <> 'customer';
delete from app.views;
insert into app.views (name, visibility, conditions, position)
select 'View ' || i, 'everyone', c::jsonb, i from (
  select row_number() over () as i, c from (
    select format('{"all": [{"field": "status", "op": "in", "value": ["new", "open", "pending", "on_hold"]}, %s]}', c) as c from unnest(array[
      '{"field": "assignee", "op": "is", "value": "current_user"}', '{"field": "assignee", "op": "absent"}',
      '{"field": "priority", "op": "is", "value": "urgent"}', '{"field": "priority", "op": "greater", "value": "normal"}',
      '{"field": "team", "op": "is", "value": "Team 1"}', '{"field": "team", "op": "is", "value": "Team 2"}',
      '{"field": "team", "op": "is", "value": "Team 3"}', '{"field": "team", "op": "is_not", "value": "Team 4"}',
      '{"field": "team", "op": "absent"}', '{"field": "channel", "op": "is", "value": "email"}',
      '{"field": "channel", "op": "in", "value": ["chat", "social"]}', '{"field": "type", "op": "is", "value": "incident"}',
      '{"field": "type", "op": "is", "value": "problem"}', '{"field": "tags", "op": "includes_any", "value": ["tag1", "tag2"]}',
      '{"field": "tags", "op": "includes_none", "value": ["tag3"]}', '{"field": "hours_since.updated", "op": "greater", "value": 48}',
      '{"field": "hours_since.created", "op": "less", "value": 24}', '{"field": "hours_since.status", "op": "greater", "value": 72}',
      '{"field": "custom.area", "op": "is", "value": "api"}', '{"field": "custom.seats", "op": "greater", "value": 40}',
      '{"any": [{"field": "priority", "op": "is", "value": "urgent"}, {"field": "tags", "op": "includes_any", "value": ["tag7"]}]}',
      '{"all": [{"field": "team", "op": "is", "value": "Team 5"}, {"field": "assignee", "op": "absent"}]}',
      '{"all": [{"field": "team", "op": "is", "value": "Team 6"}, {"field": "priority", "op": "is", "value": "high"}]}',
      '{"field": "created_at", "op": "within_last", "value": 168}']) c
    union all
    select * from unnest(array[
      '{"field": "status", "op": "is", "value": "pending"}', '{"field": "status", "op": "is", "value": "on_hold"}',
      '{"field": "status", "op": "not_in", "value": ["solved", "closed"]}', '{"field": "status", "op": "is", "value": "new"}',
      '{"field": "hours_since.solved", "op": "less", "value": 168}',
      '{"all": [{"field": "hours_since.solved", "op": "less", "value": 24}, {"field": "assignee", "op": "is", "value": "current_user"}]}'
    ]) x
  ) y) z;
vacuum (analyze);
SQL
fi

claims() { sql -c "select json_build_object('sub', u.id::text, 'role', u.role, 'sid', s.id) from app.users u join app.sessions s on s.user_id = u.id where u.email = '$1'"; }
# One line for each call: its median and its best in milliseconds.
measure() { # name, role, claims, calls (one a line: title | call)
  {
    echo "begin; select set_config('role', '$2', true), set_config('request.jwt.claims', '$3', true), autocrm.actor_id();"
    echo 'do $bench$ declare v_title text; v_call text; v_from timestamptz; v_times float8[]; v_all float8[] := '"'{}'"'; begin'
    echo 'for v_title, v_call in select split_part(l, '"' | '"', 1), split_part(l, '"' | '"', 2) from unnest(string_to_array($calls$'"$4"'$calls$, chr(10))) l where l <> '"''"
    echo 'loop v_times := '"'{}'"'; for i in 1 .. '"$runs"' loop v_from := clock_timestamp(); execute '"'select '"' || v_call; v_times := v_times || extract(epoch from clock_timestamp() - v_from) * 1000; end loop;'
    echo 'raise notice '"'% %  %'"', to_char((select percentile_cont(0.5) within group (order by x) from unnest(v_times) x), '"'990.00'"'), to_char((select min(x) from unnest(v_times) x), '"'990.00'"'), v_title; end loop; end $bench$; rollback;'
  } | PGUSER=autocrm_api psql -qXAt -v ON_ERROR_STOP=1 2>&1 >/dev/null | sed -n "s/^.*NOTICE: */$1 /p"
}
customer=$(sql -c "select min(id) + 77 from app.users where role = 'customer'")
calls=
for filter in '' status=open status_category=active status_category=closed status=pending,on_hold priority=urgent team=3 team=none assignee=me \
              assignee=none assignee=20 channel=chat type=incident tag=tag1 tag=tag199 requester=$customer organization=77 q=about q=zzzz \
              'status_category=active&priority=urgent' 'status_category=active&assignee=none' 'team=2&status=open' 'team=2&priority=high'; do
  for sort in -updated_at updated_at -created_at created_at -id id -priority priority; do
    query="{\"sort\": \"$sort\"$(echo "$filter" | tr '&' '\n' | sed -n 's/^\([^=]*\)=\(.*\)$/, "\1": "\2"/p' | tr -d '\n')}"
    calls+="${filter:-all} by $sort | api.list_tickets('$query')"$'\n'
  done
done
for view in $(sql -c "select id from app.views order by id"); do
  calls+="page of view $view | api.list_view_tickets($view)"$'\n'
done
calls+='counts of 30 views | api.count_views()'$'\n'
root=$(claims root@bench.test) small=$(claims a1@bench.test) middle=$(claims a2@bench.test)
for who in "admin autocrm_admin $root" "small autocrm_agent $small" "agent autocrm_agent $middle"; do
  read -r name role identity <<<"$who"
  measure "$name" "$role" "$identity" "$calls"
done | sort -k2 -rn > "${OUT:-/dev/stdout}"
