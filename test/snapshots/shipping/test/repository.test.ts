import { expect, test } from 'vitest';
import { VersionConflictError } from 'service-chassis/store';
import { changeShipping, openShipping } from '../src/domain/shipping.ts';
import { startService } from './support/service.ts';

test('the repository replaces and deletes only the version that the caller has', async () => {
  const { repository } = (await startService()).database;
  const first = openShipping('first', new Date());
  await repository.insert(first);
  const changes = { reference: 'second', status: 'closed' } as const;
  const second = changeShipping(first, changes, new Date());
  await repository.update(second);
  expect(await repository.find(first.id)).toEqual(second);
  await expect(repository.update(second)).rejects.toBeInstanceOf(VersionConflictError);
  await expect(repository.delete(first.id, 1)).rejects.toBeInstanceOf(VersionConflictError);
  await repository.delete(first.id, 2);
  expect(await repository.find(first.id)).toBeUndefined();
  await expect(repository.update(second)).rejects.toBeInstanceOf(VersionConflictError);
  await expect(repository.delete(first.id, 2)).rejects.toBeInstanceOf(VersionConflictError);
});

test('a page begins after its id, even if what had that id was deleted', async () => {
  const { repository } = (await startService()).database;
  const [a, b, c] = ['a', 'b', 'c'].map((reference) => {
    return openShipping(reference, new Date());
  });
  if (a === undefined || b === undefined || c === undefined) throw new Error('three were made');
  for (const added of [a, b, c]) await repository.insert(added);
  await repository.delete(b.id, 1);
  expect(await repository.list({ limit: 10, after: b.id })).toEqual([c]);
});
