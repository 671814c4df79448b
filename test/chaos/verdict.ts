import { setTimeout as delay } from 'node:timers/promises';
import type { Accepted } from './load.ts';

/** What was found when everything had come to rest. All but the first six should be 0,
 * but for `unexpectedExits`, which a platform makes good. */
export interface Counts {
  readonly ordersAccepted: number;
  readonly ordersStored: number;
  readonly changesStored: number;
  readonly effects: number;
  readonly requestsRefused: number;
  readonly faults: number;
  readonly unexpectedExits: number;
  readonly acceptedButLost: number;
  readonly ordersWithoutEvent: number;
  readonly eventsWithoutOrder: number;
  readonly effectsTwice: number;
  readonly outOfOrder: number;
  readonly deadLetters: number;
}

interface Order {
  readonly id: string;
  readonly version: number;
  readonly reference: string;
}

/** Waits until every event of a stored order has had its effect, or nothing has moved for long. */
export async function untilAtRest(ordersUrl: string, inventoryUrl: string): Promise<void> {
  let [last, lastChange] = [-1, performance.now()];
  while (performance.now() - lastChange < 60_000) {
    const [orders, effects] = [await ordersIn(ordersUrl), await effectsIn(inventoryUrl)];
    const expected = orders.reduce((sum, { version }) => sum + version, 0);
    if (effects.length >= expected) return;
    if (effects.length !== last) [last, lastChange] = [effects.length, performance.now()];
    await delay(1000);
  }
}

export async function countsOf(
  ordersUrl: string,
  inventoryUrl: string,
  accepted: Accepted,
): Promise<Omit<Counts, 'faults' | 'unexpectedExits' | 'deadLetters'>> {
  const [orders, effects] = [await ordersIn(ordersUrl), await effectsIn(inventoryUrl)];
  const stored = new Map(orders.map(({ id, version }) => [id, version]));
  const expected = new Set(orders.flatMap(({ id, version }) => effectsOf(id, version)));
  const seen = new Set(effects);
  const lostOrders = [...accepted.created].filter((id) => !stored.has(id));
  const lostChanges = [...accepted.versions].filter(([id, at]) => (stored.get(id) ?? 0) < at);
  return {
    ordersAccepted: accepted.created.size,
    ordersStored: orders.length,
    changesStored: orders.reduce((sum, { version }) => sum + version - 1, 0),
    effects: effects.length,
    requestsRefused: accepted.refused,
    acceptedButLost: lostOrders.length + lostChanges.length,
    ordersWithoutEvent: [...expected].filter((effect) => !seen.has(effect)).length,
    eventsWithoutOrder: [...seen].filter((effect) => !expected.has(effect)).length,
    effectsTwice: effects.length - seen.size,
    outOfOrder: outOfOrder(effects),
  };
}

/** What an order of that version has made the inventory write, once each. */
function effectsOf(id: string, version: number): string[] {
  const changes = Array.from({ length: version - 1 }, (_, index) => `${id}:${index + 2}`);
  return [id, ...changes];
}

/** How many changes took effect after a later one of the same order. */
function outOfOrder(effects: readonly string[]): number {
  const versions = new Map<string, number>();
  let count = 0;
  for (const effect of effects) {
    const [id = '', version] = effect.split(':');
    if (version === undefined) continue;
    if (Number(version) < (versions.get(id) ?? 0)) count += 1;
    versions.set(id, Number(version));
  }
  return count;
}

function ordersIn(url: string): Promise<Order[]> {
  return everythingIn(url);
}

async function effectsIn(url: string): Promise<string[]> {
  return (await everythingIn(url)).map(({ reference }) => reference);
}

/** Reads a service's whole list, which is in the order of creation, page by page. */
async function everythingIn(url: string): Promise<Order[]> {
  const all: Order[] = [];
  let after: string | null = null;
  do {
    const answer = await fetch(`${url}?limit=100${after === null ? '' : `&after=${after}`}`);
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    const page = parsePage(await answer.text());
    all.push(...page.items);
    after = page.next;
  } while (after !== null);
  return all;
}

function parsePage(text: string): { items: Order[]; next: string | null } {
  return JSON.parse(text);
}
