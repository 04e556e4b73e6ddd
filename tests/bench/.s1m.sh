#!/usr/bin/env bash
# What search costs: 100,000 tickets made of real ones, the first page of typical questions inside the database,
# and what words that others' tickets hold cost somebody who cannot see them. Writers leave the documents to `autocrm work`.
# AUTOCRM_DATA is a folder with tickets-multilang.csv and tickets-products.csv. PGHOST, PGPORT and AUTOCRM_BINARY
# as for run.sh. KEEP=1 goes on with the desk of the last run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PGUSER=postgres PGDATABASE=autocrm_search PGOPTIONS='-c jit=off'
tickets=${TICKETS:-100000}
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }

if [ -z "${KEEP:-}" ]; then
  sql -d postgres -c "drop database if exists autocrm_search with (force)" -c "create database autocrm_search"
  export AUTOCRM_ADMIN_DATABASE_URL="host=$PGHOST port=$PGPORT user=postgres dbname=autocrm_search"
  "$AUTOCRM_BINARY" migrate >/dev/null
  sql -c "insert into app.teams (name) select 'Team ' || i from generate_series(1, 20) i"
  for map in multilang:two-languages products:products; do
    "$AUTOCRM_BINARY" import tickets "$AUTOCRM_DATA/tickets-${map%%:*}.csv" --map "$here/../../docs/import/${map##*:}.json" >/dev/null
  done
  # Subject, description and answer of three tickets of one language make a new one. Past the triggers, whose
  # work is measured below; the documents come from the same function as theirs.
  sql <<SQL
set session_replication_role = replica;
update app.tickets set team_id = 1 + id % 20, created_at = now() - interval '3 years' + id * interval '5 minutes';
create temp table piece as
select row_number() over (order by md5(t.id::text)) - 1 as n, row_number() over (partition by t.language order by md5(t.id::text)) - 1 as place,
       count(*) over (partition by t.language) as of, count(*) over () as total, coalesce(t.language, '') as tongue, t.*,
       (select m.body_text from app.messages m where m.ticket_id = t.id order by m.created_at desc, m.id desc limit 1) as answer
  from app.tickets t;
create unique index on piece (n);
create unique index on piece (tongue, place);
analyze piece;
insert into app.tickets (id, subject, description, status_id, priority_id, type, channel, requester_id, team_id, tag_ids, language, created_at, updated_at)
select 1000000 + i, a.subject, b.description, a.status_id, b.priority_id, a.type, b.channel, b.requester_id, 1 + i % 20, a.tag_ids, a.language,
       now() - ($tickets - i - a.total) * interval '5 minutes', now() - ($tickets - i - a.total) * interval '4 minutes'
  from generate_series(1, $tickets - (select count(*) from piece)) i
  join piece a on a.n = i % (select count(*) from piece)
  join piece b on b.tongue = a.tongue and b.place = (i / 7) % a.of;
insert into app.messages (ticket_id, kind, author_id, body_text, created_at)
select t.id, (array['reply', 'reply', 'note'])[k]::app.message_kind, t.requester_id, case k when 1 then t.description else p.answer end, t.created_at + k * interval '1 minute'
  from app.tickets t
 cross join generate_series(1, 3) k
  join piece p on p.tongue = coalesce(t.language, '') and p.place = t.id * k % 900
 where t.id > 1000000;
select count(app._search_rebuild(t)) from app.tickets t;
SQL
  sql -c "vacuum analyze"
fi

# An agent who sees all tickets, and one of a single team.
sql <<SQL
do \$\$
begin
  if not exists (select from pg_roles where rolname = 'bench_all') then create role bench_all login; create role bench_one login; end if;
  set local client_min_messages = warning;
  grant autocrm_agent to bench_all, bench_one;
end
\$\$;
insert into app.users (role, name, email, ticket_access, pg_role, capacity) values
  ('agent', 'Bench All', 'all@bench.test', 'all', 'bench_all', 0), ('agent', 'Bench One', 'one@bench.test', 'teams', 'bench_one', 0) on conflict do nothing;
insert into app.memberships (team_id, user_id) select 3, id from app.users where pg_role = 'bench_one' on conflict do nothing;
-- A word on 10,000 tickets of other teams.
update app.search_documents d set document = d.document || 'zyzzyva:1'::tsvector
 where d.ticket_id in (select id from app.tickets where team_id <> 3 order by id limit 10000) and not d.document @@ 'zyzzyva';
SQL
sql -c "vacuum analyze app.search_documents"

sql -c "alter role bench_all set log_statement_stats = on" -c "alter role bench_one set log_statement_stats = on"
# Processor time, in ms, since others share the machine: the middle of nine, in a backend that has warmed up.
stats() { PGOPTIONS='-c jit=off -c client_min_messages=log' psql -qXAt -v ON_ERROR_STOP=1 "$@" 2>&1; }
ask() {
  local call="select length(api.search_tickets('{\"q\": \"${2//\"/\\\"}\"}')::text)" calls=()
  for _ in 1 2 3 4 5 6 7 8 9 10; do calls+=(-c "$call"); done
  PGUSER=$1 stats "${calls[@]}" | awk '/s user,.*elapsed/ { printf "%.1f\n", 1000 * ($2 + $5) }' | tail -9 | sort -n | sed -n 5p
}

{
  echo "# Search"
  echo
  echo "\`tests/bench/search.sh\`: $(sql -c "select count(*) from app.tickets") tickets, $(sql -c "select count(*) from app.messages") messages; processor time inside the backend, native code built $([ "${AUTOCRM_BINARY%debug/*}" = "$AUTOCRM_BINARY" ] && echo optimised || echo for debugging); documents and their indexes take $(sql -c "select pg_size_pretty(pg_total_relation_size('app.search_documents'))")."
  echo
  echo "| question, first page of 25 with highlights | sees all, ms | one of twenty teams, ms |"
  echo "| --- | --- | --- |"
  for q in refund please the netzwerk 'refund -network priority:>=high' 'battery "not charging"' 'cloud data security issue' 'please status:open' 'created>2026-11-01 please' 'requester:smith please' 'is:unassigned status:open' 'inv*' 'printre'; do
    echo "| \`$q\` | $(ask bench_all "$q") | $(ask bench_one "$q") |"
  done
  echo
  echo "A word that 10,000 tickets of other teams have answers the one team in $(ask bench_one zyzzyva) ms, one that no ticket has in $(ask bench_one qwyjibx) ms."
} | tee /tmp/SEARCH1M.md
