import {
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { BusConfig } from '../events/index.ts';
import type { Session } from './session.ts';

/** Where the service writes down what it has handled: a message for each partition, the last one. */
export function progressTopicOf(service: string): string {
  return `${service}.progress`;
}

/** A topic and the stream that is to keep it. */
export interface TopicStream {
  readonly topic: string;
  readonly config: Partial<StreamConfig> & { name: string };
}

/**
 * A text as one word of a subject or as a stream's name, neither of which may hold a dot: an
 * underscore stands for it, and what could be taken for one or is not allowed is percent-encoded.
 */
function wordOf(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('_', '%5F')
    .replaceAll('*', '%2A')
    .replaceAll('.', '_');
}

/** The stream of a topic. No two topics have the same one. */
export function streamOf(topic: string): string {
  return wordOf(topic);
}

/** Where the messages of one partition go. */
export function partitionSubject(topic: string, partition: number): string {
  return `${topic}.${partition}`;
}

/** Where the dead letter of a key goes, and all those of a topic. */
export function letterSubject(topic: string, key: string): string {
  return `${topic}.${wordOf(key)}`;
}

export function lettersOf(topic: string): string {
  return `${topic}.*`;
}

/** A stream of events: a subject for each partition, so that their number is known to all. */
export function eventStream(topic: string, { partitions, retentionHours }: BusConfig): TopicStream {
  const subjects = Array.from({ length: partitions }, (_, index) => partitionSubject(topic, index));
  return {
    topic,
    config: { ...kept(topic), subjects, max_age: nanos(retentionHours * 3_600_000) },
  };
}

/** A stream of dead letters: one for each key, kept until it is removed. */
export function letterStream(topic: string): TopicStream {
  return {
    topic,
    config: { ...kept(topic), subjects: [lettersOf(topic)], max_msgs_per_subject: 1 },
  };
}

/** The stream of this service's progress. */
export function progressStream({ service }: Session): TopicStream {
  const progressTopic = progressTopicOf(service);
  const subjects = [`${progressTopic}.*.*`];
  return {
    topic: progressTopic,
    config: { ...kept(progressTopic), subjects, max_msgs_per_subject: 1 },
  };
}

export function progressSubject({ service }: Session, topic: string, partition: number): string {
  return `${progressTopicOf(service)}.${wordOf(topic)}.${partition}`;
}

function kept(topic: string) {
  const [retention, storage] = [RetentionPolicy.Limits, StorageType.File];
  return { name: streamOf(topic), retention, storage };
}

/** How large the messages of a topic are, 0 without any. */
export async function averageBytes({ jsm }: Session, topic: string): Promise<number> {
  const { state } = await jsm.streams.info(streamOf(topic));
  return state.messages === 0 ? 0 : state.bytes / state.messages;
}

/** What a topic's stream is now. */
export interface Layout {
  readonly created: string;
  readonly partitions: number;
  readonly lastSequence: number;
}

/** Rejects when the stream is not there. */
export async function layoutOf({ jsm }: Session, topic: string): Promise<Layout> {
  const { config, created, state } = await jsm.streams.info(streamOf(topic));
  return { created, partitions: config.subjects.length, lastSequence: state.last_seq };
}

/** Those of some topics whose stream is not there. */
export async function missingOf(
  { jsm }: Session,
  topics: readonly TopicStream[],
): Promise<readonly TopicStream[]> {
  const present = await Promise.all(
    topics.map(({ config }) => jsm.streams.info(config.name).then(() => true, unlessMissing)),
  );
  return topics.filter((_, index) => !present[index]);
}

function unlessMissing(error: unknown): false {
  if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound)
    return false;
  throw error;
}

/** Creates a stream, unless another instance was quicker: on three servers of a cluster. */
export async function createStream(session: Session, stream: TopicStream): Promise<void> {
  const { connection, jsm } = session;
  const num_replicas = connection.info?.cluster === undefined ? 1 : 3;
  try {
    await jsm.streams.add({ ...stream.config, num_replicas });
  } catch (error) {
    if ((await missingOf(session, [stream])).length > 0) throw error;
  }
}
