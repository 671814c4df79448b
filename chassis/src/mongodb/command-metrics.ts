import type { FastifyBaseLogger } from 'fastify';
import type { MongoClient } from 'mongodb';
import { Gauge, type Registry } from 'prom-client';
import { databaseMetrics, type RefusedWrites } from '../store/index.ts';
import { kindOf } from './driver-error.ts';

/** Shows a pool of connections to the database under a name. */
export type Observe = (pool: string, client: MongoClient) => void;

/**
 * Makes what shows the database in metrics, and slow commands in the log: their names and collections
 * only, since what is in a command is the business of whoever sent it.
 *
 * @param slowQuery milliseconds; a command that takes as long is logged.
 * @param refusedWrites is told of writes that are refused for want of disk space.
 */
export function observer(
  metrics: Registry,
  log: FastifyBaseLogger,
  slowQuery: number,
  refusedWrites: RefusedWrites,
): Observe {
  const { duration, errors } = databaseMetrics(metrics);
  const showPool = poolGauge(metrics);
  return (pool, client) => {
    showPool(pool, client);
    observeCommands(client, {
      finished(operation, collection, milliseconds) {
        duration.observe({ operation }, milliseconds / 1000);
        if (milliseconds < slowQuery) return;
        log.warn({ operation, collection, durationMs: Math.round(milliseconds) }, 'slow query');
      },
      failed(error) {
        const kind = kindOf(error) ?? 'other';
        errors.inc({ kind });
        refusedWrites.note(error, kind);
      },
    });
  };
}

/** What is told of commands. */
interface Watcher {
  finished(operation: string, collection: unknown, milliseconds: number): void;
  failed(error: unknown): void;
}

function observeCommands(client: MongoClient, watcher: Watcher): void {
  /** The collection of each command under way. */
  const collections = new Map<number, unknown>();
  const finished = (requestId: number, operation: string, milliseconds: number): void => {
    const collection = collections.get(requestId);
    if (!collections.delete(requestId)) return;
    watcher.finished(operation, collection, milliseconds);
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
    watcher.failed(event.failure);
    finished(event.requestId, event.commandName, event.duration);
  });
}

interface PoolCounts {
  open: number;
  used: number;
  waiting: number;
}

function poolGauge(metrics: Registry): (pool: string, client: MongoClient) => void {
  const pools = new Map<string, PoolCounts>();
  new Gauge({
    name: 'database_pool_connections',
    help: 'Connections of a pool by state, and callers that wait for one',
    labelNames: ['pool', 'state'],
    registers: [metrics],
    collect() {
      for (const [pool, { open, used, waiting }] of pools) {
        this.set({ pool, state: 'open' }, open);
        this.set({ pool, state: 'idle' }, open - used);
        this.set({ pool, state: 'waiting' }, waiting);
      }
    },
  });
  return (pool, client) => void pools.set(pool, countsOf(client));
}

function countsOf(client: MongoClient): PoolCounts {
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
  return counts;
}
