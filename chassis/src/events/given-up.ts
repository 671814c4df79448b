import { createHash } from 'node:crypto';
import type { EventsDatastore } from './datastore.ts';
import type { CloudEvent } from './event.ts';
import { StaleReplayError } from './replay.ts';

/** Where numbers are noted under the name of an event, and survive the process. */
type Notes = Pick<EventsDatastore<never>, 'attemptsOf' | 'noteAttempts'>;

/** The largest number that every datastore notes. */
const largest = 2 ** 31 - 1;
/** How long it is believed that nothing was ever given up: less than a partition takes to move. */
const believedMs = 1000;

/**
 * Knows of each aggregate and type of which an event was given up what was the last that was handled since:
 * then a replay of the one that was given up is stale. It goes by `sequence`, where that is a number, and is
 * kept where attempts are noted. As long as nothing was given up, it costs a look in a second.
 */
export class GivenUp {
  readonly #notes: Notes;
  #isAny = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  /** An event becomes a dead letter: what is handled of its aggregate from now on is noted. */
  async add(event: CloudEvent): Promise<void> {
    if (numberOf(event) === undefined) return;
    const note = noteFor(event);
    if ((await this.#notes.attemptsOf(note)) === undefined) await this.#notes.noteAttempts(note, 0);
    await this.#notes.noteAttempts(anyNote, 1);
    this.#isAny = true;
  }

  /** An event was handled. To be awaited before the bus is told, so that nothing comes in between. */
  async handled(event: CloudEvent): Promise<void> {
    const sequence = numberOf(event);
    if (sequence === undefined || !(await this.#wasAny())) return;
    const note = noteFor(event);
    const latest = await this.#notes.attemptsOf(note);
    if (latest !== undefined && sequence > latest) await this.#notes.noteAttempts(note, sequence);
  }

  /** @throws StaleReplayError when a later event of the aggregate was handled since this was given up. */
  async refuseStale(event: CloudEvent): Promise<void> {
    const sequence = numberOf(event);
    if (sequence === undefined) return;
    const latest = await this.#notes.attemptsOf(noteFor(event));
    if (latest !== undefined && latest > sequence) throw new StaleReplayError(event, latest);
  }

  async #wasAny(): Promise<boolean> {
    if (this.#isAny || performance.now() - this.#lookedAt < believedMs) return this.#isAny;
    this.#isAny = (await this.#notes.attemptsOf(anyNote)) !== undefined;
    this.#lookedAt = performance.now();
    return this.#isAny;
  }
}

function numberOf({ sequence = '' }: CloudEvent): number | undefined {
  const number = /^\d+$/.test(sequence) ? Number(sequence) : Number.NaN;
  return number <= largest ? number : undefined;
}

/** What is noted of an aggregate has a name that no event has, and that is short. */
function noteFor({ source, type, subject }: CloudEvent): CloudEvent {
  const hash = createHash('sha256').update(JSON.stringify([source, type, subject]));
  return { ...anyNote, id: hash.digest('hex') };
}

const anyNote: CloudEvent = {
  specversion: '1.0',
  id: 'any',
  source: 'given-up',
  type: 'given-up',
  subject: 'any',
  datacontenttype: 'application/json',
};
