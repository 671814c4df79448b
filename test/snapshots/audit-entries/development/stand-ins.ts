// What stands in for servers in `dev` and in tests, where the environment does not name the real ones.

import { busInProcess } from 'service-chassis/development';

export const standIns = {
  events: busInProcess('KAFKA_BROKERS', '127.0.0.1:9092'),
};
