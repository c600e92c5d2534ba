#!/bin/sh
# Create the two roles and the database of Muster on a fresh PostgreSQL server.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$MUSTER_OWNER_PASSWORD" -v app="$MUSTER_APP_PASSWORD" -U "${POSTGRES_USER:-postgres}" <<'SQL'
CREATE ROLE muster_owner LOGIN PASSWORD :'owner' NOSUPERUSER NOBYPASSRLS NOCREATEROLE;
CREATE ROLE muster_app LOGIN PASSWORD :'app' NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
CREATE DATABASE muster OWNER muster_owner;
REVOKE ALL ON DATABASE muster FROM PUBLIC;
GRANT CONNECT ON DATABASE muster TO muster_app;
SQL
