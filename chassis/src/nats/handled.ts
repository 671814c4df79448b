/** How far handling may run ahead of a message that is not handled: all of that is written down. */
export const mostAhead = 1000;

/** Keeps of one partition what is handled: all up to some message, and some beyond it. */
export class Handled {
  #upTo: number;
  readonly #beyond: Set<number>;
  /** Those that were read, in their order, from the first one that is not handled on. */
  readonly #read: number[] = [];
  #open = 0;
  #room = Promise.withResolvers<void>();

  constructor(upTo: number, beyond: readonly number[]) {
    this.#upTo = upTo;
    this.#beyond = new Set(beyond);
  }

  get upTo(): number {
    return this.#upTo;
  }

  get beyond(): number[] {
    return [...this.#beyond].filter((sequence) => sequence > this.#upTo);
  }

  /** How many were read and are not handled. */
  get open(): number {
    return this.#open;
  }

  /** A message was read. Returns whether it is to be handled. */
  begin(sequence: number): boolean {
    if (sequence <= this.#upTo) return false;
    this.#read.push(sequence);
    if (this.#beyond.has(sequence)) {
      this.#advance();
      return false;
    }
    this.#open += 1;
    return true;
  }

  end(sequence: number): void {
    this.#open -= 1;
    this.#beyond.add(sequence);
    this.#advance();
  }

  /** Resolves when more may be read: a message that is not handled holds up only what is far beyond it. */
  async room(): Promise<void> {
    while (this.#read.length >= mostAhead) await this.#room.promise;
  }

  #advance(): void {
    let first = this.#read[0];
    while (first !== undefined && this.#beyond.delete(first)) {
      this.#upTo = first;
      this.#read.shift();
      first = this.#read[0];
    }
    this.#room.resolve();
    this.#room = Promise.withResolvers<void>();
  }
}
