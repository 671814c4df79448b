import type { FastifyBaseLogger } from 'fastify';
import type { MongoClient } from 'mongodb';
import { Counter, Histogram, type Registry } from 'prom-client';

/**
 * Measures every command, counts those that fail, and logs those that are slow: their names and
 * collections only, since what is in a command is the business of whoever sent it.
 *
 * @param slowMs from how many milliseconds on a command is logged.
 */
export function observeCommands(
  client: MongoClient,
  metrics: Registry,
  log: FastifyBaseLogger,
  slowMs: number,
): void {
  const duration = new Histogram({
    name: 'database_command_duration_seconds',
    help: 'Time from sending a command to its answer, failed ones included',
    labelNames: ['command'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
  const errors = new Counter({
    name: 'database_command_errors_total',
    help: 'Commands that the server refused or that broke with their connection',
    labelNames: ['command'],
    registers: [metrics],
  });
  /** The collection of each command under way. */
  const collections = new Map<number, unknown>();
  const finished = (requestId: number, command: string, durationMs: number): void => {
    const collection = collections.get(requestId);
    if (!collections.delete(requestId)) return;
    duration.observe({ command }, durationMs / 1000);
    if (durationMs >= slowMs) log.warn({ command, collection, durationMs }, 'slow command');
  };
  client.on('commandStarted', ({ requestId, commandName, command }) => {
    // A cursor on what is yet to come waits on purpose; the driver gives it a time.
    if (commandName === 'getMore' && 'maxTimeMS' in command) return;
    collections.set(requestId, command[commandName]);
  });
  client.on('commandSucceeded', (event) =>
    finished(event.requestId, event.commandName, event.duration),
  );
  client.on('commandFailed', (event) => {
    errors.inc({ command: event.commandName });
    finished(event.requestId, event.commandName, event.duration);
  });
}
