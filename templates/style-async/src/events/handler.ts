import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { UnitOfWork } from '../database/unit-of-work.ts';
import type { CloudEvent, EventDefinition } from './event.ts';

/** What a handler may want to know besides the data. */
export interface HandlerContext {
  readonly event: CloudEvent;
  /** Its lines carry the event's type and id. */
  readonly log: FastifyBaseLogger;
  /** The service with all its parts, such as the clients of other services. */
  readonly app: FastifyInstance;
  /**
   * Aborts when this attempt is given up, for other work to stop as well: calls of other services, for
   * example. Changes need not look at it: what comes through `work` after that is refused.
   */
  readonly signal: AbortSignal;
}

/** Handles one type of event; the default export of a file in `handlers/`. */
export interface Handler<Data> {
  readonly event: EventDefinition<Data>;
  /** Changes only through `work`, so that its effect and the note that it happened go together. */
  handle(data: Data, work: UnitOfWork, context: HandlerContext): Promise<void>;
}

/** A handler whose data type is known only to itself. */
export interface AnyHandler {
  readonly type: string;
  /** @throws ZodError when the event's data does not fit its schema. */
  handle(work: UnitOfWork, context: HandlerContext): Promise<void>;
}

/** One attempt at handling an event. */
export interface Handling {
  readonly handler: AnyHandler;
  readonly context: HandlerContext;
}

/**
 * Handles several events, one after the other, in one transaction: all take effect or none. None does
 * when the signal aborts.
 */
export type HandleTogether = (
  app: FastifyInstance,
  handlings: readonly Handling[],
  signal: AbortSignal,
) => Promise<void>;

/** Declares a handler: checks the data against the event's schema before each call. */
export function defineHandler<Data>({ event, handle }: Handler<Data>): AnyHandler {
  return {
    type: event.type,
    handle: (work, context) => handle(event.data.parse(context.event.data), work, context),
  };
}
