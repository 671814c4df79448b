// Runs once, in the container, when its volume is new: makes the service's own user, who can read and
// write its own database and has rights nowhere else. An administrator of another server runs it with
// mongosh, and DATABASE_PASSWORD in the environment.
const name = '__service_snake__';
db.getSiblingDB(name).createUser({
  user: name,
  pwd: process.env.DATABASE_PASSWORD,
  roles: [{ role: 'readWrite', db: name }],
});
