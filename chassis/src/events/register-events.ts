import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { AwaitedTopics } from './awaited-topics.ts';
import type { EventBus, Outcome } from './bus/bus.ts';
import type { EventsConfig } from './config.ts';
import { Consumer } from './consumer.ts';
import type { EventsDatastore } from './datastore.ts';
import { letterBytes } from './dead-letters.ts';
import type { CloudEvent, EventDefinition } from './event.ts';
import type { AnyHandler } from './handler.ts';
import { type EventMessage, messageOf } from './message.ts';
import { type EventMetrics, eventMetrics, showLag, showOldest } from './metrics.ts';
import { isOthers, ownTopicsOf } from './own-topics.ts';
import { type TopicOf, topicsOf } from './topics.ts';

/** The way out for events, once they may be seen by others. */
export interface Events {
  /** How many bytes an event may have, its headers and its key included. */
  readonly maxEventBytes: number;
  /** Resolves to what became of each event, in their order, as the bus's own `publish` does. */
  publish(events: readonly EventMessage[]): Promise<readonly Outcome[]>;
  /** Puts an event into its message, to the topic that carries its type. @param body it as JSON. */
  messageOf(event: CloudEvent, body?: string): EventMessage;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly events: Events;
  }
}

/** What publishing and handling events is made of. */
export interface EventsOptions<Work> {
  /** The service's name: the topics of its dead letters and replays begin with it. */
  readonly service: string;
  readonly config: EventsConfig;
  readonly bus: EventBus;
  readonly datastore: EventsDatastore<Work>;
  /** Every type of event that is published or handled. */
  readonly schemas: readonly EventDefinition<unknown>[];
  readonly handlers: readonly AnyHandler<Work>[];
  /** Whether the service has an API of its own; without one only the bus brings work. */
  readonly hasCallers: boolean;
}

/**
 * Connects the bus when the service starts, hands what it brings to the handlers, and decorates the
 * service with `app.events`, by which events are published. When the service stops, what is being handled
 * comes to its end, and the rest is left to the bus. Shows checks and metrics of it all.
 */
export function registerEvents<Work>(app: FastifyInstance, options: EventsOptions<Work>): void {
  const { service, config, bus, datastore, schemas, handlers, hasCallers } = options;
  const metrics = eventMetrics(app.metrics);
  const topicOf = topicsOf(schemas);
  const consumer = new Consumer(app, {
    service,
    config,
    bus,
    datastore,
    handlers,
    topicOf,
    metrics,
  });
  showLag(app.metrics, bus);
  showOldest(app.metrics, () => consumer.oldestAge() / 1000);
  const handled = new Set(handlers.map(({ type }) => topicOf(type)));
  const others = [...handled].filter((topic) => isOthers(service, topic, true));
  const awaited = new AwaitedTopics(bus, others, app.log);
  app.decorate('events', eventsOf(config, bus, topicOf, metrics));
  const { isBusAwaited } = datastore;
  app.health.addStart('bus', () => connect(app, options, consumer, awaited), {
    // Without callers only the bus brings work, and an instance that never reached it must not take
    // the place of one that has.
    required: isBusAwaited || !hasCallers,
  });
  app.health.addCheck('bus', () => bus.check(), { required: isBusAwaited && hasCallers });
  app.health.addCheck('events', async () => consumer.check(), { required: false });
  if (others.length > 0)
    app.health.addCheck('topics of others', async () => awaited.check(), { required: false });
  app.health.addStop('events', async () => {
    const stopped = bus.stopConsuming();
    // A moment later, so that the bus knows why they come back.
    await setImmediate();
    consumer.stop();
    await stopped;
  });
  app.addHook('onClose', () => bus.close());
}

function eventsOf(
  config: EventsConfig,
  bus: EventBus,
  topicOf: TopicOf,
  metrics: EventMetrics,
): Events {
  return {
    messageOf: (event, body) => messageOf(event, { topic: topicOf(event.type), body }),
    get maxEventBytes() {
      return Math.min(config.maxBytes, bus.maxMessageBytes - letterBytes);
    },
    async publish(events) {
      const outcomes = await bus.publish(events);
      const confirmed = events.filter((_, index) => outcomes[index] === undefined);
      for (const [type, alike] of Map.groupBy(confirmed, (message) => message.type))
        metrics.published.inc({ type }, alike.length);
      return outcomes;
    },
  };
}

/** Sees to it that the service's topics are there, and consumes those that are handled and there. */
async function connect<Work>(
  app: FastifyInstance,
  { service, config, bus, schemas, handlers }: EventsOptions<Work>,
  consumer: Consumer<Work>,
  awaited: AwaitedTopics,
): Promise<void> {
  const { deadLetters, replay } = ownTopicsOf(service);
  const topicOf = topicsOf(schemas);
  const handled = new Set(handlers.map(({ type }) => topicOf(type)));
  const isOwn = (topic: string): boolean => !isOthers(service, topic, handled.has(topic));
  const consumed = [...[...handled].filter(isOwn), replay];
  const published = schemas.map(({ type }) => topicOf(type)).filter(isOwn);
  await bus.connect({ events: [...new Set([...published, ...consumed])], consumed, deadLetters });
  const { maxEventBytes } = app.events;
  if (maxEventBytes < config.maxBytes)
    app.log.warn({ maxEventBytes }, 'the bus carries no events of EVENTS_MAX_BYTES');
  const consume = (topics: readonly string[]) =>
    bus.consume(topics, (message) => consumer.handle(message));
  await awaited.consume(consume, consumed);
  void awaited.await(consume, app.health.shuttingDown);
}
