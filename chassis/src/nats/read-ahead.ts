/** How many messages of a partition are asked for before they can be handled: enough for a slow link. */
const mostMessages = 100;
/** The next one at least comes while one is handled. */
const fewestMessages = 2;
/** How many bytes of a partition may lie here unhandled; an instance may read a dozen of them. */
const mostBytes = 2 * 1024 * 1024;
/** How much of the size of a large message is still expected at the next, so that it is forgotten slowly. */
const remembered = 0.98;

/** How many messages are asked for ahead, by the sizes of those that came. */
export class ReadAhead {
  #bytes: number;

  /** @param bytes the size that messages are expected to have. */
  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  get messages(): number {
    const fitting = Math.floor(mostBytes / Math.max(this.#bytes, 1));
    return Math.min(Math.max(fitting, fewestMessages), mostMessages);
  }

  /** A message of that size came. */
  saw(bytes: number): void {
    this.#bytes = Math.max(bytes, this.#bytes * remembered);
  }

  /** Whether so many messages, which were asked for, are by far too many or too few by now. */
  isFarFrom(asked: number): boolean {
    return asked > 2 * this.messages || 2 * asked < this.messages;
  }
}
