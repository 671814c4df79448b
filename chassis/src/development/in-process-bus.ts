import { setTimeout as delay } from 'node:timers/promises';
import {
  type EventBus,
  Lanes,
  type Message,
  type Outcome,
  Outcomes,
  type Topics,
} from '../events/index.ts';
import type { DeadLetterFolder } from './dead-letter-folder.ts';

type Handle = (message: Message) => Promise<void>;

/**
 * A bus inside this process, for development and tests: in order for each key, and with copies of
 * what was published, as a real one would deliver. Nothing survives the process but dead letters,
 * when it is given a folder for them.
 */
export class InProcessBus implements EventBus {
  /** That of Kafka, with all defaults. */
  readonly maxMessageBytes = 1_048_588;
  /** Everything that was published, oldest first. */
  readonly published: Message[] = [];
  readonly #folder: DeadLetterFolder | undefined;
  readonly #letters = new Map<string, Message>();
  readonly #consumers = new Map<string, Handle>();
  readonly #lanes = new Lanes(256);
  readonly #waiting = new Map<string, number>();
  #deadLetters = '';

  constructor(folder?: DeadLetterFolder) {
    this.#folder = folder;
  }

  async connect({ deadLetters }: Topics): Promise<void> {
    this.#deadLetters = deadLetters;
    this.#folder?.watch(async (message) => void (await this.publish([message])));
  }

  async missing(_topics: readonly string[]): Promise<readonly string[]> {
    return [];
  }

  async publish(messages: readonly Message[]): Promise<readonly Outcome[]> {
    const outcomes = new Outcomes();
    for (const message of outcomes.sendable(messages, this.maxMessageBytes)) {
      this.published.push(message);
      if (message.topic === this.#deadLetters) await this.#keep(message);
      else this.#deliver({ ...message });
    }
    return outcomes.of(messages);
  }

  async #keep(letter: Message): Promise<void> {
    if (this.#folder === undefined) this.#letters.set(letter.key, letter);
    else await this.#folder.keep(letter);
  }

  #deliver(message: Message): void {
    const handle = this.#consumers.get(message.topic);
    if (handle === undefined) return;
    this.#count(message.topic, 1);
    void this.#lanes.add(message.key, message.body.length, async () => {
      await this.#untilHandled(message, handle);
      this.#count(message.topic, -1);
    });
  }

  #count(topic: string, change: number): void {
    this.#waiting.set(topic, (this.#waiting.get(topic) ?? 0) + change);
  }

  /** A message that its consumer rejects comes again, until nobody consumes any more. */
  async #untilHandled(message: Message, handle: Handle): Promise<void> {
    while (true) {
      try {
        return await handle(message);
      } catch {
        if (!this.#consumers.has(message.topic)) return;
        await delay(100);
      }
    }
  }

  async consume(topics: readonly string[], handle: Handle): Promise<void> {
    for (const topic of topics) this.#consumers.set(topic, handle);
  }

  async check(): Promise<void> {}

  async lag(): Promise<ReadonlyMap<string, number>> {
    return this.#waiting;
  }

  async *readDeadLetters(): AsyncGenerator<Message> {
    yield* this.#folder?.readDeadLetters() ?? this.#letters.values();
  }

  async removeDeadLetter(topic: string, key: string): Promise<void> {
    this.#letters.delete(key);
    await this.#folder?.removeDeadLetter(topic, key);
  }

  async stopConsuming(): Promise<void> {
    this.#consumers.clear();
    await this.#lanes.idle();
  }

  async close(): Promise<void> {
    this.#folder?.close();
  }
}
