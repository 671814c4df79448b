/** How many bytes of messages are held at once, of all queues together, apart from one message. */
const mostBytes = 33_554_432;
/** What a message takes up besides its body. */
const bytesBeside = 1024;
/** How large a message is taken to be before any has come. */
const usualBytes = 4096;
/** The most that is asked for of one queue: the more, the longer one key's may wait beside others'. */
const mostOfQueue = 1000;

/**
 * Bounds what is held of all queues by its bytes. The server counts messages only, so it is asked for so
 * many that they fit, as large as the largest that came; when they do not fit all the same, a queue is left
 * until there is room, which puts its messages back.
 */
export class Held {
  readonly #queues: number;
  readonly #room: (() => void)[] = [];
  #bytes = 0;
  #largest = usualBytes;

  /** @param queues how many there are. */
  constructor(queues: number) {
    this.#queues = queues;
  }

  /** How many messages of one queue are asked for. */
  get prefetch(): number {
    const fit = Math.floor(mostBytes / this.#queues / (this.#largest + bytesBeside));
    return Math.min(Math.max(fit, 1), mostOfQueue);
  }

  get isFull(): boolean {
    return this.#bytes >= mostBytes;
  }

  /** Resolves when there is room for more. */
  async room(): Promise<void> {
    while (this.isFull) await new Promise<void>((resolve) => this.#room.push(resolve));
  }

  /** A message of so many bytes came. */
  add(bytes: number): void {
    this.#bytes += bytes + bytesBeside;
    this.#largest = Math.max(this.#largest, bytes);
  }

  /** It is not held any more. */
  remove(bytes: number): void {
    this.#bytes -= bytes + bytesBeside;
    if (!this.isFull) for (const resolve of this.#room.splice(0)) resolve();
  }
}
