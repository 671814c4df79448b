import type { FastifyBaseLogger } from 'fastify';
import type { Committable } from './offsets.ts';

/** How long the first of some commits waits for others. What a crash takes with it comes again. */
const gatherMs = 50;

/** Commits offsets, of each partition the last, some time after they are due, so that many go together. */
export class Commits {
  readonly #log: FastifyBaseLogger;
  readonly #due = new Map<string, Committable>();
  #timer: NodeJS.Timeout | undefined;
  #sent: Promise<void> = Promise.resolve();

  constructor(log: FastifyBaseLogger) {
    this.#log = log;
  }

  /** Sees to it that a message is committed, and with it those before it in its partition. */
  add(message: Committable): void {
    this.#due.set(`${message.topic}/${message.partition}`, message);
    this.#timer ??= setTimeout(() => void this.send(), gatherMs);
  }

  /** Commits at once; resolves when all is committed, or failed to be. */
  send(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sent = this.#sent.then(async () => {
      const due = [...this.#due.values()];
      this.#due.clear();
      await Promise.all(due.map((message) => this.#commit(message)));
    });
    return this.#sent;
  }

  async #commit(message: Committable): Promise<void> {
    try {
      await message.commit();
    } catch (error) {
      this.#log.warn({ err: error }, 'an offset was not committed; its events come again');
    }
  }
}
