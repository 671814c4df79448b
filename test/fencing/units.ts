import type { Subject } from '../stores/subject.ts';

/** Why a unit of work of a request is given up. */
export const kinds = ['sibling', 'abort', 'deadline', 'gone', 'limit', 'killed'] as const;
export type Kind = (typeof kinds)[number];

/** A unit of work, and when it is given up, in milliseconds. */
export interface Unit {
  readonly name: string;
  readonly after: number;
}

/** How many requests are made at once: more than there are connections. */
const workers = 16;

/** Begins a unit of work that is given up for that reason; resolves when that is answered, if it is. */
export async function giveUp(kind: Kind, subject: Subject, unit: Unit, orders: number) {
  const after = Math.round(unit.after);
  const query = new URLSearchParams({ name: unit.name, orders: String(orders) });
  if (kind === 'sibling' || kind === 'abort') query.set(kind, String(after));
  const options: RequestInit = { method: 'POST' };
  if (kind === 'deadline') options.headers = { 'x-request-timeout-ms': String(after) };
  if (kind === 'gone') options.signal = AbortSignal.timeout(after);
  const answer = await fetch(`${subject.service.url}/units?${query}`, options).catch(
    () => undefined,
  );
  await answer?.arrayBuffer().catch(() => undefined);
}

/** Runs something for each, several at once. */
export async function forEach<One>(
  all: readonly One[],
  run: (one: One) => Promise<void>,
): Promise<void> {
  const left = all.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const one of left) await run(one);
    }),
  );
}

/** How long a unit of work takes that nobody gives up, in milliseconds, while others run beside it. */
export async function typicalMs(subject: Subject, names: readonly string[], orders: number) {
  const taken: number[] = [];
  await forEach(names, async (name) => {
    const start = performance.now();
    await giveUp('killed', subject, { name, after: 0 }, orders);
    taken.push(performance.now() - start);
  });
  return taken.toSorted((a, b) => a - b)[Math.floor(taken.length / 2)] ?? 0;
}

/** What became of each unit of work, as the service itself knows it. */
export async function endingsIn(subject: Subject): Promise<Record<string, string>> {
  return JSON.parse((await subject.send('GET', '/units')).text);
}
