import { setTimeout as delay } from 'node:timers/promises';
import { Consumer, type MessagesStream } from '@platformatic/kafka';
import type { FastifyBaseLogger } from 'fastify';
import { Lanes, type Message } from '../events/index.ts';
import { withTimeout } from '../resilience/index.ts';
import { Commits } from './commits.ts';
import type { KafkaClient } from './config.ts';
import { Doubts } from './doubts.ts';
import { messageFrom, withBytes } from './message.ts';
import { Offsets } from './offsets.ts';
import { TopicWatch } from './topic-watch.ts';

type ReadingConsumer = Consumer<string, Buffer, string, string>;
type ReadingStream = MessagesStream<string, Buffer, string, string>;

/** A member of the group, what it reads, and what of that is in the works. */
interface OpenStream {
  readonly consumer: ReadingConsumer;
  readonly stream: ReadingStream;
  readonly lanes: Lanes;
  readonly offsets: Offsets;
  readonly commits: Commits;
  readonly doubts: Doubts;
  readonly watch: TopicWatch;
  readonly topics: readonly string[];
}

/** What is to be consumed, and how. */
export interface Consumption {
  /** The name of the service, which is that of its consumer group. */
  readonly service: string;
  readonly cluster: KafkaClient;
  readonly inTheWorks: number;
  readonly log: FastifyBaseLogger;
  readonly topics: readonly string[];
  /** Creates topics that are not there, if that is allowed. */
  createMissing(): Promise<void>;
  /** Which of some topics are not there. */
  missing(topics: readonly string[]): Promise<readonly string[]>;
  handle(message: Message): Promise<void>;
}

const pauseMs = 1000;
/** How long joining the group and leaving it may take; neither is sure to end when the broker dies meanwhile. */
const joinMs = 60_000;
const leaveMs = 5000;
/**
 * What is fetched at once, and of how many messages more is fetched while they are not yet handed out:
 * enough to be busy, and with messages of a megabyte still less than 32 MiB.
 */
const fetchBytes = 4_194_304;
const bufferedMessages = 16;
/** How long a stream that ends waits for its last commits. */
const lastCommitMs = 3000;

/**
 * Reads as a member of the service's consumer group. Keys are handled side by side, each in order; an
 * offset is committed only after every event up to it was handled. Whatever breaks the stream (a
 * broker that goes away, an event that has to come again) has it opened again from the last commit.
 */
export class KafkaConsumer {
  readonly #consumption: Consumption;
  #topics: readonly string[];
  readonly #stopping = new AbortController();
  #opened: OpenStream | undefined;
  #running: Promise<void> = Promise.resolve();
  #problem: Error | undefined;

  constructor(consumption: Consumption) {
    this.#consumption = consumption;
    this.#topics = consumption.topics;
  }

  /** Joins the group. Rejects when that fails; afterwards it keeps itself running. */
  async start(): Promise<void> {
    await this.#open();
    this.#running = this.#run();
  }

  /** Consumes more topics, for which it joins the group again. */
  add(topics: readonly string[]): void {
    this.#topics = [...this.#topics, ...topics];
    this.#opened?.stream.destroy(new Error('there are more topics'));
  }

  /** Throws while the stream is broken. */
  check(): void {
    if (this.#problem !== undefined) throw this.#problem;
  }

  /** How many messages of each topic lie after the group's last commits, in this member's partitions. */
  async lag(): Promise<ReadonlyMap<string, number>> {
    const lag = await this.#opened?.consumer.getLag({ topics: [...this.#opened.topics] });
    const sum = (offsets: readonly bigint[]): number =>
      offsets.reduce((total, offset) => total + Math.max(0, Number(offset)), 0);
    return new Map([...(lag ?? [])].map(([topic, offsets]) => [topic, sum(offsets)]));
  }

  /** Takes no more events, waits for those that are being handled, and leaves the group. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // Before the stream is closed: one that is closed commits nothing any more.
    await this.#drain();
    await this.#opened?.stream.close().catch(() => undefined);
    await this.#running;
  }

  async #open(): Promise<void> {
    const { service, cluster, inTheWorks, log, createMissing, missing } = this.#consumption;
    await createMissing();
    const wanted = this.#topics;
    // Another service's may have been lost since it was first there.
    const lost = await withTimeout(joinMs, () => missing(wanted));
    const topics = wanted.filter((topic) => !lost.includes(topic));
    const consumer: ReadingConsumer = new Consumer({
      groupId: service,
      ...cluster,
      deserializers: withBytes,
      connectTimeout: 3000,
      retries: 3,
      autocommit: false,
      sessionTimeout: 10_000,
      rebalanceTimeout: 10_000,
      heartbeatInterval: 2000,
    });
    // What goes wrong between two messages, such as joining again while the broker is away.
    consumer.on('error', (error: Error) => {
      if (this.#opened?.consumer === consumer) this.#opened.stream.destroy(error);
    });
    const doubts = new Doubts(inTheWorks, () => consumer.listOffsets({ topics: [...topics] }));
    const isFound = async () => (await missing(lost)).length < lost.length;
    const watch = new TopicWatch(consumer, topics, createMissing, isFound);
    // Not knowing where partitions end is having more doubts than need be.
    consumer.on('consumer:group:join', () => void doubts.begin().catch(() => undefined));
    try {
      const options = {
        topics: [...topics],
        mode: 'committed' as const,
        fallbackMode: 'earliest' as const,
        maxBytes: fetchBytes,
        highWaterMark: bufferedMessages,
      };
      // Before joining: what changes meanwhile is then a change.
      await watch.start((error) => {
        if (this.#opened?.consumer === consumer) this.#opened.stream.destroy(error);
      });
      const stream = await withTimeout(joinMs, () => consumer.consume(options));
      const lanes = new Lanes(inTheWorks);
      const commits = new Commits(log);
      this.#opened = {
        consumer,
        stream,
        lanes,
        offsets: new Offsets(),
        commits,
        doubts,
        watch,
        topics,
      };
      this.#problem = undefined;
      // Added while the group was joined without them.
      if (this.#topics !== wanted) stream.destroy(new Error('there are more topics'));
    } catch (error) {
      watch.stop();
      await closed(consumer);
      throw error;
    }
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        if (this.#opened === undefined) await this.#open();
        await this.#read();
      } catch (error) {
        if (this.#stopping.signal.aborted) break;
        this.#problem = error instanceof Error ? error : new Error(String(error));
        this.#consumption.log.warn({ err: error }, 'the event stream broke; opening it again');
        await delay(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
      await this.#leave();
    }
    await this.#leave();
  }

  async #leave(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    opened.watch.stop();
    await withTimeout(leaveMs, () => opened.watch.startAnew()).catch(() => undefined);
    await closed(opened.consumer);
  }

  /** Handles what the stream brings until it ends or an event has to come again. */
  async #read(): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    const { stream, lanes, offsets, commits, doubts } = opened;
    let failure: unknown;
    try {
      for await (const message of stream) {
        const entry = offsets.begin(message);
        const redelivered = doubts.about(message);
        await lanes.add(message.key, message.value?.length ?? 0, async () => {
          // What comes after a failure comes again as well, in its order.
          if (failure !== undefined || this.#stopping.signal.aborted) return;
          try {
            await this.#consumption.handle({ ...messageFrom(message), redelivered });
            const last = offsets.end(entry);
            if (last !== undefined) commits.add(last);
          } catch (error) {
            failure ??= error;
            // Do not wait for the next message: nothing may come. A stream that is to be stopped is
            // let be: it has commits to make.
            if (!this.#stopping.signal.aborted) stream.destroy();
          }
        });
      }
    } finally {
      await this.#drain();
    }
    if (failure !== undefined) throw failure;
    if (!this.#stopping.signal.aborted) throw new Error('the event stream ended');
  }

  /** Waits for what is being handled, and a while for its commits. */
  async #drain(): Promise<void> {
    if (this.#opened === undefined) return;
    const { lanes, commits } = this.#opened;
    await lanes.idle();
    await Promise.race([commits.send(), delay(lastCommitMs, undefined, { ref: false })]);
  }
}

/** Leaves the group, as far as the broker lets it: a client that waits for one that is gone is left behind. */
async function closed(consumer: ReadingConsumer): Promise<void> {
  await withTimeout(leaveMs, () => consumer.close(true)).catch(() => undefined);
}
