import { z } from 'zod';
import type { BusConfig, Topics } from '../events/index.ts';
import type { RedisConnection } from './connection.ts';

/**
 * How a topic lies in Redis. Whoever creates it writes that down there, so that all who publish and
 * consume agree, whatever their own configuration says.
 */
const layoutSchema = z.discriminatedUnion('keeps', [
  z.object({ keeps: z.literal('events'), partitions: z.number(), retentionHours: z.number() }),
  z.object({ keeps: z.literal('dead letters') }),
]);

export type Layout = z.infer<typeof layoutSchema>;

/** The braces put all keys into one slot, so that a cluster with a single endpoint will do as well. */
const prefix = '{events}:';
const layoutsKey = `${prefix}topics`;

/** The stream that holds one partition of a topic, or its dead letters. */
export function streamOf(topic: string, partition?: number): string {
  return partition === undefined ? `${prefix}${topic}` : `${prefix}${topic}:${partition}`;
}

/** The topics that there are. */
export class RedisTopics {
  readonly #connection: RedisConnection;
  readonly #events: BusConfig;
  readonly #layouts = new Map<string, Layout>();

  constructor(connection: RedisConnection, events: BusConfig) {
    this.#connection = connection;
    this.#events = events;
  }

  /** Creates what is missing, where that is allowed. */
  async connect({ events, deadLetters }: Topics): Promise<void> {
    const missing = await this.missing([...events, deadLetters]);
    if (missing.length === 0) return;
    const { createTopics, partitions, retentionHours } = this.#events;
    if (!createTopics) {
      throw new Error(`topics are missing: ${missing.join(', ')} (EVENTS_CREATE_TOPICS is off)`);
    }
    const layoutOf = (topic: string): Layout =>
      topic === deadLetters
        ? { keeps: 'dead letters' }
        : { keeps: 'events', partitions, retentionHours };
    await this.#connection.run((client) =>
      // An instance that is quicker decides.
      Promise.all(
        missing.map((topic) => client.hSetNX(layoutsKey, topic, JSON.stringify(layoutOf(topic)))),
      ),
    );
    await this.missing(missing);
  }

  /**
   * Looks up those topics that are not known yet; does not wait when there are none.
   *
   * @throws Error naming the ones that are not there.
   */
  async find(topics: readonly string[]): Promise<void> {
    const unknown = topics.filter((topic) => !this.#layouts.has(topic));
    if (unknown.length === 0) return;
    const missing = await this.missing(unknown);
    if (missing.length > 0) throw new Error(`topics are missing: ${missing.join(', ')}`);
  }

  /** How a topic lies that was found. */
  layoutOf(topic: string): Layout {
    const layout = this.#layouts.get(topic);
    if (layout === undefined) throw new Error(`nobody has looked for the topic ${topic}`);
    return layout;
  }

  /** Reads the layouts of topics and returns the topics that have none. */
  async missing(topics: readonly string[]): Promise<string[]> {
    const texts = await this.#connection.run((client) => client.hmGet(layoutsKey, [...topics]));
    return topics.filter((topic, index) => {
      const text = texts[index];
      if (typeof text === 'string') this.#layouts.set(topic, layoutSchema.parse(JSON.parse(text)));
      return typeof text !== 'string';
    });
  }
}
