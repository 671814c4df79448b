import type { FastifyBaseLogger } from 'fastify';

/** How much a bus takes at once, and which topics it creates. */
export interface BusConfig {
  /** Events that are taken from the bus at once: those that run, and those whose turn is next. */
  readonly inTheWorks: number;
  /** Whether topics that are missing are created, and with how many partitions. */
  readonly createTopics: boolean;
  readonly partitions: number;
  /** How long a topic that is created keeps its events. */
  readonly retentionHours: number;
}

/** What every bus is made with, beside where its server is. */
export interface BusOptions {
  /** The service's name: its instances share the events between them. */
  readonly service: string;
  readonly events: BusConfig;
  readonly log: FastifyBaseLogger;
}
