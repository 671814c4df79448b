import type { FastifyInstance } from 'fastify';
import type { SchemaState } from './history.ts';
import type { RefusedWrites } from './refused-writes.ts';

/** A database as the service's start, probes and end see it. */
export interface ManagedDatabase {
  /** Opens a first connection. Rejects while that cannot be done. */
  connect(): Promise<void>;
  /** Rejects when the database does not answer or takes no writes. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** How a service starts with its database. */
export interface DatabaseStart {
  readonly database: ManagedDatabase;
  /**
   * Sees to it that the schema is what the code needs: applies what is pending, or checks that nothing is.
   *
   * @throws CannotStartError
   */
  prepare(): Promise<SchemaState>;
  /** Writes that were refused a moment ago keep the service out of readiness. */
  readonly refusedWrites: RefusedWrites;
}

/** Connects and migrates once the service runs, asks for readiness, and closes last of all. */
export function registerDatabase(
  app: FastifyInstance,
  { database, prepare, refusedWrites }: DatabaseStart,
): void {
  app.health.addStart('database', async () => {
    await database.connect();
    const { applied, ahead } = await prepare();
    if (applied.length > 0) app.log.info({ applied }, 'migrated');
    if (ahead.length > 0)
      app.log.warn({ ahead }, 'the database has migrations of a newer version of the service');
  });
  app.health.addCheck('database', async () => {
    refusedWrites.check();
    await database.ping();
  });
  app.addHook('onClose', () => database.close());
}
