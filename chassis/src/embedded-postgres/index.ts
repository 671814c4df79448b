export { embeddedPostgres } from './embedded-postgres.ts';
