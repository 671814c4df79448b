import type { CloudEvent } from './event.ts';
import type { Fault } from './fault.ts';
import type { HandlerContext, Handling, ReadyHandler } from './handler.ts';

/** What handling events asks of the service's datastore. */
export interface EventsDatastore<Work> {
  /** Whether callers wait for the bus: they do unless events wait in an outbox. */
  readonly isBusAwaited: boolean;
  /**
   * Handles an event once in effect, however often it comes. Rejects with what the handler or its
   * transaction failed with; then, and once the context's signal aborts, it has no effect.
   */
  handleOnce(handler: ReadyHandler<Work>, context: HandlerContext): Promise<void>;
  /**
   * Whether an event had its effect already, so that nothing has to be prepared for it. No connection is
   * held afterwards, and `handleOnce` finds out by itself. Left out by datastores that do not remember.
   */
  wasHandled?(event: CloudEvent): Promise<boolean>;
  /**
   * Handles several events, one after the other, in one transaction, each once in effect: all take
   * effect or none. None does when the signal aborts. Left out by datastores that cannot undo them all.
   */
  handleTogether?(handlings: readonly Handling<Work>[], signal: AbortSignal): Promise<void>;
  /** How often an event was noted to be handled alone; nothing when it was not noted at all. */
  attemptsOf(event: CloudEvent): Promise<number | undefined>;
  /** Notes it so that it is there whatever becomes of the process and of the event's own transaction. */
  noteAttempts(event: CloudEvent, attempts: number): Promise<void>;
  forgetAttempts(event: CloudEvent): Promise<void>;
  /** Returns whose fault a handler's error was. */
  whoseFault(error: unknown): Promise<Fault>;
}
