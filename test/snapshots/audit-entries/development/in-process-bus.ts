import { setTimeout as delay } from 'node:timers/promises';
import type { Delivery, EventBus } from '../src/events/bus.ts';
import type { CloudEvent } from '../src/events/event.ts';

/**
 * A bus inside this process, for development and tests: in order for each subject, and with copies
 * of what was published, as a real one would deliver. Nothing survives the process.
 */
export class InProcessBus implements EventBus {
  /** Everything that was published, oldest first. */
  readonly published: CloudEvent[] = [];
  readonly #consumers = new Map<string, (delivery: Delivery) => Promise<void>>();
  readonly #lanes = new Map<string, Promise<void>>();

  async connect(): Promise<void> {}

  async publish(events: readonly CloudEvent[]): Promise<void> {
    for (const event of events) {
      this.published.push(event);
      this.deliver({ type: event.type, body: JSON.stringify(event) }, event.subject);
    }
  }

  /** Hands a message to its consumer, if there is one, after those of the same subject before it. */
  deliver(delivery: Delivery, subject: string): void {
    const handle = this.#consumers.get(delivery.type);
    if (handle === undefined) return;
    const lane = `${delivery.type} ${subject}`;
    const former = this.#lanes.get(lane) ?? Promise.resolve();
    this.#lanes.set(
      lane,
      former.then(() => this.#untilHandled(delivery, handle)),
    );
  }

  /** A delivery that its consumer rejects comes again, until nobody consumes any more. */
  async #untilHandled(
    delivery: Delivery,
    handle: (delivery: Delivery) => Promise<void>,
  ): Promise<void> {
    while (true) {
      try {
        return await handle(delivery);
      } catch {
        if (!this.#consumers.has(delivery.type)) return;
        await delay(100);
      }
    }
  }

  async consume(
    types: readonly string[],
    handle: (delivery: Delivery) => Promise<void>,
  ): Promise<void> {
    for (const type of types) this.#consumers.set(type, handle);
  }

  async check(): Promise<void> {}

  async stopConsuming(): Promise<void> {
    this.#consumers.clear();
    await Promise.all(this.#lanes.values());
  }

  async close(): Promise<void> {}
}
