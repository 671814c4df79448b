// Run by mongosh when the server of compose.yaml is new, and by an administrator elsewhere: makes the
// user of the service, who can read and write its own database and see no other.
//
//   DATABASE_PASSWORD=… mongosh 'mongodb://root@localhost:27017/admin' deploy/mongodb-user.js
const name = '__service_snake__';
db.getSiblingDB(name).createUser({
  user: name,
  pwd: process.env.DATABASE_PASSWORD,
  roles: [{ role: 'readWrite', db: name }],
});
