import { streamOf } from './topics.ts';

/** An entry of a stream: its id and fields; of one that was trimmed the id is left. */
export type Entry = readonly [id: string, fields: readonly Buffer[] | null];

type Ownership = 'others' | 'held' | 'leaving';

/** Before the first entry: of a stream, and of what a group was given and has not handled. */
export const beginning = '0';
/** Where to read what the group was not given yet. */
const newEntries = '>';

/** One partition of a topic as this instance sees it: whose it is, and what of it is in the works. */
export class Partition {
  readonly topic: string;
  readonly stream: string;
  readonly leaseKey: string;
  /** The newest entry that the group was given, if that is known: what is to be waited for is newer. */
  newest: string | undefined;
  #ownership: Ownership = 'others';
  #position = beginning;
  #epoch = 0;
  readonly #entries = new Map<string, 'waiting' | 'running' | 'handled'>();

  constructor(topic: string, number: number, group: string) {
    this.topic = topic;
    this.stream = streamOf(topic, number);
    this.leaseKey = `${this.stream}:${group}:owner`;
  }

  /** Whether this instance reads it and begins to handle what it read. */
  get held(): boolean {
    return this.#ownership === 'held';
  }

  /** Whether it is to be given back and nothing of it is in the works any more. */
  get left(): boolean {
    return this.#ownership === 'leaving' && this.#entries.size === 0;
  }

  /** Changes with whatever makes an answer that is on its way one to a question of the past. */
  get epoch(): number {
    return this.#epoch;
  }

  /** From where to read on. */
  get position(): string {
    return this.#position;
  }

  /** Whether there may be more of what was given out and not handled. */
  get readsPending(): boolean {
    return this.#position !== newEntries;
  }

  /** It is this instance's now, if it was not before. */
  take(): void {
    if (this.#ownership !== 'others') return;
    this.#ownership = 'held';
    this.restart();
  }

  /** Begins to give it back: what runs is finished, what waits is left to the next owner. */
  leave(): void {
    if (this.held) this.#cease('leaving');
  }

  /** It may be another instance's now. */
  lose(): void {
    if (this.#ownership !== 'others') this.#cease('others');
  }

  #cease(ownership: Ownership): void {
    this.#ownership = ownership;
    this.#epoch += 1;
    for (const [id, state] of this.#entries) if (state === 'waiting') this.#entries.delete(id);
  }

  /** Reads what is pending again: something may have been given out in an answer that got lost. */
  restart(): void {
    this.#position = beginning;
    this.newest = undefined;
    this.#epoch += 1;
  }

  /** Takes in what was read from `position`, and returns what of it was not in the works already. */
  receive(entries: readonly Entry[]): Entry[] {
    const last = entries.at(-1)?.[0];
    if (this.readsPending) this.#position = last ?? newEntries;
    else if (last !== undefined) this.newest = last;
    const fresh = entries.filter(([id]) => !this.#entries.has(id));
    for (const [id, fields] of fresh)
      this.#entries.set(id, fields === null ? 'handled' : 'waiting');
    return fresh;
  }

  /** Whether an entry that waited is to be handled now. It is not when the partition was given up. */
  begin(id: string): boolean {
    if (this.#entries.get(id) !== 'waiting') return false;
    this.#entries.set(id, 'running');
    return true;
  }

  end(id: string): void {
    this.#entries.set(id, 'handled');
  }

  /** It was acknowledged, or will be another owner's. */
  forget(id: string): void {
    this.#entries.delete(id);
  }

  /** The ids of what is handled and not acknowledged yet. */
  get handled(): string[] {
    return [...this.#entries].filter(([, state]) => state === 'handled').map(([id]) => id);
  }
}
