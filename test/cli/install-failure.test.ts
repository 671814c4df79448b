import { once } from 'node:events';
import fs from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { install } from '../../src/finish/install.ts';
import { temporaryFolder } from '../support/cli.ts';

/** A folder with pnpm, Yarn 4 and bun; without it only npm is tested. */
const programs = process.env.CREATE_SERVICE_PACKAGE_MANAGERS;

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A registry in which there is nothing. */
async function emptyRegistry(): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not_found"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/`;
}

/** A project with one dependency, which is nowhere to be had. */
async function projectOn(registry: string): Promise<string> {
  const folder = await temporaryFolder();
  const yarn = {
    npmRegistryServer: registry,
    unsafeHttpWhitelist: ['127.0.0.1'],
    httpRetry: 0,
    globalFolder: path.join(folder, 'yarn'),
  };
  const files = {
    'package.json': { name: 'orders', dependencies: { 'no-such-package': '1.0.0' } },
    '.yarnrc.yml': yarn,
  };
  for (const [name, contents] of Object.entries(files))
    await fs.writeFile(path.join(folder, name), JSON.stringify(contents));
  await fs.writeFile(path.join(folder, '.npmrc'), `registry=${registry}\nfetch-retries=0\n`);
  return folder;
}

describe.each(['npm', 'pnpm', 'yarn', 'bun'] as const)('%s', (manager) => {
  test.skipIf(manager !== 'npm' && programs === undefined)(
    'a package that is not in the registry is named as the reason why the install failed',
    { timeout: 60_000 },
    async () => {
      vi.stubEnv('PATH', `${programs ?? ''}${path.delimiter}${process.env.PATH}`);
      // Bun takes it before `.npmrc`.
      for (const name of Object.keys(process.env))
        if (/^(npm_config|yarn|bun)_/i.test(name)) vi.stubEnv(name, undefined);
      const folder = await projectOn(await emptyRegistry());
      const lines: string[] = [];
      const onOutput = (line: string): void => void lines.push(line);
      const result = await install(folder, manager, { onOutput });
      const reason = result.ok ? 'none' : result.reason;
      expect(reason).toMatch(/no-such-\s?package/);
      expect(reason).toMatch(/404|not found/i);
      expect(reason).not.toMatch(/Failed with errors|[│├▶{]|npm error/);
      expect(lines.join('\n')).not.toContain('"type"');
    },
  );
});
