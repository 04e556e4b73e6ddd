#!/usr/bin/env bash
# What the policies cost data teams: questions of docs/data.md asked by a superuser, to whom no policy applies, by an
# analyst who sees all tickets, and by one of a team of an eighth of them beside the superuser's same question about
# that team. Alternating, medians in milliseconds, in one run, on the desk that views.sh makes (100,000 tickets).
# PGHOST, PGPORT and AUTOCRM_BINARY as for run.sh; RUNS (11).
set -euo pipefail
export PGUSER=postgres PGDATABASE=autocrm_views PGOPTIONS='-c statement_timeout=0'
runs=${RUNS:-11}
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }

if [ "$(sql -d postgres -c "select count(*) from pg_database where datname = 'autocrm_views'")" = 0 ] || [ -z "${KEEP:-}" ]; then
  RUNS=1 bash "$(dirname "$0")/views.sh" >/dev/null
fi
sql <<'SQL'
alter table app.tickets disable trigger user;
update app.tickets set first_reply_at = created_at + random() * interval '1 day' where first_reply_at is null and id % 5 > 0;
alter table app.tickets enable trigger user;
vacuum analyze app.tickets;
SQL
team=$(sql -c "select name from app.teams where id = (select team_id from app.tickets group by 1 order by count(*) desc limit 1)")
for name in bench_all bench_team; do
  [ "$(sql -c "select count(*) from app.users where pg_role = '$name'")" = 1 ] && continue
  sql -c "drop role if exists $name" 2>/dev/null
  limit=(); [ $name = bench_team ] && limit=(--team "$team")
  AUTOCRM_ADMIN_DATABASE_URL="host=$PGHOST port=$PGPORT user=postgres dbname=$PGDATABASE" "$AUTOCRM_BINARY" user add --analyst $name --password bench-bench-bench "${limit[@]}" >/dev/null
done

questions=(
  "tickets by status|select status, count(*) from reporting.tickets #W# group by 1"
  "created and solved by week|select date_trunc('week', day), sum(created), sum(solved) from reporting.tickets_daily #W# group by 1"
  "backlog by age|select team, priority, count(*) filter (where created_at > now() - interval '1 day'), count(*) from reporting.tickets where status_category not in ('solved', 'closed') #A# group by 1, 2"
  "percentiles of the first reply|select team, percentile_cont(array[0.5, 0.9]) within group (order by first_reply_minutes) from reporting.tickets #W# group by 1"
  "tags|select tag, count(*) from reporting.tickets, unnest(tags) tag #W# group by 1"
  "custom values|select value, count(*) from reporting.tickets, jsonb_each_text(custom) #W# group by value"
)
# WHO SQL → milliseconds on a session that is warm.
ms() {
  PGUSER=$1 psql -qX -o /dev/null -d $PGDATABASE <<SQL | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | tail -1
$2;
\timing on
$2;
SQL
}
median() { sort -n | awk '{ v[++n] = $1 } END { printf "%.1f", v[int((n + 1) / 2)] }'; }
echo "| question, $(sql -c 'select count(*) from app.tickets') tickets | no policy ms | analyst of all ms | ratio | no policy, one team ms | analyst of the team ms | ratio |"
echo "| --- | --- | --- | --- | --- | --- | --- |"
for each in "${questions[@]}"; do
  name=${each%%|*} ask=${each#*|}
  whole=${ask/\#W\#/} whole=${whole/\#A\#/}
  part=${ask/\#W\#/where team = \'$team\'} part=${part/\#A\#/and team = \'$team\'}
  a='' b='' c='' d=''
  for _ in $(seq "$runs"); do
    a+=$(ms postgres "$whole")$'\n'; b+=$(ms bench_all "$whole")$'\n'; c+=$(ms postgres "$part")$'\n'; d+=$(ms bench_team "$whole")$'\n'
  done
  a=$(printf %s "$a" | median) b=$(printf %s "$b" | median) c=$(printf %s "$c" | median) d=$(printf %s "$d" | median)
  awk -v n="$name" -v a="$a" -v b="$b" -v c="$c" -v d="$d" 'BEGIN { printf "| %s | %s | %s | %.2f | %s | %s | %.2f |\n", n, a, b, b / a, c, d, d / c }'
done
