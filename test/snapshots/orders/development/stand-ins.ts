// What stands in for servers in `dev` and in tests, where the environment does not name the real ones.

import { embeddedPostgres } from 'service-chassis/embedded-postgres';

export const standIns = {
  database: embeddedPostgres('orders', import.meta.url),
};
