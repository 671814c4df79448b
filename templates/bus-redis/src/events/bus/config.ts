import { type RedisConfig, redisConfig } from 'service-chassis/redis';
import type { ConfigPart } from '../../config.ts';

declare module '../../config.ts' {
  interface Config {
    readonly redis: RedisConfig;
  }
}

/** Where the server is, and how to log in: `REDIS_URL`. */
export default redisConfig satisfies ConfigPart;
