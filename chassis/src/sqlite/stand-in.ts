import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { StandIn } from '../stand-ins/index.ts';

const variable = 'DATABASE_URL';

/**
 * A file in the place of the one that `DATABASE_URL` names: one that is kept for `dev`, and another for each
 * test.
 *
 * @param name of the file of `dev`, without its extension.
 */
export function sqliteFile(name: string): StandIn {
  return {
    async develop(environment, data) {
      if (environment[variable]) return undefined;
      const folder = path.resolve(data, 'sqlite');
      await fs.mkdir(folder, { recursive: true });
      return { environment: { [variable]: `file:${path.join(folder, `${name}.db`)}` } };
    },
    async isolate() {
      const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'service-test-'));
      return {
        environment: { [variable]: `file:${path.join(folder, `${name}.db`)}` },
        stop: () => fs.rm(folder, { recursive: true, force: true }),
      };
    },
  };
}
