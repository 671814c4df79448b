import { glob } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../service.json' with { type: 'json' };

const calls: readonly string[] = manifest.calls;

test('service.json names the services that are called, which others read', async () => {
  const folder = path.join(import.meta.dirname, '../src/upstreams');
  const files = await Array.fromAsync(glob('*/config.ts', { cwd: folder }));
  expect([...calls].sort()).toEqual(files.map((file) => path.dirname(file)).sort());
});
