#!/usr/bin/env bash
# A release of what is committed: `packaging/release.sh 0.3.0 [15 17]`, 15 among them. Refuses a tree with changes, a version that
# Cargo.toml, the extension and the changelog do not agree on, and tests that fail; then packages for these versions of
# PostgreSQL, their digests, and a tag. Nothing is sent anywhere.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?the version, such as 0.3.0}; shift
fail() { echo "$1" >&2; exit 1; }
[ -z "$(git status --porcelain)" ] || fail "there are changes that are not committed"
grep -qx "version = \"$version\"" Cargo.toml || fail "Cargo.toml: the version is not $version"
grep -qx "default_version = '$version'" extension/autocrm.control || fail "extension/autocrm.control: the version is not $version"
grep -q "^## $version " CHANGELOG.md || fail "CHANGELOG.md: no section $version"
! grep -q "^## $version (unreleased)" CHANGELOG.md || fail "CHANGELOG.md: $version needs its date instead of (unreleased)"
! git rev-parse -q --verify "refs/tags/v$version" >/dev/null || fail "v$version is tagged already"
cargo dev test
packaging/deb.sh "$@"
packaging/try.sh
(cd target/packages && sha256sum ./*.deb > SHA256SUMS)
git tag -a "v$version" -m "AutoCRM $version"
echo "v$version is tagged; target/packages holds its packages and SHA256SUMS"
