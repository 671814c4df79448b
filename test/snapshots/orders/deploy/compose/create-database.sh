#!/bin/sh
# Runs once, in the container, when its volume is new: makes the service's own database, and a user that
# has rights in it and nowhere else.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres <<'SQL'
\getenv password DATABASE_PASSWORD
create role "orders" login password :'password';
create database "orders" owner "orders";
revoke connect, temporary on database "orders", postgres, template1 from public;
SQL
