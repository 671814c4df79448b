import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { NamedError } from '../copies/index.ts';
import type { CloudEvent, EventDefinition } from './event.ts';

/** The data of an event does not fit the schema of its type: trying again is of no use. */
export class InvalidEventDataError extends NamedError {
  override readonly name = 'InvalidEventDataError';
}

/** What a handler may want to know besides the data. */
export interface HandlerContext {
  readonly event: CloudEvent;
  /** Its lines carry the event's type and id. */
  readonly log: FastifyBaseLogger;
  /**
   * Aborts when this attempt is given up, for other work to stop as well. Changes need not look at it:
   * what comes through `work` after that is refused.
   */
  readonly signal: AbortSignal;
}

/** The same where no transaction is open, so that others may be waited for. */
export interface PrepareContext extends HandlerContext {
  /** The service with all its parts, such as the clients of other services. */
  readonly app: FastifyInstance;
}

/** The same with what `prepare` returned. */
export interface PreparedContext<Prepared> extends HandlerContext {
  readonly prepared: Prepared;
}

/** Handles one type of event by its own database; `Work` is what the service's units of work offer. */
export interface Handler<Data, Work> {
  readonly event: EventDefinition<Data>;
  readonly prepare?: undefined;
  /**
   * Runs in a transaction, with the note that the event was handled: both commit, or none. Changes and
   * publishes only through `work`, and waits for nothing else. Where the transaction has to be repeated,
   * after a deadlock for example, this runs again.
   */
  apply(data: Data, work: Work, context: HandlerContext): Promise<void>;
}

/** Handles one type of event, for which it needs others. */
export interface PreparingHandler<Data, Work, Prepared> {
  readonly event: EventDefinition<Data>;
  /**
   * Runs before the transaction, with no connection held: asks other services, and returns what `apply`
   * needs of their answers. It may run several times for one event, once an attempt, and its effect is
   * never undone; so what it changes elsewhere must be safe to repeat. Calls of clients get what is left
   * of the attempt as their deadline.
   */
  prepare(data: Data, context: PrepareContext): Promise<Prepared>;
  /** As a `Handler`'s. When it runs again in the same attempt it gets the same `prepared`. */
  apply(data: Data, work: Work, context: PreparedContext<Prepared>): Promise<void>;
}

/** A handler that has nothing to prepare, or has done so; its data type is known only to itself. */
export interface ReadyHandler<Work> {
  readonly type: string;
  /** @throws InvalidEventDataError when the event's data does not fit its schema. */
  apply(work: Work, context: HandlerContext): Promise<void>;
}

/** A handler that has something to do before its transaction. */
export interface UnpreparedHandler<Work> {
  readonly type: string;
  /**
   * Resolves to what is left to do in a transaction.
   *
   * @throws InvalidEventDataError when the event's data does not fit its schema.
   */
  prepare(context: PrepareContext): Promise<ReadyHandler<Work>>;
}

/** What `defineHandler` makes of each handler. */
export type AnyHandler<Work> = ReadyHandler<Work> | UnpreparedHandler<Work>;

/** One attempt at handling an event, where nothing is left to prepare. */
export interface Handling<Work> {
  readonly handler: ReadyHandler<Work>;
  readonly context: HandlerContext;
}

/**
 * Declares a handler: checks the data against the event's schema before each call. `prepare` is written
 * above `apply`, whose `prepared` has the type that it returns.
 */
export function defineHandler<Data, Work, Prepared>(
  handler: PreparingHandler<Data, Work, Prepared>,
): UnpreparedHandler<Work>;
export function defineHandler<Data, Work>(handler: Handler<Data, Work>): ReadyHandler<Work>;
export function defineHandler<Data, Work, Prepared>(
  handler: Handler<Data, Work> | PreparingHandler<Data, Work, Prepared>,
): AnyHandler<Work> {
  const { event } = handler;
  const { type } = event;
  if (handler.prepare === undefined)
    return {
      type,
      apply: async (work, context) => handler.apply(dataOf(event, context), work, context),
    };
  return {
    type,
    async prepare(context) {
      const data = dataOf(event, context);
      const prepared = await handler.prepare(data, context);
      return {
        type,
        apply: (work, context) => handler.apply(data, work, withPrepared(context, prepared)),
      };
    },
  };
}

function dataOf<Data>({ data, type }: EventDefinition<Data>, { event }: HandlerContext): Data {
  const parsed = data.safeParse(event.data);
  if (parsed.success) return parsed.data;
  const message = `the data does not fit the schema of ${type}: ${parsed.error.message}`;
  throw new InvalidEventDataError(message, { cause: parsed.error });
}

function withPrepared<Prepared>(
  context: HandlerContext,
  prepared: Prepared,
): PreparedContext<Prepared> {
  const { event, signal } = context;
  return {
    ...{ event, signal, prepared },
    get log() {
      return context.log;
    },
  };
}
