import { expect, test } from 'vitest';
import { migrate, outboxOf, registerRelational } from '../../../src/relational/index.ts';
import { inboxTables, outboxTables, requireTables } from '../../../src/relational/needed-tables.ts';
import { withChassisTables } from '../../../src/relational/tables.ts';
import { buildService } from '../../support/service.ts';
import { type OrdersDatabase, onEachServer } from '../support/relational.ts';

onEachServer((server) => {
  async function migrated(): Promise<OrdersDatabase> {
    const database = server.open(await server.database());
    await migrate(database, server.migrations);
    return database;
  }

  test('what the chassis needs of the database and does not find there is named, all of it', async () => {
    const database = await migrated();
    const own = withChassisTables(database.kysely);
    const needed = { ...outboxTables, ...inboxTables };
    await requireTables(own, needed);
    await own.schema.alterTable('outbox').dropColumn('topic').execute();
    await own.schema.dropTable('inbox').execute();
    await expect(requireTables(own, needed)).rejects.toMatchObject({
      name: 'CannotStartError',
      message: expect.stringContaining('the column outbox.topic, the table inbox'),
    });
  });

  test('a service whose tables lack a column does not start, and says which', async () => {
    const database = await migrated();
    await database.kysely.schema.alterTable('outbox_refused').dropColumn('reason').execute();
    const app = await buildService();
    const starts = new Map<string, (signal: AbortSignal) => Promise<void>>();
    app.health.addStart = (name, start) => void starts.set(name, start);
    outboxOf(database);
    registerRelational(app, { database, migrations: server.migrations });
    const start = starts.get('database')?.(new AbortController().signal);
    await expect(start).rejects.toThrow('the column outbox_refused.reason');
  });

  test('tables of parts that a service does not have are not asked for', async () => {
    const database = await migrated();
    await database.kysely.schema.dropTable('idempotency_keys').execute();
    outboxOf(database);
    await requireTables(withChassisTables(database.kysely), database.needed);
  });
});
