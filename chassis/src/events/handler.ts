import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
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

/** Handles one type of event; `Work` is what the service's units of work offer. */
export interface Handler<Data, Work> {
  readonly event: EventDefinition<Data>;
  /** Changes only through `work`, so that its effect and the note that it happened go together. */
  handle(data: Data, work: Work, context: HandlerContext): Promise<void>;
}

/** A handler whose data type is known only to itself. */
export interface AnyHandler<Work> {
  readonly type: string;
  /** @throws ZodError when the event's data does not fit its schema. */
  handle(work: Work, context: HandlerContext): Promise<void>;
}

/** One attempt at handling an event. */
export interface Handling<Work> {
  readonly handler: AnyHandler<Work>;
  readonly context: HandlerContext;
}

/** Declares a handler: checks the data against the event's schema before each call. */
export function defineHandler<Data, Work>({
  event,
  handle,
}: Handler<Data, Work>): AnyHandler<Work> {
  return {
    type: event.type,
    handle: (work, context) => handle(event.data.parse(context.event.data), work, context),
  };
}
