import { setImmediate } from 'node:timers/promises';
import fp from 'fastify-plugin';
import type { ServiceOptions } from '../service.ts';
import { createBus } from './bus/adapter.ts';
import type { EventBus, Message } from './bus/bus.ts';
import { Consumer } from './consumer.ts';
import { findHandlers, findSchemas } from './find.ts';
import { eventMetrics, showLag } from './metrics.ts';
import { deadLetterTopic, replayTopic } from './own-topics.ts';

/** The way out for events, once they may be seen by others. */
export interface Events {
  /** Resolves when the bus has confirmed every event, each in a message of its own. */
  publish(events: readonly Message[]): Promise<void>;
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
    const consumer = new Consumer(app, bus, handlers, metrics, options.config.events);
    showLag(app.metrics, bus);
    app.decorate('events', {
      async publish(events) {
        await bus.publish(events);
        for (const [type, alike] of Map.groupBy(events, ({ topic }) => topic))
          metrics.published.inc({ type }, alike.length);
      },
    } satisfies Events);
    app.health.addStart('events', async () => {
      const handled = [...handlers.map(({ type }) => type), replayTopic];
      const events = new Set([...schemas.map(({ type }) => type), ...handled]);
      await bus.connect({
        events: [...events],
        consumed: handled,
        deadLetters: deadLetterTopic,
      });
      await bus.consume(handled, (message) => consumer.handle(message));
    });
    app.health.addCheck('events', async () => {
      consumer.check();
      await bus.check();
    });
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
