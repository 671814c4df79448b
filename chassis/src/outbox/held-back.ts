import type { Message } from '../events/index.ts';

/** Topics and aggregates whose events wait for now. */
export interface HeldBack {
  readonly topics: readonly string[];
  /** Those of one topic, as `orderOf` names them. */
  readonly aggregates: readonly string[];
  /** Whether an event, which is given as JSON, is among them. */
  holds(text: string): boolean;
}

/** Names what keeps its order: the events of one aggregate and topic. */
export function orderOf({ topic, key }: Pick<Message, 'topic' | 'key'>): string {
  return JSON.stringify([topic, key]);
}

interface Hold {
  readonly failures: number;
  /** By `performance.now()`. */
  readonly until: number;
}

const firstPauseMs = 500;
const longestPauseMs = 60_000;

/**
 * Remembers who has failed, and holds their events back for a while: half a second, and twice as long
 * after each further failure, a minute at most. It ends when the bus takes one of their events.
 */
export class Holds {
  readonly #holds = new Map<string, Hold>();

  /** Notes a failure, and returns how many there have been, and how long the pause is. */
  extend(name: string): { failures: number; pauseMs: number } {
    const failures = (this.#holds.get(name)?.failures ?? 0) + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));
    this.#holds.set(name, { failures, until: performance.now() + pauseMs });
    return { failures, pauseMs };
  }

  has(name: string): boolean {
    return this.#holds.has(name);
  }

  end(name: string): void {
    this.#holds.delete(name);
  }

  /** Those that wait now; the others may be tried again. */
  current(): string[] {
    const now = performance.now();
    return [...this.#holds].filter(([, { until }]) => until > now).map(([name]) => name);
  }

  get size(): number {
    return this.#holds.size;
  }

  /** How long it takes, in milliseconds, until the next of them may be tried again. */
  dueIn(): number {
    const now = performance.now();
    const waits = [...this.#holds.values()].map(({ until }) => until - now);
    return Math.min(...waits.filter((wait) => wait > 0));
  }
}
