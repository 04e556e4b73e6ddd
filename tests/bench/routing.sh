#!/usr/bin/env bash
# cargo dev bench, second part: what matching a ticket against many rules costs inside a backend, beside the
# same logic in PL/pgSQL. Goes on with the desk that run.sh left, and adds to RESULTS.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PGUSER=postgres PGDATABASE=autocrm PGOPTIONS='-c jit=off'
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }
sql -f "$here/plpgsql_matching.sql"

# Rules of which a ticket meets none, so that nothing ends early: a channel with words or tags, a custom field
# with a priority, domains of senders, and a negation.
rules() {
  sql -c "delete from app.routing_rules" -c "
    insert into app.routing_rules (position, name, conditions, actions)
    select n, 'Rule ' || n, (case n % 10
             when 0 then jsonb_build_object('field', 'requester.email', 'op', 'ends_with', 'value', '@company' || n || '.test')
             when 1 then jsonb_build_object('all', jsonb_build_array(
                    jsonb_build_object('field', 'custom.area', 'op', 'is', 'value', 'api'),
                    jsonb_build_object('field', 'subject', 'op', 'contains_word', 'value', 'product' || n)))
             when 2 then jsonb_build_object('all', jsonb_build_array(
                    jsonb_build_object('field', 'tags', 'op', 'includes_any', 'value', jsonb_build_array('topic' || n)),
                    jsonb_build_object('none', jsonb_build_array(jsonb_build_object('field', 'priority', 'op', 'is', 'value', 'low')))))
             else jsonb_build_object('all', jsonb_build_array(
                    jsonb_build_object('field', 'channel', 'op', 'is', 'value', (array['web', 'email', 'chat'])[1 + n % 3]),
                    jsonb_build_object('any', jsonb_build_array(
                      jsonb_build_object('field', 'subject', 'op', 'contains_word', 'value', 'word' || n),
                      jsonb_build_object('field', 'tags', 'op', 'includes_any', 'value', jsonb_build_array('label' || n))))))
           end), '[{\"set\": \"priority\", \"value\": \"high\"}]'
      from generate_series(1, $1) n"
}
# Microseconds a ticket, over $2 tickets, once the rules are compiled: the best of five, since others share the machine.
micros() {
  local query="select sum(cardinality($1(id))) from (select id from app.tickets order by id limit $2) t"
  psql -qXAt -v ON_ERROR_STOP=1 -c "select cardinality($1(min(id))) from app.tickets" -c '\timing on' \
    -c "$query" -c "$query" -c "$query" -c "$query" -c "$query" |
    sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | sort -n | head -1 | awk -v n="$2" '{ printf "%.2f", $1 * 1000 / n }'
}
less() { awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; printf "%.2f", d < 0.3 ? 0.3 : d }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }

rules 0; read_only=$(micros autocrm.matching_rules 20000); slow_read=$(micros bench.matching_rules 2000)
declare -A native
for n in 10 100 1000 10000; do
  rules "$n"; native[$n]=$(less "$(micros autocrm.matching_rules 20000)" "$read_only")
done
rules 1000; slow=$(less "$(micros bench.matching_rules 100)" "$slow_read")
same=$(sql -c "select count(*) from (select id from app.tickets order by id limit 200) t where autocrm.matching_rules(id) <> bench.matching_rules(id)")
rules 0
{
  echo
  echo "Matching one ticket inside a backend (\`autocrm.matching_rules\`, less the $read_only µs that reading the ticket takes):"
  echo
  echo "| rules | µs |"
  echo "| --- | --- |"
  for n in 10 100 1000 10000; do echo "| $n | ${native[$n]} |" | sed "s/ 0.30 / less than 0.3 /"; done
  echo
  echo "The same 1,000 rules in PL/pgSQL (plpgsql_matching.sql) take $slow µs, $(ratio "$slow" "${native[1000]}") times as long; they disagree on $same of 200 tickets."
} | tee -a "$here/RESULTS.md"
