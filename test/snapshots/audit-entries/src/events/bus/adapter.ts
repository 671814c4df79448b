import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../../config.ts';
import type { EventBus } from './bus.ts';
import { KafkaBus } from './kafka-bus.ts';

/** The real bus of this service. */
export function createBus({ kafka, events }: Config, log: FastifyBaseLogger): EventBus {
  return new KafkaBus(kafka, events, log);
}
