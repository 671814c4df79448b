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

/**
 * Places so many orders, evenly over so many seconds, with whoever of the instances answers, and goes
 * on at that pace for as long as `goOn` says.
 */
export async function placeOrders(
  instances: readonly Instance[],
  orders: number,
  seconds: number,
  goOn: () => boolean,
): Promise<Accepted> {
  const accepted: Accepted = { created: new Set(), versions: new Map(), refused: 0 };
  const started = performance.now();
  let next = 0;
  async function work(): Promise<void> {
    while (next < orders || goOn()) {
      const number = next;
      next += 1;
      const due = started + (number / orders) * seconds * 1000;
      await delay(Math.max(0, due - performance.now()));
      const instance = instances[number % instances.length];
      if (instance !== undefined) await placeOrder(instance, number, accepted);
    }
  }
  await Promise.all(Array.from({ length: workers }, work));
  return accepted;
}

async function placeOrder({ url }: Instance, number: number, accepted: Accepted): Promise<void> {
  const order = await post(`${url}/orders`, { reference: `order ${number}` });
  if (typeof order?.id !== 'string') {
    accepted.refused += 1;
    return;
  }
  accepted.created.add(order.id);
  if (number % changedEvery !== 0) return;
  for (let change = 0; change < 3; change += 1) {
    const changed = await post(`${url}/orders/${order.id}/changes`);
    if (typeof changed?.version === 'number') accepted.versions.set(order.id, changed.version);
    else accepted.refused += 1;
  }
}

async function post(url: string, body?: object): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      signal: AbortSignal.timeout(20_000),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    return answer.status === 201 ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
