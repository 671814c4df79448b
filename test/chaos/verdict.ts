import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from './databases.ts';
import type { Accepted } from './load.ts';
import type { RunningSystem, RunningSystemPart } from './system.ts';

/** What was found when everything had come to rest. */
export interface Counts {
  readonly ordersAccepted: number;
  readonly ordersStored: number;
  readonly changesStored: number;
  readonly effects: number;
  readonly requestsRefused: number;
  readonly faults: number;
  /** Instances that ended by themselves, which a platform makes good. */
  readonly unexpectedExits: number;
  readonly wrong: Wrong;
}

/** What breaks a promise: all should be 0. */
interface Wrong {
  /** Orders and changes that were answered with 201 and are not there. */
  readonly acceptedButLost: number;
  /** Changes that committed and whose event had no effect. */
  readonly lostEvents: number;
  /** Effects of events that say what was never committed. */
  readonly phantoms: number;
  readonly doubledEffects: number;
  readonly outOfOrder: number;
  readonly deadLetters: number;
  readonly leftInOutboxes: number;
}

/** What both databases hold. Rows are in the order in which they were written. */
interface Holdings {
  readonly orders: readonly Row[];
  /** In `inventory`, one for each event of an order. */
  readonly effects: readonly Row[];
  /** In `orders`, one for each event of an effect. */
  readonly echoes: readonly Row[];
  readonly leftInOutboxes: number;
}

/** How the reference begins of what a fault has asked a service to create, to see whether it can. */
export const probeMark = 'probe ';

/** How an echo's reference begins, in `services/orders`. */
const echoMark = 'echo ';

async function holdingsOf({ orders, inventory }: RunningSystem): Promise<Holdings> {
  const [known, outbox] = await rowsAndOutbox(orders);
  const [effects, otherOutbox] = await rowsAndOutbox(inventory);
  const isEcho = ({ reference }: Row): boolean => String(reference).startsWith(echoMark);
  return {
    orders: known.filter((row) => !isEcho(row)),
    effects,
    echoes: known.filter(isEcho),
    leftInOutboxes: outbox + otherOutbox,
  };
}

async function rowsAndOutbox({ name, dialect, open }: RunningSystemPart) {
  const session = await open();
  try {
    const columns = 'id, reference, version, written_at';
    const rows = `select ${columns} from ${dialect.quoted(name)} order by written`;
    const [left] = await session.query(`select count(*) as count from ${dialect.quoted('outbox')}`);
    return [await session.query(rows), Number(left?.count)] as const;
  } finally {
    await session.end();
  }
}

/**
 * Waits until every event has had its effect, or nothing has moved for that long.
 *
 * @returns whether every event has had its effect.
 */
export async function untilAtRest(system: RunningSystem, patienceMs: number): Promise<boolean> {
  let [last, lastChange] = ['', performance.now()];
  while (performance.now() - lastChange < patienceMs) {
    const { orders, effects, echoes, leftInOutboxes } = await holdingsOf(system);
    const probes = effects.filter(isProbe).length;
    const expected = orders.reduce((sum, { version }) => sum + 2 * Number(version), probes);
    const isDone = effects.length >= expected && echoes.length >= effects.length;
    if (isDone && leftInOutboxes === 0) return true;
    const now = `${expected} ${effects.length} ${echoes.length} ${leftInOutboxes}`;
    if (now !== last) [last, lastChange] = [now, performance.now()];
    await delay(300);
  }
  return false;
}

export async function countsOf(system: RunningSystem, accepted: Accepted) {
  const { orders, effects, echoes, leftInOutboxes } = await holdingsOf(system);
  const stored = new Map(orders.map(({ id, version }) => [String(id), Number(version)]));
  const expected = [...stored].flatMap(([id, version]) => effectsOf(id, version));
  const ofEvents = effects.filter((row) => !isProbe(row));
  const seen = ofEvents.map(({ reference }) => String(reference));
  const expectedEchoes = effects.map(({ id }) => `${echoMark}${id}`);
  const seenEchoes = echoes.map(({ reference }) => String(reference));
  const [lost, lostEchoes] = [missing(expected, seen), missing(expectedEchoes, seenEchoes)];
  const [ghosts, ghostEchoes] = [missing(seen, expected), missing(seenEchoes, expectedEchoes)];
  const doubled = [...repeated(seen), ...repeated(seenEchoes)];
  const times = timesOf([...orders, ...effects, ...echoes]);
  const lostOrders = [...accepted.created].filter((id) => !stored.has(id));
  const lostChanges = [...accepted.versions].filter(([id, at]) => (stored.get(id) ?? 0) < at);
  return {
    ordersAccepted: accepted.created.size,
    ordersStored: orders.length,
    changesStored: orders.reduce((sum, { version }) => sum + Number(version) - 1, 0),
    effects: effects.length + echoes.length,
    requestsRefused: accepted.refused,
    details: [
      ...[...lost, ...lostEchoes].map((reference) => `without effect: ${times(reference)}`),
      ...[...ghosts, ...ghostEchoes].map((reference) => `of nothing: ${times(reference)}`),
      ...doubled.map((reference) => `again: ${times(reference)}`),
    ],
    wrong: {
      acceptedButLost: lostOrders.length + lostChanges.length,
      lostEvents: lost.length + lostEchoes.length,
      phantoms: ghosts.length + ghostEchoes.length,
      doubledEffects: doubled.length,
      outOfOrder: outOfOrder(seen),
      leftInOutboxes,
    },
  };
}

function isProbe({ reference }: Row): boolean {
  return String(reference).startsWith(probeMark);
}

/** Says of a reference, or of the id in it, when its rows were written. */
function timesOf(rows: readonly Row[]): (reference: string) => string {
  const times = new Map<string, Set<string>>();
  for (const { reference, id, written_at: at } of rows)
    for (const name of [String(reference), String(id)]) {
      const known = times.get(name) ?? new Set();
      times.set(name, known.add(at instanceof Date ? at.toISOString() : String(at)));
    }
  return (reference) => {
    const id = reference.replace(echoMark, '').split(':')[0] ?? '';
    const written = [...(times.get(reference) ?? []), ...(times.get(id) ?? [])];
    return `${reference}, written ${[...new Set(written)].join(', ') || 'nowhere'}`;
  };
}

/** Those of some that are not among the others. */
function missing(some: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return [...new Set(some.filter((one) => !known.has(one)))];
}

function repeated(some: readonly string[]): string[] {
  const known = new Set<string>();
  return some.filter((one) => known.size === known.add(one).size);
}

/** What an order of that version has made the inventory write, once each. */
function effectsOf(id: string, version: number): string[] {
  const changes = Array.from({ length: version - 1 }, (_, index) => `${id}:${index + 2}`);
  return [id, `${id}::second`, ...changes.flatMap((change) => [change, `${change}:second`])];
}

/** How many changes took effect after a later one of the same order. */
function outOfOrder(effects: readonly string[]): number {
  const versions = new Map<string, number>();
  let count = 0;
  for (const effect of effects) {
    const [id = '', version] = effect.split(':');
    if (version === undefined || version === '') continue;
    if (Number(version) < (versions.get(id) ?? 0)) count += 1;
    versions.set(id, Number(version));
  }
  return count;
}
