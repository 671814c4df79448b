import path from 'node:path';
import { test } from 'vitest';
import { packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link } from '../support/emitted.ts';
import { mysql } from '../support/mysql.ts';
import { servicesIn } from '../support/services.ts';

test.skipIf(mysql.program === undefined)(
  'a service’s own tests start MySQL where it is first on the path, and pass on it',
  { timeout: 240_000 },
  async () => {
    const root = await temporaryFolder();
    await servicesIn(root, { orders: ['--style', 'both', '--datastore', 'mysql'] });
    const folder = path.join(root, 'orders');
    const dependencies = await installedDependencies();
    await link(folder, dependencies);
    const first = path.dirname(mysql.program ?? '');
    const folders = [path.join(packageRoot, 'node_modules/.bin'), first, process.env.PATH];
    await expectScript(folder, 'test', ['--no-isolate'], { PATH: folders.join(path.delimiter) });
    await dependencies.dispose();
  },
);
