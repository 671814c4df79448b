import { expect, test } from 'vitest';
import { create } from '../src/application/create.ts';
import { loadConfig } from '../src/config.ts';
import { Database } from '../src/database/database.ts';
import { migrate } from '../src/database/migrations.ts';
import { testParts } from './support/parts.ts';
import { startService } from './support/service.ts';

test('instances that start together apply each migration once', async () => {
  const { environment, standIns } = await testParts();
  const { database: config } = await loadConfig({ ...standIns.environment, ...environment });
  const databases = Array.from({ length: 5 }, () => new Database(config, () => undefined));
  try {
    const applied = await Promise.all(databases.map(({ kysely }) => migrate(kysely)));
    const names = applied.flat();
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  } finally {
    for (const database of databases) await database.close();
  }
});

test('what a unit of work wrote is undone when it fails', async () => {
  const app = await startService();
  const work = app.database.transaction(async (unit) => {
    await create(unit, { reference: 'never' });
    throw new Error('changed my mind');
  });
  await expect(work).rejects.toThrow('changed my mind');
  expect(await app.database.repository.list({ limit: 10, after: undefined })).toEqual([]);
});

test('a missing address is a start-up error that names the variable', async () => {
  await expect(loadConfig({})).rejects.toThrow('DATABASE_URL');
});
