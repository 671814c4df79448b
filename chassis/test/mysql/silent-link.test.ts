import { createPool, createServer } from 'mysql2';
import { expect, onTestFinished, test } from 'vitest';
import { guarded } from '../../src/mysql/guarded-connection.ts';
import { freePort } from '../../src/stand-ins/index.ts';

/** A server that lets everybody in, and answers nothing. Returns its port. */
async function startSilentServer(): Promise<number> {
  const server = createServer((connection) => {
    connection.on('error', () => undefined);
    connection.on('query', () => undefined);
    connection.serverHandshake({
      ...{ protocolVersion: 10, serverVersion: '8.0.0', connectionId: 1, statusFlags: 2 },
      ...{ characterSet: 8, capabilityFlags: 0xffffff ^ 0x800 },
    });
  });
  const port = await freePort();
  server.listen(port);
  onTestFinished(() => server.close(() => undefined));
  return port;
}

test('when the link falls silent, every statement on it is told, not only the first', async () => {
  const pool = createPool({ host: '127.0.0.1', port: await startSilentServer(), user: 'orders' });
  onTestFinished(() => pool.end(() => undefined));
  const connection = await new Promise<Parameters<typeof guarded>[0]>((resolve, reject) =>
    pool.getConnection((error, acquired) => (error ? reject(error) : resolve(acquired))),
  );
  const listener = { onCut: () => undefined, onReturn: () => undefined };
  const silent = guarded(connection, 1, listener);
  const statements = ['select 1', 'select 2'].map(
    (statement) =>
      new Promise(
        (resolve) => void silent.query(statement, [], (error: unknown) => resolve(error)),
      ),
  );
  expect(await Promise.all(statements)).toEqual([
    expect.objectContaining({ kind: 'connection' }),
    expect.objectContaining({ kind: 'connection' }),
  ]);
});
