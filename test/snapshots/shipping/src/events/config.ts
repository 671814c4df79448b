import { z } from 'zod';
import type { ConfigPart } from '../config.ts';
import { defaultConcurrency, takenPerTurn } from './concurrency.ts';

/** How events are handled, whatever bus brings them. Times are milliseconds. */
export interface EventsConfig {
  /** Handlers that run at once; those of one aggregate one after the other. */
  readonly concurrency: number;
  /** Events that are taken from the bus at once: those that run, and those whose turn is next. */
  readonly inTheWorks: number;
  /** How often a handler is tried before its event goes to the dead letters. */
  readonly attempts: number;
  /** The longest pause before the second attempt; each further one may be twice as long. */
  readonly retryPause: number;
  /** How long one attempt may take. */
  readonly handlerTimeout: number;
  /** An event that is in the works for longer is shown as stuck. */
  readonly stuckAfter: number;
  /** How many bytes an event may have; fewer when the bus takes fewer. */
  readonly maxBytes: number;
  /** Whether topics that are missing are created, and how. */
  readonly createTopics: boolean;
  readonly partitions: number;
  readonly retentionHours: number;
}

declare module '../config.ts' {
  interface Config {
    readonly events: EventsConfig;
  }
}

const milliseconds = z.coerce.number().int().min(1).max(3_600_000);

export default {
  key: 'events',
  schema: z
    .object({
      EVENTS_CONCURRENCY: z.coerce.number().int().min(1).max(1000).default(defaultConcurrency),
      EVENTS_ATTEMPTS: z.coerce.number().int().min(1).max(20).default(5),
      EVENTS_RETRY_PAUSE_MS: milliseconds.default(200),
      EVENTS_HANDLER_TIMEOUT_MS: milliseconds.default(20_000),
      // The outbox is looked into once a second, so less would say stuck of what is at rest.
      EVENTS_STUCK_AFTER_MS: milliseconds.min(2000).default(120_000),
      // Every bus takes the default and what a dead letter adds to it.
      EVENTS_MAX_BYTES: z.coerce.number().int().min(65_536).max(16_000_000).default(1_000_000),
      EVENTS_CREATE_TOPICS: z.stringbool().default(false),
      EVENTS_PARTITIONS: z.coerce.number().int().min(1).max(1000).default(12),
      EVENTS_RETENTION_HOURS: z.coerce.number().int().min(1).max(87_600).default(168),
    })
    .transform(
      (environment): EventsConfig => ({
        concurrency: environment.EVENTS_CONCURRENCY,
        inTheWorks: environment.EVENTS_CONCURRENCY * takenPerTurn,
        attempts: environment.EVENTS_ATTEMPTS,
        retryPause: environment.EVENTS_RETRY_PAUSE_MS,
        handlerTimeout: environment.EVENTS_HANDLER_TIMEOUT_MS,
        stuckAfter: environment.EVENTS_STUCK_AFTER_MS,
        maxBytes: environment.EVENTS_MAX_BYTES,
        createTopics: environment.EVENTS_CREATE_TOPICS,
        partitions: environment.EVENTS_PARTITIONS,
        retentionHours: environment.EVENTS_RETENTION_HOURS,
      }),
    ),
  budgets: ({ events, http }) => [
    {
      less: ['EVENTS_ATTEMPTS × EVENTS_HANDLER_TIMEOUT_MS and its pauses', longestHandling(events)],
      than: ['EVENTS_STUCK_AFTER_MS', events.stuckAfter],
      because: 'an event that is still being tried is not stuck',
    },
    {
      less: [
        'SHUTDOWN_DRAIN_MS + EVENTS_HANDLER_TIMEOUT_MS',
        http.shutdownDrain + events.handlerTimeout,
      ],
      than: ['0.85 × SHUTDOWN_TIMEOUT_MS', http.shutdownWork],
      because: 'an attempt that has begun may end before the process does',
    },
  ],
} satisfies ConfigPart;

/** All attempts at one event, with the longest pauses between them, each twice the one before. */
function longestHandling({ attempts, handlerTimeout, retryPause }: EventsConfig): number {
  return attempts * handlerTimeout + retryPause * (2 ** (attempts - 1) - 1);
}
