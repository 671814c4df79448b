import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { CloudEvent } from './event.ts';
import type { HandlerContext, PrepareContext } from './handler.ts';

/** What `apply` is given. Makes its logger when it is first asked for: few handlers have anything to say. */
export class EventContext implements HandlerContext {
  readonly event: CloudEvent;
  readonly signal: AbortSignal;
  readonly #parent: FastifyBaseLogger;
  #log: FastifyBaseLogger | undefined;

  constructor(parent: FastifyBaseLogger, event: CloudEvent, signal: AbortSignal) {
    this.#parent = parent;
    this.event = event;
    this.signal = signal;
  }

  get log(): FastifyBaseLogger {
    const { type, id } = this.event;
    this.#log ??= this.#parent.child({ type, id });
    return this.#log;
  }
}

/** What `prepare` is given. */
export class EventPrepareContext extends EventContext implements PrepareContext {
  readonly app: FastifyInstance;

  constructor(app: FastifyInstance, event: CloudEvent, signal: AbortSignal) {
    super(app.log, event, signal);
    this.app = app;
  }
}
