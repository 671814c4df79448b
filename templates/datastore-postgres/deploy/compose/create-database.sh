#!/bin/sh
# Runs once, in the container, when its volume is new: makes the service's own database, and a user that
# has rights in it and nowhere else.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres <<'SQL'
\getenv password DATABASE_PASSWORD
create role "__service_snake__" login password :'password';
create database "__service_snake__" owner "__service_snake__";
revoke connect, temporary on database "__service_snake__", postgres, template1 from public;
SQL
