import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '../support/instance.ts';

/** What the orders service has accepted: it answered 201. */
export interface Accepted {
  /** Ids of orders. */
  readonly created: Set<string>;
  /** The highest version of each that was confirmed. */
  readonly versions: Map<string, number>;
  /** Requests without an answer, or with another one: nobody was promised anything. */
  refused: number;
}

const workers = 16;
/** Every so manieth order is changed three times, so that there are events whose order shows. */
const changedEvery = 4;
const patienceMs = 6000;

/** Callers of the orders service, who come evenly over time and ask whoever of its instances serves. */
export class Load {
  readonly accepted: Accepted = { created: new Set(), versions: new Map(), refused: 0 };
  /** Instances that a balancer would not ask. */
  readonly away = new Set<Instance>();
  readonly #instances: readonly Instance[];
  readonly #next: () => number;
  /** How many callers have left before they had an answer. */
  left = 0;
  /** Whether callers leave after a moment, whatever becomes of their request. */
  isLeaving = false;
  #inFlight = 0;
  #isPaused = false;

  constructor(instances: readonly Instance[], next: () => number) {
    this.#instances = instances;
    this.#next = next;
  }

  /** Places so many orders, evenly over so many seconds, and goes on at that pace for as long as `goOn` says. */
  async run(orders: number, seconds: number, goOn: () => boolean): Promise<void> {
    const started = performance.now();
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < orders || goOn()) {
        const number = next;
        next += 1;
        const due = started + (number / orders) * seconds * 1000;
        await delay(Math.max(0, due - performance.now()));
        while (this.#isPaused) await delay(20);
        this.#inFlight += 1;
        await this.#placeOrder(number).finally(() => {
          this.#inFlight -= 1;
        });
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
  }

  /** Nobody asks until `resume`; resolves when those who have are answered. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    while (this.#inFlight > 0) await delay(20);
  }

  resume(): void {
    this.#isPaused = false;
  }

  /** Changes an order; whether that was promised. */
  async change(id: string, paddingBytes = 0): Promise<boolean> {
    const answer = await this.#post(`/orders/${id}/changes?padding=${paddingBytes}`);
    if (typeof answer?.version !== 'number') {
      this.accepted.refused += 1;
      return false;
    }
    const known = this.accepted.versions.get(id) ?? 0;
    this.accepted.versions.set(id, Math.max(known, answer.version));
    return true;
  }

  /** Places an order; its id, if it was promised. */
  async create(reference: string): Promise<string | undefined> {
    const order = await this.#post('/orders', { reference });
    if (typeof order?.id !== 'string') {
      this.accepted.refused += 1;
      return undefined;
    }
    this.accepted.created.add(order.id);
    return order.id;
  }

  async #placeOrder(number: number): Promise<void> {
    const id = await this.create(`order ${number}`);
    if (id === undefined || number % changedEvery !== 0) return;
    for (let change = 0; change < 3; change += 1) await this.change(id);
  }

  async #post(path: string, body?: object): Promise<Record<string, unknown> | undefined> {
    const serving = this.#instances.filter((instance) => !this.away.has(instance));
    const instance = serving[Math.floor(this.#next() * serving.length)];
    const leaves = this.isLeaving;
    try {
      const answer = await fetch(`${instance?.url}${path}`, {
        method: 'POST',
        signal: AbortSignal.timeout(leaves ? Math.ceil(this.#next() * 30) : patienceMs),
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await answer.text();
      return answer.status === 201 ? JSON.parse(text) : undefined;
    } catch (error) {
      if (leaves && error instanceof DOMException) this.left += 1;
      return undefined;
    }
  }
}
