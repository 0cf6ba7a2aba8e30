#!/bin/sh
# Run once by PostgreSQL's image over an empty volume: the keystore's database, and its user.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set password="$(cat /run/secrets/keys_password)" <<'SQL'
CREATE ROLE banjie_keys LOGIN PASSWORD :'password';
CREATE DATABASE banjie_keys OWNER banjie_keys;
REVOKE ALL ON DATABASE banjie_keys FROM PUBLIC;
SQL
