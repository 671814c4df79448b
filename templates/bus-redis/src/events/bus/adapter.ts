import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../../config.ts';
import type { EventBus } from './bus.ts';
import { RedisBus } from './redis-bus.ts';

/** The real bus of this service. */
export function createBus({ redis, events }: Config, log: FastifyBaseLogger): EventBus {
  return new RedisBus(redis, events, log);
}
