#!/usr/bin/env bash
# This tree beside another commit, in one run: create, queue page, ticket with its messages, reply, and the feed of
# events, over HTTP and a live connection, in alternating pairs on two clusters with fsync on.
#   tests/bench/beside.sh COMMIT            builds both in release; writes BESIDE.md beside this file
# PAIRS (5), SECONDS_EACH (5) and CLIENTS (16) may be set. Needs wrk, node, and PostgreSQL 15 from Debian.
# PEER may name a script that brings up another server with 10,000 tickets (`up DIR`, `down DIR`) and measures it in the
# same run (`http DIR create|list|read|reply SECONDS` prints JSON with "rps"): it becomes one more column.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd) root=$(cd "$(dirname "$0")/../.." && pwd)
commit=$(git -C "$root" rev-parse --short "$1")
pairs=${PAIRS:-5} seconds=${SECONDS_EACH:-5} clients=${CLIENTS:-16}
for program in wrk node; do command -v $program >/dev/null || { echo "$program is missing" >&2; exit 1; }; done
work=${BESIDE_DIR:-/var/tmp/autocrm-beside}; mkdir -p "$work"; chmod 755 "$work"
secret=benchmarks-only-benchmarks-only-benchmarks-only
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

[ -d "$work/source" ] || git -C "$root" worktree add --detach "$work/source" "$commit"
git -C "$work/source" checkout -q --detach "$commit"
for tree in "$work/source" "$root"; do
  (cd "$tree" && cargo build --quiet --release --locked -p autocrm -p autocrm-api)
done

# One side: NAME TREE PORT HTTP. A server of its own with the tree's extension, a desk of 10,000 tickets, an API.
side() {
  local dir="$work/$1" tree=$2 port=$3 http=$4
  rm -rf "$dir"; mkdir -p "$dir/usr/lib/postgresql" "$dir/usr/share/postgresql" "$dir/data"
  cp -a /usr/lib/postgresql/15 "$dir/usr/lib/postgresql/"; cp -a /usr/share/postgresql/15 "$dir/usr/share/postgresql/"
  cp "$tree/target/release/libautocrm.so" "$dir/usr/lib/postgresql/15/lib/autocrm.so"
  cp "$tree/target/release/autocrm" "$dir/autocrm"
  cp "$tree"/extension/autocrm.control "$tree"/extension/sql/*.sql "$dir/usr/share/postgresql/15/extension/"
  [ "$(id -u)" = 0 ] && chown -R postgres "$dir"
  local bin="$dir/usr/lib/postgresql/15/bin"
  as "$bin/initdb" -D "$dir/data" -U postgres -E UTF8 --locale=C.UTF-8 -A trust >/dev/null
  as "$bin/pg_ctl" -D "$dir/data" -l "$dir/data/log" -w -s -o "-k $dir -p $port -c listen_addresses= -c shared_buffers=512MB -c max_wal_size=4GB -c max_connections=200 -c shared_preload_libraries=autocrm -c autocrm.wake_database=autocrm" start
  export PGHOST=$dir PGPORT=$port PGUSER=postgres
  psql -qX -d postgres -c 'create database autocrm'
  export AUTOCRM_ADMIN_DATABASE_URL="host=$dir port=$port user=postgres dbname=autocrm"
  "$dir/autocrm" migrate >/dev/null; "$dir/autocrm" seed >/dev/null
  psql -qX -d autocrm -v ON_ERROR_STOP=1 \
    -c "update app.users set capacity = 1000, ticket_access = case email when 'aiko@demo.test' then 'teams' else 'all' end::app.ticket_access where role = 'agent'" \
    -c "insert into app.tickets (subject, description, requester_id) select 'Ticket ' || i, 'Some words about it', (select min(id) from app.users where role = 'customer') from generate_series(1, 10000) i" \
    -c "analyze"
  # The waking worker comes back within seconds of its database.
  for _ in $(seq 40); do
    [ "$(psql -qXAt -d autocrm -c "select count(*) from pg_stat_activity where backend_type = 'autocrm waker'")" = 1 ] && break
    sleep 0.5
  done
  AUTOCRM_DATABASE_URL="host=$dir port=$port user=autocrm_api dbname=autocrm" AUTOCRM_SECRET=$secret RUST_LOG=warn AUTOCRM_FILES="$dir/files" \
    "$dir/autocrm" serve --listen "127.0.0.1:$http" --db-connections 16 > "$dir/api.log" 2>&1 &
  echo $! > "$work/$1.pid"
  until curl -fs "http://127.0.0.1:$http/readyz" >/dev/null; do sleep 0.2; done
}
stop() {
  [ -z "${PEER:-}" ] || "$PEER" down "$work/peer" || true
  for name in before after; do
    kill "$(cat "$work/$name.pid")" 2>/dev/null || true
    as "$work/$name/usr/lib/postgresql/15/bin/pg_ctl" -D "$work/$name/data" -m fast -s stop 2>/dev/null || true
  done
}
trap stop EXIT
side before "$work/source" 54611 18991
side after "$root" 54612 18992
[ -z "${PEER:-}" ] || "$PEER" up "$work/peer"

token() { # HTTP PORT, NAME
  curl -s -X POST "http://127.0.0.1:$1/api/session" -H 'content-type: application/json' -d '{"email": "'"$2"'@demo.test", "password": "autocrm-demo"}' | sed 's/.*"access_token":"\([^"]*\)".*/\1/'
}
declare -A http=([before]=18991 [after]=18992) bearer=() limited=() low=() includes=()
sign_in() {
  for name in before after; do
    bearer[$name]=$(token "${http[$name]}" maya)
    # Sees the tickets of one team, and those of none.
    limited[$name]=$(token "${http[$name]}" aiko)
  done
}
sign_in
for name in before after; do
  # The demo's tickets are the first; some of them are closed.
  low[$name]=$(PGHOST=$work/$name psql -qXAt -p "$([ $name = before ] && echo 54611 || echo 54612)" -d autocrm -c "select min(id) + 500 from app.tickets")
  includes[$name]=$(curl -s -H "authorization: Bearer ${bearer[$name]}" "http://127.0.0.1:${http[$name]}/api/tickets/${low[$name]}?include=messages" | grep -o '"messages":' || true)
done
cat > "$work/request.lua" <<'LUA'
local method, path, body = os.getenv("METHOD"), os.getenv("RPATH"), os.getenv("BODY")
math.randomseed(os.time())
-- Several paths are asked for one after the other, with one id, and count as one.
local paths, at, id = {}, 0, nil
for each in path:gmatch("%S+") do paths[#paths + 1] = each end
request = function()
  at = at % #paths + 1
  if at == 1 then id = tostring(math.random(tonumber(os.getenv("LOW")), tonumber(os.getenv("LOW")) + 9000)) end
  return wrk.format(method, (paths[at]:gsub("@ID@", id)), nil, body)
end
done = function(s) io.write(string.format("%.1f %d\n", s.requests / (s.duration / 1e6) / #paths, s.errors.status)) end
LUA
# NAME METHOD PATH BODY [BEARER] → requests a second; refuses to count errors.
rate() {
  local out
  out=$(LOW=${low[$1]} METHOD=$2 RPATH=$3 BODY=$4 wrk -t1 -c"$clients" -d"${seconds}s" -H "authorization: Bearer ${5:-${bearer[$1]}}" -H 'content-type: application/json' \
    -s "$work/request.lua" "http://127.0.0.1:${http[$1]}" | tail -1)
  [ "${out#* }" = 0 ] || { echo "$1 $2 $3: ${out#* } answers were errors" >&2; kill $$; }
  echo "${out% *}"
}
# NAME → milliseconds from a change to the clients, p50 and p99 (50 sockets, 40 changes a second).
live() { TOKEN=${bearer[$1]} HTTP=127.0.0.1:${http[$1]} node --experimental-websocket --no-warnings "$here/live.mjs"; }

create='{"subject": "Refund for a duplicate order", "description": "I clicked once and was charged twice.", "requester": {"email": "bench@example.test"}}'
declare -A all=()
measure() { # KEY NAME VALUE
  all["$1 $2"]+="$3"$'\n'
}
for pair in $(seq "$pairs"); do
  # An access token is for a quarter of an hour.
  sign_in
  order="before after"; [ $((pair % 2)) = 0 ] && order="after before"
  for what in 'create|POST|/api/tickets' 'queue page|GET|/api/tickets' 'queue page, one team|GET|/api/tickets' 'side-bar counts|GET|/api/tickets/counts' 'ticket|GET|/api/tickets/@ID@' 'ticket with messages|GET|/api/tickets/@ID@ /api/tickets/@ID@/messages' 'ticket with messages, one request|GET|/api/tickets/@ID@?include=messages' 'messages|GET|/api/tickets/@ID@/messages' 'timeline|GET|/api/tickets/@ID@/timeline' 'reply|POST|/api/tickets/@ID@/messages'; do
    IFS='|' read -r key method path <<< "$what"
    for name in $order; do
      path=${what##*|}
      case $key in create) body=$create;; reply) body='{"kind": "reply", "body_text": "Have you tried the other tray?"}';; *) body='';; esac
      # A commit that cannot answer both at once is asked twice.
      [[ $key == *'one request' ]] && [ -z "${includes[$name]}" ] && path='/api/tickets/@ID@ /api/tickets/@ID@/messages'
      who=${bearer[$name]}; [[ $key == *'one team' ]] && who=${limited[$name]}
      measure "$key" "$name" "$(rate "$name" "$method" "$path" "$body" "$who")"
    done
  done
  if [ -n "${PEER:-}" ]; then
    for what in 'create|create' 'queue page|list' 'ticket with messages|read' 'reply|reply'; do
      measure "${what%|*}" peer "$("$PEER" http "$work/peer" "${what#*|}" "$seconds" | sed -n 's/.*"rps": *\([0-9.]*\).*/\1/p')"
    done
    all['ticket with messages, one request peer']=${all['ticket with messages peer']}
  fi
  for name in $order; do
    read -r p50 p99 <<< "$(live "$name")"
    measure 'live p50 ms' "$name" "$p50"; measure 'live p99 ms' "$name" "$p99"
  done
  echo "pair $pair of $pairs" >&2
done
median() { sort -n | awk 'NF { v[++n] = $1 } END { printf "%.1f", n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2 }'; }
{
  echo "# This tree beside $commit"
  echo
  echo "\`tests/bench/beside.sh $commit\`: release builds, fsync on, $clients clients, $seconds s each, $pairs alternating pairs on one machine with $(nproc) cores; medians, and the range over the pairs. 10,000 tickets, ten routing rules, the caller an agent who sees all tickets, or one who sees those of one team."
  echo
  echo "| what | $commit | this tree | ratio |${PEER:+ the peer | this tree to the peer |}"
  echo "| --- | --- | --- | --- |${PEER:+ --- | --- |}"
  for key in create 'queue page' 'queue page, one team' 'side-bar counts' ticket 'ticket with messages' 'ticket with messages, one request' messages timeline reply 'live p50 ms' 'live p99 ms'; do
    b=$(median <<< "${all["$key before"]}") a=$(median <<< "${all["$key after"]}")
    range() { sort -n <<< "$1" | awk 'NF { if (!n++) lo = $1; hi = $1 } END { printf "%s–%s", lo, hi }'; }
    unit=' /s'; [[ $key == live* ]] && unit=''
    ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
    line="| $key$unit | $b ($(range "${all["$key before"]}")) | $a ($(range "${all["$key after"]}")) | $(ratio "$a" "$b") |"
    if [ -n "${PEER:-}" ]; then
      p=$(median <<< "${all["$key peer"]:-}")
      line+=$([ "$p" = 0.0 ] && echo ' | |' || echo " $p ($(range "${all["$key peer"]}")) | $(ratio "$a" "$p") |")
    fi
    echo "$line"
  done
} | tee "$here/BESIDE.md"
