import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { partitionOf } from './partitions.ts';

const helloSchema = z.object({
  id: z.string(),
  /** What it consumes; nothing when it leaves. */
  topics: z.array(z.string()).readonly(),
});

/** What an instance says to the others of its service. */
export type Hello = z.infer<typeof helloSchema>;

interface Instance {
  readonly topics: ReadonlySet<string>;
  readonly heardAt: number;
}

/** How instances of a service hear of each other. Times are milliseconds. */
interface TurnsOptions {
  /** What this instance consumes. */
  readonly topics: readonly string[];
  readonly helloEvery: number;
  /** An instance that has not said hello for so long is gone. */
  readonly goneAfter: number;
  /** Says hello to the others; while nobody hears it, nobody has to. */
  say(hello: Hello): void;
}

/**
 * Whose turn a partition is, where the server does not say so: the instances of a service say hello to each
 * other again and again, and those that consume a topic share its partitions. It is only about fairness: that
 * a partition has one reader at a time must be seen to elsewhere, whatever these believe.
 */
export class Turns {
  readonly id: string = randomUUID();
  readonly #options: TurnsOptions;
  readonly #others = new Map<string, Instance>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Is heard by the others from now on. */
  join(): void {
    this.#say(this.#options.topics);
    this.#timer = setInterval(
      () => this.#say(this.#options.topics),
      this.#options.helloEvery,
    ).unref();
  }

  leave(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#say([]);
  }

  /** Takes in what another one has said. Anybody may say anything: what is no hello is passed over. */
  hear(said: unknown): void {
    const hello = helloSchema.safeParse(said);
    if (!hello.success || hello.data.id === this.id) return;
    const { id, topics } = hello.data;
    const isNew = !this.#others.has(id);
    if (topics.length === 0) this.#others.delete(id);
    else this.#others.set(id, { topics: new Set(topics), heardAt: performance.now() });
    if (isNew && topics.length > 0 && this.#timer !== undefined) this.#say(this.#options.topics);
  }

  /** Whether a partition falls to this instance when those that consume its topic take turns. */
  isMine(topic: string, partition: number): boolean {
    const ids = [this.id];
    for (const [id, { topics, heardAt }] of this.#others)
      if (performance.now() - heardAt > this.#options.goneAfter) this.#others.delete(id);
      else if (topics.has(topic)) ids.push(id);
    ids.sort();
    return ids[(partitionOf(topic, ids.length) + partition) % ids.length] === this.id;
  }

  #say(topics: readonly string[]): void {
    this.#options.say({ id: this.id, topics });
  }
}
