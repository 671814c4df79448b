import { randomUUID } from 'node:crypto';
import type { Subscription } from '@nats-io/transport-node';
import { z } from 'zod';
import { partitionOf } from '../events/bus/partitions.ts';
import type { Session } from './session.ts';

const helloMs = 1000;
/** An instance that has not said hello for so long is gone. */
const silentMs = 3500;

const helloSchema = z.object({
  id: z.string(),
  /** What it consumes; nothing when it leaves. */
  topics: z.array(z.string()).readonly(),
});

interface Member {
  readonly topics: ReadonlySet<string>;
  readonly heardAt: number;
}

/**
 * Knows the instances of this service, so that they share the partitions: each says hello every
 * second. It is only about fairness: who reads a partition is written down in its progress, whatever
 * these believe.
 */
export class Members {
  readonly id: string = randomUUID();
  readonly #connection: Session['connection'];
  readonly #subject: string;
  readonly #topics: readonly string[];
  readonly #others = new Map<string, Member>();
  #subscription: Subscription | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ service, connection }: Session, topics: readonly string[]) {
    this.#connection = connection;
    this.#subject = `_instances.${service}`;
    this.#topics = topics;
  }

  /** Hears the others and is heard by them from now on. */
  join(): void {
    this.#subscription = this.#connection.subscribe(this.#subject, {
      callback: (error, message) => {
        if (error === null) this.#hear(message.string());
      },
    });
    this.#say(this.#topics);
    this.#timer = setInterval(() => this.#say(this.#topics), helloMs).unref();
  }

  leave(): void {
    clearInterval(this.#timer);
    this.#subscription?.unsubscribe();
    this.#say([]);
  }

  /** Whether a partition falls to this instance when those that consume its topic take turns. */
  isMine(topic: string, partition: number): boolean {
    const ids: string[] = [this.id];
    for (const [id, { topics, heardAt }] of this.#others)
      if (performance.now() - heardAt > silentMs) this.#others.delete(id);
      else if (topics.has(topic)) ids.push(id);
    ids.sort();
    return ids[(partitionOf(topic, ids.length) + partition) % ids.length] === this.id;
  }

  #hear(text: string): void {
    const hello = helloIn(text);
    if (hello === undefined || hello.id === this.id) return;
    const { id, topics } = hello;
    const isNew = !this.#others.has(id);
    if (topics.length === 0) this.#others.delete(id);
    else this.#others.set(id, { topics: new Set(topics), heardAt: performance.now() });
    if (isNew && topics.length > 0) this.#say(this.#topics);
  }

  /** While the server is away nobody hears it, and nobody has to. */
  #say(topics: readonly string[]): void {
    if (this.#connection.isClosed()) return;
    const hello: z.infer<typeof helloSchema> = { id: this.id, topics };
    this.#connection.publish(this.#subject, JSON.stringify(hello));
  }
}

/** Anybody may publish on the subject: what is no hello is passed over. */
function helloIn(text: string): z.infer<typeof helloSchema> | undefined {
  try {
    return helloSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
