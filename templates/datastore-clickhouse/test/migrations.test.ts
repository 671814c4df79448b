import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createClaims, MigrationClaim } from '../src/database/migration-claim.ts';
import { checkHistory, type Migration } from '../src/database/migration-history.ts';
import { checkSchema, migrate } from '../src/database/migrations.ts';
import { connect } from './support/connect.ts';

const migration = (name: string, checksum = name): Migration => ({
  name,
  checksum,
  statements: [],
});

test('a history that is not the beginning of the files is refused, and says why', () => {
  const files = [migration('0001'), migration('0002'), migration('0003')];
  expect(() => checkHistory([], files)).not.toThrow();
  expect(() => checkHistory(files.slice(0, 2), files)).not.toThrow();
  expect(() => checkHistory([migration('0001', 'edited')], files)).toThrow(/0001 was edited/);
  expect(() => checkHistory([...files, migration('0004')], files)).toThrow(/ahead.*0004/);
  expect(() => checkHistory([migration('0001'), migration('0003')], files)).toThrow(
    /0002 comes before 0003/,
  );
});

test('a claim is held against others until it is released or its holder is silent for too long', async () => {
  const statementTimeout = 500;
  const { connections } = await connect(3);
  const [one, other, third] = connections.map(
    (connection) => new MigrationClaim(connection, '0001', statementTimeout),
  );
  if (!one || !other || !third || !connections[0]) throw new Error('three');
  await createClaims(connections[0]);
  expect(await one.take()).toBe(true);
  expect([await other.take(), await third.take()]).toEqual([false, false]);
  await one.renew();
  await one.release();
  expect(await other.take()).toBe(true);
  await expect(one.renew()).rejects.toThrow('taken over');
  await delay(2 * statementTimeout + 100);
  expect(await third.take()).toBe(true);
  await expect(other.renew()).rejects.toThrow('taken over');
});

test('a service that does not migrate by itself says what is missing', async () => {
  const { connections, config } = await connect(1);
  const [connection] = connections;
  if (!connection) throw new Error('none');
  await expect(checkSchema(connection)).rejects.toThrow(/behind.*0001-create/);
  await migrate(connection, config.statementTimeout);
  await checkSchema(connection);
  await connection.command(
    "alter table _migrations update checksum = 'x' where 1 settings mutations_sync = 1",
  );
  await expect(checkSchema(connection)).rejects.toThrow('0001-create was edited');
  await expect(migrate(connection, config.statementTimeout)).rejects.toThrow('was edited');
});
