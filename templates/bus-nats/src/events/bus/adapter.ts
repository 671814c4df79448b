import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../../config.ts';
import type { EventBus } from './bus.ts';
import { NatsBus } from './nats-bus.ts';

/** The real bus of this service. */
export function createBus({ nats, events }: Config, log: FastifyBaseLogger): EventBus {
  return new NatsBus(nats, events, log);
}
