import type { FastifyBaseLogger } from 'fastify';
import type { EventBus } from 'service-chassis/events';
import { RedisBus } from 'service-chassis/redis';
import type { Config } from '../../config.ts';
import { serviceInfo } from '../../service-info.ts';

/** The real bus of this service: Redis Streams, at least once, in order for each aggregate. */
export function createBus({ redis, events }: Config, log: FastifyBaseLogger): EventBus {
  return new RedisBus(redis, { service: serviceInfo.name, events, log });
}
