import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../../config.ts';
import type { EventBus } from './bus.ts';
import { RabbitBus } from './rabbitmq-bus.ts';

/** The real bus of this service. */
export function createBus({ rabbit, events }: Config, log: FastifyBaseLogger): EventBus {
  return new RabbitBus(rabbit, events, log);
}
