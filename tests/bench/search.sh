#!/usr/bin/env bash
# What search costs: 100,000 tickets made of real ones, the first page of typical questions inside the database,
# what words that others' tickets hold cost somebody who cannot see them, and what the documents cost writers.
# AUTOCRM_DATA is a folder with tickets-multilang.csv and tickets-products.csv. PGHOST, PGPORT and AUTOCRM_BINARY
# as for run.sh. KEEP=1 goes on with the desk of the last run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PGUSER=postgres PGDATABASE=autocrm_search PGOPTIONS='-c jit=off'
tickets=${TICKETS:-100000} seconds=${SECONDS_EACH:-6} clients=${CLIENTS:-4}
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
update app.tickets set team_id = 1 + id % 20;
create temp table piece as
select row_number() over (order by md5(t.id::text)) - 1 as n, row_number() over (partition by t.language order by md5(t.id::text)) - 1 as place,
       count(*) over (partition by t.language) as of, coalesce(t.language, '') as tongue, t.*,
       (select m.body_text from app.messages m where m.ticket_id = t.id order by m.created_at desc, m.id desc limit 1) as answer
  from app.tickets t;
create unique index on piece (n);
create unique index on piece (tongue, place);
analyze piece;
insert into app.tickets (id, subject, description, status_id, priority_id, type, channel, requester_id, team_id, tag_ids, language, created_at, updated_at)
select 1000000 + i, a.subject, b.description, a.status_id, b.priority_id, a.type, b.channel, b.requester_id, 1 + i % 20, a.tag_ids, a.language,
       now() - ($tickets - i) * interval '5 minutes', now() - ($tickets - i) * interval '4 minutes'
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
