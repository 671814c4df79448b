import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Connection } from '../../../src/clickhouse/index.ts';
import { createClaims, MigrationClaim } from '../../../src/clickhouse/migration-claim.ts';
import { noteApplied } from '../../../src/clickhouse/migration-history.ts';
import { checkSchema, migrate } from '../../../src/clickhouse/migrations.ts';
import { hasClickHouse, sharedClickHouse } from '../support/clickhouse.ts';
import { migrations } from './notes.ts';

const newDatabase = sharedClickHouse();

/** An empty database, and a connection to it. */
async function connect() {
  const config = await newDatabase();
  const connection = new Connection({ service: 'test', config });
  onTestFinished(() => connection.close());
  return { connection, config };
}

describe.skipIf(!hasClickHouse)('migrations of ClickHouse', () => {
  test('instances that start together apply each migration once', async () => {
    const { config } = await connect();
    const applied = await Promise.all(
      Array.from({ length: 10 }, () => migrate({ service: 'test', config }, migrations)),
    );
    const names = applied.flatMap((state) => state.applied);
    expect(names.sort()).toEqual(['0001-create', '0002-event-attempts']);
  });

  test('a database may be ahead of the code, not behind it, and no migration may be edited', async () => {
    const { connection, config } = await connect();
    const check = () => checkSchema(connection, migrations);
    await expect(check()).rejects.toThrow(/behind the code.*0001-create/);
    await migrate({ service: 'test', config }, migrations);
    await check();
    await noteApplied(connection, { name: '9999-later', checksum: '', up: async () => undefined });
    expect(await migrate({ service: 'test', config }, migrations)).toEqual({
      applied: [],
      ahead: ['9999-later'],
    });
    expect((await check()).ahead).toEqual(['9999-later']);
    await connection.command(`alter table schema_history update checksum = 'other' where 1
      settings mutations_sync = 1`);
    await expect(check()).rejects.toThrow('0001-create was edited');
  });

  test('a claim keeps others away while it is held, and no longer', async () => {
    const { connection } = await connect();
    await createClaims(connection);
    const lease = 3000;
    const [one, other] = [1, 2].map(() => new MigrationClaim(connection, '0001', lease));
    expect(await one?.take()).toBe(true);
    await one?.hold(async () => {
      await delay(1.5 * lease);
      expect(await other?.take()).toBe(false);
    });
    expect(await other?.take()).toBe(true);
    expect(await one?.take()).toBe(false);
  });

  test('the claim of an instance that is gone passes to another, and it is told should it come back', async () => {
    const { connection } = await connect();
    await createClaims(connection);
    const gone = new MigrationClaim(connection, '0001', 300);
    expect(await gone.take()).toBe(true);
    const successor = new MigrationClaim(connection, '0001', 60_000);
    await expect.poll(() => successor.take()).toBe(true);
    const back = gone.hold(async (ensureHeld) => {
      while (true) {
        ensureHeld();
        await delay(20);
      }
    });
    await expect(back).rejects.toThrow('taken over');
  });
});
