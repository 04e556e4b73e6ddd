#!/usr/bin/env bash
# cargo dev bench, third part: what choosing among 10,000 agents costs, and what routing costs the making of tickets at 2 and
# 16 clients. Adds to RESULTS.md. PGHOST, PGPORT and AUTOCRM_BINARY come from cargo dev.
# Both teams run in one database, in turns, so that what else the machine does falls on both.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PGUSER=postgres PGDATABASE=autocrm_balancing
seconds=${SECONDS_EACH:-5}
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }

sql -d postgres -c "drop database if exists $PGDATABASE with (force)" -c "create database $PGDATABASE"
AUTOCRM_ADMIN_DATABASE_URL="host=$PGHOST port=$PGPORT user=postgres dbname=$PGDATABASE" "$AUTOCRM_BINARY" migrate >/dev/null
sql <<'SQL'
insert into app.users (role, name, email) values ('customer', 'Cleo', 'cleo@bench.test');
insert into app.skills (name) values ('common'), ('rare');
-- The first team gives its tickets to its 10,000 agents, the second to nobody.
insert into app.teams (name, balancing) values ('large', 'least_loaded'), ('idle', 'none'), ('turns', 'round_robin');
insert into app.users (role, name, email, availability, capacity)
select 'agent', 'Agent ' || n, n || '@bench.test', 'online', 1000 from generate_series(1, 10000) n;
insert into app.memberships (team_id, user_id) select t.id, u.id from app.users u, app.teams t where u.role = 'agent' and t.name = 'large';
insert into app.memberships (team_id, user_id) select t.id, u.id from app.users u, app.teams t where u.role = 'agent' and t.name = 'turns' and u.id % 5 = 0;
insert into app.agent_skills (user_id, skill_id, level) select u.id, 1, 1 + (u.id % 5)::integer from app.users u where u.role = 'agent' and u.id % 2 = 0;
insert into app.agent_skills (user_id, skill_id, level) select u.id, 2, 3 from app.users u where u.role = 'agent' and u.id % 100 = 0;
vacuum analyze;
SQL

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
micros() { pgbench -n -c 1 -T "$seconds" -f "$work/$1.sql" | sed -n 's/^latency average = \([0-9.]*\) ms/\1/p' | awk '{ printf "%.0f", $1 * 1000 }'; }
rate() { pgbench -n -c "$2" -j 2 -T "$seconds" -f "$work/$1.sql" | sed -n 's/^tps = \([0-9]*\).*/\1/p'; }

micros idle >/dev/null # Warms up.
{
idle=$(micros idle)
echo
echo "| a ticket whose agent is chosen among 10,000 | µs | of which choosing, claiming and counting |"
echo "| --- | --- | --- |"
echo "| nobody is chosen | $idle | |"
for what in least turns skilled most rare; do
  it=$(micros $what)
  case $what in
    least) name='the least loaded' ;; turns) name='round robin, of 2,000' ;; skilled) name='the least loaded of the 3,000 with a skill' ;;
    most) name='the most skilled of those' ;; rare) name='the least loaded of the 100 with a rare skill' ;;
  esac
  echo "| $name | $it | $((it - idle)) |"
done
# The choice by itself: the same statement as the native one, in a transaction of its own that locks the agent.
cat > "$work/choice.sql" <<'SQL'
select l.user_id from app.places p join app.agent_loads l on l.user_id = p.user_id
 where p.team_id = 1 and p.free > 0 and p.free >= 100 and (p.next_at is null or p.next_at <= now())
   and (p.until_at is null or p.until_at > now())
   and p.skills @> '{}'::bigint[] and l.available and l.capacity - l.load >= 100
 order by p.share, p.user_id limit 1 for no key update of l skip locked;
SQL
choice=$(pgbench -n -M prepared -c 1 -T "$seconds" -f "$work/choice.sql" | sed -n 's/^latency average = \([0-9.]*\) ms/\1/p' | awk '{ printf "%.0f", $1 * 1000 }')
echo
echo "The choice alone, as a statement with its round trip and its commit: $choice µs."
echo
echo "| tickets made a second | routed | not routed | ratio |"
echo "| --- | --- | --- | --- |"
for clients in 2 16; do
  routed=$(rate least $clients); plain=$(rate idle $clients)
  echo "| $clients clients | $routed | $plain | $((routed * 100 / plain)) % |"
done
} | tee -a "$here/RESULTS.md"
if [ "$(sql -c "select autocrm.recount_loads()")" != 0 ]; then
  echo 'the books are wrong'; exit 1
fi
sql -d postgres -c "drop database $PGDATABASE with (force)"
rm -r "$work"
