import fp from 'fastify-plugin';
import { Gauge } from 'prom-client';
import type { ServiceOptions } from '../service.ts';
import { inRelayTurn, outboxState } from './outbox.ts';
import { Relay } from './relay.ts';
import { Relaying } from './relaying.ts';
import { WakeUps } from './wake-ups.ts';

declare module '../database/database.ts' {
  interface Database {
    /** How many bytes an event may have; the bus tells once it is connected. */
    maxEventBytes: () => number;
  }
}

/** Relays the outbox to the bus while the service runs, and once more before it stops. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const { database, eventsDatabase, events, log } = app;
    for (const writer of [database, eventsDatabase])
      writer.maxEventBytes = () => events.maxEventBytes;
    const relaying = new Relaying((messages) => events.publish(messages), log);
    const relay = new Relay(
      (wake) => new WakeUps([eventsDatabase, database], wake),
      {
        relay: () => inRelayTurn(eventsDatabase, (turn) => relaying.relay(turn)),
        dueIn: () => relaying.dueIn(),
      },
      config.events.stuckAfter,
      log,
    );
    app.health.addStart('outbox', async () => relay.start(), { required: false });
    app.health.addCheck('outbox', async () => relay.check(), { required: false });
    app.addHook('onClose', () => relay.stop());
    const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [] });
    const oldest = gauge(
      'outbox_oldest_event_seconds',
      'How long the oldest event that is not yet published has waited',
    );
    const refused = gauge(
      'outbox_refused_events',
      'Events that the bus refused and that were set aside',
    );
    const held = new Gauge({
      name: 'outbox_held',
      help: 'Topics and aggregates whose events wait, because the last try to publish one failed',
      registers: [],
      collect() {
        this.set(relaying.held);
      },
    });
    new Gauge({
      name: 'outbox_events',
      help: 'Events that are committed but not yet published',
      registers: [app.metrics],
      async collect() {
        const state = await outboxState(eventsDatabase).catch(() => undefined);
        this.set(state?.events ?? Number.NaN);
        oldest.set(state?.oldest ?? Number.NaN);
        refused.set(state?.refused ?? Number.NaN);
      },
    });
    for (const metric of [oldest, refused, held]) app.metrics.registerMetric(metric);
  },
  {
    name: 'outbox',
    dependencies: ['health', 'database', 'events-database', 'telemetry'],
  },
);
