import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readPart } from '../../src/config/index.ts';
import { InProcessBus } from '../../src/development/index.ts';
import {
  type AnyHandler,
  DeadLetters,
  defineEvent,
  defineHandler,
  type EventDefinition,
  type EventsDatastore,
  eventsConfig,
  eventsFrom,
  type HandlerContext,
  messageOf,
  registerEvents,
} from '../../src/events/index.ts';
import { buildService } from './service.ts';

export const orderRequested = defineEvent({
  type: 'orders.order-requested.v1',
  data: z.object({ reference: z.string() }),
});

export const newEvent = eventsFrom('orders');

/** A message that asks for an order. */
export function request(reference: string) {
  return messageOf(newEvent(orderRequested, reference, { reference }));
}

/** Without a database: what a handler did is what it did. */
export const memory: EventsDatastore<undefined> = {
  isBusAwaited: true,
  handleOnce: (handler, context) => handler.apply(undefined, context),
  attemptsOf: async () => undefined,
  noteAttempts: async () => undefined,
  forgetAttempts: async () => undefined,
  whoseFault: async () => 'attempt',
};

interface Options {
  readonly environment?: Readonly<Record<string, string>>;
  /** Another name than that of the service whose events are handled. */
  readonly service?: string;
  readonly bus?: InProcessBus;
  readonly schemas?: readonly EventDefinition<unknown>[];
}

interface Given extends Options {
  /** Handles what was asked for. */
  readonly apply: (reference: string, context: HandlerContext) => Promise<void>;
  readonly datastore?: Partial<EventsDatastore<undefined>>;
}

/** A service on a bus in this process that handles what asks for orders; it has started. */
export function startEvents({ apply, datastore = {}, ...options }: Given) {
  const handler = defineHandler<{ reference: string }, undefined>({
    event: orderRequested,
    apply: ({ reference }, _work, context) => apply(reference, context),
  });
  return startHandler(handler, { ...memory, ...datastore }, options);
}

/** The same with a handler and a datastore of the test's own. */
export async function startHandler<Work>(
  handler: AnyHandler<Work>,
  datastore: EventsDatastore<Work>,
  {
    environment = {},
    service = 'orders',
    bus = new InProcessBus(),
    schemas = [orderRequested],
  }: Options = {},
) {
  const app: FastifyInstance = await buildService(environment);
  const defaults = eventsConfig({ concurrency: 8, takenPerTurn: 32 });
  registerEvents(app, {
    service,
    config: readPart(defaults, { EVENTS_RETRY_PAUSE_MS: '10', ...environment }),
    bus,
    datastore,
    schemas,
    handlers: [handler],
    hasCallers: true,
  });
  await app.ready();
  const letters = () => Array.fromAsync(new DeadLetters(service, bus).read());
  return { app, bus, letters };
}
