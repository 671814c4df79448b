import { Counter, type Registry } from 'prom-client';

/** What happens to events, counted by type. */
export interface EventMetrics {
  readonly published: Counter<'type'>;
  readonly handled: Counter<'type'>;
  readonly retried: Counter<'type'>;
  readonly deadLettered: Counter<'type'>;
}

export function eventMetrics(registry: Registry): EventMetrics {
  const counter = (name: string, help: string): Counter<'type'> =>
    new Counter({ name, help, labelNames: ['type'], registers: [registry] });
  return {
    published: counter('events_published_total', 'Events that the bus confirmed'),
    handled: counter('events_handled_total', 'Events whose handler succeeded'),
    retried: counter('events_retried_total', 'Attempts of a handler after a failed one'),
    deadLettered: counter('events_dead_lettered_total', 'Events given up'),
  };
}
