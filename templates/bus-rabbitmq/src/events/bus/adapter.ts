import type { FastifyBaseLogger } from 'fastify';
import type { EventBus } from 'service-chassis/events';
import { RabbitBus } from 'service-chassis/rabbitmq';
import type { Config } from '../../config.ts';
import { serviceInfo } from '../../service-info.ts';

/** The real bus of this service: RabbitMQ, at least once, in order for each aggregate. */
export function createBus({ rabbit, events }: Config, log: FastifyBaseLogger): EventBus {
  return new RabbitBus(rabbit, { service: serviceInfo.name, events, log });
}
