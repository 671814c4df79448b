import fp from 'fastify-plugin';
import { sql } from 'kysely';
import { Gauge } from 'prom-client';
import type { ServiceOptions } from '../service.ts';
import { relayBatch } from './outbox.ts';
import { Relay } from './relay.ts';

/** Relays the outbox to the bus while the service runs, and once more before it stops. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const { kysely } = app.database;
    const relay = new Relay(
      config.database.url,
      () => relayBatch(kysely, (events) => app.events.publish(events)),
      app.log,
    );
    app.health.addStart('outbox', async () => relay.start());
    app.addHook('onClose', () => relay.stop());
    new Gauge({
      name: 'outbox_events',
      help: 'Events that are committed but not yet published',
      registers: [app.metrics],
      async collect() {
        const query = sql<{ waiting: number }>`select count(*)::int as waiting from outbox`;
        const result = await query.execute(kysely).catch(() => undefined);
        this.set(result?.rows[0]?.waiting ?? Number.NaN);
      },
    });
  },
  { name: 'outbox', dependencies: ['health', 'database', 'events', 'telemetry'] },
);
