import type { FastifyBaseLogger } from 'fastify';
import { NamedError } from '../copies/index.ts';
import type { EventsDatastore } from './datastore.ts';
import type { CloudEvent } from './event.ts';
import { Floor } from './floor.ts';

/** Processes have ended over an event so often that it is not tried again. */
export class EndedProcessError extends NamedError {
  override readonly name = 'EndedProcessError';
  readonly attempts: number;

  constructor(attempts: number) {
    super(`the process ended each time that this event was handled with no other beside it`);
    this.attempts = attempts;
  }
}

/** Where it is noted how often an event was tried alone. */
type Notes = Pick<EventsDatastore<never>, 'attemptsOf' | 'noteAttempts' | 'forgetAttempts'>;

/**
 * Events that may have been in the works when a process ended, and what is known against them where it
 * survives the next end. At first all are suspected a little: each is noted, and handled beside others.
 * One that is noted already was in the works of two processes that ended, so it is handled alone, and
 * that is counted before it begins: whatever ends the process then is this event. In each life of a
 * process an event is counted once.
 */
export class Suspects {
  readonly #notes: Notes;
  readonly #log: FastifyBaseLogger;
  readonly #floor = new Floor();
  readonly #mostAttempts: number;
  /** What this process has noted and not forgotten. */
  readonly #noted = new Set<string>();

  constructor(notes: Notes, mostAttempts: number, log: FastifyBaseLogger) {
    this.#notes = notes;
    this.#log = log;
    this.#mostAttempts = mostAttempts;
  }

  /** Handles what nothing is held against, unless a suspect is to be alone now. */
  beside(handle: () => Promise<void>): Promise<void> {
    return this.#floor.beside(handle);
  }

  /** @throws EndedProcessError when it must not be tried again. */
  async handle(event: CloudEvent, handle: () => Promise<void>): Promise<void> {
    if (this.#noted.has(nameOf(event))) return this.beside(handle);
    const before = await this.#notes.attemptsOf(event);
    if (before === undefined) {
      await this.#note(event, 0);
      return this.beside(handle);
    }
    if (before >= this.#mostAttempts) throw new EndedProcessError(before);
    return this.#floor.alone(async () => {
      await this.#note(event, before + 1);
      await handle();
    });
  }

  /** Nothing is held against an event that was dealt with. */
  async acquit(event: CloudEvent): Promise<void> {
    this.#noted.delete(nameOf(event));
    await this.#notes.forgetAttempts(event).catch((error: unknown) => {
      this.#log.warn({ err: error }, 'what was noted of an event could not be forgotten');
    });
  }

  async #note(event: CloudEvent, attempts: number): Promise<void> {
    await this.#notes.noteAttempts(event, attempts);
    this.#noted.add(nameOf(event));
  }
}

function nameOf({ source, id }: CloudEvent): string {
  return JSON.stringify([source, id]);
}
