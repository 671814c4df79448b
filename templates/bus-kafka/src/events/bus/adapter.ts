import type { FastifyBaseLogger } from 'fastify';
import type { EventBus } from 'service-chassis/events';
import { KafkaBus } from 'service-chassis/kafka';
import type { Config } from '../../config.ts';
import { serviceInfo } from '../../service-info.ts';

/** The real bus of this service: Apache Kafka, at least once, in order for each aggregate. */
export function createBus({ kafka, events }: Config, log: FastifyBaseLogger): EventBus {
  return new KafkaBus(kafka, { service: serviceInfo.name, events, log });
}
