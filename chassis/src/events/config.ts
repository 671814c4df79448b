import { z } from 'zod';
import type { Budget, ConfigPart } from '../config/index.ts';
import type { HttpConfig } from '../http/index.ts';
import type { BusConfig } from './bus/bus-options.ts';

/** How events are handled, whatever bus brings them. Times are milliseconds. */
export interface EventsConfig extends BusConfig {
  /** Handlers that run at once; those of one aggregate one after the other. */
  readonly concurrency: number;
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
}

/** How many events a service handles at once, as its datastore makes sensible. */
export interface EventsDefaults {
  /** Handlers that run at once unless `EVENTS_CONCURRENCY` says otherwise. */
  readonly concurrency: number;
  /** Events that are taken from the bus for each of them, so that none waits for its events. */
  readonly takenPerTurn: number;
}

/** Of the whole configuration, what the limits of events are compared with. */
interface WithEvents {
  readonly events: EventsConfig;
  readonly http: HttpConfig;
}

const milliseconds = z.coerce.number().int().min(1).max(3_600_000);

/** Returns what reads how events are handled from `EVENTS_*`. */
export function eventsConfig(defaults: EventsDefaults) {
  return { schema: schemaOf(defaults), budgets } satisfies ConfigPart<WithEvents>;
}

function schemaOf({ concurrency, takenPerTurn }: EventsDefaults) {
  return z
    .object({
      EVENTS_CONCURRENCY: z.coerce.number().int().min(1).max(1000).default(concurrency),
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
    );
}

/** How the limits have to fit each other and those of a stop. */
function budgets({ events, http }: WithEvents): readonly Budget[] {
  return [
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
  ];
}

/** All attempts at one event, with the longest pauses between them, each twice the one before. */
function longestHandling({ attempts, handlerTimeout, retryPause }: EventsConfig): number {
  return attempts * handlerTimeout + retryPause * (2 ** (attempts - 1) - 1);
}
