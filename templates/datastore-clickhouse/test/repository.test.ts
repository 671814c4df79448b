import { expect, test } from 'vitest';
import { table } from '../src/database/row.ts';
import { change__Aggregate__, open__Aggregate__ } from '../src/domain/__aggregate_kebab__.ts';
import { startService } from './support/service.ts';

test('what is kept is its newest version, also when ClickHouse has merged the rows', async () => {
  const { database } = await startService();
  const { repository, connection } = database;
  const first = open__Aggregate__('first', new Date());
  await repository.insert(first);
  const changes = { reference: 'changed', status: 'closed' } as const;
  const changed = change__Aggregate__(first, changes, new Date());
  await repository.update(changed);
  for (const step of ['select 1', `optimize table ${table} final`]) {
    await connection.command(step);
    expect(await repository.find(first.id)).toEqual(changed);
    expect(await repository.list({ limit: 2, after: undefined })).toEqual([changed]);
  }
  await repository.delete(first.id, changed.version);
  expect(await repository.find(first.id)).toBeUndefined();
  expect(await repository.list({ limit: 2, after: undefined })).toEqual([]);
});
