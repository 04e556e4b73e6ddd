#!/usr/bin/env bash
# A drill of backup and recovery: a base backup and an archive of WAL are taken under load, the server is killed, and the
# desk is restored to a point in time beside it. Checked are: what was answered as saved by then is there, and nothing
# later; the audit log verifies; the books and counts are those of a recount; a reader of the feed is told to read anew,
# and goes on; the desk takes writes. The killed server comes up again with all that it answered, and its readers go on.
#
#   tests/drill.sh [seconds of load] [tree of PostgreSQL with the extension] [autocrm]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-10} tree=${2:-$PWD/.dev/pg} autocrm=${3:-$PWD/target/debug/autocrm}
bin=$tree/usr/lib/postgresql/15/bin
dir=$(mktemp -d /var/tmp/drill.XXXXXX)
export AUTOCRM_SECRET=only-for-tests-only-for-tests-only-for-tests PGOPTIONS='-c client_min_messages=warning'
as=()
if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; as=(runuser -u postgres --); fi
chmod 755 "$dir"
failed=0

check() { # what, expected, got
  if [ "$2" = "$3" ]; then echo "ok    $1"; else echo "FAIL  $1: expected $2, got $3"; failed=1; fi
}
sql() { psql -XAtq -v ON_ERROR_STOP=1 -h "$dir" -p "$1" -U postgres -d desk -c "$2"; }
url() { echo "host=$dir port=$1 user=postgres dbname=desk"; }
finish() {
  kill "${worker:-}" "${writers[@]:-}" 2>/dev/null || true
  for name in a b; do "${as[@]}" "$bin/pg_ctl" -D "$dir/$name" -m immediate -s stop 2>/dev/null || true; done
  rm -rf "$dir"
}
trap finish EXIT

"${as[@]}" mkdir "$dir/archive"
"${as[@]}" "$bin/initdb" -D "$dir/a" -U postgres -E UTF8 --locale=C.UTF-8 -A trust >/dev/null
"${as[@]}" tee -a "$dir/a/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
port = 7801
archive_mode = on
archive_command = 'test ! -f $dir/archive/%f && cp %p $dir/archive/%f.part && mv $dir/archive/%f.part $dir/archive/%f'
shared_preload_libraries = 'autocrm'
autocrm.wake_database = 'desk'
CONF
"${as[@]}" "$bin/pg_ctl" -D "$dir/a" -l "$dir/a.log" -w -s start
psql -XAtq -h "$dir" -p 7801 -U postgres -d postgres -c 'create database desk'
export AUTOCRM_ADMIN_DATABASE_URL AUTOCRM_DATABASE_URL
AUTOCRM_ADMIN_DATABASE_URL=$(url 7801)
AUTOCRM_DATABASE_URL="host=$dir port=7801 user=autocrm_api dbname=desk"
"$autocrm" migrate >/dev/null
"$autocrm" seed >/dev/null
RUST_LOG=error AUTOCRM_FILES="$dir/files" "$autocrm" work & worker=$!

# Writers: each notes the ids that it was answered.
cursor=$(sql 7801 "select api.events_after(null) ->> 'cursor'")
writers=()
for n in 1 2 3; do
  (
    while id=$(sql 7801 "insert into app.tickets (subject, requester_id, team_id)
        select 'Drill', u.id, t.id from app.users u, app.teams t where u.role = 'customer' order by random() limit 1 returning id" 2>/dev/null); do
      echo "$id" >>"$dir/answered.$n"
      sql 7801 "update app.tickets set priority_id = 1 + id % 4, team_id = 1 + id % 3 where id = $id - 3" >/dev/null 2>&1 || break
    done
  ) & writers+=($!)
done

sleep 2
"${as[@]}" "$bin/pg_basebackup" -h "$dir" -p 7801 -U postgres -D "$dir/b" -X stream -c fast
sleep "$((seconds / 2))"
# The point in time lies between two transactions, and what was answered before it is known.
cat "$dir"/answered.* | sort -n >"$dir/by_then"
target=$(sql 7801 "select clock_timestamp()")
anchor=$("$autocrm" audit anchor)
sleep "$((seconds / 2))"
kill -9 "$(head -1 "$dir/a/postmaster.pid")"
wait "${writers[@]}" 2>/dev/null || true
kill "$worker" 2>/dev/null || true
answered=$(cat "$dir"/answered.* | sort -n | tee "$dir/all" | wc -l)
echo "      $answered tickets were answered, $(wc -l <"$dir/by_then") of them by $target"

# The killed server.
# Its orphans hold the memory for a moment.
for _ in $(seq 50); do "${as[@]}" "$bin/pg_ctl" -D "$dir/a" -l "$dir/a.log" -w -s start 2>/dev/null && break; sleep 0.2; done
missing() { # port, file
  { echo 'create temp table answered (id bigint); copy answered from stdin;'; cat "$2"; echo '\.'; echo 'select count(*) from answered a where not exists (select from app.tickets t where t.id = a.id);'; } |
    psql -XAtq -v ON_ERROR_STOP=1 -h "$dir" -p "$1" -U postgres -d desk
}
verified() { sql "$1" "select count(*) from autocrm.verify_audit() where not ok"; }
miscounted() {
  sql "$1" "select count(*) from (
      select status_id, priority_id, team_id, assignee_id, sum(tickets) as n from app.ticket_counts group by 1, 2, 3, 4 having sum(tickets) <> 0
      except select status_id, priority_id, team_id, assignee_id, count(*) from app.tickets where deleted_at is null group by 1, 2, 3, 4) x"
}
check 'after the crash: all that was answered is there' 0 "$(missing 7801 "$dir/all")"
check 'after the crash: the audit log verifies' 0 "$(verified 7801)"
check 'after the crash: agents books are right' 0 "$(sql 7801 'select autocrm.check_loads()')"
check 'after the crash: counts are those of a recount' 0 "$(miscounted 7801)"
check 'after the crash: a reader goes on' t "$(sql 7801 "select json_array_length(api.events_after('$cursor') -> 'events') > 0")"
"${as[@]}" "$bin/pg_ctl" -D "$dir/a" -m fast -s stop

# The backup, brought forward by the archive and what the killed server had not archived.
cp -n "$dir"/a/pg_wal/0000* "$dir/archive/" || true; chmod a+r "$dir"/archive/*
"${as[@]}" tee -a "$dir/b/postgresql.conf" >/dev/null <<CONF
port = 7802
archive_mode = off
restore_command = 'cp $dir/archive/%f %p'
recovery_target_time = '$target'
recovery_target_action = promote
CONF
"${as[@]}" touch "$dir/b/recovery.signal"
"${as[@]}" "$bin/pg_ctl" -D "$dir/b" -l "$dir/b.log" -w -s start
for _ in $(seq 100); do [ "$(sql 7802 'select pg_is_in_recovery()')" = f ] && break; sleep 0.1; done
check 'restored: all that was answered by then is there' 0 "$(missing 7802 "$dir/by_then")"
check 'restored: nothing later' 0 "$(sql 7802 "select count(*) from app.tickets where created_at > '$target'")"
check 'restored: the audit log verifies' 0 "$(verified 7802)"
check 'restored: agents books are right' 0 "$(sql 7802 'select autocrm.check_loads()')"
check 'restored: counts are those of a recount' 0 "$(miscounted 7802)"
check 'restored: a reader is told to read anew' TK410 "$(psql -XAtq -v VERBOSITY=sqlstate -h "$dir" -p 7802 -U postgres -d desk -c "select api.events_after('$cursor')" 2>&1 | grep -o 'TK[0-9]*')"
fresh=$(sql 7802 "select api.events_after(null) ->> 'cursor'")
sql 7802 "update app.tickets set subject = 'Afterwards' where id = (select min(id) from app.tickets)"
check 'restored: and goes on' 1 "$(sql 7802 "select json_array_length(api.events_after('$fresh') -> 'events')")"
sql 7802 'select autocrm.seal_audit()' >/dev/null
check 'restored: the chain goes on' 0 "$(verified 7802)"
echo "$anchor" >"$dir/anchors"
check 'restored: an anchor from after that point in time shows that history was cut off' 1 \
  "$(AUTOCRM_ADMIN_DATABASE_URL=$(url 7802) "$autocrm" audit verify --anchors "$dir/anchors" 2>/dev/null | grep -c 'anchor in line')"
exit "$failed"
