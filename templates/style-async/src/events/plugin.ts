import { setImmediate } from 'node:timers/promises';
import fp from 'fastify-plugin';
import type { ServiceOptions } from '../service.ts';
import { isBusAwaited } from './awaited.ts';
import { createBus } from './bus/adapter.ts';
import type { EventBus, Message } from './bus/bus.ts';
import type { Outcome } from './bus/outcomes.ts';
import { Consumer } from './consumer.ts';
import { letterBytes } from './dead-letter.ts';
import { findHandlers, findSchemas, hasRoutes } from './find.ts';
import { eventMetrics, showLag, showOldest } from './metrics.ts';
import { deadLetterTopic, replayTopic } from './own-topics.ts';

/** The way out for events, once they may be seen by others. */
export interface Events {
  /** How many bytes an event may have, its headers and its key included. */
  readonly maxEventBytes: number;
  /** Resolves to what became of each event, in their order, as the bus's own `publish` does. */
  publish(events: readonly Message[]): Promise<readonly Outcome[]>;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly events: Events;
  }
}

declare module '../service.ts' {
  interface ServiceOptions {
    /** Takes the place of the real bus in development and tests. */
    readonly bus?: EventBus;
  }
}

/** Connects the bus, publishes, and runs the handlers found in `handlers/`. */
export default fp(
  async (app, options: ServiceOptions) => {
    const metrics = eventMetrics(app.metrics);
    const bus = options.bus ?? createBus(options.config, app.log);
    const handlers = await findHandlers();
    const schemas = await findSchemas();
    const hasCallers = await hasRoutes();
    const consumer = new Consumer(app, bus, handlers, metrics, options.config.events);
    showLag(app.metrics, bus);
    showOldest(app.metrics, () => consumer.oldestAge() / 1000);
    app.decorate('events', {
      get maxEventBytes() {
        return Math.min(options.config.events.maxBytes, bus.maxMessageBytes - letterBytes);
      },
      async publish(events) {
        const outcomes = await bus.publish(events);
        const confirmed = events.filter((_, index) => outcomes[index] === undefined);
        for (const [type, alike] of Map.groupBy(confirmed, ({ topic }) => topic))
          metrics.published.inc({ type }, alike.length);
        return outcomes;
      },
    } satisfies Events);
    // Without callers only the bus brings work, and an instance that never reached it must not take
    // the place of one that has.
    const isStartRequired = isBusAwaited || !hasCallers;
    const connect = async (): Promise<void> => {
      const handled = [...handlers.map(({ type }) => type), replayTopic];
      const events = new Set([...schemas.map(({ type }) => type), ...handled]);
      await bus.connect({
        events: [...events],
        consumed: handled,
        deadLetters: deadLetterTopic,
      });
      const { maxEventBytes } = app.events;
      if (maxEventBytes < options.config.events.maxBytes)
        app.log.warn({ maxEventBytes }, 'the bus carries no events of EVENTS_MAX_BYTES');
      await bus.consume(handled, (message) => consumer.handle(message));
    };
    app.health.addStart('bus', connect, { required: isStartRequired });
    app.health.addCheck('bus', () => bus.check(), { required: isBusAwaited && hasCallers });
    app.health.addCheck('events', async () => consumer.check(), { required: false });
    app.health.addStop('events', async () => {
      const stopped = bus.stopConsuming();
      // A moment later, so that the bus knows why they come back.
      await setImmediate();
      consumer.stop();
      await stopped;
    });
    app.addHook('onClose', () => bus.close());
  },
  { name: 'events', dependencies: ['health', 'telemetry', 'database'] },
);
