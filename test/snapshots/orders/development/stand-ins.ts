import { embeddedPostgres } from 'service-chassis/embedded-postgres';

/** What stands in for servers in `dev` and in tests, where the environment does not name the real ones. */
export const standIns = {
  database: embeddedPostgres('orders', import.meta.url),
};
