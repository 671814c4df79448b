import type { FastifyBaseLogger } from 'fastify';
import type { EventBus } from 'service-chassis/events';
import { NatsBus } from 'service-chassis/nats';
import type { Config } from '../../config.ts';
import { serviceInfo } from '../../service-info.ts';

/** The real bus of this service: NATS JetStream, at least once, in order for each aggregate. */
export function createBus({ nats, events }: Config, log: FastifyBaseLogger): EventBus {
  return new NatsBus(nats, { service: serviceInfo.name, events, log });
}
