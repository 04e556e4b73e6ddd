#!/usr/bin/env bash
# cargo dev bench, third part: what choosing among 10,000 agents costs, and what routing costs the making of tickets at 2 and
# 16 clients. Adds to RESULTS.md. PGHOST, PGPORT and AUTOCRM_BINARY come from cargo dev.
# All teams are in one database and take turns second by second, so that what else the machine does falls on all.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PGUSER=postgres PGDATABASE=autocrm
seconds=${SECONDS_EACH:-5}
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }

sql -d postgres -c "drop database if exists $PGDATABASE with (force)" -c "create database $PGDATABASE"
AUTOCRM_ADMIN_DATABASE_URL="host=$PGHOST port=$PGPORT user=postgres dbname=$PGDATABASE" "$AUTOCRM_BINARY" migrate >/dev/null
sql <<'SQL'
insert into app.users (role, name, email) values ('customer', 'Cleo', 'cleo@bench.test');
insert into app.skills (name) values ('common'), ('rare');
-- The first team gives its tickets to its 10,000 agents, the second to nobody.
-- The fourth is a desk of a common size.
insert into app.teams (name, balancing) values ('large', 'least_loaded'), ('idle', 'none'), ('turns', 'round_robin'), ('desk', 'least_loaded');
insert into app.users (role, name, email, availability, capacity)
select 'agent', 'Agent ' || n, n || '@bench.test', 'online', 1000 from generate_series(1, 10000) n;
insert into app.memberships (team_id, user_id) select t.id, u.id from app.users u, app.teams t where u.role = 'agent' and t.name = 'large';
insert into app.memberships (team_id, user_id) select t.id, u.id from app.users u, app.teams t where u.role = 'agent' and t.name = 'turns' and u.id % 5 = 0;
insert into app.agent_skills (user_id, skill_id, level) select u.id, 1, 1 + (u.id % 5)::integer from app.users u where u.role = 'agent' and u.id % 2 = 0;
insert into app.agent_skills (user_id, skill_id, level) select u.id, 2, 3 from app.users u where u.role = 'agent' and u.id % 100 = 0;
insert into app.users (role, name, email, availability, capacity)
select 'agent', 'Desk ' || n, 'desk' || n || '@bench.test', 'online', 1000 from generate_series(1, 200) n;
insert into app.memberships (team_id, user_id) select t.id, u.id from app.users u, app.teams t where u.email like 'desk%' and t.name = 'desk';
vacuum analyze;
SQL
# The waking worker comes back within seconds of its database.
for _ in $(seq 20); do
  [ "$(sql -c "select count(*) from pg_stat_activity where backend_type = 'autocrm waker'")" = 1 ] && break
  sleep 0.5
done

work=$(mktemp -d)
ticket() { # file team skills balancing
  echo "insert into app.tickets (subject, requester_id, team_id, required_skills, balancing) values ('x', 1, $2, '$3', $4);" > "$work/$1.sql"
}
ticket idle 2 '{}' null
ticket least 1 '{}' null
ticket skilled 1 '{"1": 3}' null
ticket most 1 '{"1": 3}' "'most_skilled'"
ticket rare 1 '{"2": 1}' null
ticket turns 3 '{}' null
ticket desk 4 '{}' null
made() { pgbench -n -c "$2" -j 2 -T 1 -f "$work/$1.sql" | sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p'; }

made idle 1 >/dev/null # Warms up.
{
echo
echo "| a ticket whose agent is chosen among 10,000 | µs | the same without choosing, µs | choosing, claiming and counting, µs |"
echo "| --- | --- | --- | --- |"
for what in least turns skilled most rare; do
  case $what in
    least) name='the least loaded' ;; turns) name='round robin, of 2,000' ;; skilled) name='the least loaded of the 3,000 with a skill' ;;
    most) name='the most skilled of those' ;; rare) name='the least loaded of the 100 with a rare skill' ;;
  esac
  routed=0 plain=0
  for _ in $(seq "$seconds"); do
    routed=$((routed + $(made $what 1))) plain=$((plain + $(made idle 1)))
  done
  echo "| $name | $((seconds * 1000000 / routed)) | $((seconds * 1000000 / plain)) | $((seconds * 1000000 / routed - seconds * 1000000 / plain)) |"
done
echo
echo "| tickets made a second | routed | not routed | ratio |"
echo "| --- | --- | --- | --- |"
for team in desk least; do
  case $team in desk) name='200 agents' ;; least) name='10,000 agents' ;; esac
  for clients in 2 16; do
    routed=0 plain=0
    for _ in $(seq "$seconds"); do
      routed=$((routed + $(made $team $clients))) plain=$((plain + $(made idle $clients)))
    done
    echo "| $name, $clients clients | $((routed / seconds)) | $((plain / seconds)) | $((routed * 100 / plain)) % |"
  done
done
} | tee -a "$here/RESULTS.md"
if [ "$(sql -c "select autocrm.recount_loads()")" != 0 ]; then
  echo 'the books are wrong'; exit 1
fi
sql -d postgres -c "drop database $PGDATABASE with (force)"
rm -r "$work"
