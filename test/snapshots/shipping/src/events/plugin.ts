import fp from 'fastify-plugin';
import { type EventBus, registerEvents } from 'service-chassis/events';
import type { ServiceOptions } from '../service.ts';
import { serviceInfo } from '../service-info.ts';
import { createBus } from './bus/adapter.ts';
import { eventsDatastore } from './datastore.ts';
import { findHandlers, findSchemas, hasRoutes } from './find.ts';

declare module '../service.ts' {
  interface ServiceOptions {
    /** Takes the place of the real bus in development and tests. */
    readonly bus?: EventBus;
  }
}

/** Connects the bus, publishes, and runs the handlers found in `handlers/`. */
export default fp(
  async (app, { config, bus }: ServiceOptions) => {
    registerEvents(app, {
      service: serviceInfo.name,
      config: config.events,
      bus: bus ?? createBus(config, app.log),
      datastore: eventsDatastore(app),
      schemas: await findSchemas(),
      handlers: await findHandlers(),
      hasCallers: await hasRoutes(),
    });
  },
  { name: 'events', dependencies: ['health', 'telemetry', 'database'] },
);
