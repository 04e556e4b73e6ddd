#!/usr/bin/env bash
# Unpacks the packages of deb.sh into a folder, and tries them there as an administrator would: a server with the
# extension, migrate, an admin, serve, a log-in. Nothing is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$(mktemp -d /var/tmp/autocrm-packages.XXXX); chmod 755 "$home"
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
end() {
  [ -z "${api:-}" ] || kill "$api" 2>/dev/null || true
  as "$home/usr/lib/postgresql/15/bin/pg_ctl" -D "$home/data" -m immediate -s stop 2>/dev/null || true
  rm -rf "$home"
}
trap end EXIT
mkdir -p "$home/usr/lib/postgresql" "$home/usr/share/postgresql" "$home/data" "$home/files"
cp -a /usr/lib/postgresql/15 "$home/usr/lib/postgresql/"; cp -a /usr/share/postgresql/15 "$home/usr/share/postgresql/"
for package in target/packages/*.deb; do
  case $package in *postgresql-1[678]*) continue ;; esac
  dpkg-deb -x "$package" "$home"
done
[ "$(id -u)" != 0 ] || chown postgres "$home/data" "$home"
bin=$home/usr/lib/postgresql/15/bin
as "$bin/initdb" -D "$home/data" -U postgres -E UTF8 --locale=C.UTF-8 -A trust --no-sync >/dev/null
as "$bin/pg_ctl" -D "$home/data" -l "$home/data/log" -w -s -o "-k $home -p 54655 -c listen_addresses= -c shared_preload_libraries=autocrm -c autocrm.wake_database=autocrm" start
psql -qX -h "$home" -p 54655 -U postgres -c 'create database autocrm'
export AUTOCRM_ADMIN_DATABASE_URL="host=$home port=54655 user=postgres dbname=autocrm"
"$home/usr/bin/autocrm" migrate
"$home/usr/bin/autocrm" user add --admin --email root@example.com --name Root --password correct-horse-battery
AUTOCRM_DATABASE_URL="host=$home port=54655 user=autocrm_api dbname=autocrm" AUTOCRM_SECRET=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n') \
  AUTOCRM_LISTEN=127.0.0.1:18955 AUTOCRM_WEB_DIR=$home/usr/share/autocrm/web AUTOCRM_FILES=$home/files "$home/usr/bin/autocrm" serve --work 2>"$home/api.log" &
api=$!
for _ in $(seq 100); do curl -fs http://127.0.0.1:18955/readyz >/dev/null && break; sleep 0.1; done
curl -fsS -o /dev/null -X POST http://127.0.0.1:18955/api/session -H 'Content-Type: application/json' \
  -d '{"email": "root@example.com", "password": "correct-horse-battery"}'
curl -fsS http://127.0.0.1:18955/ | grep -q '<title>'
"$home/usr/bin/autocrm" migrate --check
echo "the packages work"
