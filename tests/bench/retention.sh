#!/usr/bin/env bash
# How long writers wait while retention deletes or anonymises many tickets: retention.sh [TICKETS] [ACTION] on the database of
# the usual PG… variables, as a superuser. It fills that database: use one that is for nothing else.
#
# Three clients write to random closed tickets, those that retention is about to take among them, and measure each write; one
# worker takes steps until the policy is done.
set -euo pipefail
tickets=${1:-100000} action=${2:-delete}
sql() { psql -qAtX -v ON_ERROR_STOP=1 "$@"; }

echo "making $tickets closed tickets"
sql <<SQL
set autocrm.now = '2020-01-01';
insert into app.users (role, name, email) values ('customer', 'Bench', 'bench@bench.test') on conflict do nothing;
do \$\$
begin
  perform autocrm.keep_imported(true);
  insert into app.tickets (subject, description, requester_id, status_id, channel, created_at, solved_at, closed_at)
  select 'Bench ' || n, 'A question about order ' || n, u.id, s.id, 'import', '2020-01-01', '2020-01-01', '2020-01-01'
    from generate_series(1, $tickets) n, app.users u, app.statuses s where u.email = 'bench@bench.test' and s.key = 'closed';
  perform autocrm.keep_imported(false);
end
\$\$;
insert into app.messages (ticket_id, kind, author_id, body_text) select t.id, 'reply', t.requester_id, 'And another thing' from app.tickets t where t.subject like 'Bench %';
insert into app.retention_policies (name, enabled, since, days, action, conditions)
values ('Bench', true, 'closed', 30, '$action', '{"field": "subject", "op": "contains", "value": "bench "}');
SQL
sql -c "vacuum analyze"

cat > /tmp/retention-write.sql <<'SQL'
\set n random(1, :last)
update app.tickets set priority_id = priority_id where id = (select t.id from app.tickets t where t.id >= :n order by t.id limit 1);
SQL
last=$(sql -c "select max(id) from app.tickets")
first=$(sql -c "select min(id) from app.tickets where subject like 'Bench %'")
rm -f /tmp/retention-log.*
pgbench -n -c 3 -T 100000 -D last="$last" -f /tmp/retention-write.sql -l --log-prefix=/tmp/retention-log > /dev/null 2>&1 &
writers=$!
began=$(date +%s.%N)
# Each step is a transaction of its own.
sql -c "set lock_timeout = '20ms'" -c 'do $$ begin while app.run_retention() loop commit; end loop; end $$'
ended=$(date +%s.%N)
kill $writers; wait $writers 2>/dev/null || true
sql -c "select format('done %s, held %s, failed %s, first id %s', done, held, failed, $first) from app.retention_runs"
awk -v took="$(echo "$ended - $began" | bc)" -v tickets="$tickets" '
  { ms = $3 / 1000; n++; sum += ms; all[n] = ms; if (ms > max) max = ms; if (ms > 50) over++ }
  END { printf "%d tickets in %.0f s; %d writes beside: mean %.1f ms, longest %.1f ms, above 50 ms: %d\n", tickets, took, n, sum / n, max, over + 0 }
' /tmp/retention-log.*
