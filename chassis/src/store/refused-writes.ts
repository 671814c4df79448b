import { kindOf } from './database-error.ts';
import type { FailureKind } from './failure.ts';

/** Milliseconds for which a refused write is taken for the database's state; probes come more often. */
const rememberedMs = 5000;

/**
 * Remembers that the database refused a write, as with a full disk: no question that writes nothing
 * can find that out.
 */
export class RefusedWrites {
  readonly #kinds: readonly (FailureKind | undefined)[];
  #last: { readonly why: unknown; readonly at: number } | undefined;

  /** @param kinds of failure that are remembered. */
  constructor(...kinds: readonly FailureKind[]) {
    this.#kinds = kinds;
  }

  /** @param kind of the error, where it is not one of `DatabaseError`. */
  note(error: unknown, kind: FailureKind | undefined = kindOf(error)): void {
    if (this.#kinds.includes(kind)) this.#last = { why: error, at: performance.now() };
  }

  /** Throws what a write was refused with a moment ago. */
  check(): void {
    if (this.#last === undefined) return;
    if (performance.now() - this.#last.at < rememberedMs) throw this.#last.why;
    this.#last = undefined;
  }
}
