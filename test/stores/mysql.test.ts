import path from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot, temporaryFolder } from '../support/cli.ts';
import { CuttableProxy } from '../support/cuttable-proxy.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link } from '../support/emitted.ts';
import { MysqlServer, mariadb, mysql } from '../support/mysql.ts';
import { servicesIn } from '../support/services.ts';
import { throughProxy } from '../support/through-proxy.ts';
import { emitOn, Subject } from './subject.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

test.skipIf(mysql.program === undefined)(
  'a service’s own tests start MySQL where it is first on the path, and pass on it',
  { timeout: 240_000 },
  async () => {
    const root = await temporaryFolder();
    await servicesIn(root, { orders: ['--style', 'both', '--datastore', 'mysql'] });
    const folder = path.join(root, 'orders');
    await link(folder, dependencies);
    const first = path.dirname(mysql.program ?? '');
    const folders = [path.join(packageRoot, 'node_modules/.bin'), first, process.env.PATH];
    await expectScript(folder, 'test', [], { PATH: folders.join(path.delimiter) });
  },
);

describe.each(Object.entries({ mariadb, mysql }))('%s', (_, product) => {
  test.skipIf(product.program === undefined)(
    'what a service left open whose machine is gone is undone, and locks nothing for hours',
    { timeout: 120_000 },
    async () => {
      const server = await MysqlServer.create(product);
      onTestFinished(() => server.dispose());
      const proxy = await CuttableProxy.to(server.port);
      onTestFinished(() => proxy.dispose());
      const environment = {
        ...throughProxy(await server.database('gone'), server.port, proxy.port),
        DATABASE_STATEMENT_TIMEOUT_MS: '1000',
      };
      const folder = await emitOn('mysql', await temporaryFolder(), dependencies.folder);
      const subject = await Subject.ready(folder, environment);
      const expectOpen = (count: number) =>
        vi.waitFor(async () => expect(await openTransactions(server.port)).toBe(count), {
          // The server looks anew only when nobody has asked for a tenth of a second.
          ...{ timeout: 60_000, interval: 200 },
        });
      void subject.held('left open', { between: '100000' });
      await expectOpen(1);
      proxy.cut();
      subject.service.child.kill('SIGKILL');
      await expectOpen(0);
    },
  );
});

async function openTransactions(port: number): Promise<number> {
  const connection = await createConnection(`mysql://root@127.0.0.1:${port}`);
  try {
    const [rows] = await connection.query<never>(
      'select trx_id from information_schema.innodb_trx',
    );
    return Array.from(rows).length;
  } finally {
    await connection.end();
  }
}
