import fp from 'fastify-plugin';
import type { ServiceOptions } from '../service.ts';
import { createBus } from './adapter.ts';
import type { EventBus } from './bus.ts';
import { consumer } from './consumer.ts';
import { deadLetterTopic } from './dead-letter.ts';
import type { CloudEvent } from './event.ts';
import { findHandlers, findSchemas } from './find.ts';
import { eventMetrics } from './metrics.ts';

/** The way out for events, once they may be seen by others. */
export interface Events {
  /** Resolves when the bus has confirmed every event. */
  publish(events: readonly CloudEvent[]): Promise<void>;
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
    const handled = handlers.map(({ type }) => type);
    app.decorate('events', {
      async publish(events) {
        await bus.publish(events);
        for (const { type } of events) metrics.published.inc({ type });
      },
    } satisfies Events);
    app.health.addStart('events', async () => {
      await bus.connect([...schemas.map(({ type }) => type), ...handled.map(deadLetterTopic)]);
      await bus.consume(handled, consumer(app, bus, handlers, metrics));
    });
    app.health.addCheck('events', () => bus.check());
    app.addHook('preClose', () => bus.stopConsuming());
    app.addHook('onClose', () => bus.close());
  },
  { name: 'events', dependencies: ['health', 'telemetry', 'database'] },
);
