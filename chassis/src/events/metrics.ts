import { Counter, Gauge, type Registry } from 'prom-client';
import type { EventBus } from './bus/bus.ts';

/** What happens to events, counted by type. */
export interface EventMetrics {
  readonly published: Counter<'type'>;
  readonly handled: Counter<'type'>;
  readonly failed: Counter<'type'>;
  readonly retried: Counter<'type'>;
  readonly deadLettered: Counter<'type'>;
}

export function eventMetrics(registry: Registry): EventMetrics {
  const counter = (name: string, help: string): Counter<'type'> =>
    new Counter({ name, help, labelNames: ['type'], registers: [registry] });
  return {
    published: counter('events_published_total', 'Events that the bus confirmed'),
    handled: counter('events_handled_total', 'Events whose handler succeeded'),
    failed: counter('events_failed_total', 'Attempts of a handler that failed'),
    retried: counter('events_retried_total', 'Attempts of a handler after a failed one'),
    deadLettered: counter('events_dead_lettered_total', 'Events given up'),
  };
}

/** Shows how far behind the service is, asked of the bus when the metrics are read. */
export function showLag(registry: Registry, bus: EventBus): void {
  new Gauge({
    name: 'events_consumer_lag',
    help: 'Messages of a topic that this service has not yet handled',
    labelNames: ['topic'],
    registers: [registry],
    async collect() {
      this.reset();
      const lag = await bus.lag().catch(() => new Map<string, number>());
      for (const [topic, messages] of lag) this.set({ topic }, messages);
    },
  });
}

/** Shows for how long the oldest of the events that are being handled has been in the works. */
export function showOldest(registry: Registry, seconds: () => number): void {
  new Gauge({
    name: 'events_oldest_in_works_seconds',
    help: 'How long the oldest event that is being handled has been in the works',
    registers: [registry],
    collect() {
      this.set(seconds());
    },
  });
}
