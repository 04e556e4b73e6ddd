#!/usr/bin/env bash
# Debian packages of this tree, in target/packages: `autocrm` (program, web UI, systemd unit), and for each version of
# PostgreSQL that is named (15 when none is) `postgresql-<version>-autocrm` (the extension). Each version needs its
# postgresql-server-dev package. Needs cargo, Node.js 20.19 and dpkg-deb.
#   packaging/deb.sh [15 16 17 18]
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
architecture=$(dpkg --print-architecture)
out=target/packages; mkdir -p "$out"; rm -f "$out"/*.deb "$out"/SHA256SUMS

# NAME TREE DEPENDS DESCRIPTION: one package of what lies in TREE.
package() {
  mkdir -p "$2/DEBIAN" "$2/usr/share/doc/$1"
  cp LICENSE "$2/usr/share/doc/$1/copyright"
  cp docs/install.md "$2/usr/share/doc/$1/"
  gzip -9nc CHANGELOG.md > "$2/usr/share/doc/$1/changelog.gz"
  cat > "$2/DEBIAN/control" <<CONTROL
Package: $1
Version: $version
Architecture: $architecture
Maintainer: AutoCRM <autocrm@localhost>
Section: database
Priority: optional
Installed-Size: $(du -sk --exclude=DEBIAN "$2" | cut -f1)
Depends: $3
Description: $4
CONTROL
  dpkg-deb --root-owner-group --build "$2" "$out/$1_${version}_$architecture.deb"
}
fresh() { rm -rf "$1"; mkdir -p "$1"; chmod 755 "$1"; }

for postgres in "${@:-15}"; do
  config=/usr/lib/postgresql/$postgres/bin/pg_config
  [ -x "$config" ] || { echo "PostgreSQL $postgres: install postgresql-server-dev-$postgres" >&2; exit 1; }
  if [ "$postgres" = 15 ]; then
    cargo build --release --locked -p autocrm -p autocrm-api
    built=target/release/libautocrm.so
  else
    PGRX_PG_CONFIG_PATH=$config CARGO_TARGET_DIR=target/pg$postgres cargo build --release --locked -p autocrm --no-default-features --features "pg$postgres"
    built=target/pg$postgres/release/libautocrm.so
  fi
  tree=target/packages/tree-pg$postgres; fresh "$tree"
  install -D -m 644 "$built" "$tree/usr/lib/postgresql/$postgres/lib/autocrm.so"
  strip --strip-unneeded "$tree/usr/lib/postgresql/$postgres/lib/autocrm.so"
  install -D -m 644 -t "$tree/usr/share/postgresql/$postgres/extension" extension/autocrm.control extension/sql/*.sql
  package "postgresql-$postgres-autocrm" "$tree" "postgresql-$postgres" "AutoCRM's rules as native functions of PostgreSQL $postgres
 Identity, routing, validation, audit and events of the AutoCRM help desk.
 Set shared_preload_libraries = 'autocrm' and restart the server."
done

cargo build --release --locked -p autocrm-api
(cd web && npm ci --no-audit --no-fund && npm run build)
tree=target/packages/tree; fresh "$tree"
install -D -m 755 target/release/autocrm "$tree/usr/bin/autocrm"
strip "$tree/usr/bin/autocrm"
mkdir -p "$tree/usr/share/autocrm"; cp -r web/dist "$tree/usr/share/autocrm/web"
install -D -m 644 -t "$tree/lib/systemd/system" packaging/autocrm.service
install -m 644 packaging/autocrm.env "$tree/usr/share/autocrm/autocrm.env"
mkdir -p "$tree/DEBIAN"
install -m 755 packaging/postinst packaging/prerm "$tree/DEBIAN/"
package autocrm "$tree" "libc6 (>= $(dpkg-query -W -f='${Version}' libc6 | cut -d- -f1)), libgcc-s1, adduser" "AutoCRM, a help desk whose rules live in PostgreSQL
 The program that serves HTTP, live updates and the web UI, and that works in
 the background. The database needs postgresql-<version>-autocrm."
ls -l "$out"/*.deb
