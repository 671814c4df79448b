import { randomUUID } from 'node:crypto';
import { type Collection, MongoServerError } from 'mongodb';

/** A document of the collection `leases`. */
export interface LeaseDocument {
  /** What is leased. */
  readonly _id: string;
  /** Changes with every holder, and with every sign of life of the same. */
  readonly token: string;
}

const durationMs = 10_000;
const signOfLifeMs = 2500;

/**
 * A lock that one instance at a time holds, and that comes free by itself when its holder is gone.
 * Clocks of different machines are never compared: the holder changes the lease's token every few
 * seconds, and another takes over when it has seen the same token for ten seconds by its own clock.
 *
 * As with every lock that can be taken away, a holder that was stopped and goes on later may still do
 * one thing beside its successor: what is done under a lease has to bear being done twice.
 */
export class Lease {
  readonly #leases: Collection<LeaseDocument>;
  readonly #name: string;
  /** The token of another holder, and when it was first seen. */
  #seen: { readonly token: string; readonly at: number } | undefined;

  constructor(leases: Collection<LeaseDocument>, name: string) {
    this.#leases = leases;
    this.#name = name;
  }

  /**
   * Runs work while this instance holds the lease.
   *
   * @param run is given a function that throws once the lease has been lost.
   * @returns what the work returned, or `undefined` when another instance holds the lease.
   */
  async tryWith<T>(run: (assertHeld: () => void) => Promise<T>): Promise<T | undefined> {
    let heldSince = performance.now();
    const acquired = await this.#acquire();
    if (acquired === undefined) return undefined;
    let token = acquired;
    const renew = async (): Promise<void> => {
      const now = performance.now();
      const next = randomUUID();
      const filter = { _id: this.#name, token };
      const { matchedCount } = await this.#leases.updateOne(filter, { $set: { token: next } });
      if (matchedCount === 0) return;
      token = next;
      heldSince = now;
    };
    // A renewal that fails is made up for by the next, or not at all: then the lease is lost.
    let renewing = Promise.resolve();
    const timer = setInterval(() => {
      renewing = renew().catch(() => undefined);
    }, signOfLifeMs);
    try {
      return await run(() => {
        const silence = performance.now() - heldSince;
        if (silence > durationMs) throw new Error(`the lease ${this.#name} was lost`);
      });
    } finally {
      clearInterval(timer);
      await renewing;
      // One that cannot be given back comes free by itself.
      await this.#leases.deleteOne({ _id: this.#name, token }).catch(() => undefined);
    }
  }

  /** @returns the token that is now ours. */
  async #acquire(): Promise<string | undefined> {
    const token = randomUUID();
    try {
      await this.#leases.insertOne({ _id: this.#name, token });
      return token;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const held = await this.#leases.findOne({ _id: this.#name });
    if (held === null) return undefined;
    if (held.token !== this.#seen?.token) {
      this.#seen = { token: held.token, at: performance.now() };
      return undefined;
    }
    if (performance.now() - this.#seen.at < durationMs) return undefined;
    const { matchedCount } = await this.#leases.updateOne(held, { $set: { token } });
    return matchedCount === 1 ? token : undefined;
  }
}

/** Whether a write was refused because a unique key is taken. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000;
}
