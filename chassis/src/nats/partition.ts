import { Handled } from './handled.ts';
import type { Members } from './members.ts';
import { ProgressRecord } from './progress.ts';
import { type Consuming, Reading } from './reading.ts';
import type { Layout } from './streams.ts';

/** How long a partition is its reader's after it was last said so, and how long before that it stops. */
const leaseMs = 7000;
const marginMs = 1000;
/** How long progress may wait to be written down, so that much is written at once. */
const gatherMs = 100;

/** The time in which this instance reads the partition. */
interface Tenure {
  /** When its stream was created. */
  readonly stream: string;
  readonly handled: Handled;
  readonly reading: Reading;
  /** From then on another instance may read it. */
  validUntil: number;
}

/**
 * One partition of a topic. One instance reads it at a time, the one that is written down as its owner
 * together with what is handled; it says so again all the time. When it has not for seconds, another
 * may take over, from what was written down last.
 */
export class NatsPartition {
  readonly topic: string;
  readonly #partition: number;
  readonly #consuming: Consuming;
  readonly #members: Members;
  readonly #record: ProgressRecord;
  #tenure: Tenure | undefined;
  /** The stream as it was a moment ago. */
  #layout: Layout | undefined;
  /** What was last written down by anybody, and when this instance first saw that. */
  #seen = { revision: 0, at: 0 };
  #isUnsure = false;
  #isStopping = false;
  #timer: NodeJS.Timeout | undefined;
  #stepped: Promise<void> = Promise.resolve();
  #problem: Error | undefined;

  constructor(topic: string, partition: number, consuming: Consuming, members: Members) {
    this.topic = topic;
    this.#partition = partition;
    this.#consuming = consuming;
    this.#members = members;
    this.#record = new ProgressRecord(consuming.session, topic, partition);
  }

  /** Throws while it cannot be read or written what becomes of it. */
  check(): void {
    if (this.#problem !== undefined) throw this.#problem;
  }

  /** How many of its messages the service has not handled, if this instance reads it. */
  async lag(): Promise<number> {
    return (await this.#tenure?.reading.lag()) ?? 0;
  }

  /** Hears what the stream is: one that was made anew is read from its start. */
  see(layout: Layout): void {
    this.#layout = layout;
  }

  /** Takes, keeps or leaves the partition, as it is its turn; to be called every second. */
  step(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stepped = this.#stepped.then(async () => {
      try {
        await (this.#tenure === undefined ? this.#take() : this.#keepOrLeave(this.#tenure));
        this.#problem = undefined;
      } catch (error) {
        this.#isUnsure = true;
        this.#problem = error instanceof Error ? error : new Error(String(error));
      }
    });
    return this.#stepped;
  }

  /** Takes nothing any more, and begins nothing of what it has. */
  stop(): void {
    this.#isStopping = true;
    this.#tenure?.reading.stop();
  }

  get #isMine(): boolean {
    return !this.#isStopping && this.#members.isMine(this.topic, this.#partition);
  }

  async #take(): Promise<void> {
    if (!this.#isMine) return;
    const progress = await this.#record.read();
    const { revision } = this.#record;
    if (revision !== this.#seen.revision) this.#seen = { revision, at: performance.now() };
    const isOthers = ![undefined, null, this.#members.id].includes(progress?.owner);
    if (isOthers && performance.now() - this.#seen.at < leaseMs) return;
    const { created = '', lastSequence = 0 } = this.#layout ?? {};
    const known = progress?.stream === created ? progress : { upTo: 0, beyond: [] };
    const handled = new Handled(known.upTo, known.beyond);
    const reader = {
      isSure: () => this.#isSure(tenure),
      progressed: () => {
        this.#timer ??= setTimeout(() => void this.step(), gatherMs);
      },
    };
    // One who leaves has nothing in the works any more, and says so. One who ended had nothing that came since.
    const isLeft = progress === undefined || progress.owner === null;
    const reading = new Reading(
      this.topic,
      this.#partition,
      this.#consuming,
      handled,
      reader,
      isLeft ? 0 : lastSequence,
    );
    const tenure: Tenure = { stream: created, handled, reading, validUntil: 0 };
    if (!(await this.#write(tenure, this.#members.id))) return;
    this.#tenure = tenure;
    void reading.run();
  }

  async #keepOrLeave(tenure: Tenure): Promise<void> {
    if (!this.#isSure(tenure)) return;
    if (tenure.stream !== this.#layout?.created) return this.#end(tenure);
    // What was sent before may have been written all the same.
    const owner = this.#isUnsure ? (await this.#record.read())?.owner : this.#members.id;
    if (owner !== this.#members.id) return this.#end(tenure);
    this.#isUnsure = false;
    if (!this.#isMine) tenure.reading.stop();
    // Even if it is its turn again by now: what was told to stop reads nothing more, and would keep
    // the partition from everybody. It is taken anew instead.
    const leaves = tenure.reading.isStopped && tenure.reading.isIdle;
    const isWritten = await this.#write(tenure, leaves ? null : this.#members.id);
    if (leaves || !isWritten) this.#end(tenure);
  }

  async #write(tenure: Tenure, owner: string | null): Promise<boolean> {
    const { stream, handled } = tenure;
    const sentAt = performance.now();
    const { upTo, beyond } = handled;
    const isWritten = await this.#record.write({ owner, stream, upTo, beyond });
    if (isWritten) tenure.validUntil = sentAt + leaseMs - marginMs;
    return isWritten;
  }

  /** Whether nobody else reads it. Once that is not sure, this reading is over. */
  #isSure(tenure: Tenure): boolean {
    if (this.#tenure === tenure && performance.now() > tenure.validUntil) this.#end(tenure);
    return this.#tenure === tenure;
  }

  #end(tenure: Tenure): void {
    tenure.reading.stop();
    this.#tenure = undefined;
  }
}
