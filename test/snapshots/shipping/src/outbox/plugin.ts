import fp from 'fastify-plugin';
import { Gauge } from 'prom-client';
import { expectConfirmed } from '../events/bus/outcomes.ts';
import { messageOf } from '../events/message.ts';
import type { ServiceOptions } from '../service.ts';
import { outboxState, relayBatch } from './outbox.ts';
import { Relay } from './relay.ts';
import { WakeUps } from './wake-ups.ts';

/** Relays the outbox to the bus while the service runs, and once more before it stops. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const relay = new Relay(
      (wake) => new WakeUps([app.eventsDatabase, app.database], wake),
      () =>
        relayBatch(app.eventsDatabase, async (texts) => {
          const messages = texts.map((text) => messageOf(JSON.parse(text), text));
          expectConfirmed(await app.events.publish(messages));
        }),
      config.events.stuckAfter,
      app.log,
    );
    app.health.addStart('outbox', async () => relay.start(), { required: false });
    app.health.addCheck('outbox', async () => relay.check(), { required: false });
    app.addHook('onClose', () => relay.stop());
    const oldest = new Gauge({
      name: 'outbox_oldest_event_seconds',
      help: 'How long the oldest event that is not yet published has waited',
      registers: [],
    });
    new Gauge({
      name: 'outbox_events',
      help: 'Events that are committed but not yet published',
      registers: [app.metrics],
      async collect() {
        const state = await outboxState(app.eventsDatabase).catch(() => undefined);
        this.set(state?.events ?? Number.NaN);
        oldest.set(state?.oldest ?? Number.NaN);
      },
    });
    app.metrics.registerMetric(oldest);
  },
  {
    name: 'outbox',
    dependencies: ['health', 'database', 'events-database', 'events', 'telemetry'],
  },
);
