import { Counter, Histogram, type Registry } from 'prom-client';

/** What every datastore measures of what is asked of it. */
export interface DatabaseMetrics {
  /** Seconds, by `operation`. */
  readonly duration: Histogram<'operation'>;
  /** By the `kind` of failure. */
  readonly errors: Counter<'kind'>;
}

/** The same metrics for whatever datastore, so that one dashboard shows all. */
export function databaseMetrics(registry: Registry): DatabaseMetrics {
  const registers = [registry];
  return {
    duration: new Histogram({
      name: 'database_query_duration_seconds',
      help: 'Time from a statement to its answer',
      labelNames: ['operation'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    errors: new Counter({
      name: 'database_errors_total',
      help: 'Statements that failed, by the kind of failure',
      labelNames: ['kind'],
      registers,
    }),
  };
}
