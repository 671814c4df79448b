import {
  defaultPartitioner,
  MultipleErrors,
  Producer,
  ProtocolError,
  ResponseError,
  stringSerializers,
} from '@platformatic/kafka';
import {
  bodyBytes,
  type Message,
  type Outcome,
  Outcomes,
  RefusedMessageError,
} from '../events/index.ts';
import type { KafkaClient } from './config.ts';

/** What the broker says of each partition that was written to; 0 is no error. */
interface ProduceResponse {
  readonly responses: readonly {
    readonly partitionResponses: readonly { readonly index: number; readonly errorCode: number }[];
  }[];
}

/** A broker that is slow to confirm has its time: what is sent again meanwhile is there twice. */
const confirmMs = 30_000;
/** How long of that the broker may wait for its replicas. */
const replicateMs = 25_000;

/** Errors that are the message's own, when it is alone. */
const refusals = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD'];

/**
 * Publishes, and finds out of what was refused which messages were.
 *
 * The producer is not an idempotent one: what a relay sends again, after it was replaced or restarted, is new
 * to the broker either way. An aggregate's next events are sent when those before are confirmed, so that
 * a copy that comes late comes behind its original: whoever handles each id once sees them in order.
 */
export class KafkaPublisher {
  readonly #producer: Producer<string, Buffer, string, string>;

  constructor(cluster: KafkaClient) {
    this.#producer = new Producer({
      ...cluster,
      connectTimeout: 3000,
      requestTimeout: confirmMs,
      timeout: replicateMs,
      retries: 3,
      retryDelay: 200,
      acks: -1,
      serializers: { ...stringSerializers, value: (bytes) => bytes },
    });
  }

  /** Each topic by itself, so that one that is missing or forbidden takes no other with it. */
  async publish(
    messages: readonly Message[],
    maxMessageBytes: number,
  ): Promise<readonly Outcome[]> {
    const outcomes = new Outcomes();
    const sendable = outcomes.sendable(messages, maxMessageBytes);
    const topics = Map.groupBy(sendable, ({ topic }) => topic);
    await Promise.all(
      [...topics].map(([topic, ofTopic]) => this.#publishTo(topic, ofTopic, outcomes)),
    );
    return outcomes.of(messages);
  }

  /** Puts an end to what a compacted topic says of a key. */
  async remove(topic: string, key: string): Promise<void> {
    await this.#producer.send({ messages: [{ topic, key }] });
  }

  async close(): Promise<void> {
    await this.#producer.close();
  }

  async #publishTo(topic: string, messages: readonly Message[], outcomes: Outcomes): Promise<void> {
    try {
      await this.#producer.send({
        messages: messages.map((message) => ({
          ...{ topic, key: message.key, headers: message.headers },
          value: bodyBytes(message),
        })),
      });
    } catch (error) {
      await this.#sortOut(topic, messages, error, outcomes).catch(() =>
        outcomes.fail(messages, error),
      );
    }
  }

  /** A broker takes all that is sent to a partition, or nothing, so halves find what it will not take. */
  async #sortOut(
    topic: string,
    messages: readonly Message[],
    error: unknown,
    outcomes: Outcomes,
  ): Promise<void> {
    const codes = codesIn(error);
    if (codes.size === 0) return outcomes.fail(messages, error);
    const count = await this.#partitionsOf(topic);
    const partitions = Map.groupBy(messages, (message) => partitionOf(message, count));
    for (const [partition, ofPartition] of partitions) {
      const code = codes.get(partition);
      if (code === 0) continue;
      const reason = code === undefined ? undefined : new ProtocolError(code);
      const isTooMuch = reason !== undefined && refusals.includes(reason.apiId);
      if (!isTooMuch) outcomes.fail(ofPartition, reason ?? error);
      else if (ofPartition.length === 1)
        outcomes.fail(ofPartition, new RefusedMessageError(reason.message, { cause: reason }));
      else await this.#publishHalves(topic, ofPartition, outcomes);
    }
  }

  async #publishHalves(
    topic: string,
    messages: readonly Message[],
    outcomes: Outcomes,
  ): Promise<void> {
    const middle = Math.ceil(messages.length / 2);
    await this.#publishTo(topic, messages.slice(0, middle), outcomes);
    const rest = outcomes.sendable(messages.slice(middle), Number.POSITIVE_INFINITY);
    if (rest.length > 0) await this.#publishTo(topic, rest, outcomes);
  }

  async #partitionsOf(topic: string): Promise<number> {
    const { topics } = await this.#producer.metadata({ topics: [topic] });
    const found = topics.get(topic);
    if (found === undefined) throw new Error(`the topic ${topic} is not there`);
    return found.partitionsCount;
  }
}

/** Where the producer sends a message. */
function partitionOf({ topic, key }: Message, count: number): number {
  return defaultPartitioner({ topic }, Buffer.from(key)) % count;
}

/** The answers of brokers in an error, by partition; one that took the messages at some attempt has them. */
function codesIn(error: unknown, codes = new Map<number, number>()): Map<number, number> {
  if (error instanceof ResponseError) {
    const { responses }: ProduceResponse = error.response;
    for (const { index, errorCode } of responses.flatMap((topic) => topic.partitionResponses))
      if (codes.get(index) !== 0) codes.set(index, errorCode);
  } else if (error instanceof MultipleErrors) {
    for (const { partition } of error.produced?.offsets ?? []) codes.set(partition, 0);
    for (const each of error.errors) codesIn(each, codes);
  }
  return codes;
}
