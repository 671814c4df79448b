import type { FastifyInstance } from 'fastify';
import { Gauge, type Registry } from 'prom-client';
import type { OutboxStore } from './outbox-store.ts';
import { Relay } from './relay.ts';
import { Relaying } from './relaying.ts';

/** What the outbox is relayed from, and when it counts as stuck. */
export interface OutboxOptions {
  readonly store: OutboxStore;
  /** Milliseconds without success after which the check `outbox` is down: `config.events.stuckAfter`. */
  readonly stuckAfter: number;
}

/**
 * Relays the outbox to the bus (`app.events`) while the service runs, and once more before it stops.
 * Shows a check, which keeps nobody out, and metrics.
 */
export function registerOutbox(app: FastifyInstance, { store, stuckAfter }: OutboxOptions): void {
  const { events, log } = app;
  const relaying = new Relaying(events, log);
  const relay = new Relay(
    (wake) => store.wakeUps(wake),
    {
      relay: () => store.inRelayTurn((turn) => relaying.relay(turn)),
      dueIn: () => relaying.dueIn(),
    },
    stuckAfter,
    log,
  );
  app.health.addStart('outbox', async () => relay.start(), { required: false });
  app.health.addCheck('outbox', async () => relay.check(), { required: false });
  app.addHook('onClose', () => relay.stop());
  showOutbox(app.metrics, store, relaying);
}

function showOutbox(metrics: Registry, store: OutboxStore, relaying: Relaying): void {
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
    registers: [metrics],
    async collect() {
      const state = await store.state().catch(() => undefined);
      this.set(state?.events ?? Number.NaN);
      oldest.set(state?.oldest ?? Number.NaN);
      refused.set(state?.refused ?? Number.NaN);
    },
  });
  for (const metric of [oldest, refused, held]) metrics.registerMetric(metric);
}
