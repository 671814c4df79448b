import type { MongoClient } from 'mongodb';
import { Gauge, type Registry } from 'prom-client';

/** Counts the connections of the driver's pools and those who wait for one. */
export function observePool(client: MongoClient, metrics: Registry): void {
  const counts = { total: 0, used: 0, waiting: 0 };
  const count = (state: keyof typeof counts, change: number) => (): void => {
    counts[state] += change;
  };
  client.on('connectionCreated', count('total', 1));
  client.on('connectionClosed', count('total', -1));
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
      this.set({ state: 'total' }, counts.total);
      this.set({ state: 'idle' }, counts.total - counts.used);
      this.set({ state: 'waiting' }, counts.waiting);
    },
  });
}
