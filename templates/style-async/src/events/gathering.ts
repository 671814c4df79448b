import type { Paces } from './paces.ts';

/** How many events may share a transaction, and how long that is expected to take. */
const mostTogether = 128;
const longestMs = 200;
/** What is done that soon is not spread over turns: their transactions would cost more than it. */
const quickMs = 10;
/** How long an event waits for others to join it while some are being handled. */
const gatherMs = 5;

/** An event that waits for its turn, and since when. */
export interface Waiting {
  readonly handler: { readonly type: string };
  readonly since: number;
}

/** Events that wait to share a transaction: those whose handlers have been quick and successful of late. */
export class Gathering<One extends Waiting> {
  readonly #paces: Paces;
  readonly #waiting: One[] = [];

  constructor(paces: Paces) {
    this.#paces = paces;
  }

  /** Whether an event is of a type that is quick enough to share. */
  suits({ handler }: One): boolean {
    return this.#paces.of(handler.type) <= longestMs / 2;
  }

  add(one: One): void {
    this.#waiting.push(one);
  }

  /** Milliseconds until they fill a turn or have waited for long enough; nothing when there are none. */
  dueIn(): number | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    if (this.#waiting.length >= mostTogether) return 0;
    return Math.max(0, first.since + gatherMs - performance.now());
  }

  /** Takes out those for one of so many turns: as many as are done soon, or as leave a share for each turn. */
  take(turns: number): One[] {
    const fair = Math.ceil(this.#waiting.length / turns);
    let expected = 0;
    const tooMany = this.#waiting.slice(0, mostTogether).findIndex(({ handler }, index) => {
      expected += this.#paces.of(handler.type);
      return index > 0 && expected > (index < fair ? longestMs : quickMs);
    });
    return this.#waiting.splice(0, tooMany === -1 ? mostTogether : tooMany);
  }

  /** Takes out those at the front whose type is no longer quick enough. */
  takeUnsuited(): One[] {
    const suited = this.#waiting.findIndex((one) => this.suits(one));
    return this.#waiting.splice(0, suited === -1 ? this.#waiting.length : suited);
  }

  /** Takes out all. */
  clear(): One[] {
    return this.#waiting.splice(0);
  }
}
