export { RedisBus } from './bus.ts';
export { type RedisConfig, redisConfig } from './config.ts';
