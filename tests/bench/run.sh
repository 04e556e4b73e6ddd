#!/usr/bin/env bash
# cargo dev bench: the API through HTTP beside pgbench running the same SQL, in the same run, on the same
# machine; then what the audit trigger and validation cost. Writes RESULTS.md beside this file.
# Needs wrk. PGHOST, PGPORT and AUTOCRM_BINARY come from cargo dev.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PGUSER=postgres PGDATABASE=autocrm
seconds=${SECONDS_EACH:-8} clients=${CLIENTS:-8}
secret=benchmarks-only-benchmarks-only-benchmarks-only
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }
command -v wrk >/dev/null || { echo 'wrk is missing: apt-get install -y wrk'; exit 1; }

sql -d postgres -c "drop database if exists autocrm with (force)" -c "create database autocrm"
export AUTOCRM_ADMIN_DATABASE_URL="host=$PGHOST port=$PGPORT user=postgres dbname=autocrm"
"$AUTOCRM_BINARY" migrate >/dev/null
"$AUTOCRM_BINARY" seed >/dev/null
sql -c "update app.users set capacity = 1000 where role = 'agent'" \
    -c "insert into app.tickets (subject, description, requester_id) select 'Ticket ' || i, 'Some words about it', (select min(id) from app.users where role = 'customer') from generate_series(1, 20000) i" \
    -c "analyze"
# The waking worker comes back within seconds of its database.
for _ in $(seq 20); do
  [ "$(sql -c "select count(*) from pg_stat_activity where backend_type = 'autocrm waker'")" = 1 ] && break
  sleep 0.5
done
waker=$(sql -c "select case count(*) when 0 then 'NOTIFY in each transaction' else 'the waking worker' end from pg_stat_activity where backend_type = 'autocrm waker'")

AUTOCRM_DATABASE_URL="host=$PGHOST port=$PGPORT user=autocrm_api dbname=autocrm" AUTOCRM_SECRET=$secret RUST_LOG=warn \
  "$AUTOCRM_BINARY" serve --listen 127.0.0.1:18999 --db-connections "$clients" &
server=$!
trap 'kill $server' EXIT
until curl -fs http://127.0.0.1:18999/readyz >/dev/null; do sleep 0.2; done
token=$(curl -s -X POST http://127.0.0.1:18999/api/session -d '{"email": "maya@demo.test", "password": "autocrm-demo"}' | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
# A token's payload comes without base64's padding, which base64 -d complains of.
claims=$(echo "$token" | cut -d. -f2 | tr '_-' '/+' | { base64 -d 2>/dev/null || true; } | sed 's/,"exp":[0-9]*//; s/}*$/}/')

identity="begin; select set_config('role', 'autocrm_agent', true), set_config('request.jwt.claims', '$claims', true), autocrm.actor_id();"
body='{"subject": "Refund for a duplicate order", "description": "I clicked once and was charged twice.", "requester": {"email": "bench@example.test"}}'
work=$(mktemp -d)
echo "$identity select api.create_ticket('$body')::text; commit;" > "$work/create.sql"
echo "$identity select api.list_tickets('{}')::text; commit;" > "$work/queue.sql"
cat > "$work/create.lua" <<LUA
wrk.method = "POST"
wrk.body = [[$body]]
LUA
database() { PGUSER=autocrm_api pgbench -n -c "$clients" -j 2 -T "$seconds" -f "$1" | sed -n 's/^tps = \([0-9]*\).*/\1/p'; }
http() { wrk -t2 -c"$clients" -d"${seconds}s" -H "authorization: Bearer $token" "$@" | sed -n 's/^Requests\/sec: *\([0-9]*\).*/\1/p'; }
plain() { pgbench -n -c "$clients" -j 2 -T "$seconds" -f "$1" | sed -n 's/^tps = \([0-9]*\).*/\1/p'; }

queue_database=$(database "$work/queue.sql"); queue_http=$(http http://127.0.0.1:18999/api/tickets)
create_database=$(database "$work/create.sql"); create_http=$(http -s "$work/create.lua" http://127.0.0.1:18999/api/tickets)

echo "update app.organizations set notes = md5(random()::text) where id = 1 + (random() * 10)::int;" > "$work/audit.sql"
audited=$(plain "$work/audit.sql")
sql -c "alter table app.organizations disable trigger tg_organizations__500_audit"
unaudited=$(plain "$work/audit.sql")
sql -c "alter table app.organizations enable trigger tg_organizations__500_audit"

custom='{"seats": 12, "area": "api", "vip": true, "order_number": "12345"}'
echo "insert into app.tickets (subject, requester_id, custom) values ('x', 10, '$custom');" > "$work/fields.sql"
echo "insert into app.tickets (subject, requester_id) values ('x', 10);" > "$work/bare.sql"
bare=$(plain "$work/bare.sql"); fields=$(plain "$work/fields.sql")
# By itself: microseconds of one validation, and of the ticket that carries it, with one client.
micros() { sql -c "\timing on" -c "$1" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | tail -1; }
empty=$(micros "select count(jsonb_typeof(('$custom'::text || left(i::text, 0))::jsonb)) from generate_series(1, 20000) i")
validated=$(micros "select count(cardinality(autocrm.validate_fields(('$custom'::text || left(i::text, 0))::jsonb, 'create'))) from generate_series(1, 20000) i")
validation=$(echo "$validated $empty" | awk '{ printf "%.1f", ($1 - $2) / 20 }')
ticket=$(pgbench -n -c 1 -T "$seconds" -f "$work/fields.sql" | sed -n 's/^latency average = \([0-9.]*\) ms/\1/p' | awk '{ printf "%.0f", $1 * 1000 }')

percent() { echo $(( $1 * 100 / $2 )); }
{
  echo "# Results"
  echo
  echo "\`cargo dev bench\`: $clients clients, $seconds s each, $(nproc) cores shared by load, server and database; a cluster without fsync, 20,000 tickets, ten routing rules; listeners are told by $waker."
  echo
  echo "| what | HTTP /s | the same SQL by pgbench /s | ratio |"
  echo "| --- | --- | --- | --- |"
  echo "| queue page, 25 rows | $queue_http | $queue_database | $(percent "$queue_http" "$queue_database") % |"
  echo "| create a ticket (routing, audit, event) | $create_http | $create_database | $(percent "$create_http" "$create_database") % |"
  echo
  echo "| what | with /s | without /s | ratio |"
  echo "| --- | --- | --- | --- |"
  echo "| audit trigger on an update of one row | $audited | $unaudited | $(percent "$audited" "$unaudited") % |"
  echo "| inserting a ticket with four custom fields beside one with none | $fields | $bare | $(percent "$fields" "$bare") % |"
  echo
  echo "Validating four custom fields takes $validation µs, $(echo "$validation $ticket" | awk '{ printf "%.1f", $1 * 100 / $2 }') % of the $ticket µs of the ticket that carries them (one client)."
} | tee "$here/RESULTS.md"
