import type { Subscription } from '@nats-io/transport-node';
import { type Hello, Turns } from '../events/index.ts';
import type { Session } from './session.ts';

/**
 * The instances of this service, which say hello to each other by messages that nothing keeps. Who reads a
 * partition is written down in its progress, whatever they believe.
 */
export class Members {
  readonly #connection: Session['connection'];
  readonly #subject: string;
  readonly #turns: Turns;
  #subscription: Subscription | undefined;

  constructor({ service, connection }: Session, topics: readonly string[]) {
    this.#connection = connection;
    this.#subject = `_instances.${service}`;
    const say = (hello: Hello): void => this.#say(hello);
    this.#turns = new Turns({ topics, say, helloEvery: 1000, goneAfter: 3500 });
  }

  get id(): string {
    return this.#turns.id;
  }

  /** Hears the others and is heard by them from now on. */
  join(): void {
    this.#subscription = this.#connection.subscribe(this.#subject, {
      callback: (error, message) => {
        if (error === null) this.#turns.hear(parsed(message.string()));
      },
    });
    this.#turns.join();
  }

  leave(): void {
    this.#subscription?.unsubscribe();
    this.#turns.leave();
  }

  /** Whether a partition falls to this instance when those that consume its topic take turns. */
  isMine(topic: string, partition: number): boolean {
    return this.#turns.isMine(topic, partition);
  }

  #say(hello: Hello): void {
    if (!this.#connection.isClosed())
      this.#connection.publish(this.#subject, JSON.stringify(hello));
  }
}

/** Anybody may publish on the subject. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
