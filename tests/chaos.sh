#!/usr/bin/env bash
# Random kill -9 of backends, API processes, workers and the whole server under load, and what must hold afterwards: no
# accepted write is lost or made twice, agents' books and counts are those of a recount, the audit log verifies, each
# ticket's events are complete, a trigger fired once for each, the search index has what the tickets have.
#
#   tests/chaos.sh [minutes] [tree of PostgreSQL with the extension] [autocrm]
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-10} tree=${2:-$PWD/.dev/pg} autocrm=${3:-$PWD/target/debug/autocrm}
bin=$tree/usr/lib/postgresql/15/bin
dir=$(mktemp -d /var/tmp/chaos.XXXXXX) port=7811 http=(18971 18972)
export AUTOCRM_SECRET=only-for-tests-only-for-tests-only-for-tests RUST_LOG=off AUTOCRM_FILES=$dir/files
export AUTOCRM_ADMIN_DATABASE_URL="host=$dir port=$port user=postgres dbname=desk"
export AUTOCRM_DATABASE_URL="host=$dir port=$port user=autocrm_api dbname=desk" AUTOCRM_WEB_DIR=$dir
as=()
if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; as=(runuser -u postgres --); fi
chmod 755 "$dir"
failed=0 kills=0

check() { # what, expected, got
  if [ "$2" = "$3" ]; then echo "ok    $1"; else echo "FAIL  $1: expected $2, got $3"; failed=1; fi
}
sql() { psql -XAtq -v ON_ERROR_STOP=1 -h "$dir" -p "$port" -U postgres -d desk -c "$1"; }
# One that is killed comes back after a moment, as with systemd.
keep() { # file for its pid, command…
  local pid_file=$1
  shift
  while [ ! -e "$dir/over" ]; do
    "$@" >/dev/null 2>&1 & echo $! >"$pid_file"
    wait $! 2>/dev/null || true
    sleep 0.3
  done
}
start() { for _ in $(seq 100); do "${as[@]}" "$bin/pg_ctl" -D "$dir/a" -l "$dir/a.log" -w -s start 2>/dev/null && return; sleep 0.2; done; echo 'the server does not start'; exit 1; }
finish() {
  touch "$dir/over"
  for file in "$dir"/*.pid; do kill "$(cat "$file")" 2>/dev/null || true; done
  "${as[@]}" "$bin/pg_ctl" -D "$dir/a" -m immediate -s stop 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$dir"
}
trap finish EXIT

"${as[@]}" "$bin/initdb" -D "$dir/a" -U postgres -E UTF8 --locale=C.UTF-8 -A trust >/dev/null
"${as[@]}" tee -a "$dir/a/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
port = $port
shared_preload_libraries = 'autocrm'
autocrm.wake_database = 'desk'
CONF
start
psql -XAtq -h "$dir" -p "$port" -U postgres -d postgres -c 'create database desk'
"$autocrm" migrate >/dev/null
"$autocrm" seed >/dev/null
sql "insert into app.triggers (name, conditions, actions) values ('Mark', '{\"all\": [{\"field\": \"event\", \"op\": \"is\", \"value\": \"created\"}]}', '[{\"add_tags\": [\"marked\"]}]')"
sql "update app.users set availability = 'online' where role = 'agent'"

for n in 0 1; do
  keep "$dir/api$n.pid" "$autocrm" serve --listen "127.0.0.1:${http[$n]}" --db-connections 6 &
  keep "$dir/work$n.pid" "$autocrm" work --db-connections 6 &
done
for n in 0 1; do until curl -fs "http://127.0.0.1:${http[$n]}/readyz" >/dev/null; do sleep 0.2; done; done
log_in() {
  curl -s "http://127.0.0.1:${http[0]}/api/session" -H 'Content-Type: application/json' \
    -d '{"email": "admin@demo.test", "password": "autocrm-demo"}' | sed 's/.*"access_token": *"\([^"]*\)".*/\1/'
}
key=$(curl -s "http://127.0.0.1:${http[0]}/api/api-keys" -H "Authorization: Bearer $(log_in)" \
  -d '{"name": "chaos", "scopes": ["tickets:read", "tickets:write", "users:read", "users:write"], "rate_limit": 100000}' |
  sed 's/.*"key": *"\([^"]*\)".*/\1/')

case $key in ak_*) ;; *) echo "no API key: $key"; exit 1 ;; esac

# Each write has a key, and is sent until it is answered, to either process: it must be there once.
writer() {
  local n=$1 i=0 status id
  while [ ! -e "$dir/rest" ]; do
    i=$((i + 1))
    while [ ! -e "$dir/over" ]; do
      status=$(curl -s -m 15 -o "$dir/answer.$n" -w '%{http_code}' "http://127.0.0.1:${http[$((RANDOM % 2))]}/api/tickets" \
        -H "Authorization: Bearer $key" -H "Idempotency-Key: $n-$i" -H 'Content-Type: application/json' \
        -d "{\"subject\": \"Chaos $n-$i\", \"requester\": {\"email\": \"chaos$n@customer.test\"}, \"team_id\": 1}" || true)
      [ "$status" = 201 ] && break
      case $status in 4*) [ "$status" != 409 ] && { echo "refused: $(cat "$dir/answer.$n")" >>"$dir/refused"; break; } ;; esac
      sleep 0.2
    done
    [ "$status" = 201 ] || continue
    id=$(sed 's/.*"id": *\([0-9]*\),"version".*/\1/; s/[^0-9].*//' "$dir/answer.$n")
    echo "$n-$i" >>"$dir/accepted.$n"
    curl -s -m 15 -o /dev/null "http://127.0.0.1:${http[$((RANDOM % 2))]}/api/tickets/$id/solve" -X POST -H "Authorization: Bearer $key" \
      -H 'Content-Type: application/json' -d '{}' || true
  done
}
for n in 1 2 3; do writer "$n" & writers+=($!); done

end=$((SECONDS + minutes * 60))
while [ "$SECONDS" -lt "$end" ]; do
  sleep "$(awk -v r=$RANDOM 'BEGIN { print 0.5 + r / 10922 }')"
  case $((RANDOM % 10)) in
    0) kill -9 "$(head -1 "$dir/a/postmaster.pid")" 2>/dev/null || true; start ;;
    1 | 2 | 3) pid=$(pgrep -P "$(head -1 "$dir/a/postmaster.pid")" -f 'autocrm_api' | shuf -n 1) && kill -9 "$pid" || true ;;
    4 | 5 | 6) kill -9 "$(cat "$dir/api$((RANDOM % 2)).pid")" 2>/dev/null || true ;;
    *) kill -9 "$(cat "$dir/work$((RANDOM % 2)).pid")" 2>/dev/null || true ;;
  esac
  kills=$((kills + 1))
done
touch "$dir/rest"
wait "${writers[@]}" || true

# The workers catch up.
for _ in $(seq 600); do
  behind=$(sql "select (select count(*) from app.rule_cursor c where c.within is not null or app.feed_begin(c.seen, autocrm.log_snapshot()) is not null)
                     + (select count(*) from app.search_cursor c where c.within is not null or app.feed_begin(c.seen, autocrm.log_snapshot()) is not null)
                     + (select count(*) from app.set_aside)" 2>/dev/null || echo 1)
  [ "$behind" = 0 ] && break
  sleep 0.5
done
for _ in 1 2; do sql 'select worker.maintain()' >/dev/null; done
cat "$dir"/accepted.* >"$dir/all"
echo "      $kills kills, $(wc -l <"$dir/all") tickets accepted"

check 'nothing was refused' 0 "$(cat "$dir/refused" 2>/dev/null | wc -l)"
check 'every accepted ticket is there once' 0 "$({ echo 'create temp table accepted (name text); copy accepted from stdin;'; cat "$dir/all"; echo '\.'
  echo "select count(*) from accepted a where (select count(*) from app.tickets t where t.subject = 'Chaos ' || a.name) <> 1;"; } |
  psql -XAtq -h "$dir" -p "$port" -U postgres -d desk)"
check 'and nothing else twice' 0 "$(sql "select count(*) from (select subject from app.tickets where subject like 'Chaos %' group by 1 having count(*) > 1) x")"
check 'no worker has set anything aside' 0 "$(sql 'select count(*) from app.set_aside')"
check 'agents books are right' 0 "$(sql 'select autocrm.check_loads()')"
check 'nobody is above capacity' 0 "$(sql "select count(*) from app.agent_loads l join app.users u on u.id = l.user_id where l.load > u.capacity * 100")"
check 'counts are those of a recount' 0 "$(sql "select count(*) from (
    (select status_id, priority_id, team_id, assignee_id, sum(tickets) as n from app.ticket_counts group by 1, 2, 3, 4 having sum(tickets) <> 0
     except select status_id, priority_id, team_id, assignee_id, count(*) from app.tickets where deleted_at is null group by 1, 2, 3, 4)
     union all
    (select status_id, priority_id, team_id, assignee_id, count(*) from app.tickets where deleted_at is null group by 1, 2, 3, 4
     except select status_id, priority_id, team_id, assignee_id, sum(tickets) from app.ticket_counts group by 1, 2, 3, 4)) x")"
check 'the audit log verifies' 0 "$(sql 'select count(*) from autocrm.verify_audit() where not ok')"
check 'each ticket was created once, for events and audit' 0 "$(sql "select count(*) from app.tickets t where t.subject like 'Chaos %' and (
    (select count(*) from app.events e where e.ticket_id = t.id and e.name = 'ticket.created') <> 1
    or (select count(*) from app.audit_log l where l.table_name = 'tickets' and l.row_key = t.id::text and l.action = 'insert') <> 1)")"
check 'each change in the audit log has its event' 0 "$(sql "select count(*) from app.tickets t where t.subject like 'Chaos %' and
    (select count(*) from app.events e where e.ticket_id = t.id and e.name = 'ticket.updated')
    <> (select count(*) from app.audit_log l where l.table_name = 'tickets' and l.row_key = t.id::text and l.action = 'update')")"
check 'the trigger fired once for each' 0 "$(sql "select count(*) from app.tickets t where t.subject like 'Chaos %' and
    (select count(*) from app.rule_firings f where f.ticket_id = t.id and f.rule_name = 'Mark' and f.error is null) <> 1")"
check 'the search index has every ticket as it is' 0 "$(sql "select count(*) from app.tickets t left join app.search_documents d on d.ticket_id = t.id
   where t.subject like 'Chaos %' and d.subject is distinct from t.subject")"
exit "$failed"
