import { type Events, type Message, outgoing, type Publish } from '../events/index.ts';
import { UnitOfWorkClosedError } from '../store/index.ts';

/** How many bytes of events one statement takes; MariaDB refuses one of more than 16 MiB by default. */
const statementBytes = 4 * 1024 * 1024;

/**
 * The events that a unit of work publishes, until it is done. They are written to the outbox as its last
 * statements: by then each row that it changes is locked, so that of two units of work which change one
 * aggregate, the events of the one that commits first come first, wherever in the work it publishes.
 */
export class PendingEvents {
  readonly #signal: AbortSignal;
  readonly #messages: Message[] = [];
  #isClosed = false;

  /** @param signal aborts when the unit of work is given up. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** @throws UnitOfWorkClosedError when the unit of work is over: the event would be lost in silence. */
  add(message: Message): void {
    if (this.#isClosed || this.#signal.aborted) throw new UnitOfWorkClosedError();
    this.#messages.push(message);
  }

  /** Runs the work, which may publish until it ends. @returns its result, and what is to be written. */
  async during<T>(
    work: () => Promise<T>,
  ): Promise<{ result: T; batches: readonly (readonly Message[])[] }> {
    try {
      return { result: await work(), batches: inBatches(this.#messages) };
    } finally {
      this.#isClosed = true;
    }
  }
}

/**
 * Returns what publishes as part of a unit of work.
 *
 * @param way the way out of the events: `app.events`, once it is there.
 */
export function publisher(
  events: Pick<PendingEvents, 'add'>,
  way: () => Pick<Events, 'maxEventBytes' | 'messageOf'>,
): Publish {
  return async (event) => events.add(outgoing(event, way()));
}

/** In their order, each batch small enough for one statement; an event that is larger is alone. */
function inBatches(messages: readonly Message[]): readonly (readonly Message[])[] {
  const batches: Message[][] = [];
  let room = 0;
  for (const message of messages) {
    const bytes = Buffer.byteLength(message.body);
    if (bytes > room) {
      batches.push([]);
      room = statementBytes;
    }
    batches.at(-1)?.push(message);
    room -= bytes;
  }
  return batches;
}
