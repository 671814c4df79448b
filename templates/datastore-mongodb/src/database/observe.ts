import type { FastifyBaseLogger } from 'fastify';
import type { MongoClient } from 'mongodb';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Database } from './database.ts';
import { kindOf } from './failure-kind.ts';

/**
 * Shows the database in metrics, and slow commands in the log: their names and collections only, since
 * what is in a command is the business of whoever sent it.
 */
export function observe({ client, config }: Database, metrics: Registry, log: FastifyBaseLogger) {
  const duration = new Histogram({
    name: 'database_query_duration_seconds',
    help: 'Time from a command to its answer',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
  const errors = new Counter({
    name: 'database_errors_total',
    help: 'Commands that failed, by the kind of failure',
    labelNames: ['kind'],
    registers: [metrics],
  });
  /** The collection of each command under way. */
  const collections = new Map<number, unknown>();
  const finished = (requestId: number, operation: string, milliseconds: number): void => {
    const collection = collections.get(requestId);
    if (!collections.delete(requestId)) return;
    duration.observe({ operation }, milliseconds / 1000);
    if (milliseconds < config.slowQuery) return;
    log.warn({ operation, collection, durationMs: Math.round(milliseconds) }, 'slow query');
  };
  client.on('commandStarted', ({ requestId, commandName, command }) => {
    // A cursor on what is yet to come waits on purpose; the driver gives it a time.
    if (commandName === 'getMore' && 'maxTimeMS' in command) return;
    collections.set(requestId, command.collection ?? command[commandName]);
  });
  client.on('commandSucceeded', (event) =>
    finished(event.requestId, event.commandName, event.duration),
  );
  client.on('commandFailed', (event) => {
    errors.inc({ kind: kindOf(event.failure) });
    finished(event.requestId, event.commandName, event.duration);
  });
  observePool(client, metrics);
}

function observePool(client: MongoClient, metrics: Registry): void {
  const counts = { open: 0, used: 0, waiting: 0 };
  const count = (state: keyof typeof counts, change: number) => (): void => {
    counts[state] += change;
  };
  client.on('connectionCreated', count('open', 1));
  client.on('connectionClosed', count('open', -1));
  client.on('connectionCheckOutStarted', count('waiting', 1));
  client.on('connectionCheckOutFailed', count('waiting', -1));
  client.on('connectionCheckedOut', count('waiting', -1));
  client.on('connectionCheckedOut', count('used', 1));
  client.on('connectionCheckedIn', count('used', -1));
  new Gauge({
    name: 'database_pool_connections',
    help: 'Connections of the pool by state, and callers that wait for one',
    labelNames: ['state'],
    registers: [metrics],
    collect() {
      this.set({ state: 'open' }, counts.open);
      this.set({ state: 'idle' }, counts.open - counts.used);
      this.set({ state: 'waiting' }, counts.waiting);
    },
  });
}
