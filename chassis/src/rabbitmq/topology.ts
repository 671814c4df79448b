import { setTimeout as delay } from 'node:timers/promises';
import type { Channel } from 'amqplib';
import { type BusConfig, partitionOf, type Topics } from '../events/index.ts';
import { CannotStartError } from '../health/index.ts';
import { TimeoutError, withTimeout } from '../resilience/index.ts';
import type { Link } from './link.ts';

/**
 * A topic is a direct exchange, and a message's routing key one of so many numbers, by a hash of its
 * key. A service shares the numbers out among queues of its own, one a partition; so publishers and
 * services need not agree on how many partitions there are. Many whole numbers divide it.
 */
const routingKeys = 60;

/** The longest time to live that every version of the server takes. */
const longestTimeToLiveMs = 2 ** 32 - 1;

/** A queue that most of its members have lost does not answer. Less than a try to start may take, which is 10 s. */
const answerMs = 5000;

/** A server that is killed sooner (seen: 0.7 s, not 1.5 s) does not find a quorum queue again. */
const settleMs = 2000;

export function routingKeyOf(key: string): string {
  return String(partitionOf(key, routingKeys));
}

/** How many queues this service has for each topic. */
export function partitionsOf({ partitions }: BusConfig): number {
  return Math.min(partitions, routingKeys);
}

/** Keeps what this service has not yet handled of one partition of a topic. */
export function queueOf(service: string, topic: string, partition: number): string {
  return `${service}.${topic}.${partition}`;
}

/** The exchange that says that a topic of this service has been wanted by somebody. */
export function heardMark(service: string, topic: string): string {
  return `${service}.heard.${topic}`;
}

/**
 * Sees to it that exchanges and the queue of dead letters are there, or throws an error that names
 * those which may not be created. The queues from which this service consumes are its own affair:
 * they are always created.
 *
 * @throws CannotStartError when there are queues for another number of partitions.
 */
export async function seeToTopics(
  link: Link,
  { events, consumed, deadLetters }: Topics,
  config: BusConfig,
): Promise<void> {
  const are = await Promise.all(events.map((topic) => seeToExchange(link, topic, config)));
  const missing = events.filter((_, index) => are[index] === false);
  const hasLetters = await queueExists(link, deadLetters);
  if (!hasLetters && !config.createTopics) missing.push(deadLetters);
  if (missing.length > 0)
    throw new Error(`topics are missing: ${missing.join(', ')} (EVENTS_CREATE_TOPICS is off)`);
  const letters = hasLetters
    ? undefined
    : link.withChannel((channel) => createQueue(channel, deadLetters));
  await Promise.all([letters, declareQueues(link, consumed, config)]);
}

/** Sees to it that the exchange of a topic is there, and returns whether it is. */
export async function seeToExchange(
  link: Link,
  topic: string,
  { createTopics }: BusConfig,
): Promise<boolean> {
  if (await exists(link, (channel) => channel.checkExchange(topic))) return true;
  if (!createTopics) return false;
  await link.withChannel((channel) => channel.assertExchange(topic, 'direct', { durable: true }));
  return true;
}

/**
 * Declares the queues from which this service consumes topics whose exchanges are there.
 *
 * @throws CannotStartError when there are queues for another number of partitions.
 */
export async function declareQueues(
  link: Link,
  topics: readonly string[],
  config: BusConfig,
): Promise<void> {
  await Promise.all(topics.map((topic) => settlePartitions(link, topic, partitionsOf(config))));
  // Each on a channel of its own, on which one question waits for the answer to the one before: a server that is
  // far away would not be through with hundreds of them in time.
  await Promise.all(
    topics.flatMap((topic) =>
      Array.from({ length: partitionsOf(config) }, (_, partition) =>
        link.withChannel((channel) => seeToQueue(link, channel, topic, partition, config)),
      ),
    ),
  );
}

/**
 * Another number of partitions would leave queues behind that nobody reads, and have others bound to
 * what is not theirs. So the first instance writes the number down, as the length of a queue that is
 * never used: of a queue that exists, the server takes no other.
 */
async function settlePartitions(link: Link, topic: string, count: number): Promise<void> {
  const mark = `${link.service}.${topic}.partitions`;
  const settled = await answerAbout(mark, () =>
    link.withChannel((channel) => channel.assertQueue(mark, { durable: true, maxLength: count })),
  ).then(() => count, settledBefore);
  const hasLeftover =
    count < routingKeys && (await queueExists(link, queueOf(link.service, topic, count)));
  if (settled === count && !hasLeftover) return;
  const other = hasLeftover ? 'more' : settled;
  throw new CannotStartError(
    `There are queues of ${topic} for ${other} partitions, and EVENTS_PARTITIONS is ${count}: see RabbitMQ in README.md.`,
  );
}

/** The number by which the server explains why it refused another one. */
function settledBefore(error: unknown): number {
  const text = error instanceof Error ? error.message : '';
  const [, settled] = /inequivalent arg 'x-max-length'.* current is '(\d+)'/.exec(text) ?? [];
  if (settled === undefined) throw error;
  return Number(settled);
}

/** A queue that exists is left as it is, whatever the retention was when it was created. */
async function seeToQueue(
  link: Link,
  channel: Channel,
  topic: string,
  partition: number,
  config: BusConfig,
): Promise<void> {
  const queue = queueOf(link.service, topic, partition);
  if (!(await queueExists(link, queue))) {
    const timeToLive = Math.min(config.retentionHours * 3_600_000, longestTimeToLiveMs);
    await createQueue(channel, queue, { 'x-message-ttl': timeToLive });
  }
  for (let number = partition; number < routingKeys; number += partitionsOf(config))
    await channel.bindQueue(queue, topic, String(number));
}

async function createQueue(channel: Channel, queue: string, more?: object): Promise<void> {
  const options = {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      // One consumer at a time, and the next one as soon as that is gone.
      'x-single-active-consumer': true,
      // As good as none: without it RabbitMQ 4 drops a message that has come 20 times.
      'x-delivery-limit': 1_000_000_000,
      ...more,
    },
  };
  await answerAbout(queue, () => channel.assertQueue(queue, options));
  await delay(settleMs);
}

export function queueExists(link: Link, queue: string): Promise<boolean> {
  return answerAbout(queue, () => exists(link, (channel) => channel.checkQueue(queue)));
}

/** @throws an error that names the queue when the server does not answer about it. */
async function answerAbout<Answer>(queue: string, ask: () => PromiseLike<Answer>): Promise<Answer> {
  try {
    return await withTimeout(answerMs, async () => ask());
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    throw new Error(
      `RabbitMQ does not answer about the queue ${queue}: most of its members are away, or the server was killed ` +
        'or stood still just after the queue was made; then delete it.',
      { cause: error },
    );
  }
}

/** Asks on a channel of its own, as the server closes the one on which it says no. */
export async function exists(
  link: Link,
  check: (channel: Channel) => Promise<unknown>,
): Promise<boolean> {
  try {
    await link.withChannel(check);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Whether the server does not have what was asked of it. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 404;
}
