#!/bin/sh
# In the image of the server, once, for a new cluster: the API's log-in with its password. `autocrm migrate` keeps it.
set -e
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -v password="$AUTOCRM_API_PASSWORD" <<'SQL'
create role autocrm_api login noinherit password :'password';
SQL
